"""What people fill in: the steps of a request, a question, messages, tracking, and the forms of the desk."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.functional import Promise, lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from core import text
from core.fields import EmailField, LineField, PhoneField, WordsField
from core.uploads import FilesField
from services.catalogue import listing
from services.catalogue.models import Group, Offering, Particular
from services.requests import particulars, parties, thread, triage
from services.requests.actions import Question, Source
from services.requests.models import Attachment, ServiceRequest
from services.requests.papers import PAPER, PER_FORM

BODY_LENGTH = 4000
_BODY_HINT = _("What is the situation, and what should be different? At most 4,000 characters.")


class PlainForm(forms.Form):
    """A form whose errors are ours, not the browser's."""

    use_required_attribute = False


class SourceForm(PlainForm):
    """From where a request is begun, as carried in an address; what does not fit is dropped in silence."""

    source_label = LineField(max_length=200, required=False)
    source_url = forms.CharField(max_length=300, required=False)
    offering = forms.SlugField(required=False)

    def source(self) -> Source:
        """Return the page named, if it is one of our own."""
        self.is_valid()
        url = self.cleaned_data.get("source_url", "")
        is_ours = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
        label = self.cleaned_data.get("source_label", "")
        if not is_ours:
            return Source()
        return Source("" if label.startswith("/") else label, url)

    def chosen(self) -> Offering | None:
        """Return the offering named, if it is one to ask for; a paused one says so on the next page."""
        self.is_valid()
        slug = self.cleaned_data.get("offering", "")
        return Offering.objects.on_request().filter(slug=slug).first() if slug else None


