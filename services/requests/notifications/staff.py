"""Letters to members of staff; each leads to the desk."""

from typing import Any

from django.urls import reverse

from core import calendar
from notifications import outbox
from notifications.kinds import Kind
from notifications.outbox import Letter
from services.requests.models import Assignment, Message, ServiceRequest
from services.requests.notifications.facts import facts_of
from services.requests.notifications.kinds import ANSWERED, SUMMARY


def tell_staff(
    kind: Kind,
    service_request: ServiceRequest,
    people: list[Any],
    key: str,
    *,
    place: str = "",
    **context: Any,
) -> None:
    """Post a letter to members of staff, leading to the request at the desk, or to a `place` on its page."""
    link = reverse("admin:service_requests_servicerequest_change", args=[service_request.pk]) + place
    outbox.post(
        kind,
        *(
            Letter(
                key=f"{service_request.reference}:{key}",
                recipient=person,
                subject_code=service_request.reference or "",
                url=link,
                context={**facts_of(service_request), **context},
            )
            for person in people
        ),
    )


def tell_of_task(kind: Kind, assignment: Assignment, people: list[Any], **context: Any) -> None:
    """Post a letter about a task to members of staff, leading to the task at the desk."""
    row = assignment.service_request
    link = reverse("admin:service_requests_assignment_change", args=[assignment.pk])
    facts = {
        **facts_of(row),
        "task": assignment.task,
        "who": str(assignment.holder),
        "given_by": str(assignment.assigned_by or ""),
        "due": f"{calendar.day_of(assignment.due_at)}" if assignment.due_at else "",
        "is_declined": assignment.state == Assignment.State.DECLINED,
        **context,
    }
    letters = [
        Letter(
            key=f"{row.reference}:assignment {assignment.pk}",
            recipient=person,
            subject_code=row.reference or "",
            url=link,
            context=facts,
        )
        for person in people
    ]
    outbox.post(kind, *letters)


def tell_summary(person: Any, day: str, counts: dict[str, int]) -> int:
    """Post the morning's summary to one member of staff, once a day; return 1 when it is new."""
    link = reverse("admin:index")
    return outbox.post(SUMMARY, Letter(key=day, recipient=person, url=link, context={"day": day, **counts}))


def tell_holder(service_request: ServiceRequest, message: Message) -> None:
    """Tell whoever holds the request that the enterprise has written."""
    people = [service_request.holder] if service_request.holder else []
    place = f"#message-{service_request.messages.count()}"
    tell_staff(ANSWERED, service_request, people, f"message {message.pk}", place=place, text=message.text)
