"""What this room tells, and whom; a letter is dropped when it is no longer true by the time it leaves."""

from datetime import date
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import calendar
from enterprises.models import Membership
from notifications import outbox
from notifications.kinds import Kind, declare, name_topic
from notifications.models import Notification
from notifications.outbox import Letter
from services.requests import parties
from services.requests.models import (
    OPEN_STATES,
    RUNNING_STATES,
    Assignment,
    Message,
    ServiceRequest,
    Sharing,
    State,
)

name_topic("requests", _("Requests and questions"))

TRACKING = "requests.track"
BY_PHONE_TOO = ("email", "sms")


def reader_still_acts(notification: Notification) -> bool:
    """Tell whether the reader still acts for the enterprise the letter is about."""
    reader, enterprise = notification.recipient_id, notification.enterprise_id
    if reader is None or enterprise is None:
        return True
    return Membership.objects.current().filter(user=reader, enterprise=enterprise).exists()


def still_waits(notification: Notification) -> bool:
    return reader_still_acts(notification) and _about(notification).filter(state=State.WAITING).exists()


def nobody_has_it_yet(notification: Notification) -> bool:
    return _in_scope(notification).filter(state=State.SUBMITTED).exists()


def nobody_holds_it(notification: Notification) -> bool:
    return _in_scope(notification).filter(state__in=OPEN_STATES, holder=None).exists()


def is_running_still(notification: Notification) -> bool:
    return _in_scope(notification).filter(state__in=RUNNING_STATES).exists()


def is_still_held(notification: Notification) -> bool:
    return _in_scope(notification).filter(holder=notification.recipient_id).exists()


def is_in_scope_still(notification: Notification) -> bool:
    return _in_scope(notification).exists()


def has_a_task(notification: Notification) -> bool:
    """Tell whether the reader still has a task in the request."""
    return (
        Assignment.objects.given()
        .filter(holder=notification.recipient_id, service_request__in=_in_scope(notification))
        .exists()
    )


def a_task_is_open(notification: Notification) -> bool:
    return Assignment.objects.given().filter(service_request__in=_in_scope(notification)).exists()


def is_staff_still(notification: Notification) -> bool:
    reader = notification.recipient
    return reader is not None and reader.is_active and reader.is_staff


def draft_still_waits(notification: Notification) -> bool:
    """Tell whether the draft is still there and nobody has gone on with it since the reminder."""
    drafts = ServiceRequest.objects.filter(key=notification.subject_code, state=State.DRAFT)
    return reader_still_acts(notification) and drafts.exclude(nudged_at=None).exists()


def is_not_agreed_yet(notification: Notification) -> bool:
    """Tell whether the open request has no agreement yet."""
    rows = _about(notification).filter(state__in=OPEN_STATES)
    return reader_still_acts(notification) and rows.exclude(sharings__in=Sharing.objects.standing()).exists()


def effect_still_open(notification: Notification) -> bool:
    """Tell whether nobody of the enterprise has said yet what came of the service."""
    rows = _about(notification).filter(effect__isnull=False, effect__answered_at=None)
    return reader_still_acts(notification) and rows.exists()


def follows_still(notification: Notification) -> bool:
    """Tell whether the reader still follows the request, as someone of the enterprise."""
    rows = _about(notification).filter(followers__user=notification.recipient_id)
    return reader_still_acts(notification) and rows.exists()


