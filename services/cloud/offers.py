"""What a voucher makes of the prices of the market, in words: price after it, what is left, last day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core import money
from enterprises.models import Enterprise
from services.cloud import vouchers
from services.cloud.models import Programme
from services.cloud.shelf import Shown
from services.cloud.vouchers import Offer


@dataclass(frozen=True)
class OfferWords:
    """An offer as a page says it; `stock` says what is left and until when one may apply."""

    after: str
    stock: str


def of(
    rows: Iterable[Shown], enterprise: Enterprise | None, day: date, running: list[Programme]
) -> dict[str, OfferWords]:
    """Return the best offer of the `running` programmes by address of the product, where there is one.

    With an enterprise only the budget it draws on counts, for a visitor any.
    """
    found = {
        row.product.slug: vouchers.best_offer(row.product, enterprise, on=day, programmes=running)
        for row in rows
    }
    return {slug: _words(offer, enterprise) for slug, offer in found.items() if offer and offer.voucher_fen}


def worth(
    rows: Iterable[Shown],
    enterprise: Enterprise | None,
    day: date,
    running: list[Programme],
    *,
    count: int,
) -> dict[str, int]:
    """Return what a voucher for so many units takes off, in fen, by address; nothing where one must wait."""
    found = {
        row.product.slug: vouchers.best_offer(
            row.product, enterprise, on=day, programmes=running, count=count
        )
        for row in rows
    }
    return {slug: offer.voucher_fen for slug, offer in found.items() if offer and not offer.is_waiting}


def _words(offer: Offer, enterprise: Enterprise | None) -> OfferWords:
    after = _("¥%(after)s in the first year with a voucher of ¥%(voucher)s") % {
        "after": money.in_yuan(offer.after_fen),
        "voucher": money.in_yuan(offer.voucher_fen),
    }
    if offer.is_waiting:
        words = _("The budget is used up at present; applications wait in order of time. Apply by %(day)s.")
        return OfferWords(after, words % {"day": offer.closes_on})
    words = _("¥%(left)s left in the budget. Apply by %(day)s.")
    return OfferWords(
        after, words % {"left": money.in_yuan(_left(offer, enterprise)), "day": offer.closes_on}
    )


def _left(offer: Offer, enterprise: Enterprise | None) -> int:
    """Return what the budget of this enterprise holds, for a visitor all budgets together."""
    funds = offer.programme.funds.all()
    if enterprise is not None:
        own = vouchers.fund_for(offer.programme, enterprise.region_id)
        return own.available_fen if own else 0
    return sum(fund.available_fen for fund in funds)
