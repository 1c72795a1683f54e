"""Put a page before the public, by a second person, and take it back."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import calendar
from services.industry.lifecycle import PUBLICATION
from services.industry.models import Publishable

Page = TypeVar("Page", bound=Publishable)


def submit(page: Page, *, by: Any) -> Page:
    """Send a draft to review; from now on its text cannot be changed."""
    return PUBLICATION.apply(page, "submit", by=by, submitted_by=by)


@transaction.atomic
def publish(page: Page, *, by: Any) -> Page:
    """Put a page before the public; raises ValidationError when `by` sent it to review."""
    locked = type(page)._default_manager.select_for_update(of=("self",)).get(pk=page.pk)
    if by is not None and locked.submitted_by_id == by.pk:
        raise ValidationError(_("Somebody else must publish what you sent to review."))
    return PUBLICATION.apply(page, "publish", by=by, published_at=calendar.now(), published_by=by)


def return_to_author(page: Page, *, reason: str, by: Any) -> Page:
    return PUBLICATION.apply(page, "return_to_author", by=by, reason=reason)


def withdraw(page: Page, *, reason: str, by: Any) -> Page:
    """Take a page away from the public at once; its history stays."""
    return PUBLICATION.apply(page, "withdraw", by=by, reason=reason)


def revise(page: Page, *, by: Any) -> Page:
    """Take up a withdrawn page again, so that its text can be changed."""
    return PUBLICATION.apply(page, "revise", by=by)
