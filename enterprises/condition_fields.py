"""The desk's form of conditions: who may have something stands in plain fields, an empty one asks nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core.criteria import CriteriaError, Criterion, Kind, Op
from core.fields import DecimalField, IntegerField
from enterprises import facts, wording, zones
from enterprises.classification import industries, regions
from enterprises.classification.qualifications import QUALIFICATIONS
from enterprises.criteria import SIZES, read_criteria, write_criteria

# Field → fact and operator of the one gate it stands for.
_SETS = {
    "regions": (facts.REGION, Op.WITHIN),
    "industries": (facts.INDUSTRY, Op.WITHIN),
    "sizes": (facts.SIZE, Op.ONE_OF),
    "certificates": (facts.QUALIFICATION, Op.HAS_ANY),
    "zones": (facts.ZONE, Op.HAS_ANY),
}
_LIMITS = {
    "employees_max": (facts.EMPLOYEES, Op.AT_MOST),
    "revenue_max": (facts.REVENUE, Op.AT_MOST),
    "years_min": (facts.FOUNDED, Op.YEARS_AT_LEAST),
    "digital_level_min": (facts.DIGITAL_LEVEL, Op.AT_LEAST),
    "readiness_min": (facts.CLOUD_READINESS, Op.AT_LEAST),
}

# The fields, in the order of the desk.
CONDITION_FIELDS = (*_SETS, *_LIMITS)


def _region_choices() -> list[tuple[str, str]]:
    return [(code, f"{code} {wording.region_name(code)}") for code in regions.REGIONS]


def _industry_choices() -> list[tuple[str, str]]:
    english = get_language() == "en"
    return [
        (row.code, f"{row.code} {row.name_en if english else row.name_zh}")
        for row in industries.INDUSTRIES.values()
    ]


def _size_choices() -> list[tuple[str, str]]:
    return [(size.value, wording.size_name(size)) for size in SIZES]


def _certificate_choices() -> list[tuple[str, str]]:
    return [(code, wording.qualification_name(code)) for code in QUALIFICATIONS]


def _zone_choices() -> list[tuple[str, str]]:
    return [(code, f"{wording.zone_name(code)} ({code})") for code in zones.table()]


def _several(label: Any, choices: Any, **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, choices=choices, **options)


class ConditionsForm(forms.ModelForm):
    """The form of a row with a column `criteria`; conditions that have no field here are kept as they are."""

    regions = _several(_("In one of these regions, or below"), _region_choices)
    industries = _several(_("In one of these industries"), _industry_choices)
    sizes = _several(_("Of one of these sizes"), _size_choices, widget=forms.CheckboxSelectMultiple)
    certificates = _several(
        _("Holds at least one of these"), _certificate_choices, widget=forms.CheckboxSelectMultiple
    )
    zones = _several(_("In one of these zones"), _zone_choices)
    employees_max = IntegerField(label=_("Employees, at most"), required=False, min_value=0)
    revenue_max = DecimalField(
        label=_("Annual revenue, at most"),
        required=False,
        min_value=0,
        decimal_places=4,
        max_digits=14,
        help_text=_("in 10,000 yuan"),
    )
    years_min = IntegerField(
        label=_("Years since founding, at least"), required=False, min_value=0, max_value=100
    )
    digital_level_min = IntegerField(
        label=_("Digital level, at least"), required=False, min_value=0, max_value=4
    )
    readiness_min = IntegerField(
        label=_("Cloud readiness, at least"), required=False, min_value=0, max_value=100
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: list[dict[str, Any]] = []
        for criterion in read_criteria(self.instance.criteria):
            asked = (criterion.fact, criterion.op)
            name = next((name for name, pair in {**_SETS, **_LIMITS}.items() if pair == asked), None)
            if name is None or name in self.initial or not _is_plain(criterion):
                self.kept.append(criterion.to_json())
            else:
                self.initial[name] = criterion.to_json()["values"] if name in _SETS else criterion.values[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            cleaned["criteria"] = self._criteria(cleaned)
        return cleaned

    def _criteria(self, cleaned: dict[str, Any]) -> list[dict[str, Any]]:
        raw = [
            {"fact": fact, "op": op.value, "values": list(cleaned[name])}
            for name, (fact, op) in _SETS.items()
            if cleaned.get(name)
        ]
        raw += [
            {"fact": fact, "op": op.value, "values": [_plain(cleaned[name])]}
            for name, (fact, op) in _LIMITS.items()
            if cleaned.get(name) is not None
        ]
        try:
            return write_criteria(read_criteria([*raw, *self.kept]))
        except CriteriaError as error:
            told = gettext("Condition %(position)s cannot be used: %(code)s.")
            self.add_error(None, told % {"position": error.position, "code": error.code})
            return []

    def save(self, commit: bool = True) -> Any:
        self.instance.criteria = self.cleaned_data["criteria"]
        return super().save(commit)


def _is_plain(criterion: Criterion) -> bool:
    """Tell whether a field can hold it: one that decides and has no words of its own."""
    return criterion.kind is Kind.GATE and not (criterion.note_zh or criterion.note_en)


def _plain(value: Any) -> Any:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
