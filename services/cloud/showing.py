"""What the pages of the market show of a product, finished for the template."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from services.cloud import wording
from services.cloud.estimating import Estimate
from services.cloud.models import PriceVersion
from services.cloud.offers import OfferWords
from services.cloud.shelf import Shown


def card(shown: Shown, offer: OfferWords | None = None) -> dict[str, Any]:
    """Return one line of the list."""
    product, price = shown.product, shown.price
    return {
        "slug": product.slug,
        "name": product.name,
        "summary": product.summary,
        "url": reverse("cloud:product", args=[product.slug]),
        "provider": product.provider.name,
        "category": wording.CATEGORY_SHORT[product.category],
        "price": wording.price(price) if price else "",
        "first_year": wording.first_year(price) if price else "",
        "tier": wording.tier(shown.tier),
        "exit": wording.LEVELS[shown.lock_in.level],
        "is_sample": product.is_sample,
        "after_voucher": offer.after if offer else "",
    }


def page(shown: Shown, offer: OfferWords | None = None) -> dict[str, Any]:
    """Return what the page of one product shows."""
    product, price = shown.product, shown.price
    return {
        "product": product,
        "listing": shown.listing,
        "is_on_sale": product.state == product.State.LISTED and shown.listing.is_listed and price is not None,
        "provider_url": reverse("cloud:provider", args=[product.provider.slug]),
        "category": product.get_category_display(),
        "needs": wording.needs(product),
        "tier": shown.tier,
        "tier_words": wording.tier(shown.tier),
        "costs": _costs(price) if price else [],
        "offer": offer,
        "terms": _terms(shown),
        "lock_in": shown.lock_in,
        "lock_in_level": wording.LEVELS[shown.lock_in.level],
        "points": [
            {
                "label": wording.POINTS[point.code],
                "adds": point.adds,
                "weight": point.weight,
                "is_stated": point.is_stated,
            }
            for point in shown.lock_in.points
        ],
        "history": [
            {
                "from": row.valid_from,
                "words": wording.price(row),
                "set_up": wording.set_up(row),
                "note": row.note,
            }
            for row in _told(shown)
        ],
    }


def estimate(found: Estimate) -> list[dict[str, str]]:
    """Return the lines of a sum over several years; what would be nothing is left out."""
    wanted = found.wanted
    lines = [
        (_("First year, set-up included"), wording.yuan(found.first_fen)),
        (_("of it set-up"), wording.yuan(found.setup_fen) if found.setup_fen else ""),
        (_("Each later year"), wording.yuan(found.later_fen) if wanted.years > 1 else ""),
        (_("A voucher takes off"), wording.yuan(found.voucher_fen) if found.voucher_fen else ""),
        (wording.over_years(wanted), wording.yuan(found.total_fen)),
        (_("If you leave then"), _leaving(found.exit_fen)),
    ]
    return [{"label": label, "value": value} for label, value in lines if value]


def _leaving(fen: int | None) -> str:
    if fen is None:
        return _("Not stated by the provider")
    return wording.yuan(fen) if fen else _("none")


def _told(shown: Shown) -> list[PriceVersion]:
    """Return every approved price, the newest first; the loaded rows hold no others."""
    return list(shown.product.prices.all())


def _costs(price: PriceVersion) -> list[dict[str, str]]:
    return [
        {"label": _("Price"), "value": wording.price(price)},
        {"label": _("One-time set-up"), "value": wording.set_up(price)},
        {"label": _("First year for one"), "value": wording.first_year(price)},
        {
            "label": _("Share that support may be reckoned on"),
            "value": _("%(percent)s %% of the price")
            % {"percent": f"{price.eligible_percent.normalize():f}"},
        },
    ]


def _terms(shown: Shown) -> list[dict[str, str]]:
    product = shown.product
    return [
        {"label": _("Ways to take your data out"), "value": wording.exports(product)},
        {"label": _("Notice to leave"), "value": wording.days(product.notice_days)},
        {"label": _("Shortest contract"), "value": wording.months(product.minimum_months)},
        {"label": _("Data kept after the end"), "value": wording.days(product.keeps_data_days)},
        {"label": _("Fee to leave"), "value": wording.exit_fee(product)},
        {"label": _("Terms on leaving"), "value": product.exit_terms},
    ]
