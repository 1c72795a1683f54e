"""What is told about one's own data: the copy is ready, the account will close, it is closed."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications import outbox
from notifications.kinds import VISITOR, Kind, declare
from notifications.models import Notification
from notifications.outbox import Letter
from portal.personal_data.models import Closing, DataExport


def _is_ready(notification: Notification) -> bool:
    return DataExport.objects.ready().filter(pk=int(notification.subject_code)).exists()


def _is_pending(notification: Notification) -> bool:
    return Closing.objects.pending().filter(pk=int(notification.subject_code)).exists()


READY = declare(
    Kind(
        "personal_data.ready",
        _("The copy of your data is ready"),
        can_be_stopped=False,
        still_due=_is_ready,
    )
)
CLOSING = declare(
    Kind(
        "personal_data.closing",
        _("Your account will be closed"),
        can_be_stopped=False,
        still_due=_is_pending,
    )
)
# Goes to an address whose account is gone; what it says is erased once it is sent.
CLOSED = declare(
    Kind(
        "personal_data.closed",
        _("Your account is closed"),
        audience=VISITOR,
        in_inbox=False,
        can_be_stopped=False,
        secret=True,
    )
)


def tell_ready(export: DataExport) -> None:
    """Tell the person where to take the copy away, and until when."""
    _post(READY, export.pk, export.user, until=export.expires_at)


def tell_closing(closing: Closing) -> None:
    """Tell the person on which day the account closes, and how to take that back."""
    _post(CLOSING, closing.pk, closing.user, until=closing.due_at)


def tell_closed(closing: Closing, address: str, language: str) -> None:
    """Write once more to the address the account had."""
    letter = Letter(key=str(closing.pk), address=address, language=language, context={"closed": True})
    outbox.post(CLOSED, letter)


def _post(kind: Kind, number: int, person: Any, *, until: Any) -> None:
    letter = Letter(
        key=str(number),
        recipient=person,
        subject_code=str(number),
        url=reverse("personal_data:home"),
        context={"until": f"{timezone.localtime(until):%Y-%m-%d}"},
    )
    outbox.post(kind, letter)
