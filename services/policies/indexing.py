"""Keep the rows that searches and matching are asked of true to a notice and its items.

One search row a public notice, one row of compiled criteria an item. Called by every action that publishes,
supersedes, repeals or imports; nothing else writes these rows. Each change draws a new mark, by which every
process knows that what it remembers of the lists is over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from core import calendar
from services.policies import inheriting, matching, terms
from services.policies.models import (
    PUBLIC_STATES,
    Issuer,
    ItemCriteria,
    NoticeSearch,
    PolicyItem,
    PolicyNotice,
    SearchCell,
    State,
)

# What an agency's office signs, and what several sign together, is looked for under the (first) agency.
_NOT_THE_AGENCY = re.compile(r"(?:等.*|办公厅|办公室)$")
_NOT_THE_AGENCY_ENGLISH = re.compile(
    r"^(?:General )?Office of (?:the )?| and (?:\w+ )?others?(?: departments)?$"
)
# So many rows cut by older rules are written anew at once.
AT_ONCE = 500


def refresh(notice: PolicyNotice) -> None:
    """Rewrite the search row and the compiled criteria; a notice that is not public has no search row."""
    _rewrite(notice)
    mark("notices")


def mark(what: str) -> None:
    """Say that `notices` or `words` have changed; whoever keeps something of them asks anew."""
    with connection.cursor() as cursor:
        cursor.execute(_MARKS[what])


def contents() -> str:
    """Say what the lists stand at: another text after every change and every midnight; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT notices::text, words::text FROM policies_contentmark")
        notices, words = cursor.fetchone() or (None, None)
    return contents_at(notices, words, calendar.today())


def contents_at(notices: UUID | str | None, words: UUID | str | None, on: date) -> str:
    """Say the same of marks read before; '' while no notice has a mark."""
    return f"{on} {notices} {words}" if notices else ""


_MARKS = {
    "notices": """
        INSERT INTO policies_contentmark (id, notices) VALUES (1, gen_random_uuid())
        ON CONFLICT (id) DO UPDATE SET notices = excluded.notices
    """,
    "words": """
        INSERT INTO policies_contentmark (id, words) VALUES (1, gen_random_uuid())
        ON CONFLICT (id) DO UPDATE SET words = excluded.words
    """,
}


def _rewrite(notice: PolicyNotice) -> None:
    items = list(notice.items.all())
    for item in items:
        compile_item(item, notice)
    for template in inheriting.templates_of(items):
        follow_variants(template)
    if notice.state in PUBLIC_STATES:
        _write_rows([notice])
    else:
        NoticeSearch.objects.filter(pk=notice.pk).delete()


def follow_variants(template: PolicyItem) -> None:
    """Compile an item anew when local rules came into its place or left it."""
    if inheriting.note_where(template):
        compile_item(template, template.notice)


def compile_item(item: PolicyItem, notice: PolicyNotice) -> None:
    """Write the columns that matching reads; raises CriteriaError for criteria that cannot be read."""
    ItemCriteria.objects.update_or_create(
        item=item,
        defaults={
            "is_open": notice.state == State.PUBLISHED and not notice.is_ended and item.pool_left_fen != 0,
            "opens_on": item.opens_on,
            "closes_on": last_day(item, notice),
            **matching.compile_criteria(inheriting.criteria_of(item)),
        },
    )


def last_day(item: PolicyItem, notice: PolicyNotice) -> date | None:
    """Give the last day an item can be claimed: its own, or that of the notice if it ends before."""
    return min((day for day in (item.closes_on, notice.effective_to) if day), default=None)


def searchable_text(notice: PolicyNotice, items: Iterable[PolicyItem]) -> str:
    """Give all the words a notice is found by, folded; at most what one search vector can hold."""
    parts = [
        notice.title_zh,
        notice.document_number,
        notice.issuer_zh,
        notice.summary_zh,
        *(item.title_zh for item in items),
        notice.title_en,
        notice.issuer_en,
        notice.summary_en,
        *(item.title_en for item in items),
        terms.without_markup(notice.body_zh),
    ]
    return terms.fold("\n".join(dict.fromkeys(part for part in parts if part)))[: terms.LONGEST_TEXT]


def _write_rows(notices: Sequence[PolicyNotice]) -> None:
    """Write the search rows of notices whose items are loaded, many in one turn."""
    issuers = _issuers(notices)
    NoticeSearch.objects.filter(pk__in=[notice.pk for notice in notices])._raw_delete(NoticeSearch.objects.db)
    rows = [_row(notice, issuers) for notice in notices]
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, _with_cells(rows))


