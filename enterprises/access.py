"""Who may: acting for an enterprise, writing for it, owning it.

Views of enterprise users carry one of the three decorators; rows are fetched through `for_member` or
through `request.enterprise`, so that everybody else's do not exist.
"""

from collections.abc import Callable, MutableMapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from accounts.models import User
from enterprises.models import Enterprise, Membership
from notifications.models import Notification

SESSION_KEY = "enterprise"
P = ParamSpec("P")


class PortalRequest(HttpRequest):
    """A request of anybody, as `CurrentEnterprise` hands it on: None where nobody acts for an enterprise."""

    enterprise: Enterprise | None
    membership: Membership | None
    memberships: list[Membership]


class MemberRequest(HttpRequest):
    """A request of someone who acts for an enterprise, as the decorators below hand it on."""

    user: User
    enterprise: Enterprise
    membership: Membership
    memberships: list[Membership]


View = Callable[Concatenate[Any, P], HttpResponseBase]


def memberships_of(user: Any) -> list[Membership]:
    """Return the current memberships of a person with their enterprises, oldest first; one query."""
    return list(
        Membership.objects.current().filter(user=user).select_related("enterprise").order_by("began_at", "pk")
    )


def current_membership(memberships: list[Membership], session: MutableMapping[str, Any]) -> Membership | None:
    """Return the membership chosen with the switcher, else the oldest, else None."""
    chosen = session.get(SESSION_KEY) if len(memberships) > 1 else None
    return next((item for item in memberships if str(item.key) == chosen), None) or next(
        iter(memberships), None
    )


def switch_to(request: Any, key: UUID) -> Membership | None:
    """Remember for this session for which enterprise the person acts; None when it is not one of theirs."""
    for membership in request.memberships:
        if membership.key == key:
            request.session[SESSION_KEY] = str(key)
            return membership
    return None


def needs_enterprise(view: View[P]) -> View[P]:
    """Let in whoever acts for an enterprise, in any role; send the others to registration."""

    @wraps(view)
    def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.enterprise is None:
            return HttpResponseRedirect(reverse("enterprises:register"))
        return view(request, *args, **kwargs)

    return guarded


def needs_writer(view: View[P]) -> View[P]:
    """Let in owners and editors; refuse a viewer with 403, send those without enterprise to registration."""
    return _needs(view, lambda membership: membership.may_write)


def needs_owner(view: View[P]) -> View[P]:
    """Let in owners; refuse editors and viewers with 403, send those without enterprise to registration."""
    return _needs(view, lambda membership: membership.role == Membership.Role.OWNER)


def _needs(view: View[P], allows: Callable[[Membership], bool]) -> View[P]:
    @needs_enterprise
    @wraps(view)
    def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not allows(request.membership):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def reader_still_acts(notification: Notification) -> bool:
    """Tell whether the reader of a letter still acts for the enterprise it is about."""
    current = Membership.objects.current().filter(user=notification.recipient_id)
    return current.filter(enterprise=notification.enterprise_id).exists()
