"""Every change of this room."""

from services.industry.actions.cases import publish_case, record_consent, withdraw_consent
from services.industry.actions.publishing import publish, return_to_author, revise, submit, withdraw
from services.industry.actions.reference import load_directory

__all__ = [
    "load_directory",
    "publish",
    "publish_case",
    "record_consent",
    "return_to_author",
    "revise",
    "submit",
    "withdraw",
    "withdraw_consent",
]