def _row(notice: PolicyNotice, issuers: Mapping[str, int]) -> dict[str, Any]:
    items = list(notice.items.all())
    words = searchable_text(notice, items)
    found, stemmed = terms.cut(words)
    closings = [last_day(item, notice) for item in items]
    return {
        "notice": notice.pk,
        "dated_on": _dated_on(notice),
        "first_closes_on": min(filter(None, closings), default=None),
        "closes_on": None if not closings or None in closings else max(filter(None, closings)),
        "ends_on": notice.effective_to,
        **_place(notice.region_id),
        "issuer": issuers.get(leading_agency(notice.issuer_zh)),
        "rules": terms.RULES,
        "is_ended": notice.is_ended or notice.state != State.PUBLISHED,
        "all_year": any(item.is_open_all_year for item in items),
        "kind": notice.kind,
        "level": notice.level,
        "text": words,
        # One string is handed over faster than a list; no folded text holds this sign.
        "grams": _BETWEEN.join(found | _ranking_lexemes(notice)),
        "english": " ".join(stemmed),
    }


def cell(area: int, kind: str, level: str, issuer: int | None) -> int:
    """Return the number of the cell of all rows with this area, kind, level and leading agency."""
    alike: dict[str, Any] = {"area": area, "kind": kind, "level": level, "issuer_id": issuer}
    return SearchCell.objects.get_or_create(**alike)[0].pk


def _with_cells(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    alike = [(row["area"], row["kind"], row["level"], row["issuer"]) for row in rows]
    cells = {one: cell(*one) for one in set(alike)}
    return [row | {"cell": cells[one]} for row, one in zip(rows, alike, strict=True)]


_BETWEEN = "\x1f"
_INSERT = """
INSERT INTO policies_noticesearch (notice_id, dated_on, first_closes_on, closes_on, ends_on, region, area,
  issuer_id, cell_id, rules, is_ended, is_open_all_year, kind, level, text, tsv)
VALUES (%(notice)s, %(dated_on)s, %(first_closes_on)s, %(closes_on)s, %(ends_on)s, %(region)s, %(area)s,
  %(issuer)s, %(cell)s, %(rules)s, %(is_ended)s, %(all_year)s, %(kind)s, %(level)s, %(text)s,
  array_to_tsvector(string_to_array(%(grams)s, E'\\x1f')) || strip(to_tsvector('english', %(english)s)))
"""


def _dated_on(notice: PolicyNotice) -> date | None:
    """Give the date a notice is listed under; one taken over from elsewhere without a date has none."""
    if notice.issued_on or notice.effective_from or notice.to_be_verified:
        return notice.issued_on or notice.effective_from
    return timezone.localdate(notice.published_at)


def _place(region: str) -> dict[str, int]:
    code = int(region)
    return {"region": code, "area": code - code % 100}


def _ranking_lexemes(notice: PolicyNotice) -> set[str]:
    return terms.ranking_lexemes((notice.title_zh, notice.title_en), notice.document_number)


def leading_agency(issuer_zh: str) -> str:
    """Give the first agency of those named, without its office: 山东省人民政府办公厅 is 山东省人民政府."""
    first = issuer_zh.split("、", maxsplit=1)[0].strip()
    return _NOT_THE_AGENCY.sub("", first) or first


def leading_agency_english(issuer_zh: str, issuer_en: str) -> str:
    """Give the English of the leading agency, or '' where it does not name the same as the Chinese."""
    chinese, english = issuer_zh.split("、"), [name.strip() for name in issuer_en.split(";")]
    shortened = _NOT_THE_AGENCY_ENGLISH.sub("", english[0])
    is_same = len(chinese) == len(english) and (
        bool(_NOT_THE_AGENCY.search(chinese[0])) == (shortened != english[0])
    )
    return shortened if is_same else ""


def _issuers(notices: Iterable[PolicyNotice]) -> dict[str, int]:
    """Return the rows of the leading agencies; the English of a notice issued by one alone counts most."""
    own: dict[str, str] = {}
    taken: dict[str, str] = {}
    for notice in notices:
        name = leading_agency(notice.issuer_zh)
        if name:
            called = own if name == notice.issuer_zh else taken
            called[name] = leading_agency_english(notice.issuer_zh, notice.issuer_en) or called.get(name, "")
    return {name: _issuer(name, own.get(name, ""), taken.get(name, "")) for name in own | taken}


def _issuer(name: str, own: str, taken: str) -> int:
    found, is_new = Issuer.objects.get_or_create(name_zh=name, defaults={"name_en": own or taken})
    better = own or ("" if found.name_en else taken)
    if better and not is_new and found.name_en != better:
        Issuer.objects.filter(pk=found.pk).update(name_en=better)
    return found.pk


@transaction.atomic
def recut() -> int:
    """Rewrite some of the rows that older rules have cut or that lack their cell; return how many."""
    old = NoticeSearch.objects.filter(Q(rules__lt=terms.RULES) | Q(cell=None)).order_by("pk")
    locked = old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_ONCE]
    notices = list(PolicyNotice.objects.filter(pk__in=list(locked)).prefetch_related("items"))
    if notices:
        _write_rows(notices)
        mark("notices")
    return len(notices)
