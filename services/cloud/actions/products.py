"""Review and list products, propose and approve prices; each by two people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar
from services.cloud.lifecycle.products import PRICE, PRODUCT
from services.cloud.models import CloudProduct, Listing, PriceVersion
from services.cloud.notifications import market


def review(product: CloudProduct, *, by: Any) -> CloudProduct:
    """Say that name, terms and price are right; the reviewer did not enter the product.

    Data-export terms are required of every product.
    """
    if product.author_id == by.pk:
        raise ValidationError(_("You have entered this product; somebody else reviews it."))
    if not product.export_formats or not product.exit_terms_zh:
        raise ValidationError(_("State how the data can be taken out and the terms on leaving first."))
    if not product.prices.exists():
        raise ValidationError(_("Propose a price first."))
    return PRODUCT.apply(product, "review", by=by, reviewed_by=by, reviewed_at=calendar.now())


def return_to_author(product: CloudProduct, *, reason: str, by: Any) -> CloudProduct:
    """Give a product back to be changed; it needs a review again."""
    return PRODUCT.apply(
        product, "return_to_author", by=by, reason=reason, reviewed_by=None, reviewed_at=None
    )


def list_product(product: CloudProduct, *, by: Any) -> CloudProduct:
    """Put a reviewed product on the list: its provider is listed and a price is in force."""
    listing = Listing.objects.filter(provider=product.provider_id).first()
    if listing is None or not listing.is_listed:
        raise ValidationError(_("The provider is not listed; a product follows its provider."))
    if product.price_on(calendar.today()) is None:
        raise ValidationError(_("No approved price is in force today."))
    return PRODUCT.apply(product, "list", by=by, listed_at=calendar.now())


def delist(product: CloudProduct, *, reason: str, by: Any) -> CloudProduct:
    """Take a product off the list; its page stays and says so, running contracts go on."""
    return PRODUCT.apply(product, "delist", by=by, reason=reason)


@transaction.atomic
def propose_price(
    product: CloudProduct,
    *,
    price_fen: int,
    unit: str,
    period: str,
    valid_from: date,
    by: Any,
    setup_fen: int = 0,
    eligible_percent: Decimal = Decimal(100),
    note: str = "",
) -> PriceVersion:
    """Propose a price from a day on, today at the earliest; money in fen. The reviewers are told."""
    if valid_from < calendar.today():
        raise ValidationError({"valid_from": _("A price cannot begin in the past.")})
    price = PriceVersion.objects.create(
        product=product,
        price_fen=price_fen,
        unit=unit,
        period=period,
        valid_from=valid_from,
        setup_fen=setup_fen,
        eligible_percent=eligible_percent,
        note=note,
        proposed_by=by,
    )
    audit.record(price, "propose", by=by, after=price.state, data={"price_fen": price_fen})
    market.tell_price(price)
    return price


def approve_price(price: PriceVersion, *, by: Any) -> PriceVersion:
    """Bring a price into force on its day; whoever proposed it cannot."""
    if price.proposed_by_id == by.pk:
        raise ValidationError(_("You have proposed this price; somebody else approves it."))
    if price.valid_from < calendar.today():
        raise ValidationError(_("Its first day has passed; a price does not begin in the past."))
    others = price.product.prices.filter(state=PriceVersion.State.APPROVED, valid_from=price.valid_from)
    if others.exists():
        raise ValidationError(_("Another price begins on the same day."))
    return PRICE.apply(price, "approve", by=by, decided_by=by, decided_at=calendar.now())


def refuse_price(price: PriceVersion, *, reason: str, by: Any) -> PriceVersion:
    """Refuse a proposed price; the one in force stays."""
    if price.proposed_by_id == by.pk:
        raise ValidationError(_("You have proposed this price; somebody else decides about it."))
    return PRICE.apply(price, "refuse", by=by, reason=reason, decided_by=by, decided_at=calendar.now())
