"""How a programme moves; a verb without permission is the system's own, by the days and the balances."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.lifecycle import Lifecycle, Transition
from services.cloud.models import ProgrammeState as State

RUN = "cloud.run_programme"

PROGRAMME = Lifecycle(
    [
        Transition("publish", frozenset({State.DRAFT}), State.PUBLISHED, _("publish"), RUN),
        Transition("open", frozenset({State.PUBLISHED}), State.OPEN, pgettext_lazy("programme", "open")),
        Transition(
            "suspend",
            frozenset({State.OPEN, State.EXHAUSTED}),
            State.SUSPENDED,
            pgettext_lazy("programme", "suspend"),
            RUN,
            needs_reason=True,
        ),
        Transition(
            "resume", frozenset({State.SUSPENDED}), State.OPEN, pgettext_lazy("programme", "resume"), RUN
        ),
        Transition("exhaust", frozenset({State.OPEN}), State.EXHAUSTED, _("mark the budget as used up")),
        Transition("refill", frozenset({State.EXHAUSTED}), State.OPEN, _("take applications again")),
        Transition("end", frozenset({State.OPEN, State.EXHAUSTED, State.SUSPENDED}), State.CLOSED, _("end")),
        Transition(
            "close",
            frozenset({State.OPEN, State.EXHAUSTED, State.SUSPENDED}),
            State.CLOSED,
            _("close before the last day"),
            RUN,
            needs_reason=True,
        ),
        Transition("settle", frozenset({State.CLOSED}), State.SETTLED, _("mark as settled"), RUN),
        Transition("archive", frozenset({State.SETTLED}), State.ARCHIVED, _("archive"), RUN),
    ]
)
