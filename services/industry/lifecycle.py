"""How a page of this room comes before the public and leaves it."""

from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition
from services.industry.models import PublicationState as State

SUBMIT = "industry.submit_content"
PUBLISH = "industry.publish_content"
WITHDRAW = "industry.withdraw_content"

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
