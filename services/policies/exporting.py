"""The list as a table to take away: the same notices as on the page, codes beside words.

Keys and codes are stable and the same in every language; headings and words are the reader's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from core import sheets
from enterprises.models import EnterpriseFacet
from services.policies import rows, search, wording
from services.policies.models import PolicyNotice
from services.policies.search import Query

# So many notices go into one file; the file says when there are more.
MOST = 2_000
JSON = "application/json"


@dataclass(frozen=True)
class Export:
    """What goes into a file: how many notices there are, and those taken along."""

    total: int
    notices: list[PolicyNotice]
    on: date
    base_url: str

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.notices)


def of(
    query: Query,
    on: date,
    *,
    facets: Sequence[EnterpriseFacet] = (),
    hidden: frozenset[int] = frozenset(),
    base_url: str,
) -> Export:
    """Take the notices of a list, at most MOST; `base_url` stands before the addresses."""
    total, notices = search.top(query, on, MOST, facets, hidden)
    return Export(total, notices, on, base_url)


# --- columns -------------------------------------------------------------------------


def _region(notice: PolicyNotice) -> str:
    return wording.option("area", notice.region_id)


def _amount(notice: PolicyNotice) -> Any:
    most = max((item.max_fen for item in notice.its_items if item.max_fen is not None), default=None)
    return None if most is None else most // 100 if most % 100 == 0 else most / 100


def _apply_url(notice: PolicyNotice) -> str:
    return next((item.apply_url for item in notice.its_items if item.apply_url), "")


Value = Callable[[PolicyNotice, Export], Any]
# Key, heading, value; a code is text, also where it looks like a number.
_COLUMNS: tuple[tuple[str, Any, Value], ...] = (
    ("slug", gettext_lazy("Identifier"), lambda notice, _: notice.slug),
    ("title_zh", gettext_lazy("Chinese title"), lambda notice, _: notice.title_zh),
    ("title_en", gettext_lazy("English title"), lambda notice, _: notice.title_en),
    ("document_number", gettext_lazy("Document number"), lambda notice, _: notice.document_number),
    ("issuer_zh", gettext_lazy("Issuer (Chinese)"), lambda notice, _: notice.issuer_zh),
    ("issuer_en", gettext_lazy("Issuer (English)"), lambda notice, _: notice.issuer_en),
    ("level", gettext_lazy("Level (code)"), lambda notice, _: notice.level),
    ("level_name", gettext_lazy("Level"), lambda notice, _: capfirst(notice.get_level_display())),
    ("kind", gettext_lazy("Kind (code)"), lambda notice, _: notice.kind),
    ("kind_name", gettext_lazy("Kind"), lambda notice, _: capfirst(notice.get_kind_display())),
    ("region", gettext_lazy("Region (code)"), lambda notice, _: notice.region_id),
    ("region_name", gettext_lazy("Region"), lambda notice, _: _region(notice)),
    ("state", gettext_lazy("State (code)"), lambda notice, _: notice.state),
    ("standing", gettext_lazy("Status"), lambda notice, export: wording.standing(notice, export.on)[0]),
    (
        "issued_on",
        gettext_lazy("Issued on"),
        lambda notice, _: wording.day(notice.issued_on, notice.issued_precision),
    ),
    ("effective_to", gettext_lazy("In force until"), lambda notice, _: wording.day(notice.effective_to)),
    (
        "closes_on",
        gettext_lazy("Next last day"),
        lambda notice, export: wording.day(
            search.next_closing(notice.its_items, notice.effective_to, export.on)
        ),
    ),
    ("max_yuan", gettext_lazy("At most, in yuan"), lambda notice, _: _amount(notice)),
    ("summary_zh", gettext_lazy("Summary (Chinese)"), lambda notice, _: notice.summary_zh),
    ("summary_en", gettext_lazy("Summary (English)"), lambda notice, _: notice.summary_en),
    ("to_be_verified", gettext_lazy("To be verified"), lambda notice, _: notice.to_be_verified),
    ("apply_url", gettext_lazy("Where to apply"), lambda notice, _: _apply_url(notice)),
    (
        "url",
        gettext_lazy("Page on this site"),
        lambda notice, export: f"{export.base_url}{rows.page_url(notice)}",
    ),
)


# --- files ---------------------------------------------------------------------------


def xlsx(export: Export) -> bytes:
    return sheets.xlsx(gettext("Policy notices"), _headings(), _table(export))


def csv(export: Export) -> bytes:
    return sheets.csv(_headings(), _table(export))


def as_json(export: Export) -> bytes:
    """Give the same as JSON: what is not known is null, dates are written no more exactly than known."""
    notices = [
        {key: value(notice, export) if value(notice, export) != "" else None for key, _, value in _COLUMNS}
        for notice in export.notices
    ]
    whole = {
        "on": export.on.isoformat(),
        "total": export.total,
        "included": len(notices),
        "most": MOST,
        "notices": notices,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _headings() -> list[str]:
    return [str(heading) for _, heading, _ in _COLUMNS]


def _table(export: Export) -> list[list[Any]]:
    table = [[value(notice, export) for _, _, value in _COLUMNS] for notice in export.notices]
    return [*table, [_cut(export)]] if export.is_cut else table


def _cut(export: Export) -> str:
    return gettext("Only the first %(included)s of %(total)s notices are in this file.") % {
        "included": len(export.notices),
        "total": export.total,
    }
