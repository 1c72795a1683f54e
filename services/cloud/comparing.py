"""Products side by side: one row a question, one column a product; what is not stated says so."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from services.cloud import wording
from services.cloud.estimating import Estimate, Wanted
from services.cloud.offers import OfferWords
from services.cloud.shelf import Shown

MOST = 3


@dataclass(frozen=True)
class Row:
    """One line of the comparison; "" in `cells` is not stated. `differs` marks what sets them apart."""

    head: str
    cells: list[str]

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1


def table(shown: list[Shown], offers: dict[str, OfferWords], estimates: dict[str, Estimate]) -> list[Row]:
    """Return the rows of the comparison; none without products, no voucher row without an offer."""
    if not shown:
        return []
    return [
        Row(_("Provider"), [row.product.provider.name for row in shown]),
        Row(_("Tier of the provider"), [wording.tier(row.tier) for row in shown]),
        Row(_("Good for"), [wording.listed(wording.needs(row.product)) for row in shown]),
        Row(_("Price"), [wording.price(row.price) if row.price else "" for row in shown]),
        Row(_("One-time set-up"), [wording.set_up(row.price) if row.price else "" for row in shown]),
        Row(_("First year for one"), [wording.first_year(row.price) if row.price else "" for row in shown]),
        *([Row(_("After a voucher"), [_after(row, offers) for row in shown])] if offers else []),
        Row(_total_head(estimates), [_total(row, estimates) for row in shown]),
        Row(_("Ways to take your data out"), [wording.exports(row.product) for row in shown]),
        Row(_("Notice to leave"), [wording.days(row.product.notice_days) for row in shown]),
        Row(_("Shortest contract"), [wording.months(row.product.minimum_months) for row in shown]),
        Row(_("Data kept after the end"), [wording.days(row.product.keeps_data_days) for row in shown]),
        Row(_("Fee to leave"), [wording.exit_fee(row.product) for row in shown]),
        Row(_("Lock-in, 0 to 100"), [wording.lock_in_score(row.lock_in) for row in shown]),
    ]


def _after(row: Shown, offers: dict[str, OfferWords]) -> str:
    offer = offers.get(row.product.slug)
    return offer.after if offer else _("no voucher for it")


def _total_head(estimates: dict[str, Estimate]) -> str:
    wanted = next(iter(estimates.values())).wanted if estimates else Wanted()
    return wording.over_years(wanted)


def _total(row: Shown, estimates: dict[str, Estimate]) -> str:
    found = estimates.get(row.product.slug)
    return wording.yuan(found.total_fen) if found else ""
