"""What the pages of a request show, ready for their templates."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import calendar, workdays
from core.workdays import Calendar
from enterprises import condition_words
from enterprises.condition_words import Line
from enterprises.models import Enterprise
from services.catalogue import eligibility, listing
from services.catalogue.models import Offering
from services.requests import likeness, papers, sla, timeline
from services.requests.entitlement import Hindrance
from services.requests.models import (
    Assignment,
    Attachment,
    Message,
    RoutingChoice,
    ServiceRequest,
    State,
)
from services.requests.sla import Clock

Link = Callable[[Attachment], str]


def clock(row: ServiceRequest) -> Clock:
    """Read the clock of a request now, without counting days."""
    return sla.clock(row, timezone.now())


def of(row: ServiceRequest, link: Link | None = None) -> dict[str, Any]:
    """Return the context of the page of one request: row, clock, steps, messages, files; five queries."""
    now = clock(row)
    return {"row": row, "clock": now, "steps": timeline.steps(row, now), "entries": public_thread(row, link)}


def hindered(found: str, offering: Offering | None, enterprise: Enterprise | None) -> dict[str, Any]:
    """Return what the page says that explains what stands in the way, and what else is possible."""
    return {
        "hindrance": found,
        "offering": offering,
        "lines": _judged(offering, enterprise) if found == Hindrance.CONDITIONS else [],
        "instead": listing.next_best(offering, enterprise=enterprise) if offering else None,
        "nav": "enterprise",
    }


def _judged(offering: Offering | None, enterprise: Enterprise | None) -> list[Line]:
    if offering is None or enterprise is None:
        return []
    return condition_words.lines(eligibility.judge(offering, enterprise))


def public_thread(row: ServiceRequest, link: Link | None = None) -> list[dict[str, Any]]:
    """Return what both sides read, oldest first; notes of the staff are never among it."""
    return thread_entries(in_full(row.messages.filter(is_internal=False)), link)


def for_desk(rows: QuerySet[ServiceRequest]) -> QuerySet[ServiceRequest]:
    """Read with a request what its page at the desk says of it.

    Beside the rows it leads to: `looks` of its routing, and whether it `has_files` or `has_tasks`, so that
    nothing is asked for that is not there.
    """
    choice = RoutingChoice.objects.filter(service_request=OuterRef("pk"))
    return rows.select_related(
        "enterprise",
        "enterprise__region",
        "offering__provider",
        "holder",
        "requester",
        "region",
        "next_offering",
        "merged_into",
        "effect",
    ).annotate(
        looks=Subquery(choice.values("looks")[:1]),
        has_files=Exists(Attachment.objects.filter(service_request=OuterRef("pk"))),
        has_tasks=Exists(Assignment.objects.tasks().filter(service_request=OuterRef("pk"))),
    )


def desk_thread(row: ServiceRequest) -> list[Message]:
    """Return the whole thread as staff read it, notes included; one query, two where there are files.

    Takes a row read by `for_desk`.
    """
    return list(in_full(row.messages.all(), has_files=row.has_files))  # type: ignore[attr-defined]


def desk_entries(row: ServiceRequest, messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Return the thread for the desk's page, files by the desk's own door."""
    return thread_entries(messages, lambda paper: _desk_link(row, paper))


def tasks_of(row: ServiceRequest, working: Calendar) -> list[dict[str, Any]]:
    """Return the tasks of colleagues for the desk, with the working days each took; one query.

    Takes a row read by `for_desk`; nothing is asked where there are none.
    """
    if not row.has_tasks:  # type: ignore[attr-defined]
        return []
    now = timezone.now()
    found = row.assignments.tasks().select_related("holder", "assigned_by").order_by("pk")
    return [
        {
            "assignment": one,
            "url": reverse("admin:service_requests_assignment_change", args=[one.pk]),
            "due_on": calendar.day_of(one.due_at) if one.due_at else None,
            "is_late": one.is_given and one.due_at is not None and one.due_at < now,
            "days": workdays.between(
                calendar.day_of(one.assigned_at), calendar.day_of(one.ended_at or now), working
            ),
        }
        for one in found
    ]


def in_full(messages: QuerySet[Message], *, has_files: bool = True) -> QuerySet[Message]:
    """Read messages with their authors and files."""
    files = Attachment.objects.select_related("file") if has_files else Attachment.objects.none()
    return messages.select_related("author").prefetch_related(Prefetch("attachments", files))


def thread_entries(messages: Iterable[Message], link: Link | None = None) -> list[dict[str, Any]]:
    """Return messages read `in_full`; `link` gives the address of a file for this reader."""
    return [
        entry(message) | {"files": [papers.shown(paper, link) for paper in message.attachments.all()]}
        for message in messages
    ]


def _desk_link(row: ServiceRequest, paper: Attachment) -> str:
    return reverse("requests:desk_file", args=[row.reference, paper.file.key])


def entry(message: Message) -> dict[str, Any]:
    """Return one message as the thread component takes it, with what was asked for as a list."""
    asked = [f"{number}. {item}" for number, item in enumerate(message.asks, start=1)]
    return {
        "author": _author(message),
        "side": message.side,
        "at": message.written_at,
        "text": "\n".join([*asked, *([message.text] if message.text else [])]),
        "internal": message.is_internal,
    }


def asked_before(
    offering: Offering | None, enterprise: Enterprise | None, subject: str = ""
) -> dict[str, Any] | None:
    """Return the hint that this was asked lately: row, url, days ago; None when it was not."""
    now = timezone.now()
    row = likeness.asked_before(offering, enterprise, now, subject=subject)
    if row is None or row.submitted_at is None:
        return None
    days = (calendar.day_of(now) - calendar.day_of(row.submitted_at)).days
    return {"row": row, "url": reverse("requests:detail", args=[row.reference]), "days": days}


def list_row(row: ServiceRequest) -> dict[str, Any]:
    """Return one line of the owner's list."""
    is_draft = row.state == State.DRAFT
    now = clock(row)
    return {
        "subject": row.subject or _("(no subject yet)"),
        "reference": row.reference or "",
        "state": row.state,
        "state_label": row.get_state_display(),
        "offering": row.offering.name if row.offering else _("Question"),
        "enterprise": row.enterprise.name if row.enterprise else "",
        "url": reverse("requests:draft", args=[row.key, "need"])
        if is_draft
        else reverse("requests:detail", args=[row.reference]),
        "discard_url": reverse("requests:discard", args=[row.key]) if is_draft else "",
        "date": f"{calendar.day_of(row.saved_at if is_draft else row.submitted_at or row.saved_at)}",
        "due": f"{now.due_on}" if now.due_on and not now.is_paused else "",
        "is_paused": now.is_paused,
    }


def _author(message: Message) -> str:
    if message.author is None:
        return str(message.get_side_display())
    return str(message.author.get_full_name())
