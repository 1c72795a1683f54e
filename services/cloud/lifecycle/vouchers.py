"""The states of a voucher and the only ways between them (house rules §10.21).

A verb without permission belongs to the enterprise or the provider, whose door has scoped the row, or to the
system. In which account a voucher of a state holds its money stands in `services.cloud.ledger.HOLDS`.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.lifecycle import Lifecycle, Transition
from services.cloud.models import VoucherState as State

EXAMINE = "cloud.pass_voucher"
APPROVE = "cloud.approve_voucher"
SETTLE = "cloud.settle_voucher"


def _from(*states: State) -> frozenset[str]:
    return frozenset(states)


VOUCHER = Lifecycle(
    [
        Transition("submit", _from(State.DRAFT), State.SUBMITTED, pgettext_lazy("voucher", "submit")),
        Transition("queue", _from(State.DRAFT), State.WAITING, _("put on the waiting list")),
        Transition("promote", _from(State.WAITING), State.SUBMITTED, _("take from the waiting list")),
        Transition(
            "ask", _from(State.SUBMITTED), State.RETURNED, _("ask for more"), EXAMINE, needs_reason=True
        ),
        Transition("resubmit", _from(State.RETURNED), State.SUBMITTED, _("hand in again")),
        Transition("time_out", _from(State.RETURNED), State.EXPIRED, _("end for lack of an answer")),
        Transition("pass", _from(State.SUBMITTED), State.COUNTY_PASSED, _("pass on to the city"), EXAMINE),
        Transition("approve", _from(State.COUNTY_PASSED), State.ISSUED, _("approve and issue"), APPROVE),
        Transition(
            "reject",
            _from(State.SUBMITTED),
            State.REJECTED,
            pgettext_lazy("voucher", "reject"),
            EXAMINE,
            needs_reason=True,
        ),
        Transition(
            "refuse",
            _from(State.COUNTY_PASSED),
            State.REJECTED,
            pgettext_lazy("voucher", "reject"),
            APPROVE,
            needs_reason=True,
        ),
        Transition("use", _from(State.ISSUED), State.IN_USE, _("use for a contract")),
        Transition("lapse", _from(State.ISSUED), State.VOID, _("let lapse unused")),
        Transition("claim", _from(State.IN_USE), State.CLAIMED, pgettext_lazy("voucher", "claim")),
        Transition(
            "query",
            _from(State.CLAIMED),
            State.CLAIM_RETURNED,
            _("return the claim"),
            APPROVE,
            needs_reason=True,
        ),
        Transition("claim_again", _from(State.CLAIM_RETURNED), State.CLAIMED, _("claim again")),
        Transition(
            "lapse_claim", _from(State.CLAIM_RETURNED, State.IN_USE), State.VOID, _("let lapse unclaimed")
        ),
        Transition("verify", _from(State.CLAIMED), State.VERIFIED, _("confirm the claim"), APPROVE),
        Transition("settle", _from(State.VERIFIED), State.SETTLED, pgettext_lazy("voucher", "pay"), SETTLE),
        Transition(
            "reclaim",
            _from(State.SETTLED),
            State.CLAWBACK_DUE,
            _("reclaim after an audit"),
            SETTLE,
            needs_reason=True,
        ),
        Transition("recover", _from(State.CLAWBACK_DUE), State.RECOVERED, _("record as paid back"), SETTLE),
        Transition(
            "write_off",
            _from(State.CLAWBACK_DUE),
            State.WRITTEN_OFF,
            _("write off the rest"),
            SETTLE,
            needs_reason=True,
        ),
        Transition(
            "withdraw",
            _from(
                State.DRAFT,
                State.WAITING,
                State.SUBMITTED,
                State.RETURNED,
                State.COUNTY_PASSED,
                State.ISSUED,
            ),
            State.WITHDRAWN,
            pgettext_lazy("voucher", "withdraw"),
        ),
    ]
)
