"""Two enterprises that are one and the same become one; for seven days it can be undone."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar
from core.lifecycle import TransitionRefused
from enterprises import merging
from enterprises.actions.fact import follow_facts
from enterprises.models import Enterprise, EnterpriseFacet, EnterpriseMerge, Fact, Membership
from enterprises.notifications import MERGED, UNMERGED, post

UNDO_DAYS = 7
MERGE = "enterprises.merge_enterprise"


@transaction.atomic
def merge_enterprises(kept: Enterprise, joined: Enterprise, *, reason: str, by: Any) -> EnterpriseMerge:
    """Merge `joined` into `kept`: its people, requests and papers come over; both sides' owners are told.

    Staff with `enterprises.merge_enterprise` may, for enterprises in their regions. The merged row stays with
    its credit code, which leads to the kept one from now on. Raises PermissionDenied, and ValidationError
    naming `other` where the two cannot become one.
    """
    _check_right(by, kept, joined)
    kept, joined = _locked(kept, joined)
    _check_together(kept, joined)
    told = _owners(kept) | _owners(joined)
    # First, so that the database lets rows follow that otherwise never change their enterprise.
    joined.merged_into = kept
    joined.save(update_fields=["merged_into"])
    moved = merging.move(joined, kept)
    ended = list(joined.memberships.current().values_list("pk", flat=True))
    Membership.objects.filter(pk__in=ended).update(ended_at=calendar.now())
    done = EnterpriseMerge.objects.create(kept=kept, joined=joined, moved=moved, ended=ended, merged_by=by)
    EnterpriseFacet.objects.filter(enterprise=joined).delete()  # no policy is matched with it any more
    follow_facts(kept)
    audit.record(joined, "merged", by=by, data={"into": kept.pk}, detail={"reason": reason})
    event = audit.record(kept, "took_over", by=by, data={"joined": joined.pk}, detail={"reason": reason})
    for reader in sorted(told, key=lambda person: person.pk):
        post(MERGED, kept, reader, event, context=_named(kept, joined) | {"reason": reason})
    return done


@transaction.atomic
def unmerge_enterprises(joined: Enterprise, *, by: Any) -> Enterprise:
    """Undo a merge within seven days: what came over goes back, who had acted for both does so again.

    Raises TransitionRefused later than that, or where nothing is merged.
    """
    done = merge_to_undo(joined)
    if done is None:
        raise TransitionRefused("state", "unmerge", "")
    _check_right(by, done.kept, joined)
    kept, joined = _locked(done.kept, joined)
    merging.move_back(done.moved, joined, kept)
    Membership.objects.filter(pk__in=done.ended).update(ended_at=None)
    _make_current(joined)
    joined.merged_into = None
    joined.save(update_fields=["merged_into"])
    done.undone_at = calendar.now()
    done.save(update_fields=["undone_at"])
    follow_facts(joined)
    follow_facts(kept)
    event = audit.record(joined, "unmerged", by=by, data={"from": kept.pk})
    for reader in sorted(_owners(kept) | _owners(joined), key=lambda person: person.pk):
        post(UNMERGED, None, reader, event, context=_named(kept, joined))
    return joined


def merge_to_undo(joined: Enterprise) -> EnterpriseMerge | None:
    """Return the merge of a merged enterprise that may still be undone."""
    since = calendar.now() - timedelta(days=UNDO_DAYS)
    found = EnterpriseMerge.objects.filter(joined=joined, undone_at=None, merged_at__gte=since)
    return found.select_related("kept", "joined").first()


def _check_right(by: Any, *both: Enterprise) -> None:
    inside = Enterprise.objects.in_scope_of(by).filter(pk__in=[one.pk for one in both]).count()
    if not by.has_perm(MERGE) or inside != len({one.pk for one in both}):
        raise PermissionDenied


def _check_together(kept: Enterprise, joined: Enterprise) -> None:
    if kept.pk == joined.pk:
        raise ValidationError({"other": _("This is the same enterprise.")})
    if kept.merged_into_id or joined.merged_into_id:
        raise ValidationError({"other": _("One of the two is merged into another already.")})
    if found := merging.hinders(joined, kept):
        words = _("Both have running %(tables)s that cannot be put together. Finish those of one first.")
        raise ValidationError({"other": words % {"tables": ", ".join(found)}})


def _locked(kept: Enterprise, joined: Enterprise) -> tuple[Enterprise, Enterprise]:
    both = Enterprise.objects.select_for_update(of=("self",)).order_by("pk")
    rows = {row.pk: row for row in both.filter(pk__in=[kept.pk, joined.pk])}
    return rows[kept.pk], rows[joined.pk]


def _make_current(joined: Enterprise) -> None:
    """Let each fact that came back count again, even where the kept enterprise has said another since."""
    rows = joined.facts.order_by("code", "-is_current", "-pk").distinct("code").values_list("pk", flat=True)
    Fact.objects.filter(pk__in=list(rows)).update(is_current=True)


def _owners(enterprise: Enterprise) -> set[Any]:
    return {owner.user for owner in enterprise.memberships.owners().select_related("user")}


def _named(kept: Enterprise, joined: Enterprise) -> dict[str, Any]:
    return {"kept": kept.name, "joined": joined.name, "joined_uscc": joined.uscc, "days": UNDO_DAYS}
