"""Fields that read what people type into the normal forms of facts, and say what is wrong in words."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from core import calendar, text
from core.criteria import FactValue
from enterprises import facts
from enterprises.classification import industries, regions, uscc
from enterprises.classification.uscc import Flaw
from enterprises.facts import FactError

# Overrides of writing direction and invisible joiners have no place in a name.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class NameField(forms.CharField):
    """A name as it is written; only what cannot be seen is taken out, and composed forms are joined."""

    def to_python(self, value: Any) -> str:
        visible = _INVISIBLE.sub("", _CONTROL.sub(" ", super().to_python(value) or ""))
        return unicodedata.normalize("NFC", visible).strip()


class CreditCodeField(forms.CharField):
    """A unified social credit code, however it is typed; gives the canonical 18 characters."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code",
            }
        )
        super().__init__(**{"widget": widget, "max_length": 60, **kwargs})

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        found = uscc.check(typed)
        if found.errors:
            raise ValidationError([_code_flaw(flaw, found) for flaw in found.errors])
        return found.code


def _code_flaw(flaw: Flaw, found: uscc.UsccCheck) -> str:
    """Say what is wrong with a credit code (GB 32100)."""
    if flaw is Flaw.LENGTH:
        return ngettext(
            "The credit code has 18 characters; you typed %(count)s.",
            "The credit code has 18 characters; you typed %(count)s.",
            len(found.code),
        ) % {"count": len(found.code)}
    if flaw is Flaw.CHARACTERS:
        return gettext("“%(characters)s” cannot occur in a credit code: no I, O, S, V, Z, and no signs.") % {
            "characters": found.wrong_characters[:10]
        }
    return str(_CODE_FLAWS[flaw])


_CODE_FLAWS = {
    Flaw.OLD_REGISTRATION_NUMBER: _(
        "This is an old 15-digit registration number. Type the 18-character code of the present licence."
    ),
    Flaw.OLD_ORGANISATION_CODE: _(
        "This is an old organisation code. Type the 18-character code of the present licence."
    ),
    Flaw.ALL_ZEROS: _("A code of zeros only does not exist. Type the code of the licence."),
    Flaw.CHECK_DIGIT: _("The last character does not fit the others: one is mistyped or two are swapped."),
}


_CODE_WARNINGS = {
    Flaw.ORGANISATION_DIGIT: _(
        "Character 17 of the credit code does not fit the eight before it. Older codes can be like that;"
        " compare it with the licence once more."
    ),
    Flaw.FORMER_REGION: _(
        "The credit code names a district that no longer exists under that number. The code stays valid."
    ),
}


def code_warnings(code: str) -> list[str]:
    """Say what is odd about a credit code that is accepted all the same."""
    return [str(_CODE_WARNINGS[flaw]) for flaw in uscc.check(code).warnings] if code else []


_FULL_STOPS = str.maketrans({"，": ",", "．": ".", "。": ".", "−": "-", "–": "-", "－": "-"})
_FIGURE = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
MAX_LENGTH = 40
_OWN_UNIT = {
    facts.FactType.COUNT: re.compile("(?:人|名|people)$"),
    facts.FactType.AMOUNT_WAN: re.compile("(?:万元|万)$"),
}


class FigureField(forms.CharField):
    """A whole or decimal figure of one fact; full-width digits and commas between thousands are fine.

    Gives what `enterprises.facts.read` takes, or '' when left out: missing is not nought.
    """

    def __init__(self, *, code: str, **kwargs: Any) -> None:
        self.kind = facts.kind_of(code)
        widget = forms.TextInput(
            attrs={
                "inputmode": "decimal",
                "autocomplete": "off",
                "data-unit": self.kind.unit,
                "class": "figure",
            }
        )
        super().__init__(**{"widget": widget, "required": False, "label": self.kind.label, **kwargs})

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        figure = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed).translate(_FULL_STOPS))
        if not figure:
            return ""
        figure = self._without_own_unit(figure)
        wrong = _figure_flaw(figure)
        if wrong:
            raise ValidationError(wrong)
        plain = figure.replace(",", "").lstrip("0") or "0"
        plain = f"0{plain}" if plain.startswith(".") else plain
        try:
            facts.read(self.kind.code, plain)
        except FactError as error:
            raise ValidationError(self._say(error.code)) from error
        return plain

    def _without_own_unit(self, figure: str) -> str:
        """Take off the unit that stands after the field anyway; any other unit is asked about."""
        bare = _OWN_UNIT[self.kind.type].sub("", figure) if self.kind.type in _OWN_UNIT else figure
        return bare if _FIGURE.fullmatch(bare) else figure

    def _say(self, cause: str) -> str:
        limit = number_format(self.kind.limit, force_grouping=True)
        return {
            "too_large": gettext("This number is too large: the highest possible is %(limit)s.")
            % {"limit": limit},
            "too_many_decimals": gettext("At most four decimals: that is one yuan.")
            if self.kind.type is facts.FactType.AMOUNT_WAN
            else gettext("Write a whole number, without decimals."),
        }.get(cause, gettext("This is not a number. Write digits, for example 1200."))


