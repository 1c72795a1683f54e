"""What can be done with a request at the desk: each verb with its form, its words and whom it tells."""

from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.admin import Verb
from services.requests import actions, forms, sharing, thread
from services.requests.admin.forms import (
    AssignForm,
    InvolveForm,
    MergeForm,
    PassOnForm,
    PostponeForm,
    ReclassifyForm,
    SplitForm,
)
from services.requests.lifecycle import TRIAGE
from services.requests.models import RUNNING_STATES, ServiceRequest


def owner_side(row: ServiceRequest) -> str:
    """Say who gets a message about this request."""
    if row.enterprise:
        return str(row.enterprise.name)
    return row.contact_email or (str(row.requester) if row.requester else "")


VERBS = {
    "take": Verb(
        actions.take,
        explains=gettext_lazy("You take this up; the other side reads your name as the one who has it."),
        tells=owner_side,
    ),
    "assign": Verb(
        actions.assign,
        form=AssignForm,
        explains=gettext_lazy("Someone else takes this up, or takes it over."),
        tells=gettext_lazy("the person it is given to; the other side, when it is taken up with that"),
    ),
    "hand_over": Verb(
        actions.assign,
        form=AssignForm,
        explains=gettext_lazy("Someone else takes this over; the clock stays paused."),
        tells=gettext_lazy("the person it is given to"),
    ),
    "ask": Verb(
        actions.ask_for_papers,
        form=forms.AskForm,
        explains=gettext_lazy("The clock is paused until the other side has answered."),
        tells=owner_side,
    ),
    "resume": Verb(
        actions.resume,
        explains=gettext_lazy("The clock runs again with the days that were left."),
    ),
    "resolve": Verb(
        actions.resolve,
        form=forms.ResolveForm,
        explains=gettext_lazy(
            "The other side reads the outcome, may rate it, and may reopen it for 14 days."
        ),
        tells=owner_side,
    ),
    "refuse": Verb(
        actions.refuse,
        form=forms.RefuseForm,
        explains=gettext_lazy("The other side reads the reason and what to try instead. This is final."),
        tells=owner_side,
        danger=True,
    ),
}
WITHOUT_BUTTON = ("submit", "supply", "reopen", "close", "withdraw", "join", "part")
EXTRA_VERBS = {
    "reply": Verb(
        actions.reply,
        form=forms.ReplyForm,
        label=gettext_lazy("reply to the enterprise"),
        permission=TRIAGE,
        offered=lambda row, user: thread.can_be_written_to(row),
        explains=gettext_lazy("The enterprise will see this. Answering a new request takes it up."),
        tells=owner_side,
    ),
    "release": Verb(
        actions.release,
        label=gettext_lazy("let through: no spam"),
        permission=TRIAGE,
        offered=lambda row, user: row.is_suspect and row.is_open,
        explains=gettext_lazy(
            "It goes to the officers like every other one. Return real spam with a reason."
        ),
    ),
    "postpone": Verb(
        actions.postpone,
        form=PostponeForm,
        label=gettext_lazy("promise a later date"),
        permission=TRIAGE,
        offered=lambda row, user: row.state in RUNNING_STATES,
        explains=gettext_lazy("The enterprise reads the reason and the new date."),
        tells=owner_side,
    ),
    "ask_to_share": Verb(
        actions.ask_to_share,
        label=gettext_lazy("ask whether the provider may have it"),
        permission=TRIAGE,
        offered=lambda row, user: row.state in RUNNING_STATES and sharing.outside(row) is not None,
        explains=gettext_lazy("The enterprise chooses which parts may be handed over, or none."),
        tells=owner_side,
    ),
    "pass_on": Verb(
        actions.pass_on,
        form=PassOnForm,
        label=gettext_lazy("pass on to the provider"),
        permission=TRIAGE,
        offered=lambda row, user: row.state in RUNNING_STATES and not row.with_provider_at,
        explains=gettext_lazy("From now on the time counts as the provider's; the promised date stays."),
    ),
    "take_back": Verb(
        actions.take_back,
        form=forms.NoteForm,
        label=gettext_lazy("the provider has answered"),
        permission=TRIAGE,
        offered=lambda row, user: bool(row.with_provider_at),
        explains=gettext_lazy("From now on the time counts as ours again."),
    ),
    "merge": Verb(
        actions.merge,
        form=MergeForm,
        label=gettext_lazy("join another one to this"),
        permission=TRIAGE,
        offered=lambda row, user: row.is_open,
        explains=gettext_lazy("Its thread comes over and its number leads here; can be undone for 7 days."),
        tells=owner_side,
    ),
    "unmerge": Verb(
        actions.unmerge,
        label=gettext_lazy("undo the joining"),
        permission=TRIAGE,
        offered=lambda row, user: row.merged_into_id is not None and row.may_part,
        explains=gettext_lazy("It goes on by itself, with its own thread."),
        tells=owner_side,
    ),
    "split": Verb(
        actions.split,
        form=SplitForm,
        label=gettext_lazy("split off a part"),
        permission=TRIAGE,
        offered=lambda row, user: row.is_open,
        explains=gettext_lazy("The part gets a number of its own; can be undone for 7 days."),
        tells=owner_side,
    ),
    "unsplit": Verb(
        actions.unsplit,
        label=gettext_lazy("undo the splitting off"),
        permission=TRIAGE,
        offered=lambda row, user: actions.may_go_back(row, timezone.now()),
        explains=gettext_lazy("It goes back to the one it was split from, with what was written here."),
        tells=owner_side,
    ),
    "reclassify": Verb(
        actions.reclassify,
        form=ReclassifyForm,
        label=gettext_lazy("change the service"),
        permission=TRIAGE,
        offered=lambda row, user: row.is_open,
        explains=gettext_lazy("Queue and promised date follow the service."),
        tells=owner_side,
    ),
    "involve": Verb(
        actions.involve,
        form=InvolveForm,
        label=gettext_lazy("give a colleague a task"),
        permission=TRIAGE,
        offered=lambda row, user: row.is_open,
        explains=gettext_lazy(
            "They answer to you, beside whoever has the request. The enterprise reads nothing of it."
        ),
        tells=gettext_lazy("the colleague"),
    ),
    "note": Verb(
        actions.note,
        form=forms.NoteForm,
        label=gettext_lazy("write an internal note"),
        permission=TRIAGE,
        explains=gettext_lazy("Only staff see this."),
    ),
}
VERB_LABELS = {
    "route": gettext_lazy("put into the queue"),
    "task_answered": gettext_lazy("a colleague has answered"),
    "task_declined": gettext_lazy("a colleague has declined"),
    "release": gettext_lazy("let through"),
    "escalate": gettext_lazy("late: a step of the ladder"),
    "let_go": gettext_lazy("taken from someone who has left"),
    "share": gettext_lazy("put on everybody's list"),
    "write": gettext_lazy("message of the other side"),
    "rate": gettext_lazy("rated"),
    "agree_to_share": gettext_lazy("agreed what the provider may be given"),
    "revoke_sharing": gettext_lazy("took the agreement back"),
    "answer_effect": gettext_lazy("said what came of it"),
    "follow": gettext_lazy("a colleague follows"),
    "unfollow": gettext_lazy("a colleague follows no longer"),
    "move_deadline": gettext_lazy("deadline moved with the working calendar"),
}