RECEIVED = declare(
    Kind(
        "requests.received",
        _("Receipt of a request"),
        still_due=reader_still_acts,
        can_be_stopped=False,
    )
)
TAKEN = declare(Kind("requests.taken", _("Someone has taken up a request"), still_due=reader_still_acts))
ASKED = declare(
    Kind(
        "requests.asked",
        _("Papers are asked for"),
        channels=BY_PHONE_TOO,
        still_due=still_waits,
        can_be_stopped=False,
        ends_soon=True,
    )
)
REPLIED = declare(
    Kind("requests.replied", _("A reply to a request"), channels=BY_PHONE_TOO, still_due=reader_still_acts)
)
RESOLVED = declare(
    Kind("requests.resolved", _("A request is done"), channels=BY_PHONE_TOO, still_due=reader_still_acts)
)
REFUSED = declare(
    Kind(
        "requests.refused",
        _("A request is returned"),
        channels=BY_PHONE_TOO,
        still_due=reader_still_acts,
        can_be_stopped=False,
    )
)
DRAFT_ENDS = declare(
    Kind(
        "requests.draft_ends",
        _("A draft ends soon"),
        can_wait=False,
        ends_soon=True,
        still_due=draft_still_waits,
    )
)
FILE_BLOCKED = declare(
    Kind(
        "requests.file_blocked",
        _("A file is blocked"),
        still_due=reader_still_acts,
        can_be_stopped=False,
    )
)
NEW = declare(
    Kind("requests.new", _("A new request"), audience="staff", for_teams=True, still_due=nobody_has_it_yet)
)
ASSIGNED = declare(
    Kind("requests.assigned", _("A request is assigned to you"), audience="staff", still_due=is_still_held)
)
ANSWERED = declare(
    Kind("requests.answered", _("The enterprise has written"), audience="staff", still_due=is_in_scope_still)
)
WITHDRAWN = declare(
    Kind(
        "requests.withdrawn",
        _("A request is withdrawn"),
        audience="staff",
        for_teams=True,
        still_due=is_in_scope_still,
    )
)
UNHELD = declare(
    Kind(
        "requests.unheld",
        _("A request nobody has"),
        audience="staff",
        for_teams=True,
        still_due=nobody_holds_it,
    )
)
DELAYED = declare(
    Kind(
        "requests.delayed",
        _("A later date, with its reason"),
        channels=BY_PHONE_TOO,
        still_due=reader_still_acts,
    )
)
RECLASSIFIED = declare(
    Kind("requests.reclassified", _("A request goes on as another service"), still_due=reader_still_acts)
)
FOLLOWING = declare(
    Kind("requests.following", _("You follow a colleague's request"), still_due=follows_still)
)
EFFECT = declare(
    Kind("requests.effect", _("Half a year later: what came of it?"), still_due=effect_still_open)
)
SHARE_ASKED = declare(
    Kind("requests.share_asked", _("May the provider have it?"), still_due=is_not_agreed_yet)
)
SHARED = declare(
    Kind(
        "requests.shared",
        _("Receipt: what a provider may be given"),
        still_due=reader_still_acts,
        can_be_stopped=False,
    )
)
SHARING_REVOKED = declare(
    Kind(
        "requests.sharing_revoked",
        _("An agreement is taken back"),
        audience="staff",
        still_due=is_in_scope_still,
    )
)
MERGED = declare(Kind("requests.merged", _("Two requests have been joined"), still_due=reader_still_acts))
UNMERGED = declare(
    Kind("requests.unmerged", _("A joined request goes on by itself"), still_due=reader_still_acts)
)
DUE_SOON = declare(
    Kind(
        "requests.due_soon",
        _("A request is due soon"),
        audience="staff",
        for_teams=True,
        still_due=is_running_still,
    )
)
OVERDUE = declare(
    Kind(
        "requests.overdue",
        _("A request is overdue"),
        audience="staff",
        for_teams=True,
        still_due=is_running_still,
    )
)
LATE = declare(
    Kind(
        "requests.late",
        _("A request is late (lead)"),
        audience="staff",
        for_teams=True,
        still_due=is_running_still,
    )
)
SUMMARY = declare(Kind("requests.summary", _("What waits this morning"), audience="staff"))
LOW_RATING = declare(
    Kind(
        "requests.low_rating",
        _("A low rating"),
        audience="staff",
        for_teams=True,
        still_due=is_in_scope_still,
    )
)


