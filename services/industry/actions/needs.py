"""Post a need, look at it, answer it through staff, close it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar
from enterprises.models import Enterprise, Region
from services.catalogue.models import Provider
from services.industry import notifications
from services.industry.lifecycle import ANSWER, NEED
from services.industry.models import Answer, Need

LONGEST = timedelta(days=90)
MOST_OPEN = 5
TURN = 200


@dataclass(frozen=True)
class NeedText:
    """What an enterprise says of its need; one way to reach it is given, which the board never shows."""

    kind: str
    title: str
    body: str
    region: Region
    open_until: date
    quantity: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""


@transaction.atomic
def post_need(text: NeedText, *, enterprise: Enterprise, by: Any) -> Need:
    """Take a need; staff look at it before anybody reads it.

    Raises ValidationError for a last day out of bounds, and when five needs of the enterprise are open.
    """
    Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
    if Need.objects.filter(enterprise=enterprise).open().count() >= MOST_OPEN:
        raise ValidationError(
            _("%(most)s needs of your enterprise are open. Close one before you post another.")
            % {"most": MOST_OPEN}
        )
    _check(text)
    need = Need.objects.create(
        enterprise=enterprise, posted_by=by, is_sample=enterprise.is_sample, **_columns(text)
    )
    audit.record(need, "post", by=by, after=need.state)
    return need


@transaction.atomic
def change_need(need: Need, text: NeedText, *, by: Any) -> Need:
    """Change a need that is not on the board, and hand it to staff again."""
    _check(text)
    return NEED.apply(need, "resubmit", by=by, returned_reason="", **_columns(text))


@transaction.atomic
def publish_need(need: Need, *, by: Any) -> Need:
    """Put a need on the board; its enterprise is told. Raises ValidationError when its last day is past."""
    if need.open_until < calendar.today():
        raise ValidationError(_("Its last day is past. Return it, so that the enterprise sets another."))
    published = NEED.apply(need, "publish", by=by, published_at=calendar.now())
    notifications.tell_of_need(notifications.NEED_PUBLISHED, published)
    return published


@transaction.atomic
def return_need(need: Need, *, reason: str, by: Any) -> Need:
    """Give a need back with the reason, also one on the board, which leaves it at once."""
    returned = NEED.apply(need, "return_to_owner", by=by, reason=reason, returned_reason=reason)
    notifications.tell_of_need(notifications.NEED_RETURNED, returned, reason=reason)
    return returned


def close_need(need: Need, *, outcome: str, by: Any) -> Need:
    """Close a need of one's own and say what became of it."""
    return NEED.apply(need, "close", by=by, outcome=outcome, closed_at=calendar.now())


@transaction.atomic
def pass_on_answer(need: Need, *, provider: Provider, words: str, by: Any) -> Answer:
    """Write down what a listed provider answered, and tell the enterprise.

    Raises ValidationError for a need that is not on the board, and for a second answer of one provider.
    """
    locked = Need.objects.select_for_update(of=("self",)).get(pk=need.pk)
    if locked.state != Need.State.PUBLISHED:
        raise ValidationError(_("This need is not on the board."))
    if locked.answers.filter(provider=provider).exists():
        raise ValidationError({"provider": _("This provider has answered already.")})
    answer = Answer.objects.create(need=locked, provider=provider, words=words, passed_on_by=by)
    audit.record(locked, "pass_on_answer", by=by, data={"answer": answer.pk})
    notifications.tell_of_need(
        notifications.NEED_ANSWERED,
        locked,
        key=str(answer.key),
        provider_zh=provider.name_zh,
        provider_en=provider.name_en or provider.name_zh,
        words=words,
    )
    return answer


@transaction.atomic
def welcome_answer(answer: Answer, *, by: Any) -> Answer:
    """Say that the provider may have our contact; the member of staff who passed it on hands it over."""
    welcomed = ANSWER.apply(answer, "welcome", by=by)
    notifications.tell_welcomed(welcomed)
    return welcomed


def decline_answer(answer: Answer, *, by: Any) -> Answer:
    return ANSWER.apply(answer, "decline", by=by)


@transaction.atomic
def close_run_out() -> int:
    """Close the needs whose last day is past and tell their enterprises; return how many."""
    due = Need.objects.run_out(calendar.today()).select_for_update(skip_locked=True, of=("self",))
    rows = list(due.order_by("pk")[:TURN])
    for need in rows:
        outcome = Need.Outcome.RUN_OUT
        closed = NEED.apply(need, "run_out", by=None, outcome=outcome, closed_at=calendar.now())
        notifications.tell_of_need(notifications.NEED_RUN_OUT, closed)
    return len(rows)


def _columns(text: NeedText) -> dict[str, Any]:
    return {field.name: getattr(text, field.name) for field in fields(text)}


def _check(text: NeedText) -> None:
    today = calendar.today()
    if not today <= text.open_until <= today + LONGEST:
        raise ValidationError(
            {
                "open_until": _("Choose a day from today on, at most %(days)s days ahead.")
                % {"days": LONGEST.days}
            }
        )
    if not (text.contact_phone or text.contact_email):
        raise ValidationError({"contact_phone": _("Give a phone number or an e-mail address.")})
