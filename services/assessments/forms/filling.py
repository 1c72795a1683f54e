"""What people fill in: one page of an assessment, the quick check, the declaration, and sharing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from core import text
from core.confidential import WarnsOfPasswords
from core.fields import LineField
from services.assessments import scoring, wording
from services.assessments.actions import Reply
from services.assessments.actions.sharing import DAYS
from services.assessments.frameworks.schema import (
    NOT_APPLICABLE,
    UNSURE,
    Input,
    Item,
    Kind,
    Section,
)

LARGEST = 10**10


class PlainForm(forms.Form):
    """A form whose errors are ours, not the browser's."""

    use_required_attribute = False


class Choices(forms.MultipleChoiceField):
    """The answers to one item; every kind of item gives a list, and rules are left to `scoring`.

    An answer is expected, so the page does not call it optional, but a page may be kept without it.
    """

    def __init__(self, item: Item, **kwargs: Any) -> None:
        self.item = item
        is_multi = item.kind is Kind.MULTI
        widget: type[forms.Widget] = forms.CheckboxSelectMultiple if is_multi else OneOf
        super().__init__(
            label=wording.say(item.title),
            help_text=_hint(item),
            choices=_choices(item),
            widget=widget,
            **kwargs,
        )

    def validate(self, value: list[str]) -> None:
        """Let `scoring.problems` judge, so that forms and actions refuse the same."""
        for found in scoring.problems_of(self.item, value):
            raise ValidationError(wording.problem(self.item, found))


class OneOf(forms.RadioSelect):
    """Radio buttons that answer with a list of one."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [one for one in data.getlist(name) if one] if hasattr(data, "getlist") else data.get(name, [])

    def format_value(self, value: Any) -> list[str]:
        return [str(one) for one in value or []]


def _hint(item: Item) -> str:
    hint = wording.say(item.hint)
    if item.kind is not Kind.MULTI:
        return hint
    if not hint:
        return gettext("Tick all that apply.")
    return gettext("%(hint)s. Tick all that apply.") % {"hint": hint.rstrip(".。")}


def _choices(item: Item) -> list[tuple[str, str]]:
    named = [(option.id, wording.say(option.label)) for option in item.options]
    if item.kind is Kind.SCENE:
        named.append((NOT_APPLICABLE, pgettext("answer", "Does not apply to us")))
    return [*named, (UNSURE, pgettext("answer", "Not sure"))]


class FigureField(forms.CharField):
    """A number the enterprise may give so that the portal finds the share; '' when left out."""

    def __init__(self, given: Input) -> None:
        super().__init__(
            label=wording.say(given.label),
            required=False,
            max_length=30,
            error_messages={"max_length": _("This number is too long. Type at most 30 characters.")},
            widget=forms.TextInput(attrs={"inputmode": "decimal", "data-unit": wording.unit(given.unit)}),
        )

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value) or "").strip()
        if not typed:
            return ""
        try:
            number = text.decimal(typed)
        except InvalidOperation as error:
            raise ValidationError(gettext("Type a number, for example 12 or 3.5.")) from error
        if not number.is_finite() or number < 0 or number > LARGEST:
            raise ValidationError(gettext("Type a number between 0 and 10,000,000,000."))
        return f"{number.normalize():f}"


class SectionForm(PlainForm):
    """One page of an assessment, built from the question bank. Nothing is required: answers may wait."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    edition = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, section: Section, *args: Any, edition: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        self.right_edition = edition
        self.initial.setdefault("edition", edition)
        self.figure_names: dict[str, str] = {}
        for item in section.items:
            for given in item.inputs:
                name = f"n_{given.id}"
                self.figure_names.setdefault(given.id, name)
                self.fields.setdefault(name, FigureField(given))
            self.fields[item.id] = Choices(item)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.is_bound and cleaned.get("edition") not in ("", self.right_edition):
            raise ValidationError(
                gettext("These questions belong to another edition. Your answers are below; send them again.")
            )
        for item in self.section.items:
            if item.share and item.id in cleaned:
                self._work_out(item, cleaned)
        return cleaned

    def _work_out(self, item: Item, cleaned: dict[str, Any]) -> None:
        """Find the bin of the figures given; a part larger than its whole, or another tick, is refused."""
        part_id, whole_id = item.share or ("", "")
        part, whole = (cleaned.get(f"n_{name}", "") for name in (part_id, whole_id))
        if not part or not whole:
            return
        if Decimal(part) > Decimal(whole):
            self.add_error(f"n_{part_id}", gettext("This cannot be more than the total given."))
            return
        if Decimal(whole) == 0:
            self.add_error(f"n_{whole_id}", gettext("The total must be more than 0."))
            return
        percent = Fraction(part) / Fraction(whole) * 100
        found = item.bin_of(percent)
        if found is None:
            return
        if cleaned[item.id] in ([], [UNSURE]):
            cleaned[item.id] = [found.id]
        elif cleaned[item.id] != [found.id]:
            told = {"percent": f"{float(percent):.1f}", "answer": wording.say(found.label)}
            self.add_error(
                item.id,
                gettext("Your figures give %(percent)s %%: “%(answer)s”. Choose that, or empty the figures.")
                % told,
            )

    def replies(self) -> dict[str, Reply]:
        """Return the answers of a valid form."""
        return {item.id: self._reply(item) for item in self.section.items}

    def _reply(self, item: Item) -> Reply:
        names = item.share or ()
        typed = {name: self.cleaned_data.get(f"n_{name}", "") for name in names}
        return Reply(
            tuple(self.cleaned_data[item.id]), {name: value for name, value in typed.items() if value}
        )


