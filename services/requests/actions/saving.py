"""Save a view of the queue under a name, share it with the desk, drop it."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from services.requests import saved_views
from services.requests.lifecycle import ASSIGN
from services.requests.models import SavedView


@transaction.atomic
def save_view(name: str, query: str, *, is_shared: bool = False, by: Any) -> SavedView:
    """Save the view of a query string; the same name saves it anew. Only leads share.

    Raises ValidationError when this person, or the whole desk, has as many as fit.
    """
    _may_share(is_shared, by)
    view = SavedView.objects.filter(owner=by, name=name).first() or SavedView(owner=by, name=name)
    if view.pk is None and SavedView.objects.filter(owner=by).count() >= saved_views.AT_MOST:
        raise ValidationError(
            {"name": _("You have %(count)s views: drop one first.") % {"count": saved_views.AT_MOST}}
        )
    if is_shared and not view.is_shared:
        _check_room_for_shared()
    view.query, view.is_shared = saved_views.tidy(query), is_shared
    view.save()
    audit.record(view, "save", by=by, data={"is_shared": is_shared})
    return view


@transaction.atomic
def share_view(view: SavedView, *, is_shared: bool, by: Any) -> SavedView:
    """Give one's own view to everybody at the desk, or take it back; only leads may."""
    if view.owner_id != by.pk:
        raise PermissionDenied
    _may_share(is_shared or view.is_shared, by)
    if is_shared and not view.is_shared:
        _check_room_for_shared()
    view.is_shared = is_shared
    view.save(update_fields=["is_shared"])
    audit.record(view, "share" if is_shared else "unshare", by=by)
    return view


@transaction.atomic
def drop_view(view: SavedView, *, by: Any) -> None:
    """Drop a view: one's own, or as a lead one that is shared."""
    if view.owner_id != by.pk and not (view.is_shared and by.has_perm(ASSIGN)):
        raise PermissionDenied
    audit.record(view, "drop", by=by)
    view.delete()


def _may_share(is_shared: bool, by: Any) -> None:
    if is_shared and not by.has_perm(ASSIGN):
        raise PermissionDenied


def _check_room_for_shared() -> None:
    if SavedView.objects.filter(is_shared=True).count() >= saved_views.AT_MOST:
        raise ValidationError(
            {
                "is_shared": _("The desk has %(count)s shared views: drop one first.")
                % {"count": saved_views.AT_MOST}
            }
        )
