"""How a plan ends, how a check of real use is settled, and when a rating is hidden."""

from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition
from services.cloud.models import OnboardingState, Rating, UseCheck

HELP = "cloud.help_onboarding"
HIDE = "cloud.hide_rating"

ONBOARDING = Lifecycle(
    [
        Transition(
            "finish", frozenset({OnboardingState.ACTIVE}), OnboardingState.FINISHED, _("all steps are done")
        ),
        Transition(
            "reopen", frozenset({OnboardingState.FINISHED}), OnboardingState.ACTIVE, _("a step is open again")
        ),
        Transition(
            "stop", frozenset({OnboardingState.ACTIVE}), OnboardingState.STOPPED, _("stop"), needs_reason=True
        ),
    ]
)

USE = Lifecycle(
    [
        Transition(
            "hand_in",
            frozenset({UseCheck.State.DUE, UseCheck.State.RETURNED}),
            UseCheck.State.HANDED_IN,
            _("hand in"),
        ),
        Transition(
            "accept",
            frozenset({UseCheck.State.HANDED_IN}),
            UseCheck.State.ACCEPTED,
            _("accept the proof"),
            HELP,
        ),
        Transition(
            "give_back",
            frozenset({UseCheck.State.HANDED_IN}),
            UseCheck.State.RETURNED,
            _("ask for more"),
            HELP,
            needs_reason=True,
        ),
    ]
)

RATING = Lifecycle(
    [
        Transition(
            "hide",
            frozenset({Rating.State.SHOWN}),
            Rating.State.HIDDEN,
            _("hide"),
            HIDE,
            needs_reason=True,
        ),
        Transition("show", frozenset({Rating.State.HIDDEN}), Rating.State.SHOWN, _("show again"), HIDE),
    ]
)
