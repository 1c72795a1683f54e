"""Every change of this room."""

from services.industry.actions.bookings import Attendee, book, cancel, rate
from services.industry.actions.cases import publish_case, record_consent, withdraw_consent
from services.industry.actions.needs import (
    change_need,
    close_need,
    close_run_out,
    decline_answer,
    pass_on_answer,
    post_need,
    publish_need,
    return_need,
    welcome_answer,
)
from services.industry.actions.occasions import call_off, change_seats, keep_attendance, tend_occasions
from services.industry.actions.publishing import publish, return_to_author, revise, submit, withdraw
from services.industry.actions.reference import load_directory

__all__ = [
    "Attendee",
    "book",
    "call_off",
    "cancel",
    "change_need",
    "change_seats",
    "close_need",
    "close_run_out",
    "decline_answer",
    "keep_attendance",
    "load_directory",
    "pass_on_answer",
    "post_need",
    "publish",
    "publish_case",
    "publish_need",
    "rate",
    "record_consent",
    "return_need",
    "return_to_author",
    "revise",
    "submit",
    "tend_occasions",
    "welcome_answer",
    "withdraw",
    "withdraw_consent",
]
