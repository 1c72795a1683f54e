"""One form a topic, for registration and profile alike: what is asked, and which facts the answers state."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import calendar
from core.criteria import Precision
from core.fields import PhoneField
from enterprises import facts, wording, zones
from enterprises.actions import Statement
from enterprises.classification import industries, sizes
from enterprises.classification.qualifications import QUALIFICATIONS
from enterprises.forms.fields import (
    CreditCodeField,
    FigureField,
    FoundedField,
    NameField,
    ValidUntilField,
    division_choices,
    group_choices,
    region_choices,
)
from enterprises.models import Fact


class TopicForm(forms.Form):
    """A page of questions. `covers` names the facts it asks for; `statements` gives those answered."""

    use_required_attribute = False
    covers: tuple[str, ...] = ()

    def statements(self) -> list[Statement]:
        given = ((code, self.cleaned_data.get(code)) for code in self.covers)
        return [Statement(code, value) for code, value in given if value]


class IdentityForm(TopicForm):
    uscc = CreditCodeField(
        label=_("Unified social credit code"),
        help_text=_("18 characters, on the business licence. Spaces and small letters do not matter."),
        error_messages={"required": _("Type the credit code of the business licence.")},
    )
    name = NameField(
        label=_("Name of the enterprise"),
        help_text=_("In full, as on the business licence."),
        min_length=2,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Type the name on the business licence.")},
    )


class RegionForm(TopicForm):
    covers = (facts.REGION,)
    region = forms.ChoiceField(
        label=_("Where does the enterprise work?"),
        help_text=_("The place of the works or office, even where the licence names another one."),
        choices=region_choices,
        error_messages={
            "required": _("Choose the district in which the enterprise works."),
            "invalid_choice": _("Choose a district from the list."),
        },
    )


class DivisionForm(TopicForm):
    """Ask for a division; a group found by searching is fine too."""

    covers = (facts.INDUSTRY,)
    industry = forms.CharField(
        label=_("Main activity"),
        help_text=_("What brings in most of the revenue."),
        max_length=10,
        error_messages={"required": _("Choose the industry that brings in most of the revenue.")},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["industry"]
        field.widget = (
            forms.RadioSelect(choices=choices) if choices else forms.Select(choices=division_choices())
        )
        field.widget.is_required = True

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Select the division of a finer code, which the list does not hold."""
        code = str(super().get_initial_for_field(field, field_name) or "")
        return code if isinstance(field.widget, forms.RadioSelect) else code[:2]

    def clean_industry(self) -> str:
        code: str = self.cleaned_data["industry"]
        if not code.isdecimal() or not industries.is_known(code):
            raise ValidationError(_("Choose an industry from the list."))
        return code


class IndustryForm(DivisionForm):
    """Take an industry that is fine enough to know the size class by."""

    def clean_industry(self) -> str:
        code = super().clean_industry()
        if is_too_coarse(code):
            raise ValidationError(_("Choose the group: the size class depends on it here."))
        return code


class GroupForm(IndustryForm):
    """Ask for the group within one division."""

    def __init__(self, *args: Any, division: str, **kwargs: Any) -> None:
        choices = group_choices(division, may_stay=not is_too_coarse(division))
        super().__init__(*args, choices=choices, **kwargs)
        self.fields["industry"].label = _("Which part of it?")
        self.fields["industry"].help_text = wording.industry_name(division)
        self.allowed = {code for code, _label in choices}

    def clean_industry(self) -> str:
        code = super().clean_industry()
        if code not in self.allowed:
            raise ValidationError(_("Choose one of the groups below."))
        return code


class FiguresForm(TopicForm):
    covers = (facts.EMPLOYEES, facts.REVENUE, facts.ASSETS, facts.FOUNDED)
    employees = FigureField(code=facts.EMPLOYEES, help_text=_("People employed at the end of last year."))
    revenue_wan = FigureField(code=facts.REVENUE, help_text=_("Operating revenue of last year."))
    assets_wan = FigureField(code=facts.ASSETS, help_text=_("Total assets at the end of last year."))
    founded_on = FoundedField(
        label=_("Founded on"),
        help_text=_("For example 2019-03-14. The year alone will do if that is all you know."),
    )


@dataclass(frozen=True)
class CertificateRow:
    holds: BoundField
    until: BoundField


