"""What the pages of a request show, ready for their templates."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import calendar, nested, workdays
from core.workdays import Calendar
from enterprises import condition_words
from enterprises.condition_words import Line
from enterprises.models import Enterprise
from services.catalogue import eligibility, listing
from services.catalogue.models import Offering
from services.requests import board, likeness, papers, sla, timeline
from services.requests.entitlement import Hindrance
from services.requests.models import (
    Assignment,
    Attachment,
    Merge,
    Message,
    RoutingChoice,
    ServiceRequest,
    State,
)
from services.requests.sla import Clock

Link = Callable[[Attachment], str]

PAPER_COLUMNS = ("id", "item", "file__id", "file__key", "file__name", "file__size", "file__scan")
TASK_COLUMNS = ("id", "holder_id", "state", "task", "answer", "assigned_at", "ended_at", "due_at")


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

    Beside the rows it leads to: `looks` of its routing, the `tasks` of colleagues (read them by `tasks_of`),
    the parts that were `split_off`, and whether it `may_part` again from the one it was joined to.
    """
    choice = RoutingChoice.objects.filter(service_request=OuterRef("pk"))
    tasks = Assignment.objects.tasks().filter(service_request=OuterRef("pk"))
    parts = ServiceRequest.objects.submitted().filter(split_from=OuterRef("pk"))
    return rows.select_related(
        "enterprise",
        "enterprise__region",
        "offering__provider",
        "holder",
        "requester",
        "region",
        "next_offering",
        "merged_into",
        "split_from",
        "effect",
    ).annotate(
        looks=Subquery(choice.values("looks")[:1]),
        tasks=nested.gathered(tasks.order_by("pk"), *TASK_COLUMNS),
        split_off=nested.gathered(parts.order_by("pk"), "id", "reference", "subject"),
        may_part=Exists(Merge.objects.to_undo(timezone.now()).filter(joined=OuterRef("pk"))),
    )


def desk_thread(row: ServiceRequest) -> list[Message]:
    """Return the whole thread as staff read it, notes included; one query."""
    return list(in_full(row.messages.all()))


def desk_entries(row: ServiceRequest, messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Return the thread for the desk's page, files by the desk's own door."""
    return thread_entries(messages, lambda paper: _desk_link(row, paper))


def tasks_of(row: ServiceRequest) -> list[Assignment]:
    """Return the tasks of colleagues in a request that was read by `for_desk`, oldest first; no query."""
    return nested.rows(Assignment, row.tasks)  # type: ignore[attr-defined]  # gathered with it


def parts_of(row: ServiceRequest) -> list[dict[str, Any]]:
    """Return the parts split off a request that was read by `for_desk`, with their address; no query."""
    parts = nested.rows(ServiceRequest, row.split_off)  # type: ignore[attr-defined]  # gathered with it
    return [{"row": part, "url": board.desk_url(part)} for part in parts]


def task_rows(
    tasks: Iterable[Assignment], people: Mapping[int, Any], working: Calendar
) -> list[dict[str, Any]]:
    """Return tasks for the desk with who has each and the working days each took; no query."""
    now = timezone.now()
    return [
        {
            "assignment": one,
            "who": people.get(one.holder_id, ""),
            "url": reverse("admin:service_requests_assignment_change", args=[one.pk]),
            "due_on": calendar.day_of(one.due_at) if one.due_at else None,
            "is_late": one.is_given and one.due_at is not None and one.due_at < now,
            "days": workdays.between(
                calendar.day_of(one.assigned_at), calendar.day_of(one.ended_at or now), working
            ),
        }
        for one in tasks
    ]


def in_full(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Read messages with their authors and files."""
    files = Attachment.objects.filter(message=OuterRef("pk")).order_by("pk")
    return messages.select_related("author").annotate(papers=nested.gathered(files, *PAPER_COLUMNS))


def thread_entries(messages: Iterable[Message], link: Link | None = None) -> list[dict[str, Any]]:
    """Return messages read `in_full`; `link` gives the address of a file for this reader."""
    return [
        entry(message) | {"files": [papers.shown(paper, link) for paper in _papers(message)]}
        for message in messages
    ]


def _papers(message: Message) -> list[Attachment]:
    return nested.rows(Attachment, message.papers)  # type: ignore[attr-defined]  # gathered with it


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


# What a line of the owner's list is made of, beside the enterprise.
LIST_COLUMNS = (
    "id", "key", "reference", "state", "subject", "saved_at", "submitted_at", "first_reply_due_at",
    "first_replied_at", "due_at", "due_is_provisional", "paused_at", "paused_days_left", "rating",
    "offering__id", "offering__name_zh", "offering__name_en",
)  # fmt: skip


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
