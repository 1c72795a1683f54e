"""Convert: intend, take the levels, file the contract, list the spending, apply; owners and editors may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from core import audit, calendar, files
from core.criteria import FactValue
from core.lifecycle import TransitionRefused
from enterprises import facts
from enterprises.models import Enterprise
from services.cloud import invoices, vouchers
from services.cloud.lifecycle.conversions import CONVERSION
from services.cloud.models import Conversion, ConversionScheme, ConversionState, Spending
from services.cloud.models.conversions import GIVEN_UP, TAKES_INVOICES
from services.cloud.notifications import conversions as letters

CONTRACT = files.Purpose("cloud.conversion", types=files.PAPERS)
INVOICE = files.Purpose("cloud.spending", types=files.PAPERS)
_ONCE = "spending_invoice_once"
MOST_INVOICES = 100


@dataclass(frozen=True)
class Filing:
    """The contract of a project and the paper of it; the paper may be None where one was filed before."""

    contractor: str
    number: str
    signed_on: date
    price_fen: int
    upload: Any = None


@dataclass(frozen=True)
class Bought:
    """One invoice of the spending list."""

    what: str
    invoice_number: str
    invoice_on: date
    amount_fen: int
    upload: Any


def hindrance(scheme: ConversionScheme, enterprise: Enterprise, on: date) -> str:
    """Say in words what keeps an enterprise from a project under this scheme; "" when nothing does."""
    if not scheme.takes_projects_on(on):
        return _("This scheme takes no projects at present.")
    if not enterprise.region_id:
        return _("Say first in which district or county your enterprise is registered.")
    if not scheme.is_for(enterprise):
        return _("This scheme is for enterprises of another region.")
    if Conversion.objects.filter(enterprise=enterprise, scheme=scheme).exclude(state__in=GIVEN_UP).exists():
        return _("Your enterprise has a project under this scheme already.")
    return ""


def intend(scheme: ConversionScheme, enterprise: Enterprise, *, goal: str, by: Any) -> Conversion:
    """Begin a project; raise ValidationError with what hinders it."""
    if not goal.strip():
        raise ValidationError({"goal": _("Say in a few words what is to be better afterwards.")})
    with transaction.atomic():
        Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
        why = hindrance(scheme, enterprise, calendar.today())
        if why:
            raise ValidationError(why)
        row = Conversion.objects.create(
            scheme=scheme, enterprise=enterprise, goal=goal, started_by=by, is_sample=enterprise.is_sample
        )
        audit.record(row, "intend", by=by, after=ConversionState.INTENDED)
    return row


def level_of(enterprise: Enterprise) -> FactValue | None:
    """Return the digital level that is known of an enterprise and has not expired; None when unknown."""
    known: FactValue | None = enterprise.facts.known().get(facts.DIGITAL_LEVEL)
    return None if known is None or known.has_expired(calendar.today()) else known


def can_keep(conversion: Conversion, known: FactValue | None) -> bool:
    """Tell whether the level that is known can be kept as the one before, or the one after."""
    if known is None or known.source == "self":
        return False
    if conversion.state == ConversionState.INTENDED:
        return True
    is_new = (
        known.on is not None and conversion.contract_on is not None and known.on >= conversion.contract_on
    )
    return is_new and known.value >= (conversion.target_level or 0)


def take_baseline(conversion: Conversion, *, by: Any) -> Conversion:
    """Keep the digital level of today as the one before the conversion; it must come from an assessment."""
    known = _assessed(conversion)
    return CONVERSION.apply(
        conversion, "take_baseline", by=by, baseline_level=known.value, baseline_on=known.on
    )


def take_result(conversion: Conversion, *, by: Any) -> Conversion:
    """Keep the digital level after the conversion.

    Raises ValidationError when it was assessed before the contract, or lies below the level to be reached.
    """
    known = _assessed(conversion)
    begun_on = conversion.contract_on or calendar.today()
    if known.on is None or known.on < begun_on:
        raise ValidationError(
            _("Your last assessment is older than the contract (%(day)s). Assess again, then come back.")
            % {"day": begun_on.isoformat()}
        )
    if known.value < (conversion.target_level or 0):
        raise ValidationError(
            _("Level %(level)s is not enough yet: this scheme asks for level %(target)s.")
            % {"level": known.value, "target": conversion.target_level}
        )
    return CONVERSION.apply(conversion, "take_result", by=by, result_level=known.value, result_on=known.on)


def _assessed(conversion: Conversion) -> FactValue:
    known = level_of(conversion.enterprise)
    if known is None or known.source == "self":
        raise ValidationError(_("No assessed digital level is known yet. Finish the assessment first."))
    return known


def file(conversion: Conversion, filing: Filing, *, truthful: bool, by: Any) -> Conversion:
    """File the contract with the declaration; from now on the rules of the scheme are kept in the project.

    Raises ValidationError by field, FileRefused for the paper.
    """
    if not truthful:
        raise ValidationError({"truthful": _("Declare that what you say is true.")})
    _check_filing(conversion, filing)
    stored = files.accept(filing.upload, purpose=CONTRACT, by=by) if filing.upload else None
    scheme, now = conversion.scheme, calendar.now()
    with transaction.atomic():
        row = CONVERSION.apply(
            conversion,
            "file",
            by=by,
            contractor=filing.contractor,
            contract_number=filing.number,
            contract_on=filing.signed_on,
            contract_fen=filing.price_fen,
            contract_file=stored or conversion.contract_file,
            target_level=scheme.target_level,
            rate_percent=scheme.rate_percent,
            cap_fen=scheme.cap_fen,
            declared_by=by,
            filed_at=now,
            asked="",
            due_on=answer_day(conversion),
        )
        letters.tell_staff(row, "confirm_conversion", key=f"file:{letters.event_of(row)}")
    return row


def _check_filing(conversion: Conversion, filing: Filing) -> None:
    errors: dict[str, str] = {}
    if filing.signed_on < conversion.scheme.opens_on:
        errors["contract_on"] = _("The contract is older than the scheme, which opened on %(day)s.") % {
            "day": conversion.scheme.opens_on.isoformat()
        }
    elif filing.signed_on > calendar.today():
        errors["contract_on"] = _("This day lies in the future.")
    if filing.price_fen <= 0:
        errors["contract_fen"] = _("The price must be more than zero.")
    if filing.upload is None and conversion.contract_file is None:
        errors["contract_file"] = _("Add this paper.")
    if errors:
        raise ValidationError(errors)


def answer_day(conversion: Conversion) -> date:
    """Return the day by which staff answer what they are given today."""
    return calendar.add_working_days(calendar.today(), conversion.scheme.answer_days).day


def add_invoice(conversion: Conversion, bought: Bought, *, by: Any) -> Spending:
    """Add an invoice to the spending list.

    Raises ValidationError by field: an invoice of before the contract, or one put in anywhere before, in any
    spelling. FileRefused for the paper. TransitionRefused when the list is closed.
    """
    _check_bought(conversion, bought)
    stored = files.accept(bought.upload, purpose=INVOICE, by=by)
    key = vouchers.invoice_key(bought.invoice_number)
    try:
        with transaction.atomic():
            row = _open_list(conversion, "add_invoice")
            invoices.lock(key)
            if invoices.is_used(key):
                raise ValidationError({"invoice_number": _used()})
            added = Spending.objects.create(
                conversion=row,
                what=bought.what,
                invoice_number=bought.invoice_number,
                invoice_key=key,
                invoice_on=bought.invoice_on,
                amount_fen=bought.amount_fen,
                invoice_file=stored,
            )
            audit.record(row, "add_invoice", by=by, data={"fen": bought.amount_fen})
    except IntegrityError as error:
        if _ONCE in str(error):
            raise ValidationError({"invoice_number": _used()}) from error
        raise
    return added


def _used() -> str:
    return _("This invoice has been put in already, for this project or another support.")


def _check_bought(conversion: Conversion, bought: Bought) -> None:
    errors: dict[str, str] = {}
    if conversion.contract_on and bought.invoice_on < conversion.contract_on:
        errors["invoice_on"] = _("The invoice is dated before the contract.")
    elif bought.invoice_on > calendar.today():
        errors["invoice_on"] = _("This day lies in the future.")
    if bought.amount_fen <= 0:
        errors["amount_fen"] = _("The amount must be more than zero.")
    key = vouchers.invoice_key(bought.invoice_number)
    if not key:
        errors["invoice_number"] = _("An invoice number has letters or digits.")
    elif invoices.is_used(key):
        errors["invoice_number"] = _used()
    if errors:
        raise ValidationError(errors)
    if conversion.spending.count() >= MOST_INVOICES:
        raise ValidationError(
            _("A spending list holds %(most)s invoices at most. Put small ones together in one invoice.")
            % {"most": MOST_INVOICES}
        )


@transaction.atomic
def remove_invoice(conversion: Conversion, key: Any, *, by: Any) -> None:
    """Take an invoice off the list; one that is not there any more is fine."""
    row = _open_list(conversion, "remove_invoice")
    removed, _by_model = row.spending.filter(key=key).delete()
    if removed:
        audit.record(row, "remove_invoice", by=by)


def _open_list(conversion: Conversion, verb: str) -> Conversion:
    row = Conversion.objects.select_for_update(of=("self",)).get(pk=conversion.pk)
    if row.state not in TAKES_INVOICES:
        raise TransitionRefused("state", verb, row.state)
    return row


def listed_fen(conversion: Conversion) -> int:
    """Return the sum of the spending list in fen."""
    return conversion.spending.aggregate(sum=Sum("amount_fen"))["sum"] or 0


@transaction.atomic
def apply(conversion: Conversion, *, truthful: bool, by: Any) -> Conversion:
    """Apply for acceptance with the spending list as it stands."""
    if not truthful:
        raise ValidationError({"truthful": _("Declare that what you say is true.")})
    if not conversion.spending.exists():
        raise ValidationError(_("Add the invoices first."))
    row = CONVERSION.apply(conversion, "apply", by=by, asked="", due_on=answer_day(conversion))
    letters.tell_staff(row, "accept_conversion", key=f"apply:{letters.event_of(row)}")
    return row


@transaction.atomic
def apply_for_reward(conversion: Conversion, *, by: Any) -> Conversion:
    """Ask for the reward that was decided; finance pays it."""
    row = CONVERSION.apply(conversion, "apply_for_reward", by=by, due_on=answer_day(conversion))
    letters.tell_staff(row, "pay_conversion", key="apply_for_reward")
    return row


@transaction.atomic
def withdraw(conversion: Conversion, *, by: Any) -> Conversion:
    """Give the project up; its invoices may then be put in elsewhere."""
    row = CONVERSION.apply(conversion, "withdraw", by=by, due_on=None)
    row.spending.update(counts=False)
    return row
