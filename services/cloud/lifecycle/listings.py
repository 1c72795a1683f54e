"""How a provider comes into the cloud catalogue and out of it, and how an appeal is answered."""

from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition
from services.cloud.models import ListingState, Sanction

CHECK = "cloud.check_listing"
APPROVE = "cloud.approve_listing"
SANCTION = "cloud.sanction_listing"
ANSWER = "cloud.answer_appeal"

_WAITING = frozenset({ListingState.APPLIED, ListingState.CHECKING})
_SHOWN = frozenset({ListingState.LISTED, ListingState.SUSPENDED})

LISTING = Lifecycle(
    [
        Transition("take_up", frozenset({ListingState.APPLIED}), ListingState.CHECKING, _("take up"), CHECK),
        Transition(
            "approve",
            frozenset({ListingState.CHECKING}),
            ListingState.LISTED,
            _("list the provider"),
            APPROVE,
        ),
        Transition("decline", _WAITING, ListingState.DECLINED, _("do not take"), APPROVE, needs_reason=True),
        # The owner's own: an application that was not taken may be handed in again.
        Transition("apply_again", frozenset({ListingState.DECLINED}), ListingState.APPLIED, _("apply again")),
        Transition(
            "suspend", frozenset({ListingState.LISTED}), ListingState.SUSPENDED, _("suspend"), SANCTION
        ),
        Transition(
            "reinstate",
            frozenset({ListingState.SUSPENDED}),
            ListingState.LISTED,
            _("list again"),
            APPROVE,
            needs_reason=True,
        ),
        Transition("remove", _SHOWN, ListingState.REMOVED, _("remove from the list"), SANCTION),
        # The end of an appeal: the sanction was wrong, so the way back is open at once.
        Transition(
            "lift_suspension",
            frozenset({ListingState.SUSPENDED}),
            ListingState.LISTED,
            _("list again after an appeal"),
            ANSWER,
        ),
        Transition(
            "restore",
            frozenset({ListingState.REMOVED}),
            ListingState.CHECKING,
            _("check anew after an appeal"),
            ANSWER,
        ),
    ]
)

APPEAL = Lifecycle(
    [
        Transition("appeal", frozenset({Sanction.Appeal.NONE}), Sanction.Appeal.OPEN, _("appeal")),
        Transition(
            "uphold",
            frozenset({Sanction.Appeal.OPEN}),
            Sanction.Appeal.UPHELD,
            _("let the sanction stay"),
            ANSWER,
        ),
        Transition(
            "lift", frozenset({Sanction.Appeal.OPEN}), Sanction.Appeal.LIFTED, _("lift the sanction"), ANSWER
        ),
    ],
    field="appeal",
)
