"""What waits at the desk in this room."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.board import Work, listed
from enterprises.models import Claim


def work(_user: Any) -> Iterator[Work]:
    opened = Claim.State.OPEN
    yield Work(
        "enterprises.settle_claim",
        "claims",
        _("Claims to settle"),
        Claim.objects.filter(state=opened),
        listed("enterprises_claim", state__exact=opened),
    )
