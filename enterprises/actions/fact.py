"""Record what is known of an enterprise, by the strength of its source, and keep the facet in step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from core import audit, calendar, wake
from enterprises import facts
from enterprises.models import Enterprise, EnterpriseFacet, Fact

REMATCH = "policies.rematch_changed"
BATCH = 500
# The later in this list, the more a source weighs (house rule of facts).
WEIGHTS: dict[str, int] = {
    str(source): weight
    for weight, source in enumerate(
        [
            Fact.Source.SELF,
            Fact.Source.ASSESSMENT,
            Fact.Source.DOCUMENT,
            Fact.Source.STAFF,
            Fact.Source.REGISTRY,
        ]
    )
}


@dataclass(frozen=True)
class Statement:
    """One fact to be recorded: the value as `enterprises.facts.read` takes it, and its last valid day.

    Without a precision a date is as exact as it is written: "2019", "2019-03", "2019-03-14".
    """

    code: str
    value: Any
    expires_on: date | None = None
    precision: str | None = None


def record_fact(
    enterprise: Enterprise,
    code: str,
    value: Any,
    *,
    source: str,
    on: date,
    expires: date | None = None,
    by: Any,
    precision: str | None = None,
) -> Fact:
    """Record one fact and return its row; see `record_facts`."""
    statement = Statement(code, value, expires, precision)
    return record_facts(enterprise, [statement], source=source, on=on, by=by)[0]


def record_facts(
    enterprise: Enterprise,
    statements: Iterable[Statement],
    *,
    source: str,
    on: date,
    by: Any,
    verb: str = "facts_recorded",
) -> list[Fact]:
    """Record facts from one source and return their rows, in order.

    A fact becomes current when its source weighs at least as much as the present one's (registry, staff,
    document, assessment, self) or the present one has expired; otherwise it is kept as history. When
    anything becomes current the facet follows, `facts_changed_at` moves and matching is woken. The very
    same fact again changes nothing. `verb` names the one event. Raises `facts.FactError` before anything is
    written.
    """
    rows = [_row(enterprise, statement, source, on, by) for statement in statements]
    if not rows:
        return []
    with transaction.atomic():
        _lock(enterprise)
        present = {fact.code: fact for fact in enterprise.facts.current()}
        written = [row for row in rows if not _says_the_same(row, present.get(row.code))]
        for row in written:
            row.is_current = outweighs(row, present.get(row.code), on=calendar.today())
        _write(enterprise, written)
        if written:
            codes = [row.code for row in written]
            audit.record(enterprise, verb, by=by, data={"codes": codes, "source": source})
    return [row if row.pk else present[row.code] for row in rows]


def withdraw_statements(enterprise: Enterprise, codes: Iterable[str], *, by: Any) -> int:
    """Make the enterprise's own statements on these facts unknown again; return how many there were.

    What staff, documents or the registry say stays.
    """
    with transaction.atomic():
        _lock(enterprise)
        own = enterprise.facts.current().filter(source=Fact.Source.SELF, code__in=list(codes))
        withdrawn = list(own.values_list("code", flat=True))
        if withdrawn:
            own.update(is_current=False)
            _follow(enterprise)
            audit.record(enterprise, "facts_withdrawn", by=by, data={"codes": withdrawn})
    return len(withdrawn)


def refresh_facets() -> int:
    """Rewrite the facets of enterprises with a fact that has expired; return how many enterprises.

    The last valid day counts. A fact is marked once its facet has forgotten it, so a second run finds
    nothing, and a late run finds everything.
    """
    today, refreshed = calendar.today(), 0
    while numbers := list(
        Fact.objects.lapsed(today)
        .values_list("enterprise", flat=True)
        .order_by("enterprise")
        .distinct()[:BATCH]
    ):
        for enterprise in Enterprise.objects.filter(pk__in=numbers):
            _forget_expired(enterprise, today)
            refreshed += 1
    return refreshed


def follow_facts(enterprise: Enterprise) -> None:
    """Read the facts of an enterprise anew: its facet, its region, and matching follow."""
    with transaction.atomic():
        _lock(enterprise)
        _follow(enterprise)


def _forget_expired(enterprise: Enterprise, today: date) -> None:
    with transaction.atomic():
        _lock(enterprise)
        _follow(enterprise)
        enterprise.facts.lapsed(today).update(lapsed_at=Now())


def _row(enterprise: Enterprise, statement: Statement, source: str, on: date, by: Any) -> Fact:
    value = facts.read(statement.code, statement.value, precision=statement.precision)
    return Fact(
        enterprise=enterprise,
        code=statement.code,
        value=facts.stored(statement.code, value),
        precision=value.precision,
        source=source,
        on=on,
        expires_on=statement.expires_on,
        recorded_by=by,
    )


def _says_the_same(row: Fact, present: Fact | None) -> bool:
    names = ("value", "precision", "source", "on", "expires_on")
    return present is not None and all(getattr(row, name) == getattr(present, name) for name in names)


def outweighs(row: Fact, present: Fact | None, *, on: date) -> bool:
    """Tell whether a fact recorded on the day `on` takes the place of the present one."""
    if present is None or (present.expires_on and present.expires_on < on):
        return True
    if WEIGHTS[row.source] == WEIGHTS[present.source]:
        return row.on >= present.on
    return WEIGHTS[row.source] > WEIGHTS[present.source]


def _write(enterprise: Enterprise, rows: list[Fact]) -> None:
    counting = [row.code for row in rows if row.is_current]
    enterprise.facts.current().filter(code__in=counting).update(is_current=False)
    Fact.objects.bulk_create(rows)
    if counting:
        _follow(enterprise)


def _lock(enterprise: Enterprise) -> None:
    """Take the enterprise's row, so that two recordings follow each other."""
    Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)


def _follow(enterprise: Enterprise) -> None:
    """Bring the facet, the row's region and the clock of matching after a change of current facts."""
    known = enterprise.facts.known()
    columns = facts.to_facet(known, calendar.today())
    EnterpriseFacet.objects.bulk_create(
        [EnterpriseFacet(enterprise=enterprise, **columns)],
        update_conflicts=True,
        unique_fields=["enterprise"],
        update_fields=list(columns),
    )
    region = known.get(facts.REGION)
    enterprise.region_id = region.value.code if region else None
    Enterprise.objects.filter(pk=enterprise.pk).update(region=enterprise.region_id, facts_changed_at=Now())
    wake.knock(REMATCH)
