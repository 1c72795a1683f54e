"""The tables of this room: addresses that take no mail, the calls made instead, the wordings of the desk."""

from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition
from notifications.models import ContactTask, SuppressedAddress, TextVersion

_Address = SuppressedAddress.State
_Task = ContactTask.State
_Text = TextVersion.State
_USE = "notifications.use_text"

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

WORDING = Lifecycle(
    [
        Transition(
            "propose",
            frozenset({_Text.DRAFT}),
            _Text.PROPOSED,
            _("propose"),
            "notifications.change_textversion",
        ),
        Transition("use", frozenset({_Text.PROPOSED}), _Text.ACTIVE, _("put into use"), _USE),
        Transition(
            "give_back", frozenset({_Text.PROPOSED}), _Text.DRAFT, _("give back"), _USE, needs_reason=True
        ),
        Transition("retire", frozenset({_Text.ACTIVE}), _Text.RETIRED, _("retire"), _USE),
    ]
)
