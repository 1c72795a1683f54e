"""What a voucher is worth, who may have one, and what it makes of a price: caps, limits, eligibility."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core import calendar, money
from core.criteria import Decision
from enterprises import eligibility
from enterprises.criteria import read_criteria
from enterprises.models import Enterprise, Membership
from services.cloud.models import CloudProduct, Fund, Programme, Voucher
from services.cloud.models.programmes import TAKES_APPLICATIONS
from services.cloud.models.vouchers import ACTIVE_STATES

PROVINCE = "370000"


def face_value(price_fen: int, *, eligible_percent: Decimal, rate_percent: Decimal, cap_fen: int) -> int:
    """Return rate × eligible price, rounded half up to fen, then capped (house rules §10.21)."""
    return min(money.percent_of(price_fen, eligible_percent * rate_percent / 100), cap_fen)


def payable(voucher: Voucher, invoice_fen: int) -> int:
    """Return what an invoice is worth: the least of rate × eligible price, cap and face value."""
    if voucher.price is None or voucher.rate_percent is None or voucher.cap_fen is None:
        raise ValueError(f"voucher {voucher.pk} was never submitted")
    reckoned = face_value(
        invoice_fen,
        eligible_percent=voucher.price.eligible_percent,
        rate_percent=voucher.rate_percent,
        cap_fen=voucher.cap_fen,
    )
    return min(reckoned, voucher.amount_fen or 0)


def invoice_key(number: str) -> str:
    """Give an invoice number in the form in which two are the same: NFKC, upper case, letters and digits.

    Source: house rules §10.21. "（鲁）no. 1234-５６" and "鲁NO123456" give the same.
    """
    folded = unicodedata.normalize("NFKC", number).upper()
    return "".join(sign for sign in folded if sign.isalnum())


def fund_for(programme: Programme, region: str | None) -> Fund | None:
    """Return the fund an enterprise of `region` draws on: the nearest of county, city, province.

    None without a region, or where the programme has no budget for it.
    """
    if not region:
        return None
    nearest = [region, f"{region[:4]}00", PROVINCE]
    funds = {fund.region_id: fund for fund in programme.funds.all()}
    return next((funds[code] for code in nearest if code in funds), None)


def judge(programme: Programme, enterprise: Enterprise, on: date) -> Decision:
    """Judge an enterprise by the criteria of a programme, with a reason for every one."""
    return eligibility.explain(read_criteria(programme.criteria), enterprise.facts.known(), on)


def has_stake(user: Any, enterprise: Enterprise) -> bool:
    """Tell whether a person acts, or has acted, for an enterprise: then they may not decide about it."""
    return Membership.objects.filter(user=user, enterprise=enterprise).exists()


def may_write(voucher: Voucher, user: Any) -> bool:
    """Tell whether `user` may act for the enterprise of a voucher: owners and editors, not viewers."""
    current = Membership.objects.current().filter(enterprise=voucher.enterprise_id, user=user)
    return any(membership.may_write for membership in current)


def is_over_yearly_limit(enterprise: Enterprise, programme: Programme, year: int) -> bool:
    """Tell whether one more submission in `year` would be too many; call it under the enterprise's lock."""
    counted = Voucher.objects.filter(enterprise=enterprise).counted_in(year).count()
    return counted >= programme.yearly_limit


def has_active(enterprise: Enterprise, programme: Programme) -> bool:
    rows = Voucher.objects.filter(enterprise=enterprise, programme=programme, state__in=ACTIVE_STATES)
    return rows.exists()


@dataclass(frozen=True)
class Offer:
    """What a voucher makes of the price of some units in the first year, in fen, under one programme.

    `is_waiting` says that the budget is used up and applications wait in time order.
    """

    programme: Programme
    price_fen: int
    voucher_fen: int
    closes_on: date
    is_waiting: bool

    @property
    def after_fen(self) -> int:
        return self.price_fen - self.voucher_fen


def open_programmes(on: date) -> list[Programme]:
    """Return the programmes that take applications on a day with their funds; two queries."""
    return list(Programme.objects.taking_applications(on).prefetch_related("funds"))


def best_offer(
    product: CloudProduct,
    enterprise: Enterprise | None = None,
    *,
    on: date | None = None,
    programmes: Iterable[Programme] | None = None,
    count: int = 1,
) -> Offer | None:
    """Return the offer that leaves the least to pay, money at hand before a waiting list; None without any.

    For a visitor any region counts. Pass `programmes` (from `open_programmes`) for a list of products: then
    nothing is queried but the product's prices, where they were not prefetched.
    """
    day = on or calendar.today()
    price = product.price_on(day)
    if price is None or not price.yearly_fen:
        return None
    running = open_programmes(day) if programmes is None else programmes
    offers = [
        _offer(programme, funds, price, count)
        for programme in running
        if programme.state in TAKES_APPLICATIONS
        for funds in [_funds(programme, enterprise)]
        if funds
    ]
    return min(offers, key=lambda offer: (offer.is_waiting, offer.after_fen), default=None)


def _funds(programme: Programme, enterprise: Enterprise | None) -> list[Fund]:
    if enterprise is None:
        return list(programme.funds.all())
    fund = fund_for(programme, enterprise.region_id)
    return [fund] if fund else []


def _offer(programme: Programme, funds: list[Fund], price: Any, count: int) -> Offer:
    worth = face_value(
        price.yearly_fen * count,
        eligible_percent=price.eligible_percent,
        rate_percent=programme.rate_percent,
        cap_fen=programme.cap_fen,
    )
    left = max(fund.available_fen for fund in funds)
    return Offer(programme, price.yearly_fen * count, worth, programme.closes_on, left < max(worth, 1))
