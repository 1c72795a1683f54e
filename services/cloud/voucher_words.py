"""Vouchers in the reader's words: steps with their days, what to do next, what a signal means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import audit, calendar, money
from core.models import Event
from core.rows import listed
from services.cloud import lateness
from services.cloud.models import Flag, Voucher, VoucherState

TITLES: dict[str, str | Promise] = {
    "submit": _("Submitted; the amount is reserved for you"),
    "queue": _("Submitted; waits until there is budget"),
    "promote": _("Budget came; the amount is reserved for you"),
    "ask": _("The county asks for more"),
    "resubmit": _("You answered"),
    "time_out": _("Ended: no answer came in time"),
    "pass": _("The county has passed it on"),
    "approve": _("Issued by the city"),
    "reject": _("Rejected by the county"),
    "refuse": _("Rejected by the city"),
    "extend": pgettext_lazy("step of a voucher", "Extended once"),
    "use": _("Used for a contract"),
    "lapse": _("Ended: not used in time"),
    "claim": pgettext_lazy("step of a voucher", "Claimed"),
    "query": _("A question about the claim"),
    "claim_again": pgettext_lazy("step of a voucher", "Claimed again"),
    "lapse_claim": _("Ended: not claimed in time"),
    "verify": _("Claim confirmed"),
    "settle": pgettext_lazy("step of a voucher", "Paid"),
    "reclaim": _("To be paid back after an audit"),
    "recover_part": _("A part came back"),
    "recover": pgettext_lazy("step of a voucher", "Paid back"),
    "write_off": _("The rest is written off"),
    "withdraw": pgettext_lazy("step of a voucher", "Withdrawn"),
}
_AHEAD: tuple[tuple[str, str | Promise], ...] = (
    (VoucherState.SUBMITTED, _("The county examines it")),
    (VoucherState.COUNTY_PASSED, _("The city decides and issues the voucher")),
    (VoucherState.ISSUED, _("You sign with the provider")),
    (VoucherState.IN_USE, _("You use it and claim with invoice, proof of payment and record of use")),
    (VoucherState.CLAIMED, _("The city checks the claim")),
    (VoucherState.VERIFIED, _("The money is paid to the provider")),
)
_STANDS_AT = {
    VoucherState.WAITING: VoucherState.SUBMITTED,
    VoucherState.RETURNED: VoucherState.SUBMITTED,
    VoucherState.CLAIM_RETURNED: VoucherState.CLAIMED,
}
_NO_DAY = {VoucherState.IN_USE, VoucherState.ISSUED}
LATE = _("This day has passed. The delay is ours, and whoever decides has been reminded.")


@dataclass(frozen=True)
class Step:
    """One step: `state` is done, now or next; `at` a time, or `on` a day."""

    state: str
    title: str | Promise
    at: datetime | None = None
    on: date | None = None
    who: str = ""
    note: str = ""


def steps(voucher: Voucher) -> list[Step]:
    """Return what has happened in order of time, then what is still ahead; two queries."""
    events = [event for event in audit.history(voucher) if event.verb in TITLES][::-1]
    past = [Step("done", TITLES[event.verb], at=event.at, note=_reason(event)) for event in events]
    return [*past, *_ahead(voucher)]


def _reason(event: Event) -> str:
    return str(audit.detail_of(event).get("reason", ""))


def _ahead(voucher: Voucher) -> Iterator[Step]:
    if not voucher.is_active:
        return
    here = _STANDS_AT.get(VoucherState(voucher.state), voucher.state)
    places = [state for state, _title in _AHEAD]
    for place, (state, title) in enumerate(_AHEAD):
        if place < places.index(here):
            continue
        is_here = state == here and state == voucher.state
        on = voucher.due_on if is_here and state not in _NO_DAY else None
        late = str(LATE) if is_here and lateness.is_late(voucher, calendar.today()) else ""
        yield Step("now" if is_here else "next", title, on=on, note=late)


def flag_reason(code: str, data: dict[str, Any]) -> str:
    """Say why a signal was raised, with its figures."""
    words = _REASONS.get(code)
    return str(words) % _figures(data) if words else ""


_SHARED: dict[str, str | Promise] = {
    "credit_code": _("credit code"),
    "person": _("person"),
    "email": _("e-mail address"),
    "phone": _("phone"),
}
_REASONS: dict[str, str | Promise] = {
    "same_people": _("Provider and enterprise have in common: %(shared)s."),
    "many_works": _("The person who declared it did so for %(enterprises)s enterprises this year."),
    "shared_contact": _(
        "Its phone is also that of other enterprises that applied with this provider: %(enterprises)s."
    ),
    "price_raised": _("List price for the first year: %(before)s yuan before, %(after)s yuan now."),
    "split": _("%(vouchers)s vouchers of this enterprise with this provider this year, this one at the cap."),
    "odd_invoice": _("Invoice %(invoice)s yuan, contract %(contract)s yuan."),
    "near_invoice": _("The next number was claimed with voucher %(reference)s by another enterprise."),
    **dict.fromkeys(Flag.BY_HAND, "%(seen)s"),
    "not_used": _("No proof of real use was handed in within %(days)s days after the contract."),
}


def _figures(data: dict[str, Any]) -> dict[str, str]:
    shown = {name.removesuffix("_fen"): _shown(name, value) for name, value in data.items()}
    return shown | {"shared": listed(str(_SHARED.get(one, one)) for one in data.get("shared", []))}


def _shown(name: str, value: Any) -> str:
    return yuan(value) if name.endswith("_fen") else str(value)


def yuan(fen: int | None) -> str:
    """Show fen as a figure in yuan; a dash when there is none."""
    return "–" if fen is None else money.in_yuan(fen)
