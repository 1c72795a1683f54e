"""How something is asked for: where it is begun, the steps of a draft, a question without an account."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from core.fields import EmailField, LineField, PhoneField, WordsField
from services.catalogue.models import Group, Offering, Particular
from services.requests import particulars
from services.requests.actions import Question, Source
from services.requests.forms.plain import BODY_LENGTH, PlainForm, WithFiles, files

_BODY_HINT = _("What is the situation, and what should be different? At most 4,000 characters.")


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
    papers = files()

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


def _with_a_way_to_answer(form: forms.Form) -> dict[str, Any]:
    """Ask for one way of reaching the person, unless what was typed is already found wrong."""
    typed = form.cleaned_data
    wrong = {"contact_email", "contact_phone"} & set(form.errors)
    if not (typed.get("contact_email") or typed.get("contact_phone") or wrong):
        form.add_error("contact_email", _("Give an e-mail address or a phone number, so that we can answer."))
    return typed
