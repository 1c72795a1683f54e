"""The two tables of this room: an address that takes no mail, and the call that is made instead."""

from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition
from notifications.models import ContactTask, SuppressedAddress

_Address = SuppressedAddress.State
_Task = ContactTask.State

SUPPRESSION = Lifecycle(
    [
        Transition(
            "suppress", frozenset({_Address.WATCHED, _Address.LIFTED}), _Address.SUPPRESSED, _("suppress")
        ),
        Transition(
            "lift",
            frozenset({_Address.SUPPRESSED}),
            _Address.LIFTED,
            _("write to it again"),
            "notifications.lift_suppression",
            needs_reason=True,
        ),
    ]
)

CONTACT = Lifecycle(
    [
        Transition(
            "settle",
            frozenset({_Task.OPEN}),
            _Task.DONE,
            _("mark as done"),
            "notifications.settle_contact",
            needs_reason=True,
        ),
    ]
)
