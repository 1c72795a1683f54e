"""What the side that asked fills in afterwards: tracking, messages, what was asked for, a rating."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import text
from core.fields import LineField, WordsField
from services.requests import parties, thread, triage
from services.requests.forms.plain import BODY_LENGTH, PlainForm, WithFiles, files, files_field, format_lazy
from services.requests.models import ServiceRequest


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
    papers = files()


class ReopenForm(WithFiles):
    text = WordsField(
        label=_("What is still open"),
        max_length=BODY_LENGTH,
        rows=4,
        error_messages={"required": _("Say what is still open.")},
    )
    papers = files()


class SupplyForm(WithFiles):
    """The answer to what staff asked for: words and files for each item, and room for more."""

    text = WordsField(label=_("Anything else"), max_length=1500, required=False, rows=3)
    papers = files(_("Other files"))

    def __init__(self, *args: Any, asks: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = asks
        answers: dict[str, forms.Field] = {}
        for number, item in enumerate(asks, start=1):
            answers[f"item_{number}"] = WordsField(label=item, max_length=1000, required=False, rows=2)
            label = format_lazy(_("Files for “%(item)s”"), item=item)
            answers[files_field(number)] = files(label, _("The same kinds and sizes as below."))
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
        self.fields["colleague"].choices = [  # type: ignore[attr-defined]  # a field of choices
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


def supply_form(row: ServiceRequest, *args: Any, **kwargs: Any) -> SupplyForm:
    """Return the form that asks for what is still missing."""
    return SupplyForm(*args, asks=thread.papers_asked_for(row), **kwargs)


def _same(kept: str, typed: str) -> bool:
    return kept != "" and kept.casefold() == typed.casefold()
