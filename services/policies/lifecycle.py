"""How a notice moves from draft to publication and out of force, an error or an opinion to its answer."""

from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition
from services.policies.models import Benefit, ErrorReport, FieldProposal, Opinion, State

SUBMIT = "policies.submit_notice"
REVIEW = "policies.review_notice"
SETTLE = "policies.settle_report"
HAND_OVER = "policies.hand_over"
ANSWER = "policies.answer_opinion"

# States in which the author may change the text.
EDITABLE_STATES = frozenset({State.DRAFT, State.RETURNED})

NOTICE = Lifecycle(
    [
        Transition("submit", EDITABLE_STATES, State.IN_REVIEW, _("send to review"), SUBMIT),
        Transition("discard", EDITABLE_STATES, State.DISCARDED, _("give up"), SUBMIT),
        Transition("revise", frozenset({State.RETURNED}), State.DRAFT, _("take up again"), SUBMIT),
        Transition("approve", frozenset({State.IN_REVIEW}), State.APPROVED, _("approve"), REVIEW),
        Transition(
            "return_to_author",
            frozenset({State.IN_REVIEW, State.APPROVED}),
            State.RETURNED,
            _("return to the author"),
            REVIEW,
            needs_reason=True,
        ),
        Transition("schedule", frozenset({State.APPROVED}), State.APPROVED, _("schedule"), REVIEW),
        Transition("publish", frozenset({State.APPROVED}), State.PUBLISHED, _("publish"), REVIEW),
        # The end of a correction: `publish` of its draft, whose content becomes the next version.
        Transition("take_over", frozenset({State.APPROVED}), State.MERGED, _("take over"), REVIEW),
        Transition("correct", frozenset({State.PUBLISHED}), State.PUBLISHED, _("correct"), SUBMIT),
        Transition("verify", frozenset({State.PUBLISHED}), State.PUBLISHED, _("mark as verified"), REVIEW),
        Transition(
            "affirm", frozenset({State.PUBLISHED}), State.PUBLISHED, _("say it is still right"), SUBMIT
        ),
        Transition("supersede", frozenset({State.PUBLISHED}), State.SUPERSEDED, _("supersede"), REVIEW),
        Transition(
            "repeal",
            frozenset({State.PUBLISHED, State.SUPERSEDED}),
            State.REPEALED,
            _("repeal"),
            REVIEW,
            needs_reason=True,
        ),
    ]
)

REPORT = Lifecycle(
    [
        Transition(
            "settle",
            frozenset({ErrorReport.State.NEW}),
            ErrorReport.State.CORRECTED,
            _("it is put right"),
            SETTLE,
        ),
        Transition(
            "decline",
            frozenset({ErrorReport.State.NEW}),
            ErrorReport.State.DECLINED,
            _("leave as it is"),
            SETTLE,
            needs_reason=True,
        ),
    ]
)

_B = Benefit.State
# 免申即享: the owner's verbs have no permission (the door takes the row from the owner's own enterprise).
BENEFIT = Lifecycle(
    [
        Transition("consent", frozenset({_B.OFFERED, _B.DECLINED}), _B.AGREED, _("agree")),
        Transition("decline", frozenset({_B.OFFERED}), _B.DECLINED, _("do without it")),
        Transition("revoke", frozenset({_B.AGREED}), _B.OFFERED, _("take the consent back")),
        # The item was changed after the consent: the enterprise is asked anew.
        Transition("renew", frozenset({_B.AGREED}), _B.OFFERED, _("ask again")),
        Transition("send", frozenset({_B.AGREED}), _B.SENT, _("hand over"), HAND_OVER),
        Transition("grant", frozenset({_B.SENT}), _B.GRANTED, _("enter as granted"), HAND_OVER),
        Transition(
            "refuse",
            frozenset({_B.SENT}),
            _B.REFUSED,
            _("enter as not granted"),
            HAND_OVER,
            needs_reason=True,
        ),
    ]
)

_P = FieldProposal.State
PROPOSAL = Lifecycle(
    [
        Transition("accept", frozenset({_P.OPEN}), _P.ACCEPTED, _("take it over"), SUBMIT),
        Transition(
            "decline", frozenset({_P.OPEN}), _P.DECLINED, _("leave as it is"), SUBMIT, needs_reason=True
        ),
    ]
)

OPINION = Lifecycle(
    [
        Transition(
            "answer",
            frozenset({Opinion.State.NEW}),
            Opinion.State.ANSWERED,
            _("answer in public"),
            ANSWER,
        ),
        Transition(
            "set_aside",
            frozenset({Opinion.State.NEW}),
            Opinion.State.SET_ASIDE,
            _("set aside"),
            ANSWER,
            needs_reason=True,
        ),
    ]
)