# What people write instead of a plain figure, in the order in which it is looked for.
_NOT_PLAIN = (
    (re.compile(r"-[0-9.,]+"), _("The number cannot be below zero.")),
    (
        re.compile(r"[0-9.,]+e[+-]?[0-9]+", re.IGNORECASE),
        _("Write the number out in full, for example 100000 instead of 1e5."),
    ),
    (re.compile(r"[0-9.,]+_[0-9.,_]*"), _("Write digits without underscores, for example 1000.")),
    (
        re.compile(r"[0-9.,]+(?:人|名|个|元|万元|万|亿元|亿|yuan|rmb|cny|people)", re.IGNORECASE),
        _("Write the number alone, in the unit that stands after the field."),
    ),
    (
        re.compile(r"[0-9.,]+"),
        _("Commas stand only between thousands, and there is one decimal point, for example 12,000.5."),
    ),
)


def _figure_flaw(figure: str) -> str:
    """Say why a text is no plain figure, '' when it is one."""
    if len(figure) > MAX_LENGTH:
        too_long = gettext("This number is too long to be right: it has %(count)s characters.")
        return too_long % {"count": len(figure)}
    if _FIGURE.fullmatch(figure):
        return ""
    for pattern, words in _NOT_PLAIN:
        if pattern.fullmatch(figure):
            return str(words)
    return gettext("“%(typed)s” is not a number. Write digits, for example 1200.") % {"typed": figure[:20]}


_DATE_PARTS = re.compile(
    r"([0-9]{4})(?:\s*[-/.年]\s*([0-9]{1,2})(?:\s*[-/.月]\s*([0-9]{1,2})\s*日?|\s*月)?|\s*年)?"
)


def _iso(typed: str) -> str | None:
    """Bring 2019-3-14, 2019/03/14, 2019.3.14, 2019年3月14日 and their shorter forms to ISO, else None."""
    match = _DATE_PARTS.fullmatch(text.normal(typed))
    return "-".join(part.zfill(2) for part in match.groups() if part) if match else None


def founding_flaw(cause: str) -> str:
    """Say what is wrong with a founding date, by the cause of its FactError."""
    if cause == "not_a_likely_year":
        return gettext("Check the year: it lies between %(first)s and today.") % {"first": facts.FIRST_YEAR}
    return gettext("Write the date as 2019-03-14; the month (2019-03) or the year (2019) will do.")


class FoundedField(forms.CharField):
    """A founding date, as exactly as it is known: a day, a month or a year."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "class": "date"})
        super().__init__(**{"widget": widget, "required": False, "max_length": 40, **kwargs})

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        day = _iso(typed)
        try:
            found: FactValue = facts.read(facts.FOUNDED, day or typed)
        except FactError as error:
            raise ValidationError(founding_flaw(error.code)) from error
        if found.value > calendar.today():
            raise ValidationError(_("This date lies in the future. When was the enterprise founded?"))
        return day or typed


class ValidUntilField(forms.CharField):
    """The last valid day of a certificate; gives a date or None."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "class": "date"})
        super().__init__(**{"widget": widget, "required": False, "max_length": 40, **kwargs})

    def clean(self, value: Any) -> date | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            day = date.fromisoformat(_iso(typed) or "")
        except ValueError as error:
            raise ValidationError(_("Write the last valid day as 2027-12-31.")) from error
        if not 1990 <= day.year <= 2100:
            raise ValidationError(_("Check the year: certificates run between 1990 and 2100."))
        return day


def _name_of(row: Any) -> str:
    return str(row.name_en if get_language() == "en" else row.name_zh)


def region_choices() -> list[tuple[str, Any]]:
    """Give all 153 regions: the province, then each city as a group with itself and its districts."""
    province = regions.REGIONS[regions.PROVINCE]
    unsure = pgettext("region", "%(name)s (district not sure)")
    groups = [
        (
            _name_of(city),
            [(city.code, unsure % {"name": _name_of(city)})]
            + [(county.code, _name_of(county)) for county in regions.children(city.code)],
        )
        for city in regions.children(regions.PROVINCE)
    ]
    whole = pgettext("region", "%(name)s (city not sure)") % {"name": _name_of(province)}
    return [("", gettext("Choose a district")), *groups, (province.code, whole)]


def division_choices() -> list[tuple[str, Any]]:
    """Give the industry divisions, grouped by section."""
    groups: Iterable[tuple[str, Any]] = (
        (
            f"{section.code} {_name_of(section)}",
            [(row.code, f"{row.code} {_name_of(row)}") for row in industries.children(section.code)],
        )
        for section in industries.SECTIONS
    )
    return [("", gettext("Choose an industry")), *groups]


def group_choices(division: str, *, may_stay: bool) -> list[tuple[str, str]]:
    """Give the groups of a division; with `may_stay` also the division itself for who is not sure."""
    groups = [(row.code, f"{row.code} {_name_of(row)}") for row in industries.children(division)]
    return [*groups, (division, gettext("Another one, or I am not sure"))] if may_stay else groups


def found_industries(query: str, limit: int = 20) -> list[tuple[str, str]]:
    """Find divisions and groups by code or by a word of either language, codes first."""
    wanted = text.folded(query)
    if not wanted:
        return []
    rows = [row for row in industries.INDUSTRIES.values() if row.level is not industries.Level.SECTION]
    by_code = [row for row in rows if row.code.startswith(wanted)]
    by_name = [
        row for row in rows if wanted in text.folded(row.name_zh) or wanted in text.folded(row.name_en)
    ]
    found = list(dict.fromkeys(by_code + by_name))[:limit]
    choices = [(row.code, f"{row.code} {_name_of(row)}") for row in found]
    if wanted.isdecimal() and industries.is_known(wanted) and wanted not in industries.INDUSTRIES:
        choices.insert(0, (wanted, f"{wanted} {_name_of(industries.nearest(wanted))}"))
    return choices