TASK_GIVEN = declare(
    Kind("requests.task_given", _("A task in a colleague's request"), audience="staff", still_due=has_a_task)
)
TASK_ANSWERED = declare(
    Kind(
        "requests.task_answered",
        _("A colleague answers a task"),
        audience="staff",
        still_due=is_in_scope_still,
    )
)
TASK_ENDED = declare(
    Kind("requests.task_ended", _("A task is no longer needed"), audience="staff", still_due=is_staff_still)
)
TASK_LATE = declare(
    Kind("requests.task_late", _("A task is overdue"), audience="staff", still_due=a_task_is_open)
)


def tell_owner(kind: Kind, service_request: ServiceRequest, key: str, **context: Any) -> None:
    """Post a letter to the enterprise's side; a question without sign-in goes to its e-mail address."""
    facts = {**_facts(service_request), **context}
    anchor = _message_anchor(kind, service_request)
    people = parties.readers(service_request)
    letters = [
        Letter(
            key=f"{service_request.reference}:{key}",
            recipient=person,
            subject_code=service_request.reference or "",
            enterprise_id=service_request.enterprise_id,
            url=_page(service_request, person.language) + anchor,
            context=facts,
        )
        for person in people
    ]
    outbox.post(kind, *letters, *_to_address(service_request, key, facts, anchor))


def tell_follower(service_request: ServiceRequest, person: Any, *, by: Any, key: str) -> None:
    """Tell a colleague that they follow a request from now on, and who wanted that."""
    letter = Letter(
        key=f"{service_request.reference}:{key}",
        recipient=person,
        subject_code=service_request.reference or "",
        enterprise_id=service_request.enterprise_id,
        url=_page(service_request, person.language),
        context={**_facts(service_request), "who": str(by)},
    )
    outbox.post(FOLLOWING, letter)


def tell_to_share(service_request: ServiceRequest, provider: Any, key: str) -> None:
    """Ask the enterprise's side whether the provider may have the request."""
    _tell_of_sharing_page(SHARE_ASKED, service_request, key, **_provider_names(provider))


def tell_of_sharing(service_request: ServiceRequest, sharing: Sharing, key: str) -> None:
    """Give the enterprise's side the receipt of what it agreed to."""
    facts = {**_provider_names(sharing.provider), "parts": sharing.parts, "by": str(sharing.agreed_by or "")}
    _tell_of_sharing_page(SHARED, service_request, key, **facts)


def _tell_of_sharing_page(kind: Kind, service_request: ServiceRequest, key: str, **context: Any) -> None:
    letters = []
    for person in parties.readers(service_request):
        with translation.override(person.language):
            url = reverse("requests:sharing", args=[service_request.reference])
        letters.append(
            Letter(
                key=f"{service_request.reference}:{key}",
                recipient=person,
                subject_code=service_request.reference or "",
                enterprise_id=service_request.enterprise_id,
                url=url,
                context={**_facts(service_request), **context},
            )
        )
    outbox.post(kind, *letters)


def _provider_names(provider: Any) -> dict[str, str]:
    return {"provider_zh": provider.name_zh, "provider_en": provider.name_en or provider.name_zh}


def tell_of_effect(service_request: ServiceRequest) -> None:
    """Ask the enterprise's side what came of the service, leading to the page of that question."""
    letters = []
    for person in parties.readers(service_request):
        with translation.override(person.language):
            url = reverse("requests:effect", args=[service_request.reference])
        letters.append(
            Letter(
                key=f"{service_request.reference}:effect",
                recipient=person,
                subject_code=service_request.reference or "",
                enterprise_id=service_request.enterprise_id,
                url=url,
                context=_facts(service_request),
            )
        )
    outbox.post(EFFECT, *letters)


