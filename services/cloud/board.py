"""What waits at the desk in this room: vouchers and projects by office, providers, prices, plans, appeals."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.board import Work, listed
from services.cloud.models import (
    Conversion,
    Flag,
    Listing,
    ListingState,
    Onboarding,
    PriceVersion,
    Sanction,
    UseCheck,
    Voucher,
)
from services.cloud.models.conversions import CONVERSION_QUEUES
from services.cloud.models.vouchers import QUEUES as VOUCHER_QUEUES


def work(user: Any) -> Iterator[Work]:
    yield from _vouchers(user)
    yield from _conversions(user)
    yield from _market(user)
    yield from _plans(user)


def _vouchers(user: Any) -> Iterator[Work]:
    """Yield the vouchers that wait for the county, the city and finance, and what looks wrong."""
    if not user.has_perm("cloud.view_voucher"):
        return
    rows = Voucher.objects.in_scope_of(user)
    for permission, queue, label in (
        ("cloud.pass_voucher", "county", _("Vouchers to examine")),
        ("cloud.approve_voucher", "city", _("Vouchers and claims to decide")),
        ("cloud.settle_voucher", "finance", _("Vouchers to pay or get back")),
    ):
        waiting, url = rows.filter(state__in=VOUCHER_QUEUES[queue]), listed("cloud_voucher", queue=queue)
        yield Work(permission, f"vouchers_{queue}", label, waiting, url)
    flagged = rows.filter(flags__in=Flag.objects.open()).distinct()
    url = listed("cloud_voucher", queue="flagged")
    yield Work("cloud.clear_flag", "signals", _("Vouchers with a signal"), flagged, url, "soon")


def _conversions(user: Any) -> Iterator[Work]:
    """Yield the conversion projects that wait for the county, the city and finance."""
    if not user.has_perm("cloud.view_conversion"):
        return
    rows = Conversion.objects.in_scope_of(user)
    for permission, queue, label in (
        ("cloud.confirm_conversion", "county", _("Filings of conversion projects to check")),
        ("cloud.accept_conversion", "city", _("Conversion projects to accept")),
        ("cloud.pay_conversion", "finance", _("Rewards of conversion projects to pay")),
    ):
        waiting = rows.filter(state__in=CONVERSION_QUEUES[queue])
        yield Work(
            permission, f"conversions_{queue}", label, waiting, listed("cloud_conversion", queue=queue)
        )


def _market(user: Any) -> Iterator[Work]:
    """Yield providers, appeals and prices; nobody decides about what they did themselves."""
    applied, proposed, appealed = ListingState.APPLIED, PriceVersion.State.PROPOSED, Sanction.Appeal.OPEN
    yield Work(
        "cloud.check_listing",
        "providers",
        _("Providers to check"),
        Listing.objects.filter(state=applied),
        listed("cloud_listing", state__exact=applied),
    )
    yield Work(
        "cloud.answer_appeal",
        "appeals",
        _("Appeals to answer"),
        Sanction.objects.filter(appeal=appealed).exclude(imposed_by=user),
        listed("cloud_sanction", appeal__exact=appealed),
    )
    yield Work(
        "cloud.review_cloudproduct",
        "prices",
        _("Prices to review"),
        PriceVersion.objects.filter(state=proposed).exclude(proposed_by=user),
        listed("cloud_priceversion", state__exact=proposed),
    )


def _plans(user: Any) -> Iterator[Work]:
    """Yield plans and proofs of real use in the regions of this person."""
    plans, handed_in = Onboarding.objects.in_scope_of(user), UseCheck.State.HANDED_IN
    yield Work(
        "cloud.help_onboarding",
        "plans",
        _("Cloud plans that wait for us"),
        plans.waiting_for_staff(),
        listed("cloud_onboarding", turn="staff"),
    )
    yield Work(
        "cloud.help_onboarding",
        "proofs",
        _("Proofs of real use to check"),
        UseCheck.objects.filter(state=handed_in, onboarding__in=plans),
        listed("cloud_usecheck", state__exact=handed_in),
    )
