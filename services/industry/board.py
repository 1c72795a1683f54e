"""What waits at the desk in this room: needs to look at, events to publish."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.board import Work, listed
from services.industry.models import Need, Occasion


def work(user: Any) -> Iterator[Work]:
    yield Work(
        "industry.moderate_need",
        "needs",
        _("Needs to look at"),
        Need.objects.in_scope_of(user).filter(state=Need.State.IN_REVIEW),
        listed("industry_need", state__exact=Need.State.IN_REVIEW),
    )
    yield Work(
        "industry.publish_content",
        "occasions",
        _("Events to publish"),
        Occasion.objects.filter(state=Occasion.State.IN_REVIEW),
        listed("industry_occasion", state__exact=Occasion.State.IN_REVIEW),
    )
