"""The desk's admin classes for every room; see `LifecycleAdmin`."""

from core.admin import registered
from core.admin.audited import AuditedAdmin, ReadOnlyAdmin
from core.admin.lifecycle import LifecycleAdmin
from core.verbs import Verb

__all__ = ["AuditedAdmin", "LifecycleAdmin", "ReadOnlyAdmin", "Verb", "registered"]
