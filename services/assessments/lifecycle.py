"""How an assessment moves (filled in, then finished for good, or dropped before that), and a campaign."""

from django.utils.translation import pgettext_lazy

from core.lifecycle import Lifecycle, Transition
from services.assessments.models import Campaign, State

ASSESSMENT = Lifecycle(
    [
        Transition(
            "finish",
            frozenset({State.DRAFT}),
            State.FINISHED,
            pgettext_lazy("assessment", "finish"),
        ),
        Transition(
            "discard",
            frozenset({State.DRAFT}),
            State.DISCARDED,
            pgettext_lazy("assessment", "drop"),
        ),
    ]
)

RUN_CAMPAIGN = "assessments.run_campaign"

CAMPAIGN = Lifecycle(
    [
        Transition(
            "launch",
            frozenset({Campaign.State.DRAFT}),
            Campaign.State.RUNNING,
            pgettext_lazy("campaign", "launch"),
            permission=RUN_CAMPAIGN,
        ),
        Transition(
            "end",
            frozenset({Campaign.State.RUNNING}),
            Campaign.State.ENDED,
            pgettext_lazy("campaign", "end now"),
            permission=RUN_CAMPAIGN,
        ),
        Transition(
            "drop",
            frozenset({Campaign.State.DRAFT}),
            Campaign.State.DROPPED,
            pgettext_lazy("campaign", "drop"),
            permission=RUN_CAMPAIGN,
        ),
    ]
)
