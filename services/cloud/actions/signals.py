"""Signals of fraud (plan, cloud onboarding §4), raised as flags with their reason; a flag refuses nothing.

Each look is a question over rows; what it finds is kept once: looking again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, calendar
from enterprises.models import Membership
from services.cloud.models import Flag, UseCheck, Voucher, VoucherClaim

# A price counts as raised for voucher holders when it rose within so many days before the application.
RAISED_WITHIN = timedelta(days=60)
# One person who acts for so many applicants in a year is looked at.
MANY = 3
# An invoice may differ from the contract by so many percent before it is looked at.
ODD_PERCENT = 10
# The first proof of real use is due 30 days after the contract; a month later silence is looked at.
SILENT_DAYS = 60

Found = dict[str, Any]


def look_at(voucher: Voucher) -> list[Flag]:
    """Ask every question about a voucher; return the flags that are new."""
    raised = []
    for code, data in _findings(voucher):
        flag, is_new = Flag.objects.get_or_create(voucher=voucher, code=code, defaults={"data": data})
        if is_new:
            audit.record(voucher, "flag", by=None, data={"code": code})
            raised.append(flag)
    return raised


@transaction.atomic
def raise_by_hand(voucher: Voucher, *, code: str, seen: str, by: Any) -> Flag:
    """Raise a signal that no row can show; ValidationError without words, or when it was raised before."""
    if code not in Flag.BY_HAND or not seen.strip():
        raise ValidationError({"seen": _("Say what you saw.")})
    flag, is_new = Flag.objects.get_or_create(
        voucher=voucher, code=code, defaults={"data": {"seen": seen.strip()}}
    )
    if not is_new:
        raise ValidationError(_("This signal has been raised already."))
    audit.record(voucher, "flag", by=by, data={"code": code}, detail={"reason": seen.strip()})
    return flag


@transaction.atomic
def clear(flag: Flag, *, note: str, by: Any) -> Flag:
    """Close a flag with what was found; raise ValidationError when it is closed or nothing is said."""
    if not note.strip():
        raise ValidationError({"note": _("Say what you found.")})
    moment = calendar.now()
    if not Flag.objects.open().filter(pk=flag.pk).update(cleared_at=moment, cleared_by=by, note=note.strip()):
        raise ValidationError(_("This signal has been cleared already."))
    audit.record(flag.voucher, "clear_flag", by=by, data={"code": flag.code}, detail={"reason": note})
    return flag


def _findings(voucher: Voucher) -> Iterator[tuple[str, Found]]:
    for code, look in _LOOKS.items():
        data = look(voucher)
        if data:
            yield code, data


def _same_people(voucher: Voucher) -> Found | None:
    """Provider and enterprise under the same code, person, e-mail address or phone."""
    provider = voucher.product.provider if voucher.product else None
    if provider is None:
        return None
    listing = getattr(provider, "cloud_listing", None)
    members = Membership.objects.filter(enterprise=voucher.enterprise_id)
    shared = []
    if listing and listing.credit_code and listing.credit_code == voucher.enterprise.uscc:
        shared.append("credit_code")
    if listing and listing.representative_id and members.filter(user=listing.representative_id).exists():
        shared.append("person")
    if provider.contact_email and members.filter(user__email__iexact=provider.contact_email).exists():
        shared.append("email")
    if listing and listing.phone and listing.phone == voucher.enterprise.contact_phone:
        shared.append("phone")
    return {"shared": shared} if shared else None


def _many_works(voucher: Voucher) -> Found | None:
    """One person declared for many enterprises this year."""
    if voucher.declared_by_id is None or voucher.submitted_on is None:
        return None
    rows = Voucher.objects.filter(
        declared_by=voucher.declared_by_id, submitted_on__year=voucher.submitted_on.year
    )
    count = rows.values("enterprise").distinct().count()
    return {"enterprises": count} if count >= MANY else None


def _shared_contact(voucher: Voucher) -> Found | None:
    """Other applicants with the same provider are reached at the same phone: somebody fills in for them."""
    phone = voucher.enterprise.contact_phone
    if not phone or voucher.product is None:
        return None
    others = Voucher.objects.filter(
        product__provider=voucher.product.provider_id,
        enterprise__contact_phone=phone,
        submitted_on__isnull=False,
    ).exclude(enterprise=voucher.enterprise_id)
    count = others.values("enterprise").distinct().count()
    return {"enterprises": count} if count else None


def _price_raised(voucher: Voucher) -> Found | None:
    day, product = voucher.submitted_on, voucher.product
    if product is None or day is None or voucher.price is None:
        return None
    earlier: date = day - RAISED_WITHIN
    before = product.price_on(earlier)
    if before is None or before.yearly_fen >= voucher.price.yearly_fen:
        return None
    return {"before_fen": before.yearly_fen, "after_fen": voucher.price.yearly_fen}


def _split(voucher: Voucher) -> Found | None:
    """Several capped vouchers of one enterprise with one provider in a year."""
    if voucher.product is None or voucher.submitted_on is None or voucher.amount_fen != voucher.cap_fen:
        return None
    rows = Voucher.objects.filter(
        enterprise=voucher.enterprise_id,
        product__provider=voucher.product.provider_id,
        submitted_on__year=voucher.submitted_on.year,
    ).counted_in(voucher.submitted_on.year)
    count = rows.count()
    return {"vouchers": count} if count > 1 else None


def _odd_invoice(voucher: Voucher) -> Found | None:
    claim = VoucherClaim.objects.filter(voucher=voucher).first()
    if claim is None or not voucher.contract_fen:
        return None
    differs = abs(claim.invoice_fen - voucher.contract_fen) * 100 > voucher.contract_fen * ODD_PERCENT
    return {"invoice_fen": claim.invoice_fen, "contract_fen": voucher.contract_fen} if differs else None


def _near_invoice(voucher: Voucher) -> Found | None:
    """An invoice whose number continues or precedes another one of the same provider by one."""
    claim = VoucherClaim.objects.filter(voucher=voucher).first()
    if claim is None or voucher.product is None or not claim.invoice_key.isdecimal():
        return None
    size, number = len(claim.invoice_key), int(claim.invoice_key)
    near = [str(number + step).zfill(size) for step in (-1, 1)]
    others = VoucherClaim.objects.filter(invoice_key__in=near).exclude(
        voucher__enterprise=voucher.enterprise_id
    )
    same_provider = others.filter(voucher__product__provider=voucher.product.provider_id)
    other = same_provider.select_related("voucher").first()
    return {"reference": other.voucher.reference} if other else None


def _not_used(voucher: Voucher) -> Found | None:
    """No proof of real use was handed in within the time after the contract."""
    if voucher.contract_on is None or calendar.today() - voucher.contract_on <= timedelta(days=SILENT_DAYS):
        return None
    proofs = UseCheck.objects.filter(
        onboarding__enterprise=voucher.enterprise_id,
        onboarding__product=voucher.product_id,
        handed_in_at__date__gte=voucher.contract_on,
    )
    return None if proofs.exists() else {"days": SILENT_DAYS}


_LOOKS: dict[str, Callable[[Voucher], Found | None]] = {
    Flag.Code.SAME_PEOPLE: _same_people,
    Flag.Code.MANY_WORKS: _many_works,
    Flag.Code.SHARED_CONTACT: _shared_contact,
    Flag.Code.PRICE_RAISED: _price_raised,
    Flag.Code.SPLIT: _split,
    Flag.Code.ODD_INVOICE: _odd_invoice,
    Flag.Code.NEAR_INVOICE: _near_invoice,
    Flag.Code.NOT_USED: _not_used,
}
