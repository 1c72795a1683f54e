"""The tables of this room: how a claim and a request to join are settled, how far an enterprise is proven."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.lifecycle import Lifecycle, Transition
from enterprises.models import Claim, Enterprise, JoinRequest

_Proof = Enterprise.Proof
_SETTLE = "enterprises.settle_claim"
_PROVE = "enterprises.set_proof_level"

CLAIM = Lifecycle(
    [
        Transition(
            "accept",
            frozenset({Claim.State.OPEN}),
            Claim.State.ACCEPTED,
            _("Accept"),
            _SETTLE,
            needs_reason=True,
        ),
        Transition(
            "refuse",
            frozenset({Claim.State.OPEN}),
            Claim.State.REFUSED,
            _("Refuse"),
            _SETTLE,
            needs_reason=True,
        ),
        # The claimant's own, by closing the account.
        Transition("withdraw", frozenset({Claim.State.OPEN}), Claim.State.REFUSED, _("withdrawn")),
    ]
)


def _join(verb: str, target: str, label: str | Promise) -> Transition:
    return Transition(verb, frozenset({JoinRequest.State.OPEN}), target, label)


# The doors have scoped the row: an owner's enterprise, or one's own request.
JOIN = Lifecycle(
    [
        _join("accept", JoinRequest.State.ACCEPTED, pgettext_lazy("request to join", "Accept")),
        _join("refuse", JoinRequest.State.REFUSED, pgettext_lazy("request to join", "Decline")),
        _join("withdraw", JoinRequest.State.WITHDRAWN, pgettext_lazy("request to join", "Withdraw")),
    ]
)


def _prove(verb: str, target: str, label: str | Promise) -> Transition:
    return Transition(verb, frozenset(set(_Proof) - {target}), target, label, _PROVE, needs_reason=True)


PROOF = Lifecycle(
    [
        # The system's own: whoever acts for an enterprise has confirmed an address.
        Transition(
            "confirm_address", frozenset({_Proof.IMPORTED}), _Proof.EMAIL, _("e-mail address confirmed")
        ),
        _prove("prove_by_staff", _Proof.STAFF, _("Set to “checked by staff”")),
        _prove("prove_by_document", _Proof.DOCUMENT, _("Set to “document handed in”")),
        _prove("prove_by_email", _Proof.EMAIL, _("Set to “e-mail confirmed” only")),
    ],
    field="proof_level",
)
PROOF_VERBS = {transition.target: transition.verb for transition in PROOF}
