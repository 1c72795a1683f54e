"""Say what must be handed in for an item, what of it is known to be held, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext

from core import nested
from core.criteria import FactValue
from services.policies.models import ItemDocument, PolicyItem
from services.policies.visitor import Visitor

HELD, HELD_UNTIL, EXPIRED, MISSING, OWN = "held", "held_until", "expired", "missing", "own"
_COLUMNS = ("id", "name_zh", "name_en", "issuer_zh", "issuer_en", "fact")


@dataclass(frozen=True)
class Paper:
    """One paper: its name, who issues it, and how the reader stands to it ('' for somebody unknown)."""

    name: str
    issuer: str = ""
    state: str = ""
    until: date | None = None

    @property
    def is_held(self) -> bool:
        return self.state in {HELD, HELD_UNTIL}

    @property
    def words(self) -> str:
        return _WORDS[self.state]() % {"day": self.until.isoformat() if self.until else ""}


_WORDS = {
    "": lambda: "",
    HELD: lambda: gettext("held, by what is known of you"),
    HELD_UNTIL: lambda: gettext("held, valid until %(day)s"),
    EXPIRED: lambda: gettext("expired on %(day)s: renew it"),
    MISSING: lambda: gettext("not known here: get it, or tell us that you hold it"),
    OWN: lambda: gettext("you prepare it"),
}


def with_papers(items: QuerySet[PolicyItem]) -> QuerySet[PolicyItem]:
    """Read with each item the papers it asks for; `papers` gives them as a reader stands to them."""
    documents = ItemDocument.objects.asked_by(OuterRef("pk"))
    return items.annotate(papers=nested.gathered(documents, *_COLUMNS))


def papers(item: PolicyItem, reader: Visitor, on: date) -> list[Paper]:
    """Give the papers an item of `with_papers` asks for, as the reader stands to them; no query."""
    documents = nested.rows(ItemDocument, item.papers)  # type: ignore[attr-defined]  # gathered with it
    return [_paper(document, reader, on) for document in documents]


def _paper(document: ItemDocument, reader: Visitor, on: date) -> Paper:
    if not reader.is_known:
        return Paper(document.name, document.issuer)
    state, until = standing(document.fact, reader.known.get(document.fact), on)
    return Paper(document.name, document.issuer, state, until)


def standing(code: str, fact: FactValue | None, on: date) -> tuple[str, date | None]:
    """Tell how a reader stands to a paper that a fact shows; what is not known is not held, nor refused."""
    if not code:
        return OWN, None
    if fact is None or fact.value is False:
        return MISSING, None
    if fact.has_expired(on):
        return EXPIRED, fact.expires_on
    return (HELD_UNTIL, fact.expires_on) if fact.expires_on else (HELD, None)
