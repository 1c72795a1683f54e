"""The states of a conversion project and of its scheme, and the only ways between them.

Source: cloud_onboarding.md 5.4. A verb without permission belongs to the enterprise, whose door has scoped
the row.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.lifecycle import Lifecycle, Transition
from services.cloud.lifecycle.programmes import RUN
from services.cloud.models import ConversionState as State
from services.cloud.models import SchemeState
from services.cloud.models.conversions import WITHDRAWABLE

CONFIRM = "cloud.confirm_conversion"
ACCEPT = "cloud.accept_conversion"
PAY = "cloud.pay_conversion"


def _from(*states: State) -> frozenset[str]:
    return frozenset(states)


SCHEME = Lifecycle(
    [
        Transition("publish", frozenset({SchemeState.DRAFT}), SchemeState.OPEN, _("publish"), RUN),
        Transition(
            "close",
            frozenset({SchemeState.OPEN}),
            SchemeState.CLOSED,
            pgettext_lazy("scheme", "close"),
            RUN,
            needs_reason=True,
        ),
    ]
)
CONVERSION = Lifecycle(
    [
        Transition("take_baseline", _from(State.INTENDED), State.BASELINE, _("take the level before")),
        Transition("file", _from(State.BASELINE), State.FILED, pgettext_lazy("conversion", "file")),
        Transition(
            "return_filing", _from(State.FILED), State.BASELINE, _("return the filing"), CONFIRM, True
        ),
        Transition("confirm", _from(State.FILED), State.IN_PROGRESS, _("confirm the filing"), CONFIRM),
        Transition("take_result", _from(State.IN_PROGRESS), State.RESULT, _("take the level after")),
        Transition("apply", _from(State.RESULT), State.ACCEPTANCE, _("apply for acceptance")),
        Transition(
            "return_list", _from(State.ACCEPTANCE), State.RESULT, _("return the spending list"), ACCEPT, True
        ),
        Transition(
            "accept", _from(State.ACCEPTANCE), State.ACCEPTED, pgettext_lazy("conversion", "accept"), ACCEPT
        ),
        Transition(
            "reject",
            _from(State.ACCEPTANCE),
            State.REJECTED,
            pgettext_lazy("conversion", "reject"),
            ACCEPT,
            needs_reason=True,
        ),
        Transition("apply_for_reward", _from(State.ACCEPTED), State.REWARD, _("apply for the reward")),
        Transition("pay", _from(State.REWARD), State.PAID, pgettext_lazy("conversion", "pay"), PAY),
        Transition("audit", _from(State.PAID), State.AUDITED, _("record the audit"), PAY),
        Transition(
            "withdraw", _from(*WITHDRAWABLE), State.WITHDRAWN, pgettext_lazy("conversion", "withdraw")
        ),
    ]
)
