"""Draw published notices with the rows that the public list is asked of."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from bench.generator import texts
from bench.generator.rows import FIRST, copy, without_index
from bench.generator.texts import Sentence, Texts
from core import calendar
from services.policies import indexing, terms
from services.policies.models import Issuer, Kind, Level

SENTENCES = 8
_NOTICE = """id slug title_zh title_en state kind level region_id issuer_zh issuer_en document_number
    document_number_key summary_zh summary_en body_zh issued_on issued_precision effective_from_precision
    effective_to is_ended to_be_verified confidence sources source_quality evidence targets contact version
    published_at is_sample correction_note_zh correction_note_en"""
_ROW = """notice_id dated_on ends_on region area issuer_id cell_id is_ended is_open_all_year rules kind level
    text tsv"""
# An agency issues for its own place and level only; those of the province are drawn most often.
_PLACES = [
    ("省", 370000, Level.PROVINCIAL),
    ("济南市", 370100, Level.MUNICIPAL),
    ("青岛市", 370200, Level.MUNICIPAL),
    ("烟台市", 370600, Level.MUNICIPAL),
    ("潍坊市", 370700, Level.MUNICIPAL),
]
_OFFICES = ("工业和信息化厅", "财政厅", "科学技术厅", "商务厅", "发展和改革委员会")


class Agency(NamedTuple):
    row: int
    name: str
    region: int
    level: str
    # By kind of notice.
    cells: dict[str, int]


class Drawn(NamedTuple):
    """What one notice says, before it is written as two rows."""

    number: int
    issued_on: date
    effective_to: date | None
    kind: str
    agency: Agency
    chinese: list[Sentence]
    english: list[Sentence]

    @property
    def title_zh(self) -> str:
        return f"支持办法第{self.number}号"

    @property
    def title_en(self) -> str:
        return f"Support rules {self.number}"

    @property
    def document_number(self) -> str:
        return f"鲁工信发〔{self.issued_on.year}〕{self.number}号"


@transaction.atomic
def fill(count: int, *, in_force: int, sentences: int = SENTENCES) -> None:
    """Write `count` published notices; the first `in_force` have no last day (items hang on those).

    Some 20 Chinese characters a sentence; the markers of `texts` stand in their share of the notices.
    """
    # All that is drawn from is read before: while rows flow in, the connection answers nothing else.
    stock = Stock(texts.prepare(), _agencies(), sentences)
    copy("policies_policynotice", _NOTICE, map(_notice, _draw(count, in_force, stock)))
    with without_index("notice_search_tsv"):
        copy("policies_noticesearch", _ROW, map(_row, _draw(count, in_force, stock)))
    indexing.mark("notices")


class Stock(NamedTuple):
    """What is drawn from."""

    texts: Texts
    agencies: list[Agency]
    sentences: int


def _draw(count: int, in_force: int, stock: Stock) -> Iterator[Drawn]:
    draw, today = Random(texts.SEED), calendar.today()
    for number in range(FIRST, FIRST + count):
        issued_on = today - timedelta(days=int(draw.random() ** 2 * 4000))
        ends = None if number < FIRST + in_force or draw.randrange(2) else draw.randrange(-900, 900)
        yield Drawn(
            number,
            issued_on,
            None if ends is None else today + timedelta(days=ends),
            draw.choice(Kind.values),
            stock.agencies[int(draw.random() ** 1.5 * len(stock.agencies))],
            *stock.texts.summary(draw, sentences=stock.sentences),
        )


def _agencies() -> list[Agency]:
    named = [(f"{place}{office}", region, level) for place, region, level in _PLACES for office in _OFFICES]
    return [
        _agency(Issuer.objects.get_or_create(name_zh=name)[0].pk, name, region, level)
        for name, region, level in named
    ]


def _agency(row: int, name: str, region: int, level: str) -> Agency:
    cells = {kind: indexing.cell(region, kind, level, row) for kind in Kind.values}
    return Agency(row, name, region, level, cells)


def _notice(drawn: Drawn) -> tuple[Any, ...]:
    return (
        *(drawn.number, f"bench-{drawn.number}", drawn.title_zh, drawn.title_en, "published", drawn.kind),
        *(drawn.agency.level, str(drawn.agency.region), drawn.agency.name, "", drawn.document_number),
        *(drawn.document_number, _joined(drawn.chinese, ""), _joined(drawn.english, " "), ""),
        *(drawn.issued_on, "day", "day", drawn.effective_to, "f", "f", "", "{}", "", "", json.dumps([]), ""),
        *(1, _at(drawn.issued_on), "f", "", ""),
    )


def _at(day: date) -> str:
    return datetime.combine(day, datetime.min.time(), tzinfo=timezone.get_current_timezone()).isoformat()


def _row(one: Drawn) -> tuple[Any, ...]:
    parts = [one.title_zh, one.document_number, one.agency.name, _joined(one.chinese, "")]
    text = terms.fold("\n".join([*parts, one.title_en, _joined(one.english, " ")]))
    return (
        *(one.number, one.issued_on, one.effective_to, one.agency.region, one.agency.region),
        *(one.agency.row, one.agency.cells[one.kind], "f", "f", terms.RULES, one.kind, one.agency.level),
        *(text, _vector(one)),
    )


def _vector(one: Drawn) -> str:
    """Join the vectors of the sentences with what only this notice holds."""
    heading = terms.lexemes(terms.fold(f"{one.title_zh}\n{one.document_number}\n{one.agency.name}"))
    # COPY sorts and joins what is double.
    marked = terms.ranking_lexemes((one.title_zh, one.title_en), one.document_number)
    english = {"support", "rules", "rule", str(one.number)}
    own = " ".join(f"'{piece}'" for piece in heading | marked | english)
    return " ".join([own, *(sentence.vector for sentence in (*one.chinese, *one.english))])


def _joined(sentences: list[Sentence], between: str) -> str:
    return between.join(sentence.words for sentence in sentences)
