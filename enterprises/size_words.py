"""Say which size class an enterprise has and why, or what is still needed to know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, gettext, pgettext

from core.criteria import FactValue
from enterprises import facts, wording
from enterprises.classification.sizes import ROWS, SizeClass, SizeResult, SizeRow, size_class


@dataclass(frozen=True)
class SizeWords:
    """The class as a code and in words, the reason, and the codes of the facts still needed."""

    size: SizeClass
    label: str
    reason: str
    needs: tuple[str, ...]


def in_words(known: Mapping[str, FactValue], on: date) -> SizeWords:
    """Judge the size by the facts that are live on that day."""
    live = facts.live(known, on)
    value = {code: live[code].value for code in live}
    industry = value.get(facts.INDUSTRY)
    result = size_class(
        industry and industry.code,
        employees=value.get(facts.EMPLOYEES),
        revenue_wan=value.get(facts.REVENUE),
        assets_wan=value.get(facts.ASSETS),
    )
    return SizeWords(result.size, wording.size_name(result.size), _reason(result), result.missing)


def _reason(result: SizeResult) -> str:
    if result.size is SizeClass.UNKNOWN:
        return _what_is_missing(result)
    if result.size is SizeClass.NOT_APPLICABLE:
        return gettext("The classification of small and medium-sized enterprises leaves this industry out.")
    row = ROWS[result.row]
    words = {"row": _title(row)}
    if result.size is SizeClass.MICRO:
        words["floors"] = _floors(row, SizeClass.SMALL)
        reason = gettext(
            "In “%(row)s” a small enterprise has at least: %(floors)s. One figure lies below that."
        )
        return reason % words
    words["floors"] = _floors(row, result.size)
    return gettext("In “%(row)s” this class begins at: %(floors)s.") % words


def _what_is_missing(result: SizeResult) -> str:
    if result.needs_group:
        return gettext("Cannot tell yet: the industry must be known more exactly.")
    labels = [str(facts.kind_of(code).label) for code in result.missing]
    return gettext("Cannot tell yet: needs %(facts)s.") % {
        "facts": pgettext("between figures", ", ").join(labels)
    }


def _title(row: SizeRow) -> str:
    return row.title_en if get_language() == "en" else row.title_zh


def _floors(row: SizeRow, size: SizeClass) -> str:
    return pgettext("between figures", ", ").join(
        _floor(name, row.floors[size][name]) for name in row.indicators
    )


def _floor(name: str, floor: Decimal) -> str:
    words = wording.people(int(floor)) if name == facts.EMPLOYEES else wording.amount(floor)
    return f"{facts.kind_of(name).label} {words}"
