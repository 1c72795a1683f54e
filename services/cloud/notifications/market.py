"""What providers and the staff who check them are told."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications import outbox
from notifications.kinds import Kind, declare
from notifications.models import Notification
from notifications.outbox import Letter
from services.cloud.models import Listing, ListingState, PriceVersion, Sanction
from services.requests.parties import staff_with


def _listing_of(notification: Notification) -> Listing | None:
    return Listing.objects.filter(provider__slug=notification.subject_code).first()


def waits_for_check(notification: Notification) -> bool:
    listing = _listing_of(notification)
    return listing is not None and listing.state in {ListingState.APPLIED, ListingState.CHECKING}


def recheck_still_due(notification: Notification) -> bool:
    listing = _listing_of(notification)
    return bool(listing and str(listing.recheck_on) == notification.context["until"])


def still_represents(notification: Notification) -> bool:
    listing = _listing_of(notification)
    return listing is not None and listing.representative_id == notification.recipient_id


def appeal_is_open(notification: Notification) -> bool:
    number = notification.context["sanction"]
    return Sanction.objects.filter(pk=number, appeal=Sanction.Appeal.OPEN).exists()


def price_waits(notification: Notification) -> bool:
    number = notification.context["price"]
    return PriceVersion.objects.filter(pk=number, state=PriceVersion.State.PROPOSED).exists()


APPLIED = declare(
    Kind("cloud.provider_applied", _("A cloud provider applies"), audience="staff", still_due=waits_for_check)
)
CHECKED = declare(
    Kind(
        "cloud.provider_ready",
        _("A cloud provider is checked and can be listed"),
        audience="staff",
        still_due=waits_for_check,
    )
)
DECIDED = declare(
    Kind(
        "cloud.provider_decided",
        _("Your entry in the cloud catalogue is decided"),
        still_due=still_represents,
    )
)
RECHECK = declare(
    Kind(
        "cloud.recheck_due",
        _("The yearly check of a cloud provider runs out"),
        audience="staff",
        still_due=recheck_still_due,
    )
)
SANCTIONED = declare(
    Kind(
        "cloud.sanctioned",
        _("A sanction in the cloud catalogue"),
        can_wait=False,
        still_due=still_represents,
    )
)
APPEALED = declare(
    Kind("cloud.appealed", _("A cloud provider appeals"), audience="staff", still_due=appeal_is_open)
)
APPEAL_ANSWERED = declare(
    Kind("cloud.appeal_answered", _("Your appeal is answered"), can_wait=False, still_due=still_represents)
)
PRICE_PROPOSED = declare(
    Kind("cloud.price_proposed", _("A price waits for review"), audience="staff", still_due=price_waits)
)


def tell_checkers(listing: Listing, *, key: str) -> int:
    """Tell the staff who check providers that an application waits."""
    return _tell_staff(APPLIED, listing, "check_listing", key=key)


def tell_approvers(listing: Listing, *, by: Any, key: str) -> int:
    """Tell the staff who list providers, without the one who checked."""
    return _tell_staff(CHECKED, listing, "approve_listing", key=key, but=by)


def tell_recheck(listing: Listing) -> int:
    return _tell_staff(
        RECHECK, listing, "check_listing", key=f"recheck {listing.recheck_on}", until=str(listing.recheck_on)
    )


def tell_decision(listing: Listing, *, key: str, reason: str = "") -> int:
    return _tell_representative(DECIDED, listing, key=key, state=listing.state, reason=reason)


def tell_sanction(sanction: Sanction) -> int:
    return _tell_representative(
        SANCTIONED,
        sanction.listing,
        key=str(sanction.pk),
        sanction=sanction.kind,
        reason_zh=sanction.reason_zh,
        reason_en=sanction.reason_en or sanction.reason_zh,
        until=str(sanction.appeal_until or ""),
    )


def tell_appeal(sanction: Sanction) -> int:
    """Tell the staff who answer appeals, without the one who imposed the sanction."""
    url = reverse("admin:cloud_sanction_change", args=[sanction.pk])
    return outbox.post(
        APPEALED,
        *(
            Letter(
                key=str(sanction.pk),
                recipient=person,
                subject_code=sanction.listing.provider.slug,
                url=url,
                context={
                    **_names(sanction.listing),
                    "sanction": sanction.pk,
                    "due": str(sanction.appeal_due_on),
                },
            )
            for person in staff_with("answer_appeal", label="cloud")
            if person.pk != sanction.imposed_by_id
        ),
    )


def tell_appeal_answer(sanction: Sanction) -> int:
    return _tell_representative(
        APPEAL_ANSWERED,
        sanction.listing,
        key=f"{sanction.pk}",
        outcome=sanction.appeal,
        answer=sanction.answer,
    )


def tell_price(price: PriceVersion) -> int:
    """Tell the reviewers of prices, without the one who proposed it."""
    url = reverse("admin:cloud_priceversion_change", args=[price.pk])
    product = price.product
    return outbox.post(
        PRICE_PROPOSED,
        *(
            Letter(
                key=str(price.pk),
                recipient=person,
                subject_code=product.slug,
                url=url,
                context={
                    "name_zh": product.name_zh,
                    "name_en": product.name_en or product.name_zh,
                    "price": price.pk,
                    "day": str(price.valid_from),
                },
            )
            for person in staff_with("review_cloudproduct", label="cloud")
            if person.pk != price.proposed_by_id
        ),
    )


def _tell_staff(
    kind: Kind, listing: Listing, codename: str, *, key: str, but: Any = None, **context: Any
) -> int:
    url = reverse("admin:cloud_listing_change", args=[listing.pk])
    return outbox.post(
        kind,
        *(
            Letter(
                key=f"{listing.pk}:{key}",
                recipient=person,
                subject_code=listing.provider.slug,
                url=url,
                context={**_names(listing), **context},
            )
            for person in staff_with(codename, label="cloud")
            if but is None or person.pk != but.pk
        ),
    )


def _tell_representative(kind: Kind, listing: Listing, *, key: str, **context: Any) -> int:
    """Tell whoever speaks for the provider; nobody when it was entered at the desk."""
    person = listing.representative
    if person is None or not person.is_active:
        return 0
    letter = Letter(
        key=f"{listing.pk}:{key}",
        recipient=person,
        subject_code=listing.provider.slug,
        url=reverse("cloud:my_listing"),
        context={**_names(listing), **context},
    )
    return outbox.post(kind, letter)


def _names(listing: Listing) -> dict[str, str]:
    provider = listing.provider
    return {"name_zh": provider.name_zh, "name_en": provider.name_en or provider.name_zh}
