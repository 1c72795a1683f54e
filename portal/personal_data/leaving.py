"""What an account leaves behind: enterprises it alone owns, and what hinders closing it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from enterprises.models import Enterprise, Membership
from services.cloud.models import Voucher
from services.cloud.models.vouchers import ACTIVE_STATES
from services.requests.models import OPEN_STATES, ServiceRequest


@dataclass(frozen=True)
class Alone:
    """An enterprise that would be without an owner, who could own it instead, and what would end with it."""

    enterprise: Enterprise
    heirs: list[Membership]
    open_requests: int
    vouchers: list[Voucher]

    @property
    def field(self) -> str:
        """Return the name of its field in the form."""
        return f"enterprise_{self.enterprise.pk}"

    @property
    def may_end(self) -> bool:
        """Tell whether it can end: not while a voucher holds public money."""
        return not self.vouchers


def left_alone(user: Any) -> list[Alone]:
    """Return the enterprises whose only owner is this person, by name."""
    owned = Membership.objects.owners().filter(user=user).select_related("enterprise")
    rows = []
    for membership in owned.order_by("enterprise__name", "pk"):
        members = Membership.objects.current().filter(enterprise=membership.enterprise).exclude(user=user)
        if not members.filter(role=Membership.Role.OWNER).exists():
            rows.append(_alone(membership.enterprise, list(members.select_related("user").order_by("pk"))))
    return rows


def _alone(enterprise: Enterprise, heirs: list[Membership]) -> Alone:
    return Alone(
        enterprise,
        heirs,
        ServiceRequest.objects.filter(enterprise=enterprise, state__in=OPEN_STATES).count(),
        list(Voucher.objects.filter(enterprise=enterprise, state__in=ACTIVE_STATES).order_by("pk")),
    )


def hindrance(user: User) -> dict[str, str]:
    """Say why this account cannot be closed by its owner: `text` and perhaps a `url`; {} when it can."""
    if user.is_staff:
        return {"text": _("Accounts of the staff are closed by an administrator.")}
    for alone in left_alone(user):
        if alone.vouchers and not alone.heirs:
            voucher = alone.vouchers[0]
            return {
                "text": _(
                    "The voucher %(reference)s of %(name)s is still open. Withdraw it or finish it first."
                )
                % {"reference": voucher.reference, "name": alone.enterprise.name},
                "url": reverse("cloud:voucher", args=[voucher.reference]),
            }
    return {}
