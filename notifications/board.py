"""What waits at the desk in this room: readers to be called, mails that failed."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.board import Work, listed
from notifications.models import ContactTask, Delivery


def work(_user: Any) -> Iterator[Work]:
    yield Work(
        "notifications.settle_contact",
        "calls",
        _("Calls to make"),
        ContactTask.objects.filter(state=ContactTask.State.OPEN),
        listed("notifications_contacttask", state__exact=ContactTask.State.OPEN),
        "soon",
    )
    yield Work(
        "notifications.view_delivery",
        "failed",
        _("Mails that failed"),
        Delivery.objects.filter(state=Delivery.State.FAILED),
        listed("notifications_delivery", state__exact=Delivery.State.FAILED),
        "hot",
    )
