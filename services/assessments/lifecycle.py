"""How an assessment moves: filled in, then finished for good, or dropped before that."""

from django.utils.translation import pgettext_lazy

from core.lifecycle import Lifecycle, Transition
from services.assessments.models import State

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
