"""What people fill in: the steps of a request, a question, messages, tracking, and the forms of the desk."""

from services.requests.forms.asking import ContactForm, NeedForm, QuestionForm, SourceForm
from services.requests.forms.desk import AskForm, NoteForm, RefuseForm, ReplyForm, ResolveForm
from services.requests.forms.following import (
    FollowForm,
    MessageForm,
    RateForm,
    ReopenForm,
    SupplyForm,
    TrackForm,
    supply_form,
)
from services.requests.forms.plain import WithFiles

__all__ = [
    "AskForm",
    "ContactForm",
    "FollowForm",
    "MessageForm",
    "NeedForm",
    "NoteForm",
    "QuestionForm",
    "RateForm",
    "RefuseForm",
    "ReopenForm",
    "ReplyForm",
    "ResolveForm",
    "SourceForm",
    "SupplyForm",
    "TrackForm",
    "WithFiles",
    "supply_form",
]
