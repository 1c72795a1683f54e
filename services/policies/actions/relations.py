"""Tie items together: what excludes, allows or needs what, and what is the local variant of what."""

from __future__ import annotations

from django.db import transaction

from services.policies import indexing, inheriting
from services.policies.models import ItemRelation, PolicyItem


@transaction.atomic
def relate(relation: ItemRelation) -> ItemRelation:
    """Save a tie, new or changed; the desk records who did it.

    A local variant takes what it leaves empty from its template while it is a draft, and stands in its place
    from its publication on. Templates before and after the change are compiled anew.
    """
    before = ItemRelation.objects.filter(pk=relation.pk, kind=ItemRelation.Kind.LOCAL).first()
    relation.save()
    if relation.kind == ItemRelation.Kind.LOCAL and relation.is_valid:
        inheriting.fill(relation.item, relation.other, str(relation.region_id))
    touched = {relation.other_id} | ({before.other_id} if before else set())
    for template in PolicyItem.objects.filter(pk__in=touched).select_related("notice"):
        indexing.follow_variants(template)
    return relation
