"""How a page of this room comes before the public and leaves it, and how a place is had and given back."""

from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition
from services.industry.models import AnswerState, BookingState, NeedState
from services.industry.models import PublicationState as State

SUBMIT = "industry.submit_content"
PUBLISH = "industry.publish_content"
WITHDRAW = "industry.withdraw_content"
MODERATE = "industry.moderate_need"
ATTENDANCE = "industry.keep_attendance"

PUBLICATION = Lifecycle(
    [
        Transition("submit", frozenset({State.DRAFT}), State.IN_REVIEW, _("send to review"), SUBMIT),
        Transition("publish", frozenset({State.IN_REVIEW}), State.PUBLISHED, _("publish"), PUBLISH),
        Transition(
            "return_to_author",
            frozenset({State.IN_REVIEW}),
            State.DRAFT,
            _("return to the author"),
            PUBLISH,
            needs_reason=True,
        ),
        Transition(
            "withdraw",
            frozenset({State.PUBLISHED}),
            State.WITHDRAWN,
            _("withdraw from the public"),
            WITHDRAW,
            needs_reason=True,
        ),
        Transition("revise", frozenset({State.WITHDRAWN}), State.DRAFT, _("take up again"), SUBMIT),
    ]
)

BOOKING = Lifecycle(
    [
        Transition("move_up", frozenset({BookingState.WAITING}), BookingState.BOOKED, _("moved up")),
        Transition(
            "cancel",
            frozenset({BookingState.BOOKED, BookingState.WAITING}),
            BookingState.CANCELLED,
            _("cancelled"),
        ),
    ]
)

NEED = Lifecycle(
    [
        Transition(
            "resubmit",
            frozenset({NeedState.IN_REVIEW, NeedState.RETURNED}),
            NeedState.IN_REVIEW,
            _("changed and handed in"),
        ),
        Transition(
            "publish", frozenset({NeedState.IN_REVIEW}), NeedState.PUBLISHED, _("put on the board"), MODERATE
        ),
        Transition(
            "return_to_owner",
            frozenset({NeedState.IN_REVIEW, NeedState.PUBLISHED}),
            NeedState.RETURNED,
            _("return to the enterprise"),
            MODERATE,
            needs_reason=True,
        ),
        Transition(
            "close",
            frozenset({NeedState.IN_REVIEW, NeedState.RETURNED, NeedState.PUBLISHED}),
            NeedState.CLOSED,
            _("closed"),
        ),
        Transition("run_out", frozenset({NeedState.PUBLISHED}), NeedState.CLOSED, _("its time ran out")),
    ]
)

ANSWER = Lifecycle(
    [
        Transition("welcome", frozenset({AnswerState.PASSED_ON}), AnswerState.WELCOMED, _("welcome")),
        Transition("decline", frozenset({AnswerState.PASSED_ON}), AnswerState.DECLINED, _("declined")),
    ]
)
