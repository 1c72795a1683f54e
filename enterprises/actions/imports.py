"""Bring in enterprises from checked rows, known again by their credit code; what weighs more stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from core import calendar
from enterprises import facts
from enterprises.actions.fact import WEIGHTS, Statement, outweighs, record_facts
from enterprises.actions.registration import Registration
from enterprises.models import Enterprise, Fact, StaffScope, region_prefix


@dataclass(frozen=True)
class Prospect:
    """What bringing in one row would do.

    `enterprise` is None where the credit code is new. `changes` would be recorded; `stays` names the facts
    on which a source that weighs more, or a later statement, says otherwise. A row that `is_outside` the
    regions granted to this member of staff is not brought in.
    """

    row: Registration
    enterprise: Enterprise | None
    changes: tuple[Statement, ...]
    stays: tuple[str, ...]
    is_outside: bool


@dataclass(frozen=True)
class Imported:
    """How many enterprises were made, and how many that were there had facts recorded."""

    made: int
    changed: int


def prospects(rows: Iterable[Registration], *, source: str, on: date, by: Any) -> list[Prospect]:
    """Foresee what `import_enterprises` would do, in the order of the rows; writes nothing."""
    given = list(rows)
    found = Enterprise.objects.filter(uscc__in=[row.uscc for row in given]).select_related("merged_into")
    there = {row.uscc: row.merged_into or row for row in found}
    standing = [row.pk for row in there.values()]
    mine = set(Enterprise.objects.in_scope_of(by).filter(pk__in=standing).values_list("pk", flat=True))
    prefixes = tuple(region_prefix(code) for code in StaffScope.regions_of(by))
    present: defaultdict[int, dict[str, Fact]] = defaultdict(dict)
    for fact in Fact.objects.current().filter(enterprise__in=there.values()):
        present[fact.enterprise_id][fact.code] = fact
    foreseen = []
    for row in given:
        enterprise = there.get(row.uscc)
        known = present[enterprise.pk] if enterprise else {}
        changes, stays = _weighed(row.statements, known, source, on)
        is_outside = not _lies_in(row, prefixes) or (enterprise is not None and enterprise.pk not in mine)
        foreseen.append(Prospect(row, enterprise, changes, stays, is_outside))
    return foreseen


@transaction.atomic
def import_enterprises(rows: Iterable[Registration], *, source: str, on: date, by: Any) -> Imported:
    """Make the enterprises that are new and record on the others what differs; all rows or none.

    Staff with `enterprises.import_enterprise` may. A row needs at least one fact; its contact is not read.
    The name of an enterprise that is there stays. Nobody becomes a member and nobody is written to: who acts
    for the enterprise claims it. The same rows again change nothing. Raises `facts.FactError`.
    """
    given = sorted(rows, key=lambda row: row.uscc)
    inside = [one for one in prospects(given, source=source, on=on, by=by) if not one.is_outside]
    new = {one.row.uscc for one in inside if one.enterprise is None and _make(one.row)}
    _lock([one.row.uscc for one in inside])
    changed = 0
    for one in prospects([one.row for one in inside], source=source, on=on, by=by):
        # What was made just now has no region yet; what somebody registered meanwhile may lie outside.
        is_new = one.row.uscc in new
        if one.enterprise is None or not one.changes or (one.is_outside and not is_new):
            continue
        verb = "imported" if is_new else "facts_recorded"
        record_facts(one.enterprise, one.changes, source=source, on=on, by=by, verb=verb)
        changed += not is_new
    return Imported(len(new), changed)


def _make(row: Registration) -> bool:
    defaults = {"name": row.name, "proof_level": Enterprise.Proof.IMPORTED}
    return Enterprise.objects.get_or_create(uscc=row.uscc, defaults=defaults)[1]


def _lock(codes: Sequence[str]) -> None:
    """Take all rows in one order, so that two imports follow each other."""
    list(Enterprise.objects.select_for_update(of=("self",)).filter(uscc__in=codes).order_by("uscc"))


def _lies_in(row: Registration, prefixes: tuple[str, ...]) -> bool:
    region = next((str(one.value) for one in row.statements if one.code == facts.REGION), "")
    return not prefixes or region.startswith(prefixes)


def _weighed(
    statements: Iterable[Statement], known: dict[str, Fact], source: str, on: date
) -> tuple[tuple[Statement, ...], tuple[str, ...]]:
    changes, stays = [], []
    for statement in statements:
        present = known.get(statement.code)
        says_the_same = present is not None and _says_the_same(statement, present)
        if not outweighs(Fact(source=source, on=on), present, on=calendar.today()):
            if not says_the_same:
                stays.append(statement.code)
        elif present is None or not says_the_same or WEIGHTS[source] > WEIGHTS[present.source]:
            changes.append(statement)
    return tuple(changes), tuple(stays)


def _says_the_same(statement: Statement, present: Fact) -> bool:
    value = facts.read(statement.code, statement.value, precision=statement.precision)
    has_expired = present.expires_on is not None and present.expires_on < calendar.today()
    said = (facts.stored(statement.code, value), value.precision)
    return not has_expired and said == (present.value, present.precision)