class QualificationsForm(TopicForm):
    """Certificates held, each with its last valid day. What is not ticked stays unknown, not "no"."""

    covers = tuple(f"{facts.QUALIFICATION}.{code}" for code in QUALIFICATIONS)
    no_others = forms.BooleanField(
        required=False,
        label=_("We hold none of the others"),
        help_text=_("Without this tick, what is not ticked counts as not known."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in QUALIFICATIONS:
            name = wording.qualification_name(code)
            self.fields[f"holds_{code}"] = forms.BooleanField(required=False, label=name)
            self.fields[f"until_{code}"] = ValidUntilField(label=_("Last valid day"))

    def rows(self) -> list[CertificateRow]:
        return [CertificateRow(self[f"holds_{code}"], self[f"until_{code}"]) for code in QUALIFICATIONS]

    def clean(self) -> dict[str, Any]:
        for code in QUALIFICATIONS:
            if self.cleaned_data.get(f"until_{code}") and not self.cleaned_data.get(f"holds_{code}"):
                self.add_error(f"holds_{code}", _("Tick the certificate, or take its date away."))
        return self.cleaned_data

    def statements(self) -> list[Statement]:
        stated = []
        for code in QUALIFICATIONS:
            fact = f"{facts.QUALIFICATION}.{code}"
            if self.cleaned_data[f"holds_{code}"]:
                stated.append(Statement(fact, True, self.cleaned_data[f"until_{code}"]))
            elif self.cleaned_data["no_others"]:
                stated.append(Statement(fact, False))
        return stated


class ZonesForm(TopicForm):
    """The zones of which the region alone does not tell. What is not ticked stays unknown, not "no".

    `initial` holds the answers so far: the region says which zones are asked for, what was said keeps its
    place.
    """

    no_others = forms.BooleanField(
        required=False,
        label=_("We lie in none of the others"),
        help_text=_("Without this tick, a zone that is not ticked counts as not known."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [zone.code for zone in zones.asked_of(self.initial.get(facts.REGION, ""), calendar.today())]
        said = [name.removeprefix("in_") for name in self.initial if name.startswith("in_")]
        self.codes = tuple(dict.fromkeys([*asked, *said]))
        self.covers = tuple(map(facts.zone_code, self.codes))
        last = self.fields.pop("no_others")
        for code in self.codes:
            self.fields[f"in_{code}"] = forms.BooleanField(required=False, label=wording.zone_name(code))
        self.fields["no_others"] = last

    def statements(self) -> list[Statement]:
        none = self.cleaned_data["no_others"]
        said = ((code, self.cleaned_data[f"in_{code}"]) for code in self.codes)
        return [Statement(facts.zone_code(code), lies_in) for code, lies_in in said if lies_in or none]


class ContactForm(TopicForm):
    contact_name = NameField(
        label=_("Contact person"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type the name of the person we may ask for.")},
    )
    contact_phone = PhoneField(
        label=_("Phone"),
        help_text=_("A mobile or a landline with area code. Only staff who handle your matters see it."),
        error_messages={"required": _("Type a number on which we can reach you.")},
    )


@dataclass(frozen=True)
class Topic:
    """One page of questions: its address, form and heading."""

    slug: str
    form: type[TopicForm]
    title: str | Promise
    lead: str | Promise = ""


TOPICS = {
    topic.slug: topic
    for topic in (
        Topic("identity", IdentityForm, _("Credit code and name")),
        Topic("region", RegionForm, _("Place")),
        Topic("industry", IndustryForm, pgettext_lazy("topic", "Industry")),
        Topic(
            "figures",
            FiguresForm,
            _("Figures"),
            _("Leave out what you do not know: a missing figure counts as not known, never as nought."),
        ),
        Topic(
            "qualifications",
            QualificationsForm,
            _("Certificates and recognitions"),
            _("Tick what the enterprise holds, and write the last valid day as 2027-12-31."),
        ),
        Topic(
            "zones",
            ZonesForm,
            _("Zones"),
            _("Parks and development areas in part of your district. Tick those your works lie in."),
        ),
        Topic("contact", ContactForm, _("Contact")),
    )
}


def is_too_coarse(code: str) -> bool:
    """Tell whether an industry falls into several rows of the size table (59 and 70)."""
    return len(sizes.rows_of(code)) > 1


def answers_from(rows: list[Fact]) -> dict[str, str]:
    """Give the current facts of an enterprise as the answers that would state them."""
    answers: dict[str, str] = {}
    for row in rows:
        prefix, _dot, code = row.code.partition(".")
        if prefix == facts.ZONE:
            answers[f"in_{code}"] = "on" if row.value else ""
        elif prefix != facts.QUALIFICATION:
            answers[row.code] = _typed(row)
        elif row.value:
            answers[f"holds_{code}"] = "on"
            answers[f"until_{code}"] = row.expires_on.isoformat() if row.expires_on else ""
    stated = {row.code for row in rows}
    if set(QualificationsForm.covers) <= stated:
        answers["no_others"] = "on"
    return answers


_LENGTH = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}


def _typed(row: Fact) -> str:
    if row.code == facts.FOUNDED:
        return str(row.value)[: _LENGTH[Precision(row.precision)]]
    return str(row.value)
