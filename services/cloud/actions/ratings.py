"""Rate a provider after a verified order, reply to a rating, hide one that breaks the rules."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit, calendar
from services.cloud import rating
from services.cloud.lifecycle.onboarding import RATING
from services.cloud.models import Onboarding, Rating
from services.cloud.notifications import onboarding as telling


def rate(onboarding: Onboarding, *, score: int, words: str, by: Any) -> Rating:
    """Rate the provider of a plan, 1 to 5, once; only verified orders rate. Owners and editors may."""
    listing = rating.rated_provider(onboarding)
    if listing is None:
        raise ValidationError(
            _("You can rate once our staff have accepted a proof of real use or confirmed a voucher claim.")
        )
    try:
        with transaction.atomic():
            row = Rating.objects.create(
                onboarding=onboarding, listing=listing, score=score, words=words, given_by=by
            )
            audit.record(row, "rate", by=by, data={"score": score})
            telling.tell_rated(row)
    except IntegrityError as error:
        raise ValidationError(_("You have rated this provider already.")) from error
    return row


@transaction.atomic
def reply(row: Rating, *, text: str, by: Any) -> Rating:
    """Answer a rating once; only whoever speaks for the provider. The reply stands below the rating."""
    locked = Rating.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.reply:
        raise ValidationError(_("You have replied already."))
    locked.reply, locked.replied_at = text, calendar.now()
    locked.save(update_fields=["reply", "replied_at"])
    audit.record(locked, "reply", by=by)
    telling.tell_reply(locked)
    return locked


def hide(row: Rating, *, reason: str, by: Any) -> Rating:
    """Hide a rating with insults, names or advertising; its score no longer counts."""
    return RATING.apply(row, "hide", by=by, reason=reason)


def show(row: Rating, *, by: Any) -> Rating:
    """Show a hidden rating again."""
    return RATING.apply(row, "show", by=by)