class WithFiles(PlainForm):
    """A form beside which files wait until it is sent.

    The door keeps the uploads first and hands in what waits as `held`; the fields themselves hold nothing, so
    that no error in the form ever costs a file.
    """

    def __init__(self, *args: Any, held: Sequence[Attachment] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held

    def unjudged(self) -> "WithFiles":
        """Show what was typed without judging it: only a file was added or taken away."""
        self._errors, self.cleaned_data = ErrorDict(), {}
        return self

    def groups(self) -> Iterator[tuple[forms.BoundField, list[Attachment]]]:
        """Yield each field with the files that wait below it."""
        for field in self:
            takes = isinstance(field.field, FilesField)
            yield field, [paper for paper in self.held if takes and field.name == files_field(paper.item)]

    def upload_fields(self) -> Iterator[tuple[str, int | None]]:
        """Yield the names of the fields that take files, with the item of the checklist each answers."""
        for name, field in self.fields.items():
            if isinstance(field, FilesField):
                yield name, int(name.split("_")[1]) if name.startswith("item_") else None


def _fill(words: str | Promise, **facts: Any) -> str:
    return str(words) % facts


format_lazy = lazy(_fill, str)


def files_field(item: int | None) -> str:
    """Name the field whose files answer an item of the checklist; None is the one for everything else."""
    return "papers" if item is None else f"item_{item}_papers"


def _files(label: str | Promise = "", hint: str | Promise = "") -> FilesField:
    told = _("Photos or papers: %(kinds)s; at most %(limit)s MB each, %(count)s files.")
    return FilesField(
        label=label or _("Files"),
        purpose=PAPER,
        help_text=hint or format_lazy(told, kinds=PAPER.labels, limit=PAPER.max_megabytes, count=PER_FORM),
    )


class NeedForm(WithFiles):
    """The first step: what it is about."""

    subject = LineField(
        label=_("Subject"),
        max_length=120,
        help_text=_("In a few words, so that you find it again."),
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    body = WordsField(
        label=_("What you need"),
        max_length=BODY_LENGTH,
        help_text=_BODY_HINT,
        error_messages={"required": _("Describe what you need.")},
    )
    papers = _files()

    def __init__(self, *args: Any, asked: Sequence[Particular] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        papers = self.fields.pop("papers")
        self.fields |= {**particulars.fields(asked), "papers": papers}

    def answers(self, before: Sequence[dict[str, Any]] = ()) -> list[dict[str, Any]]:
        """Return what was answered to the questions of the service; call it after `is_valid`."""
        return particulars.answers(self.asked, self.cleaned_data, before)


class ContactForm(PlainForm):
    """The second step: whom we answer."""

    contact_name = LineField(
        label=_("Contact person"),
        max_length=100,
        error_messages={"required": _("Say whom we should ask for.")},
    )
    contact_email = EmailField(label=_("E-mail address"), required=False)
    contact_phone = PhoneField(label=_("Phone"), required=False)

    def clean(self) -> dict[str, Any]:
        return _with_a_way_to_answer(self)


class QuestionForm(PlainForm):
    """A question without an account: one page, then a look at the answers."""

    subject = LineField(
        label=_("Subject"),
        max_length=120,
        help_text=_("In a few words."),
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    body = WordsField(
        label=_("Your question"),
        max_length=BODY_LENGTH,
        help_text=_("At most 4,000 characters. Leave out passwords and bank details."),
        error_messages={"required": _("Write your question.")},
    )
    group = forms.ChoiceField(
        label=_("What it is about"), required=False, choices=[("", _("I do not know")), *Group.choices]
    )
    contact_name = LineField(label=_("Your name"), max_length=100, required=False)
    contact_email = EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("We answer here. An e-mail address or a phone number is enough."),
    )
    contact_phone = PhoneField(label=_("Phone"), required=False)
    # A trap for machines: people do not see it. What falls in is looked at first, never refused.
    website = forms.CharField(label=_("Leave this field empty"), required=False)
    form_token = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    source_label = LineField(max_length=200, required=False, widget=forms.HiddenInput)
    source_url = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        return _with_a_way_to_answer(self)

    def question(self, language: str) -> Question:
        """Return what was asked; call it after `is_valid`."""
        names = ("subject", "body", "contact_name", "contact_email", "contact_phone", "group")
        return Question(
            **{name: self.cleaned_data[name] for name in names},
            language=language,
            trapped=bool(self.cleaned_data["website"]),
            source=SourceForm(self.cleaned_data).source(),
        )


class TrackForm(PlainForm):
    """A reference number, and the e-mail address or phone number that was given with it."""

    reference = LineField(
        label=_("Reference number"),
        max_length=40,
        help_text=_("For example QD-260922-0417; it stands in the confirmation and in every message."),
        error_messages={"required": _("Type the reference number.")},
    )
    contact = LineField(
        label=_("E-mail address or phone number"),
        max_length=254,
        help_text=_("The one you gave with the request."),
        error_messages={"required": _("Type the e-mail address or phone number you gave.")},
    )

    def found(self) -> ServiceRequest | None:
        """Return the request with this reference and this contact; None for either being wrong."""
        reference = triage.tidy_reference(self.cleaned_data["reference"])
        row = ServiceRequest.objects.submitted().filter(reference=reference).first()
        typed = self.cleaned_data["contact"]
        if row and (
            _same(row.contact_email, text.email(typed)) or _same(row.contact_phone, text.phone(typed))
        ):
            return row
        return None


class MessageForm(WithFiles):
    text = WordsField(
        label=_("Your message"),
        max_length=BODY_LENGTH,
        rows=5,
        error_messages={"required": _("Write your message.")},
    )
    papers = _files()


class ReopenForm(WithFiles):
    text = WordsField(
        label=_("What is still open"),
        max_length=BODY_LENGTH,
        rows=4,
        error_messages={"required": _("Say what is still open.")},
    )
    papers = _files()


class SupplyForm(WithFiles):
    """The answer to what staff asked for: words and files for each item, and room for more."""

    text = WordsField(label=_("Anything else"), max_length=1500, required=False, rows=3)
    papers = _files(_("Other files"))

    def __init__(self, *args: Any, asks: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = asks
        answers: dict[str, forms.Field] = {}
        for number, item in enumerate(asks, start=1):
            answers[f"item_{number}"] = WordsField(label=item, max_length=1000, required=False, rows=2)
            label = format_lazy(_("Files for “%(item)s”"), item=item)
            answers[files_field(number)] = _files(label, _("The same kinds and sizes as below."))
        self.fields = {**answers, **self.fields}

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        if not (self.held or any(self.cleaned_data.values())):
            raise ValidationError(_("Answer at least one of the items, or add a file."))
        if len(self.written()) > BODY_LENGTH:
            raise ValidationError(_("Together this is too long: at most 4,000 characters."))
        return self.cleaned_data

    def written(self) -> str:
        """Return the answers as one message, item by item."""
        return "\n\n".join(self._paragraphs())

    def _paragraphs(self) -> Iterator[str]:
        for number, item in enumerate(self.asks, start=1):
            names = [paper.file.name for paper in self.held if paper.item == number]
            answer = "\n".join(filter(None, [self.cleaned_data[f"item_{number}"], *names]))
            yield f"{number}. {item}\n{answer or '–'}"
        if self.cleaned_data["text"]:
            yield self.cleaned_data["text"]


class FollowForm(PlainForm):
    """Choose a colleague who is told of everything about this request."""

    colleague = forms.ChoiceField(
        label=_("Colleague"),
        error_messages={"required": _("Choose a colleague."), "invalid_choice": _("Choose a colleague.")},
    )

    def __init__(self, *args: Any, row: ServiceRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.key): one.user for one in parties.may_follow(row)}
        self.fields["colleague"].choices = [  # type: ignore[attr-defined]
            (key, str(person)) for key, person in self.people.items()
        ]

    def clean_colleague(self) -> Any:
        """Return the person chosen."""
        return self.people[self.cleaned_data["colleague"]]


class RateForm(PlainForm):
    rating = forms.TypedChoiceField(
        label=_("Did it solve your problem?"),
        coerce=int,
        choices=[
            (5, _("5 – yes, entirely")),
            (4, _("4 – for the most part")),
            (3, _("3 – in part")),
            (2, _("2 – hardly")),
            (1, _("1 – not at all")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the five answers.")},
    )
    words = WordsField(label=_("In your words"), max_length=1000, required=False, rows=3)
    reopen = forms.BooleanField(label=_("It is not solved: open it again"), required=False)

    def __init__(self, *args: Any, may_reopen: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_reopen:
            del self.fields["reopen"]


# --- the desk -------------------------------------------------------------------


class AskForm(forms.Form):
    asks = WordsField(
        label=_("What is missing, one item a line"),
        max_length=2000,
        help_text=_("The enterprise will see this and answers item by item. The clock stands until then."),
    )
    text = WordsField(label=_("Explanation (the enterprise will see this)"), max_length=2000, required=False)

    def clean_asks(self) -> list[str]:
        items = [line.strip() for line in self.cleaned_data["asks"].split("\n") if line.strip()]
        if len(items) > 20 or any(len(item) > 200 for item in items):
            raise ValidationError(_("At most 20 items of 200 characters each."))
        return items


class ReplyForm(forms.Form):
    text = WordsField(
        label=_("Reply"),
        max_length=BODY_LENGTH,
        help_text=_("The enterprise will see this, and gets it by mail."),
    )


class NoteForm(forms.Form):
    text = WordsField(
        label=_("Internal note"),
        max_length=BODY_LENGTH,
        help_text=_("Only staff see this; nobody gets a mail."),
    )


class ResolveForm(forms.Form):
    outcome = WordsField(
        label=_("Outcome"),
        max_length=BODY_LENGTH,
        help_text=_("The enterprise will see this: what was done, and what it got."),
    )


class RefuseForm(forms.Form):
    reason = WordsField(
        label=_("Reason"),
        max_length=BODY_LENGTH,
        help_text=_("The enterprise will see this: why it cannot be done here, in plain words."),
    )
    next_offering = forms.ModelChoiceField(
        label=_("What to try instead"),
        queryset=Offering.objects.none(),
        required=False,
        empty_label=_("nothing fits: they may ask a question"),
    )

    def prepare(self, row: ServiceRequest, by: Any) -> None:
        """Suggest the next best offering of the same group."""
        field = self.fields["next_offering"]
        others = Offering.objects.can_be_requested()
        if row.offering is not None:
            others = others.exclude(pk=row.offering.pk)
        field.queryset = others.order_by("group", "position")  # type: ignore[attr-defined]
        field.initial = listing.next_best(row.offering, row.group, enterprise=row.enterprise)


def supply_form(row: ServiceRequest, *args: Any, **kwargs: Any) -> SupplyForm:
    """Return the form that asks for what is still missing."""
    return SupplyForm(*args, asks=thread.papers_asked_for(row), **kwargs)


def _with_a_way_to_answer(form: forms.Form) -> dict[str, Any]:
    """Ask for one way of reaching the person, unless what was typed is already found wrong."""
    typed = form.cleaned_data
    wrong = {"contact_email", "contact_phone"} & set(form.errors)
    if not (typed.get("contact_email") or typed.get("contact_phone") or wrong):
        form.add_error("contact_email", _("Give an e-mail address or a phone number, so that we can answer."))
    return typed


def _same(kept: str, typed: str) -> bool:
    return kept != "" and kept.casefold() == typed.casefold()
