"""Who stands on which side of a request: the people who asked, and the staff who may hold it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from enterprises.models import Enterprise, Membership, StaffScope, region_prefix
from services.requests.models import ServiceRequest, ServiceRequestQuerySet, scope_condition

APP_LABEL = "service_requests"


def may_write(service_request: ServiceRequest, user: Any) -> bool:
    """Tell whether `user`, who can see the request, may act on it: owners and editors, not viewers."""
    if service_request.enterprise_id is None:
        return service_request.requester_id == user.pk
    memberships = Membership.objects.current().filter(enterprise=service_request.enterprise_id, user=user)
    return any(membership.may_write for membership in memberships)


def readers(service_request: ServiceRequest) -> list[Any]:
    """Return the people told on the enterprise's side: who asked, or the owners once that person has left.

    Followers are told too, as long as they act for the enterprise.
    """
    requester = service_request.requester
    if service_request.enterprise_id is None:
        return [requester] if requester and requester.is_active else []
    current = Membership.objects.current().filter(
        enterprise=service_request.enterprise_id, user__is_active=True
    )
    following = current.filter(user__in=service_request.followers.values("user")).select_related("user")
    if requester and current.filter(user=requester).exists():
        first = [requester]
    else:
        owners = current.filter(role=Membership.Role.OWNER).select_related("user").order_by("pk")
        first = [membership.user for membership in owners]
    others = [membership.user for membership in following.order_by("pk")]
    return first + [person for person in others if person not in first]


def may_follow(service_request: ServiceRequest) -> QuerySet[Membership]:
    """Return the memberships of the enterprise whose people neither asked nor follow."""
    current = Membership.objects.current().filter(
        enterprise=service_request.enterprise_id, user__is_active=True
    )
    following = service_request.followers.values("user")
    others = current.exclude(user=service_request.requester_id).exclude(user__in=following)
    return others.select_related("user").order_by("pk")


def staff_with(codename: str, label: str = APP_LABEL) -> QuerySet[Any]:
    """Return the active members of staff who hold a permission through a role or directly.

    A permission of this room, or of the room above whose app `label` is given.
    """
    permissions = Permission.objects.filter(codename=codename, content_type__app_label=label)
    people: QuerySet[Any] = get_user_model()._default_manager.filter(is_active=True, is_staff=True)
    return (
        people.filter(Q(groups__permissions__in=permissions) | Q(user_permissions__in=permissions))
        .distinct()
        .order_by("pk")
    )


def staff_for(enterprise: Enterprise, codename: str, label: str = APP_LABEL) -> list[Any]:
    """Return who holds a permission and works for the region of an enterprise; two queries, however many."""
    people = staff_with(codename, label).prefetch_related("scopes")
    return [person for person in people if StaffScope.covers(person, enterprise.region_id)]


def may_hold(service_request: ServiceRequest) -> list[Any]:
    """Return the triage officers in whose region and group the request lies."""
    return [person for person in staff_with("triage") if is_in_scope(service_request, person)]


def leads(service_request: ServiceRequest) -> list[Any]:
    """Return the triage leads (who may assign) in scope of the request."""
    return [person for person in staff_with("assign") if is_in_scope(service_request, person)]


def is_in_scope(service_request: ServiceRequest, user: Any) -> bool:
    return ServiceRequest.objects.in_scope_of(user).filter(pk=service_request.pk).exists()


@dataclass(frozen=True)
class Reach:
    """One person's scopes, to judge a request before it has its queue; none means everything."""

    scopes: tuple[tuple[str | None, str], ...]

    def covers(self, region: str, group: str) -> bool:
        return not self.scopes or any(
            (not its_region or region.startswith(region_prefix(its_region))) and its_group in ("", group)
            for its_region, its_group in self.scopes
        )


def reach(user: Any) -> Reach:
    return Reach(tuple(StaffScope.objects.filter(user=user).values_list("region_id", "group")))


def in_nobodys_scope(rows: ServiceRequestQuerySet) -> ServiceRequestQuerySet:
    """Keep the requests that no triage officer sees by region and group; two queries and the result's own."""
    seen = Q()
    for granted in _scopes().values():
        if not granted or (None, "") in granted:
            return rows.none()
        seen |= _any_of(granted)
    return rows.exclude(seen) if seen else rows.none()


def held_by_nobody_in_charge() -> ServiceRequestQuerySet:
    """Return open requests whose holder no longer triages, or no longer works for that region and group."""
    scopes = _scopes()
    lost = ~Q(holder__in=list(scopes))
    for person, granted in scopes.items():
        if granted and (None, "") not in granted:
            lost |= Q(holder=person) & ~(_any_of(granted) | Q(for_everyone=True))
    return ServiceRequest.objects.open().filter(lost, holder__isnull=False)


def _scopes() -> dict[int, list[tuple[str | None, str]]]:
    """Return region and group of every triage officer's scopes; none means everything."""
    scopes: dict[int, list[tuple[str | None, str]]] = {
        number: [] for number in staff_with("triage").values_list("pk", flat=True)
    }
    rows = StaffScope.objects.filter(user__in=list(scopes)).values_list("user", "region_id", "group")
    for user, region, group in rows:
        scopes[user].append((region, group))
    return scopes


def _any_of(granted: list[tuple[str | None, str]]) -> Q:
    found = Q()
    for scope in granted:
        found |= scope_condition(*scope)
    return found
