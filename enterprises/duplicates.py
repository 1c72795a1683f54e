"""Which enterprises may be one and the same: equal names once what does not tell them apart is left out.

Only a hint for staff: the credit code decides, and people look before anything is merged.
"""

from django.db.models import Exists, F, OuterRef, QuerySet

from enterprises.models import Enterprise, NameKey

SHOWN = 10


def like(enterprise: Enterprise) -> QuerySet[Enterprise]:
    """Return other enterprises of the same name key that are not merged, oldest first; one index look-up."""
    key = Enterprise.objects.filter(pk=enterprise.pk).values(key=NameKey(F("name")))
    found = Enterprise.objects.alias(key=NameKey(F("name"))).filter(key__in=key, merged_into=None)
    return found.exclude(pk=enterprise.pk).select_related("region").order_by("registered_at", "pk")[:SHOWN]


def with_likeness(rows: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    """Narrow to enterprises that have a likely duplicate."""
    same = Enterprise.objects.alias(key=NameKey(F("name"))).filter(
        key=NameKey(OuterRef("name")), merged_into=None
    )
    return rows.filter(Exists(same.exclude(pk=OuterRef("pk"))), merged_into=None)
