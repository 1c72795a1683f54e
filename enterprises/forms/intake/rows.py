"""The columns of the sheet of enterprises: one row an enterprise, its identity and what is known of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from enterprises import facts, wording
from enterprises.actions import Registration, Statement
from enterprises.classification import industries, regions
from enterprises.facts import FactError
from enterprises.forms.fields import CreditCodeField, FigureField, FoundedField, NameField

MOST_ROWS = 200
_NEEDED = {"required": _("is needed.")}
_STATED = (
    facts.REGION, facts.INDUSTRY, facts.EMPLOYEES, facts.REVENUE, facts.ASSETS, facts.FOUNDED,
)  # fmt: skip


class RowForm(forms.Form):
    """One row as it is typed; an empty cell says nothing of its fact."""

    uscc = CreditCodeField(label=_("unified social credit code"), error_messages=_NEEDED)
    name = NameField(label=_("name"), max_length=200, error_messages=_NEEDED)
    region = forms.CharField(label=_("region"), max_length=200, error_messages=_NEEDED)
    industry = forms.CharField(label=_("industry"), max_length=200, required=False)
    employees = FigureField(code=facts.EMPLOYEES)
    revenue_wan = FigureField(code=facts.REVENUE)
    assets_wan = FigureField(code=facts.ASSETS)
    founded_on = FoundedField(label=_("Founded on"))

    def clean_region(self) -> str:
        return self._code(facts.REGION, _("“%(value)s” is not a region code of the list."))

    def clean_industry(self) -> str:
        return self._code(facts.INDUSTRY, _("“%(value)s” is not an industry code of the list."))

    def _code(self, fact: str, words: Any) -> str:
        """Take the code before the name, as the drop-down of the template writes them."""
        typed = self.cleaned_data[fact].strip()
        code = str(typed.split()[0]).upper() if typed else ""
        try:
            return code if not code else str(facts.read(fact, code).value.code)
        except FactError as error:
            raise ValidationError(words, params={"value": typed[:40]}) from error

    @property
    def registration(self) -> Registration:
        """The row as the actions take it; ask for it only when the row has no errors."""
        said = {code: self.cleaned_data[code] for code in _STATED}
        statements = tuple(Statement(code, value) for code, value in said.items() if value)
        return Registration(self.cleaned_data["uscc"], self.cleaned_data["name"], statements=statements)


COLUMNS = tuple(RowForm.base_fields)
NEEDED = tuple(code for code, field in RowForm.base_fields.items() if field.required)


def words_of(code: str) -> str:
    """Give the words of a column, with the unit of its figures."""
    field = RowForm.base_fields[code]
    unit = field.kind.unit if isinstance(field, FigureField) else ""
    return f"{field.label} ({unit})" if unit else str(field.label)


def choices() -> dict[str, list[str]]:
    """Give the drop-downs by column, each choice a code and its name in the reader's language."""
    divisions = [row for row in industries.INDUSTRIES.values() if row.level is not industries.Level.SECTION]
    return {
        facts.REGION: [f"{code} {wording.region_name(code)}" for code in regions.REGIONS],
        facts.INDUSTRY: [f"{row.code} {wording.industry_name(row.code)}" for row in divisions],
    }
