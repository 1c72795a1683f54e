"""Letters to the side that asked: the enterprise's people, or the address of a question."""

from datetime import date
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils import translation

from notifications import outbox
from notifications.kinds import Kind
from notifications.outbox import Letter
from services.requests import parties
from services.requests.models import ServiceRequest, Sharing
from services.requests.notifications.facts import facts_of
from services.requests.notifications.kinds import (
    ASKED,
    DRAFT_ENDS,
    EFFECT,
    FOLLOWING,
    REFUSED,
    REPLIED,
    RESOLVED,
    SHARE_ASKED,
    SHARED,
    STILL_WAITING,
    TAKEN,
)

TRACKING = "requests.track"


def tell_owner(kind: Kind, service_request: ServiceRequest, key: str, **context: Any) -> None:
    """Post a letter to the enterprise's side; a question without sign-in goes to its e-mail address."""
    facts = {**facts_of(service_request), **context}
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
        context={**facts_of(service_request), "who": str(by)},
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
                context={**facts_of(service_request), **context},
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
                context=facts_of(service_request),
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
        context={**facts_of(draft), "last_day": last_day.isoformat()},
    )
    outbox.post(DRAFT_ENDS, letter)


def tell_who_has_it(service_request: ServiceRequest, key: str) -> None:
    """Tell the enterprise's side who has taken it up, and by when it is expected."""
    holder = service_request.holder.get_full_name() if service_request.holder else ""
    tell_owner(TAKEN, service_request, key, holder=holder, due=service_request.due_on_text)


def tracking_key(service_request: ServiceRequest) -> str:
    """Return the signed key that opens the request without sign-in; good for one purpose, and expires."""
    return signing.dumps(service_request.reference, salt=TRACKING)


def _message_anchor(kind: Kind, service_request: ServiceRequest) -> str:
    """Return the place of the newest message on the page, for letters that carry one, or of the checklist."""
    if kind == STILL_WAITING:
        return "#supply"
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
