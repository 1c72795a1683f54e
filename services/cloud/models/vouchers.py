"""A voucher from first draft to payment: what was asked for, decided, bought and claimed."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import StoredFile
from enterprises.models import Enterprise, StaffScope
from services.cloud.models.ledger import Fund
from services.cloud.models.products import CloudProduct, PriceVersion
from services.cloud.models.programmes import Programme

# Without I, L, O and U, so that a reference or code can be read aloud.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _drawn(*groups: int) -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _place in range(size)) for size in groups)


def new_reference() -> str:
    """Draw a reference such as YQ-7K3M-2Q9X; nobody can guess another one from it."""
    return f"YQ-{_drawn(4, 4)}"


def new_code() -> str:
    """Draw the code a voucher is redeemed by, such as 7K3M-2Q9X-84TD: 60 bits."""
    return _drawn(4, 4, 4)


class VoucherState(models.TextChoices):
    """The states, in the owner's words."""

    DRAFT = "draft", pgettext_lazy("state of a voucher", "Draft")
    WAITING = "waiting", pgettext_lazy("state of a voucher", "Waiting for budget")
    SUBMITTED = "submitted", pgettext_lazy("state of a voucher", "With the county")
    RETURNED = "returned", pgettext_lazy("state of a voucher", "Waiting for you")
    COUNTY_PASSED = "county_passed", pgettext_lazy("state of a voucher", "With the city")
    ISSUED = "issued", pgettext_lazy("state of a voucher", "Issued")
    IN_USE = "in_use", pgettext_lazy("state of a voucher", "In use")
    CLAIMED = "claimed", pgettext_lazy("state of a voucher", "Claim being checked")
    CLAIM_RETURNED = "claim_returned", pgettext_lazy("state of a voucher", "Claim waiting for you")
    VERIFIED = "verified", pgettext_lazy("state of a voucher", "Payment under way")
    SETTLED = "settled", pgettext_lazy("state of a voucher", "Paid")
    CLAWBACK_DUE = "clawback_due", pgettext_lazy("state of a voucher", "To be paid back")
    RECOVERED = "recovered", pgettext_lazy("state of a voucher", "Paid back")
    WRITTEN_OFF = "written_off", pgettext_lazy("state of a voucher", "Written off")
    REJECTED = "rejected", pgettext_lazy("state of a voucher", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a voucher", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("state of a voucher", "Time run out")
    VOID = "void", pgettext_lazy("state of a voucher", "Void")


# Submitted to verified (house rules §10.21); one that waits for budget holds the place too.
ACTIVE_STATES = (
    VoucherState.WAITING,
    VoucherState.SUBMITTED,
    VoucherState.RETURNED,
    VoucherState.COUNTY_PASSED,
    VoucherState.ISSUED,
    VoucherState.IN_USE,
    VoucherState.CLAIMED,
    VoucherState.CLAIM_RETURNED,
    VoucherState.VERIFIED,
)
# Neither these nor drafts count towards the yearly limit.
NOT_COUNTED = (VoucherState.REJECTED, VoucherState.WITHDRAWN, VoucherState.EXPIRED, VoucherState.VOID)
BOUGHT_STATES = (
    VoucherState.IN_USE,
    VoucherState.CLAIMED,
    VoucherState.CLAIM_RETURNED,
    VoucherState.VERIFIED,
    VoucherState.SETTLED,
)
# Whose turn it is at the desk.
QUEUES: dict[str, tuple[VoucherState, ...]] = {
    "county": (VoucherState.SUBMITTED,),
    "city": (VoucherState.COUNTY_PASSED, VoucherState.CLAIMED),
    "finance": (VoucherState.VERIFIED, VoucherState.CLAWBACK_DUE),
    "enterprise": (VoucherState.RETURNED, VoucherState.CLAIM_RETURNED, VoucherState.ISSUED),
}
OPEN_TO_PROVIDER = (VoucherState.ISSUED, *BOUGHT_STATES)


class VoucherQuerySet(models.QuerySet["Voucher"]):
    def for_member(self, user: Any) -> VoucherQuerySet:
        """Return the vouchers of the enterprises this person acts for."""
        return self.filter(enterprise__in=Enterprise.objects.for_member(user))

    def in_scope_of(self, user: Any) -> VoucherQuerySet:
        """Return what a member of staff may see: submitted ones of enterprises in the granted regions."""
        return self.exclude(state=VoucherState.DRAFT).filter(StaffScope.within(user, "enterprise__region"))

    def for_provider_of(self, user: Any) -> VoucherQuerySet:
        """Return issued vouchers for products of the listed providers this person speaks for."""
        return self.filter(product__provider__cloud_listing__representative=user, state__in=OPEN_TO_PROVIDER)

    def active(self) -> VoucherQuerySet:
        return self.filter(state__in=ACTIVE_STATES)

    def counted_in(self, year: int) -> VoucherQuerySet:
        """Return what counts towards the yearly limit: by the year of submission, over all programmes."""
        return self.filter(submitted_on__year=year).exclude(state__in=NOT_COUNTED)

    def in_time_order(self) -> VoucherQuerySet:
        """Return what waits for budget, first come first."""
        return self.filter(state=VoucherState.WAITING).order_by("submitted_at", "pk")

    def resubmission_missed(self, day: date) -> VoucherQuerySet:
        return self.filter(state=VoucherState.RETURNED, due_on__lt=day)

    def claim_missed(self, day: date) -> VoucherQuerySet:
        return self.filter(state=VoucherState.CLAIM_RETURNED, due_on__lt=day)

    def unused(self, day: date) -> VoucherQuerySet:
        """Return what was issued and is past its last day on `day`."""
        return self.filter(state=VoucherState.ISSUED, valid_to__lt=day)

    def never_claimed(self, day: date) -> VoucherQuerySet:
        return self.filter(state=VoucherState.IN_USE, claim_until__lt=day)


class Voucher(models.Model):
    """One voucher. Moved only by `services.cloud.lifecycle.vouchers.VOUCHER`; money only by `ledger.move`.

    `amount_fen` is the face value, reckoned at submission from the quotation, the rate and the caps that are
    kept in the row; a trigger refuses to change it once money is reserved. `due_on` is the day by which
    whoever has the voucher must act (working days are counted when it comes to them), `valid_to` the last
    day a contract may carry.
    """

    State = VoucherState

    reference = models.CharField(_("reference"), max_length=12, unique=True, default=new_reference)
    code = models.CharField(_("voucher code"), max_length=14, unique=True, null=True, editable=False)
    state = models.CharField(
        _("state"), max_length=14, choices=VoucherState.choices, default=VoucherState.DRAFT, editable=False
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="vouchers", verbose_name=_("programme")
    )
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="vouchers", verbose_name=_("enterprise")
    )
    fund = models.ForeignKey(
        Fund, null=True, on_delete=models.PROTECT, related_name="vouchers", verbose_name=_("fund")
    )

    product = models.ForeignKey(
        CloudProduct, null=True, on_delete=models.PROTECT, related_name="vouchers", verbose_name=_("product")
    )
    price = models.ForeignKey(
        PriceVersion,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("price of the list"),
    )
    quantity = models.PositiveIntegerField(_("quantity"), default=1, validators=[MinValueValidator(1)])
    quote_number = models.CharField(_("number of the quotation"), max_length=60, blank=True)
    quoted_on = models.DateField(_("date of the quotation"), null=True)
    quote_fen = models.BigIntegerField(_("quoted price in fen"), null=True)
    quote_file = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("quotation")
    )
    rate_percent = models.DecimalField(_("rate in percent"), max_digits=5, decimal_places=2, null=True)
    cap_fen = models.BigIntegerField(_("at most, in fen"), null=True)
    amount_fen = models.BigIntegerField(_("face value in fen"), null=True)
    answer = models.TextField(_("answer of the enterprise"), blank=True)

    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("declared by"),
    )
    created_at = models.DateTimeField(_("begun at"), db_default=Now())
    submitted_at = models.DateTimeField(_("submitted at"), null=True)
    submitted_on = models.DateField(_("submitted on"), null=True)
    due_on = models.DateField(_("due on"), null=True)
    asked = models.TextField(_("what was asked"), blank=True)
    county_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("county reviewer"),
    )
    county_at = models.DateTimeField(_("passed at"), null=True)
    city_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("city approver"),
    )
    issued_at = models.DateTimeField(_("issued at"), null=True)
    issued_on = models.DateField(_("issued on"), null=True)
    valid_to = models.DateField(_("last valid day"), null=True)
    extended_at = models.DateTimeField(_("extended at"), null=True)
    reminded_days = models.PositiveSmallIntegerField(null=True, editable=False)

    contract_number = models.CharField(_("number of the contract"), max_length=60, blank=True)
    contract_on = models.DateField(_("date of the contract"), null=True)
    contract_fen = models.BigIntegerField(_("price of the contract in fen"), null=True)
    used_at = models.DateTimeField(_("in use since"), null=True)
    claim_until = models.DateField(_("to be claimed by"), null=True)

    claimed_at = models.DateTimeField(_("claimed at"), null=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("claim checked by"),
    )
    verified_at = models.DateTimeField(_("checked at"), null=True)
    verified_fen = models.BigIntegerField(_("amount found right, in fen"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("paid by"),
    )
    settled_at = models.DateTimeField(_("paid at"), null=True)
    batch = models.CharField(_("payment batch"), max_length=40, blank=True)
    finding = models.CharField(_("number of the audit report"), max_length=60, blank=True)
    recovered_fen = models.BigIntegerField(_("recovered, in fen"), default=0)
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    objects = VoucherQuerySet.as_manager()

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        ordering = ["-pk"]
        permissions = [
            ("pass_voucher", _("Can examine vouchers for the county")),
            ("approve_voucher", _("Can approve vouchers and check claims for the city")),
            ("settle_voucher", _("Can pay vouchers and reclaim money")),
        ]
        constraints = [
            models.CheckConstraint(
                name="voucher_known_state", condition=models.Q(state__in=VoucherState.values)
            ),
            models.UniqueConstraint(
                fields=["enterprise", "programme"],
                condition=models.Q(state__in=ACTIVE_STATES),
                name="voucher_one_active",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "programme"],
                condition=models.Q(state=VoucherState.DRAFT),
                name="voucher_one_draft",
            ),
            models.CheckConstraint(
                name="voucher_submitted_is_whole",
                condition=models.Q(state__in=[VoucherState.DRAFT, VoucherState.WITHDRAWN])
                | models.Q(
                    amount_fen__gt=0,
                    fund__isnull=False,
                    product__isnull=False,
                    submitted_on__isnull=False,
                    declared_by__isnull=False,
                    amount_fen__lte=models.F("cap_fen"),
                ),
            ),
            models.CheckConstraint(
                name="voucher_issued_by_two",
                condition=models.Q(issued_at=None)
                | models.Q(
                    county_by__isnull=False,
                    city_by__isnull=False,
                    code__isnull=False,
                    issued_on__isnull=False,
                    valid_to__gte=models.F("issued_on"),
                ),
            ),
            models.CheckConstraint(
                name="voucher_reviewers_differ",
                condition=~models.Q(county_by=models.F("city_by"))
                & ~models.Q(city_by=models.F("verified_by"))
                & ~models.Q(county_by=models.F("verified_by")),
            ),
            models.CheckConstraint(
                name="voucher_contract_after_issue",
                condition=models.Q(contract_on=None)
                | models.Q(contract_on__gte=models.F("issued_on"), contract_on__lte=models.F("valid_to")),
            ),
            models.CheckConstraint(
                name="voucher_never_pays_more_than_its_face",
                condition=models.Q(verified_fen=None)
                | models.Q(verified_fen__gt=0, verified_fen__lte=models.F("amount_fen")),
            ),
            models.CheckConstraint(
                name="voucher_recovers_no_more_than_paid",
                condition=models.Q(recovered_fen=0)
                | models.Q(recovered_fen__gt=0, recovered_fen__lte=models.F("verified_fen")),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="voucher_queue"),
            models.Index(fields=["state", "valid_to"], name="voucher_ending"),
            models.Index(
                fields=["programme", "submitted_at"],
                name="voucher_waiting",
                condition=models.Q(state=VoucherState.WAITING),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_STATES

    @property
    def list_price_fen(self) -> int | None:
        """Return what the quantity costs by the list in the first year; None before a product is chosen."""
        return self.price.yearly_fen * self.quantity if self.price else None

    def days_left(self, day: date) -> int | None:
        """Return whole days until the last valid day (0 is today); None when it was never issued."""
        return (self.valid_to - day).days if self.valid_to else None


class VoucherClaim(models.Model):
    """What was handed in to be paid: invoice, proof of payment, record of use.

    `invoice_key` is the invoice number in canonical form; no two claims of any programme may share it while
    they count. A claim whose voucher became void counts no longer.
    """

    voucher = models.OneToOneField(
        Voucher, on_delete=models.PROTECT, related_name="claim", verbose_name=_("voucher")
    )
    invoice_number = models.CharField(_("number of the invoice"), max_length=60)
    invoice_key = models.CharField(max_length=60, editable=False)
    invoice_on = models.DateField(_("date of the invoice"))
    invoice_fen = models.BigIntegerField(_("amount of the invoice in fen"))
    paid_on = models.DateField(_("paid on"))
    used_from = models.DateField(_("used from"))
    used_to = models.DateField(_("used until"))
    invoice_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    payment_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    usage_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    counts = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("claim on a voucher")
        verbose_name_plural = _("claims on vouchers")
        constraints = [
            models.UniqueConstraint(
                fields=["invoice_key"], condition=models.Q(counts=True), name="claim_invoice_once"
            ),
            models.CheckConstraint(name="claim_amount_positive", condition=models.Q(invoice_fen__gt=0)),
            models.CheckConstraint(
                name="claim_use_ends_after_it_begins", condition=models.Q(used_to__gte=models.F("used_from"))
            ),
        ]

    def __str__(self) -> str:
        return self.invoice_number

    @property
    def days_used(self) -> int:
        """Return the days of use that are shown, both ends counted."""
        return (self.used_to - self.used_from).days + 1

    @property
    def papers(self) -> list[tuple[str, StoredFile]]:
        """Return the three papers with the name each is asked for by."""
        return [
            ("invoice", self.invoice_file),
            ("payment", self.payment_file),
            ("usage", self.usage_file),
        ]
