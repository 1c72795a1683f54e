"""What the size self-test asks: the industry as finely as the official table needs it, and three figures."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core.criteria import FactValue
from enterprises import facts
from enterprises.classification import industries, sizes
from enterprises.forms.fields import FigureField

_FIGURES = (facts.EMPLOYEES, facts.REVENUE, facts.ASSETS)


def industry_choices() -> list[tuple[str, Any]]:
    """Give the divisions by section; where the table cuts through a division, its groups in its place."""
    return [("", gettext("Choose an industry"))] + [
        (f"{section.code} {_name(section)}", [*_below(section.code)]) for section in industries.SECTIONS
    ]


def _below(section: str) -> list[tuple[str, str]]:
    found = []
    for division in industries.children(section):
        coarse = len(sizes.rows_of(division.code)) > 1
        for row in industries.children(division.code) if coarse else [division]:
            found.append((row.code, f"{row.code} {_name(row)}"))
    return found


def _name(row: Any) -> str:
    return str(row.name_en if get_language() == "en" else row.name_zh)


class SizeForm(forms.Form):
    """One page, sent by GET: the answers stand in the address, nothing is kept."""

    use_required_attribute = False
    industry = forms.ChoiceField(
        label=_("Main activity"),
        help_text=_("What brings in most of the revenue."),
        choices=industry_choices,
        error_messages={
            "required": _("Choose the industry that brings in most of the revenue."),
            "invalid_choice": _("Choose an industry from the list."),
        },
    )
    employees = FigureField(code=facts.EMPLOYEES, help_text=_("People employed at the end of last year."))
    revenue_wan = FigureField(code=facts.REVENUE, help_text=_("Operating revenue of last year."))
    assets_wan = FigureField(code=facts.ASSETS, help_text=_("Total assets at the end of last year."))

    def known(self) -> dict[str, FactValue]:
        """Give the answers as facts; a figure left out is not known."""
        given = {code: self.cleaned_data[code] for code in (facts.INDUSTRY, *_FIGURES)}
        return {code: facts.read(code, value) for code, value in given.items() if value}


def answers_of(known: dict[str, FactValue]) -> dict[str, Any]:
    """Give what is known of an enterprise as first values of the form."""
    first: dict[str, Any] = {code: known[code].value for code in _FIGURES if code in known}
    if facts.INDUSTRY in known:
        code = known[facts.INDUSTRY].value.code
        offered = {value for _label, rows in industry_choices()[1:] for value, _words in rows}
        first["industry"] = next((part for part in (code[:3], code[:2]) if part in offered), "")
    return first
