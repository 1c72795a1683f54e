"""The desk's admin classes for every room; see `LifecycleAdmin`."""

from core.admin import registered
from core.admin.audited import FIGURES, AuditedAdmin, ReadOnlyAdmin
from core.admin.lifecycle import DeskStateFilter, LifecycleAdmin
from core.verbs import Verb

__all__ = [
    "FIGURES",
    "AuditedAdmin",
    "DeskStateFilter",
    "LifecycleAdmin",
    "ReadOnlyAdmin",
    "Verb",
    "registered",
]
