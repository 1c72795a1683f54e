"""The verbs of those who ask: draft, submit, ask, supply, write, withdraw, reopen, rate."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar, text, wake
from core.lifecycle import TransitionRefused
from enterprises.models import Enterprise
from services.catalogue.models import Offering
from services.requests import likeness, notifications, particulars, parties, sla, thread, triage
from services.requests.actions import involving
from services.requests.actions.row import locked_row, moment
from services.requests.entitlement import CannotBeRequested, hindrance
from services.requests.lifecycle import REQUEST
from services.requests.models import Message, ServiceRequest, State
from services.requests.thread import Side

ROUTE = "requests.route_new"
LOW_RATING = 2


@dataclass(frozen=True)
class Source:
    """The page a request was begun from, as a label and an address on this site."""

    label: str = ""
    url: str = ""


@dataclass(frozen=True)
class Question:
    """What someone without an account asks; one way to reach them is given.

    `trapped`: the field that people do not see was filled in.
    """

    subject: str
    body: str
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    group: str = ""
    language: str = "zh-hans"
    source: Source = Source()
    trapped: bool = False


@transaction.atomic
def draft(
    *,
    by: Any,
    enterprise: Enterprise | None,
    offering: Offering | None = None,
    source: Source | None = None,
    language: str = "zh-hans",
) -> ServiceRequest:
    """Begin a request, prefilled with what is known of the person and the enterprise."""
    source = source or Source()
    return ServiceRequest.objects.create(
        enterprise=enterprise,
        requester=by,
        offering=offering,
        group=offering.group if offering else "",
        subject=offering.name if offering else source.label[:120],
        is_free=offering.is_free if offering else True,
        contact_name=by.name or (enterprise.contact_name if enterprise else ""),
        contact_email=by.email,
        contact_phone=text.phone(by.phone or (enterprise.contact_phone if enterprise else "")),
        language=language,
        source_label=source.label,
        source_url=source.url,
        is_sample=bool(enterprise and enterprise.is_sample),
    )


def save_draft(service_request: ServiceRequest, *, by: Any, **answers: Any) -> ServiceRequest:
    """Keep the answers of one step; raise TransitionRefused once the request is submitted."""
    kept = ServiceRequest.objects.filter(pk=service_request.pk, state=State.DRAFT).update(
        **answers, saved_at=calendar.now(), nudged_at=None
    )
    if not kept:
        raise TransitionRefused("state", "save_draft", State.SUBMITTED)
    service_request.refresh_from_db()
    return service_request


@transaction.atomic
def submit(service_request: ServiceRequest, *, by: Any) -> ServiceRequest:
    """Hand in a draft: reference number, clocks, receipt. Submitting again returns the same request.

    Raises CannotBeRequested when the offering is not open to this enterprise, ValidationError when an
    answer is missing.
    """
    locked = locked_row(service_request)
    if locked.state != State.DRAFT:
        return locked
    found = hindrance(locked.offering, locked.enterprise)
    if found:
        raise CannotBeRequested(found)
    _check_answers(locked)
    return _receive(locked, by=by)


@transaction.atomic
def ask_question(question: Question, *, by: Any = None) -> ServiceRequest:
    """Receive a question without a draft; anyone may ask, and gives an e-mail address or a phone number.

    What may come from a machine is received like the others, and marked, so that staff look before it is
    routed; nothing is refused in silence.
    """
    service_request = ServiceRequest(
        requester=by,
        subject=question.subject,
        body=question.body,
        contact_name=question.contact_name,
        contact_email=question.contact_email,
        contact_phone=question.contact_phone,
        group=question.group,
        language=question.language,
        source_label=question.source.label,
        source_url=question.source.url,
    )
    _check_answers(service_request)
    if by is None:
        hashed = likeness.text_hash(question.subject, question.body)
        doubt = likeness.suspicion(hashed, calendar.now(), trapped=question.trapped)
        service_request.text_hash, service_request.suspicion = hashed, doubt
        service_request.is_suspect = bool(doubt)
    service_request.save()
    return _receive(service_request, by=by)


@transaction.atomic
def supply(
    service_request: ServiceRequest, words: str, *, by: Any, basket: str | None = None
) -> ServiceRequest:
    """Answer what staff asked for, with the files in `basket`; the clock goes on with the days left."""
    fresh = locked_row(service_request)
    clock = sla.resumed(fresh, calendar.day_of(calendar.now()), calendar.present())
    row = REQUEST.apply(fresh, "supply", by=by, **clock)
    message = thread.say(row, Side.OWNER, words, by=by, basket=basket)
    notifications.tell_holder(row, message)
    return row


@transaction.atomic
def write(service_request: ServiceRequest, words: str, *, by: Any, basket: str | None = None) -> Message:
    """Add the owner's message to an open request, with the files in `basket`."""
    row = locked_row(service_request)
    if not row.is_open:
        raise TransitionRefused("state", "write", row.state)
    message = thread.say(row, Side.OWNER, words, by=by, basket=basket)
    audit.record(row, "write", by=by, data={"message": message.pk})
    notifications.tell_holder(row, message)
    return message