def tell_of_draft(draft: ServiceRequest, last_day: date) -> None:
    """Remind whoever began a draft of its last day."""
    person = draft.requester
    if person is None:
        return
    with translation.override(person.language):
        url = reverse("requests:draft", args=[draft.key, "need"])
    letter = Letter(
        key=f"{draft.key}:{last_day}",
        recipient=person,
        subject_code=str(draft.key),
        enterprise_id=draft.enterprise_id,
        url=url,
        context={**_facts(draft), "last_day": last_day.isoformat()},
    )
    outbox.post(DRAFT_ENDS, letter)


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
                context={**_facts(service_request), **context},
            )
            for person in people
        ),
    )


def tell_of_task(kind: Kind, assignment: Assignment, people: list[Any], **context: Any) -> None:
    """Post a letter about a task to members of staff, leading to the task at the desk."""
    row = assignment.service_request
    link = reverse("admin:service_requests_assignment_change", args=[assignment.pk])
    facts = {
        **_facts(row),
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


def tell_who_has_it(service_request: ServiceRequest, key: str) -> None:
    """Tell the enterprise's side who has taken it up, and by when it is expected."""
    holder = service_request.holder.get_full_name() if service_request.holder else ""
    tell_owner(TAKEN, service_request, key, holder=holder, due=service_request.due_on_text)


def tell_summary(person: Any, day: str, counts: dict[str, int]) -> int:
    """Post the morning's summary to one member of staff, once a day; return 1 when it is new."""
    link = reverse("admin:index")
    return outbox.post(SUMMARY, Letter(key=day, recipient=person, url=link, context={"day": day, **counts}))


def tell_holder(service_request: ServiceRequest, message: Message) -> None:
    """Tell whoever holds the request that the enterprise has written."""
    people = [service_request.holder] if service_request.holder else []
    place = f"#message-{service_request.messages.count()}"
    tell_staff(ANSWERED, service_request, people, f"message {message.pk}", place=place, text=message.text)


def tracking_key(service_request: ServiceRequest) -> str:
    """Return the signed key that opens the request without sign-in; good for one purpose, and expires."""
    return signing.dumps(service_request.reference, salt=TRACKING)


def _message_anchor(kind: Kind, service_request: ServiceRequest) -> str:
    """Return the place of the newest message on the page, for letters that carry one."""
    if kind not in (ASKED, REPLIED, RESOLVED, REFUSED):
        return ""
    return f"#message-{service_request.messages.filter(is_internal=False).count()}"


def _to_address(
    service_request: ServiceRequest, key: str, facts: dict[str, Any], anchor: str
) -> list[Letter]:
    if service_request.requester_id or service_request.enterprise_id or not service_request.contact_email:
        return []
    with translation.override(service_request.language):
        link = reverse("requests:tracked", args=[tracking_key(service_request)])
    return [
        Letter(
            key=f"{service_request.reference}:{key}",
            address=service_request.contact_email,
            language=service_request.language,
            subject_code=service_request.reference or "",
            url=link + anchor,
            context=facts,
        )
    ]


def _page(service_request: ServiceRequest, language: str) -> str:
    with translation.override(language):
        return reverse("requests:detail", args=[service_request.reference])


def _facts(service_request: ServiceRequest) -> dict[str, Any]:
    offering = service_request.offering
    return {
        "reference": service_request.reference,
        "subject": service_request.subject,
        "offering_zh": offering.name_zh if offering else "",
        "offering_en": offering.name_en if offering else "",
        "enterprise": service_request.enterprise.name if service_request.enterprise else "",
    }


def _about(notification: Notification) -> Any:
    return ServiceRequest.objects.filter(reference=notification.subject_code)


def _in_scope(notification: Notification) -> Any:
    if notification.is_for_robot:
        return ServiceRequest.objects.submitted().filter(reference=notification.subject_code)
    reader = notification.recipient
    if reader is None or not (reader.is_active and reader.is_staff):
        return ServiceRequest.objects.none()
    return ServiceRequest.objects.on_desk_of(reader).filter(reference=notification.subject_code)
