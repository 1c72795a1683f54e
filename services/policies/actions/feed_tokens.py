"""Making, using and revoking a person's own feeds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from enterprises.models import Enterprise
from services.policies.models import FeedToken
from services.policies.models.feed_tokens import new_secret, stored

# So many addresses one person may have in use for one enterprise.
MOST = 10


@transaction.atomic
def make(enterprise: Enterprise, *, name: str, by: Any) -> tuple[FeedToken, str]:
    """Make an address for `by`, a member of the enterprise; return it with its secret, which is kept nowhere.

    Raises ValidationError when the person has MOST of them in use.
    """
    Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
    if FeedToken.objects.for_member(by).in_use().filter(enterprise=enterprise).count() >= MOST:
        raise ValidationError(_("You have %(most)s addresses in use. Revoke one first.") % {"most": MOST})
    secret = new_secret()
    token = FeedToken.objects.create(user=by, enterprise=enterprise, name=name, secret_hash=stored(secret))
    audit.record(token, "make", by=by, data={"enterprise": enterprise.pk})
    return token, secret


@transaction.atomic
def revoke(token: FeedToken, *, by: Any) -> FeedToken:
    """End an address for good; a second time changes nothing."""
    ended = FeedToken.objects.in_use().filter(pk=token.pk).update(revoked_at=timezone.now())
    if ended:
        audit.record(token, "revoke", by=by)
    return token


def note_use(token: FeedToken, *, on: date) -> None:
    """Remember that the address was read on this day; one write a day."""
    if token.last_used_on != on:
        FeedToken.objects.filter(pk=token.pk).update(last_used_on=on)