@transaction.atomic
def withdraw(service_request: ServiceRequest, *, by: Any) -> ServiceRequest:
    """Take an open request back; whoever holds it is told."""
    row = REQUEST.apply(service_request, "withdraw", by=by, **sla.STOPPED)
    thread.let_go(row)
    involving.end_all(row)
    holders = [row.holder] if row.holder else []
    notifications.tell_staff(notifications.WITHDRAWN, row, holders, moment(row))
    return row


@transaction.atomic
def reopen(
    service_request: ServiceRequest, words: str, *, by: Any, basket: str | None = None
) -> ServiceRequest:
    """Open again what was closed as done, within the days allowed; the clock begins anew."""
    fresh, at = locked_row(service_request), calendar.now()
    if not fresh.may_be_reopened(at):
        raise TransitionRefused("state", "reopen", fresh.state)
    changes = {
        **sla.started(fresh, calendar.day_of(at), calendar.present()),
        "priority": triage.priority(fresh, was_reopened=True),
        "resolved_at": None,
        "rating": None,
        "rated_at": None,
    }
    row = REQUEST.apply(fresh, "reopen", by=by, **changes)
    message = thread.say(row, Side.OWNER, words, by=by, basket=basket)
    notifications.tell_holder(row, message)
    return row


@transaction.atomic
def rate(service_request: ServiceRequest, rating: int, words: str = "", *, by: Any) -> ServiceRequest:
    """Rate a request that is done, once, from 1 to 5; a low rating reaches the triage leads."""
    row = locked_row(service_request)
    if row.state not in (State.RESOLVED, State.CLOSED) or row.rating is not None:
        raise TransitionRefused("state", "rate", row.state)
    row.rating, row.rating_words, row.rated_at = rating, words, calendar.now()
    row.save(update_fields=["rating", "rating_words", "rated_at"])
    audit.record(row, "rate", by=by, data={"rating": rating}, detail={"words": words} if words else None)
    if rating <= LOW_RATING:
        leads = parties.leads(row)
        notifications.tell_staff(
            notifications.LOW_RATING, row, leads, moment(row), rating=rating, words=words
        )
    return row


def _receive(row: ServiceRequest, *, by: Any) -> ServiceRequest:
    working, at = calendar.present(), calendar.now()
    day = calendar.day_of(at)
    reply_due = sla.first_reply_due(day, working)
    received = REQUEST.apply(
        row,
        "submit",
        by=by,
        reference=triage.next_reference(day),
        submitted_at=at,
        first_reply_due_at=reply_due,
        **sla.started(row, day, working),
    )
    # Read in this transaction, under the lock of the row: none of them is read a second time.
    received.offering, received.enterprise = row.offering, row.enterprise
    if by is not None and received.requester_id == by.pk:
        received.requester = by
    thread.say(received, Side.OWNER, particulars.said(received), by=by, basket="")
    notifications.tell_owner(
        notifications.RECEIVED,
        received,
        "received",
        due=received.due_on_text,
        reply_due=f"{calendar.day_of(reply_due)}",
        is_provisional=received.due_is_provisional,
    )
    wake.knock(ROUTE)
    return received


def _check_answers(row: ServiceRequest) -> None:
    """Raise ValidationError when something is missing that no request goes without."""
    problems = {}
    if not row.subject.strip():
        problems["subject"] = _("Say in a few words what it is about.")
    if not row.body.strip():
        problems["body"] = _("Describe what you need.")
    for asked in particulars.missing(row):
        problems["answers"] = _("Please answer: %(question)s") % {"question": asked.label}
    if not (row.contact_email or row.contact_phone):
        problems["contact_email"] = _("Give an e-mail address or a phone number, so that we can answer.")
    if problems:
        raise ValidationError(problems)
