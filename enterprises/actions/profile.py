"""Keep the profile up to date: what the enterprise says of itself, and whom to call."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from core import audit, calendar
from enterprises import facts
from enterprises.actions.fact import Statement, record_facts, withdraw_statements
from enterprises.models import Enterprise, Fact


def update_profile(
    enterprise: Enterprise, statements: Iterable[Statement], *, covers: Iterable[str], by: Any
) -> list[Fact]:
    """Take over what a form states about the facts it `covers`; an owner or editor may.

    Only what differs from the present facts is written. A fact the form covers but leaves empty becomes
    unknown again where it rested on the enterprise's own word. Returns the facts that were kept as history
    only, because a stronger source says otherwise.
    """
    stated = {statement.code: statement for statement in statements}
    with transaction.atomic():
        present = {fact.code: fact for fact in enterprise.facts.current()}
        changed = [item for item in stated.values() if _differs(item, present.get(item.code))]
        rows = record_facts(enterprise, changed, source=Fact.Source.SELF, on=calendar.today(), by=by)
        withdraw_statements(enterprise, set(covers) - set(stated), by=by)
    return [row for row in rows if not row.is_current]


def update_contact(enterprise: Enterprise, *, contact_name: str, contact_phone: str, by: Any) -> Enterprise:
    """Change the contact person; an owner or editor may."""
    with transaction.atomic():
        before = Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
        if (before.contact_name, before.contact_phone) == (contact_name, contact_phone):
            return before
        enterprise.contact_name, enterprise.contact_phone = contact_name, contact_phone
        enterprise.save(update_fields=["contact_name", "contact_phone"])
        audit.record(enterprise, "contact_changed", by=by)
    return enterprise


def _differs(statement: Statement, present: Fact | None) -> bool:
    if present is None:
        return True
    value = facts.read(statement.code, statement.value, precision=statement.precision)
    said = (facts.stored(statement.code, value), value.precision, statement.expires_on)
    return said != (present.value, present.precision, present.expires_on)
