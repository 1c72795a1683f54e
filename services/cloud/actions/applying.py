"""Apply for a voucher: draft, submit, hand in again, withdraw, extend; owners and editors may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import audit, calendar, files, money, wake
from core.criteria import Verdict
from core.lifecycle import TransitionRefused
from enterprises.models import Enterprise
from services.cloud import deadlines, ledger, vouchers
from services.cloud.actions import signals
from services.cloud.actions.programmes import TEND
from services.cloud.lifecycle.vouchers import VOUCHER
from services.cloud.models import CloudProduct, Programme, Voucher, VoucherState
from services.cloud.notifications import vouchers as letters

QUOTE = files.Purpose("cloud.quote", types=files.PAPERS)


@dataclass(frozen=True)
class Quote:
    """An unsigned quotation for a listed product: what is bought, how many, for how much, and its paper."""

    product: CloudProduct
    quantity: int
    number: str
    quoted_on: date
    price_fen: int
    upload: Any = None


def hindrance(programme: Programme, enterprise: Enterprise, on: date) -> str:
    """Say in words what keeps an enterprise from applying now; "" when nothing does.

    What a criterion does not know keeps nobody out: the county asks.
    """
    return next(filter(None, _hindrances(programme, enterprise, on)), "")


def _hindrances(programme: Programme, enterprise: Enterprise, on: date) -> Iterator[str]:
    if not programme.takes_applications_on(on):
        yield _("This programme takes no applications at present.")
    if enterprise.proof_level != Enterprise.Proof.STAFF:
        yield _("Vouchers are for enterprises that staff have checked. Send your business licence first.")
    if vouchers.has_active(enterprise, programme):
        yield _("Your enterprise has a voucher of this programme already.")
    if vouchers.is_over_yearly_limit(enterprise, programme, on.year):
        yield _("Your enterprise has had all vouchers of this year that it may have (%(limit)s).") % {
            "limit": programme.yearly_limit
        }
    if not enterprise.region_id:
        yield _("Say first in which district or county your enterprise is registered.")
    elif vouchers.fund_for(programme, enterprise.region_id) is None:
        yield _("This programme has no budget for your region.")
    if vouchers.judge(programme, enterprise, on).verdict is Verdict.NOT_MET:
        yield _("By what we know, your enterprise does not meet a condition of this programme.")


def start(programme: Programme, enterprise: Enterprise, *, by: Any) -> Voucher:
    """Begin an application, or return the draft there is; raise ValidationError with what hinders it."""
    with transaction.atomic():
        Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
        draft = Voucher.objects.filter(
            programme=programme, enterprise=enterprise, state=VoucherState.DRAFT
        ).first()
        if draft is not None:
            return draft
        why = hindrance(programme, enterprise, calendar.today())
        if why:
            raise ValidationError(why)
        voucher = Voucher.objects.create(
            programme=programme, enterprise=enterprise, started_by=by, is_sample=enterprise.is_sample
        )
        audit.record(voucher, "start", by=by, after=VoucherState.DRAFT)
    return voucher


def save_quote(voucher: Voucher, quote: Quote, *, by: Any) -> Voucher:
    """Keep the quotation of a draft; raise ValidationError by field, FileRefused for the paper."""
    _check_quote(quote, calendar.today())
    stored = files.accept(quote.upload, purpose=QUOTE, by=by) if quote.upload else None
    with transaction.atomic():
        locked = _locked(voucher, "save", VoucherState.DRAFT)
        locked.product, locked.price = quote.product, quote.product.price_on(calendar.today())
        locked.quantity, locked.quote_number = quote.quantity, quote.number
        locked.quoted_on, locked.quote_fen = quote.quoted_on, quote.price_fen
        locked.quote_file = stored or locked.quote_file
        if locked.quote_file is None:
            raise ValidationError({"quote_file": _("Add the quotation as a file or picture.")})
        fields = ("product", "price", "quantity", "quote_number", "quoted_on", "quote_fen", "quote_file")
        locked.save(update_fields=fields)
    return locked


def _check_quote(quote: Quote, today: date) -> None:
    price = quote.product.price_on(today)
    if not CloudProduct.objects.listed().filter(pk=quote.product.pk).exists() or price is None:
        raise ValidationError({"product": _("This product is not on the list at present.")})
    if quote.quoted_on > today:
        raise ValidationError({"quoted_on": _("The date of the quotation lies in the future.")})
    if quote.price_fen <= 0:
        raise ValidationError({"quote_fen": _("The quoted price must be more than zero.")})
    listed = price.yearly_fen * quote.quantity
    if quote.price_fen > listed:
        raise ValidationError(
            {
                "quote_fen": _(
                    "By the list, %(quantity)s of it cost %(listed)s yuan in the first year. A quotation"
                    " above the list price gets no voucher: ask the provider for a new one."
                )
                % {"quantity": quote.quantity, "listed": money.in_yuan(listed)}
            }
        )


def submit(voucher: Voucher, *, no_contract: bool, truthful: bool, by: Any) -> Voucher:
    """Submit a draft once and for all: its face value is reckoned and reserved, or it waits for budget.

    `no_contract` and `truthful` are the two declarations. Checks everything again under the enterprise's
    lock, so that neither the yearly limit nor the one active voucher can be passed by two windows. Raises
    ValidationError with what hinders it, TransitionRefused when it is no draft any more.
    """
    if not no_contract:
        raise ValidationError({"no_contract": _("Declare that nothing has been signed or paid yet.")})
    if not truthful:
        raise ValidationError({"truthful": _("Declare that what you say is true.")})
    now = calendar.now()
    today = calendar.day_of(now)
    with transaction.atomic():
        enterprise = Enterprise.objects.select_for_update(of=("self",)).get(pk=voucher.enterprise_id)
        locked = _locked(voucher, "submit", VoucherState.DRAFT)
        why = hindrance(locked.programme, enterprise, today)
        if why:
            raise ValidationError(why)
        _value(locked, today)
        locked.submitted_at, locked.submitted_on, locked.declared_by = now, today, by
        locked.save(update_fields=[*_VALUED, "submitted_at", "submitted_on", "declared_by"])
        # Whoever decides reads the signals; before the fund is locked, so that others need not wait for it.
        signals.look_at(locked)
        is_reserved = not _is_behind_others(locked) and _reserve(locked, by=by)
        return _take_in(locked, today, is_reserved=is_reserved, by=by)


_VALUED = ("price", "rate_percent", "cap_fen", "amount_fen", "fund")


def _value(voucher: Voucher, today: date) -> None:
    """Reckon the face value from the quotation and the rules of today."""
    product = voucher.product
    if product is None or voucher.quote_fen is None or voucher.quoted_on is None:
        raise ValidationError(_("Add the quotation first."))
    quote = Quote(product, voucher.quantity, voucher.quote_number, voucher.quoted_on, voucher.quote_fen)
    _check_quote(quote, today)
    programme = voucher.programme
    price = product.price_on(today)
    if price is None:
        raise ValidationError(_("This product is not on the list at present."))
    voucher.price = price
    voucher.fund = vouchers.fund_for(programme, voucher.enterprise.region_id)
    voucher.rate_percent, voucher.cap_fen = programme.rate_percent, programme.cap_fen
    voucher.amount_fen = vouchers.face_value(
        voucher.quote_fen,
        eligible_percent=price.eligible_percent,
        rate_percent=programme.rate_percent,
        cap_fen=programme.cap_fen,
    )
    if voucher.amount_fen < programme.smallest_fen:
        raise ValidationError(
            _("The voucher would be worth %(worth)s yuan; the smallest of this programme is %(least)s yuan.")
            % {"worth": money.in_yuan(voucher.amount_fen), "least": money.in_yuan(programme.smallest_fen)}
        )


def _is_behind_others(voucher: Voucher) -> bool:
    return Voucher.objects.in_time_order().filter(fund=voucher.fund).exists()


def _reserve(voucher: Voucher, *, by: Any) -> bool:
    try:
        ledger.reserve(voucher, by=by)
    except ledger.BudgetExhausted:
        return False
    return True


def _take_in(voucher: Voucher, today: date, *, is_reserved: bool, by: Any) -> Voucher:
    if not is_reserved:
        row = VOUCHER.apply(voucher, "queue", by=by)
        letters.tell_enterprise(letters.WAITING, row, key="queue")
        return row
    row = VOUCHER.apply(voucher, "submit", by=by, due_on=deadlines.for_county(voucher.programme, today))
    letters.tell_enterprise(letters.RECEIVED, row, key="submit")
    letters.tell_staff(row, "pass_voucher", key="submit")
    return row


def promote(voucher: Voucher) -> bool:
    """Take one from the waiting list if the budget allows; the system does, in time order."""
    today = calendar.day_of(calendar.now())
    with transaction.atomic():
        locked = _locked(voucher, "promote", VoucherState.WAITING)
        if not _reserve(locked, by=None):
            return False
        due_on = deadlines.for_county(locked.programme, today)
        row = VOUCHER.apply(locked, "promote", by=None, due_on=due_on)
        letters.tell_enterprise(letters.RECEIVED, row, key="promote")
        letters.tell_staff(row, "pass_voucher", key="promote")
    return True


def resubmit(voucher: Voucher, *, answer: str, by: Any, upload: Any = None) -> Voucher:
    """Answer what the county asked; the money stays reserved. Raises ValidationError without an answer."""
    if not answer.strip():
        raise ValidationError({"answer": _("Write your answer.")})
    stored = files.accept(upload, purpose=QUOTE, by=by) if upload else None
    today = calendar.day_of(calendar.now())
    with transaction.atomic():
        changes: dict[str, Any] = {"answer": answer, "due_on": deadlines.for_county(voucher.programme, today)}
        if stored:
            changes["quote_file"] = stored
        row = VOUCHER.apply(voucher, "resubmit", by=by, **changes)
        letters.tell_staff(row, "pass_voucher", key=f"resubmit:{letters.event_of(row)}")
    return row


def withdraw(voucher: Voucher, *, by: Any) -> Voucher:
    """Take an application or an unused voucher back; what it holds is released."""
    with transaction.atomic():
        row = VOUCHER.apply(voucher, "withdraw", by=by, due_on=None)
        ledger.release(row, by=by, reason="withdraw")
        wake.knock(TEND)
    return row


def extend(voucher: Voucher, *, by: Any) -> Voucher:
    """Give an issued voucher its one extension.

    Raises ValidationError when it was extended before, is not issued, has run out or the programme has none.
    """
    today = calendar.day_of(calendar.now())
    with transaction.atomic():
        locked = _locked(voucher, "extend", VoucherState.ISSUED)
        if locked.extended_at or not locked.programme.extension_days:
            raise ValidationError(_("A voucher can be extended once, and not in every programme."))
        if locked.valid_to is None or locked.valid_to < today:
            raise ValidationError(_("The voucher has run out."))
        before = locked.valid_to
        locked.valid_to = before + timedelta(days=locked.programme.extension_days)
        locked.extended_at, locked.reminded_days = calendar.now(), None
        locked.save(update_fields=["valid_to", "extended_at", "reminded_days"])
        audit.record(locked, "extend", by=by, data={"from": str(before), "to": str(locked.valid_to)})
    return locked


def may_extend(voucher: Voucher, on: date) -> bool:
    """Tell whether the extension button is open."""
    return bool(
        voucher.state == VoucherState.ISSUED
        and not voucher.extended_at
        and voucher.programme.extension_days
        and voucher.valid_to
        and voucher.valid_to >= on
    )


def day_words(day: date | None) -> str:
    return date_format(day, "Y-m-d") if day else ""


def _locked(voucher: Voucher, verb: str, state: str) -> Voucher:
    """Read the row again under lock; raise TransitionRefused when it has moved on."""
    rows = Voucher.objects.select_for_update(of=("self",)).select_related(
        "programme", "enterprise", "fund", "product__provider", "price"
    )
    locked = rows.get(pk=voucher.pk)
    if locked.state != state:
        raise TransitionRefused("state", verb, locked.state)
    return locked