class AskedChoices(Choices):
    """The answers to an item of a short check: one must be chosen, and nothing is left open."""

    def __init__(self, item: Item) -> None:
        super().__init__(item)
        self.choices = [(one.id, wording.say(one.label)) for one in item.options]
        self.error_messages["required"] = gettext("Choose the sentence that comes closest.")

    def validate(self, value: list[str]) -> None:
        if not value or UNSURE in value:
            raise ValidationError(self.error_messages["required"], code="required")
        super().validate(value)


class QuickForm(PlainForm):
    """The questions of one page of a short question bank; every one is asked for."""

    def __init__(self, sections: Sequence[Section], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = sections
        for section in sections:
            for item in section.items:
                self.fields[item.id] = AskedChoices(item)

    def answers(self) -> dict[str, list[str]]:
        return {item: list(self.cleaned_data[item]) for item in self.fields}


class DeclareForm(PlainForm):
    """The truth declaration."""

    declared = forms.BooleanField(
        label=_("What we have answered is true and as things stand today."),
        error_messages={"required": _("Tick the declaration before you finish.")},
    )


class ShareForm(WarnsOfPasswords, PlainForm):
    """For how long an adviser may read the report."""

    watched = ("note",)
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        choices=list(zip(DAYS, (_("7 days"), _("30 days"), _("90 days")), strict=True)),
        initial=30,
        error_messages={"invalid_choice": _("Choose one of the periods shown.")},
    )
    note = LineField(
        label=_("For whom"),
        max_length=60,
        required=False,
        help_text=_("So that you recognise the link later; the reader does not see it."),
    )


class VerifyForm(PlainForm):
    """The verification code of a report."""

    code = LineField(
        label=_("Verification code"),
        max_length=40,
        help_text=_("On the last line of every page of the report, for example DF-7K3M-2Q9X-4F1C9A."),
        error_messages={"required": _("Type the code that stands on the report.")},
    )


def initial_of(section: Section, rows: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored answers of a page as the form shows them."""
    shown: dict[str, Any] = {item.id: rows[item.id].options for item in section.items if item.id in rows}
    for item in section.items:
        if item.id in rows:
            shown |= {f"n_{name}": value for name, value in rows[item.id].figures.items()}
    return shown
