"""Where the money of a programme stands: entries that never change, and balances the database keeps of them.

An entry takes from one account and gives to another, so the books balance by their form. Triggers (migration
“ledger keeps itself”) add each entry to its fund's balances and refuse whatever would make one negative, take
more from a voucher than it holds, change an entry, or touch a balance without an entry.
"""

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Region, StaffScope
from services.cloud.models.programmes import Programme


class Account(models.TextChoices):
    """Where money can stand; `outside` is the treasury, from which a budget comes."""

    OUTSIDE = "outside", pgettext_lazy("account", "treasury")
    AVAILABLE = "available", pgettext_lazy("account", "available")
    RESERVED = "reserved", pgettext_lazy("account", "reserved")
    ISSUED = "issued", pgettext_lazy("account", "issued")
    REDEEMED = "redeemed", pgettext_lazy("account", "redeemed")
    SETTLED = "settled", pgettext_lazy("account", "settled")
    WRITTEN_OFF = "written_off", pgettext_lazy("account", "written off")


ACCOUNTS = tuple(account for account in Account if account != Account.OUTSIDE)


class Move(models.TextChoices):
    """Why money moved."""

    GRANT = "grant", pgettext_lazy("ledger", "budget granted")
    RETRACT = "retract", pgettext_lazy("ledger", "budget taken back")
    RESERVE = "reserve", pgettext_lazy("ledger", "reserved for an application")
    RELEASE = "release", pgettext_lazy("ledger", "released")
    ISSUE = "issue", pgettext_lazy("ledger", "issued as a voucher")
    REDEEM = "redeem", pgettext_lazy("ledger", "redeemed after the check")
    SETTLE = "settle", pgettext_lazy("ledger", "paid")
    RECOVER = "recover", pgettext_lazy("ledger", "recovered")
    WRITE_OFF = "write_off", pgettext_lazy("ledger", "written off")


# The only ways money goes: move, from, to.
WAYS: tuple[tuple[Move, Account, Account], ...] = (
    (Move.GRANT, Account.OUTSIDE, Account.AVAILABLE),
    (Move.RETRACT, Account.AVAILABLE, Account.OUTSIDE),
    (Move.RESERVE, Account.AVAILABLE, Account.RESERVED),
    (Move.RELEASE, Account.RESERVED, Account.AVAILABLE),
    (Move.ISSUE, Account.RESERVED, Account.ISSUED),
    (Move.RELEASE, Account.ISSUED, Account.AVAILABLE),
    (Move.REDEEM, Account.ISSUED, Account.REDEEMED),
    (Move.SETTLE, Account.REDEEMED, Account.SETTLED),
    (Move.RECOVER, Account.SETTLED, Account.AVAILABLE),
    (Move.WRITE_OFF, Account.SETTLED, Account.WRITTEN_OFF),
)
_ABOUT_A_BUDGET = (Move.GRANT, Move.RETRACT)


def _ways() -> models.Q:
    allowed = models.Q()
    for move, origin, target in WAYS:
        allowed |= models.Q(move=move, from_account=origin, to_account=target)
    return allowed


class FundQuerySet(models.QuerySet["Fund"]):
    def in_scope_of(self, user: Any) -> "FundQuerySet":
        """Return the funds of the regions granted to a member of staff (none: the whole province)."""
        return self.filter(StaffScope.within(user, "region"))


class Fund(models.Model):
    """The budget of a programme in one region, with a balance per account in fen.

    budget = available + reserved + issued + redeemed + settled + written off, in every committed state.
    Balances are written by the triggers alone: reading one costs one row, however many entries there are.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="funds", verbose_name=_("programme")
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    budget_fen = models.BigIntegerField(_("budget"), default=0, editable=False)
    available_fen = models.BigIntegerField(_("available"), default=0, editable=False)
    reserved_fen = models.BigIntegerField(_("reserved"), default=0, editable=False)
    issued_fen = models.BigIntegerField(_("issued"), default=0, editable=False)
    redeemed_fen = models.BigIntegerField(_("redeemed"), default=0, editable=False)
    settled_fen = models.BigIntegerField(_("settled"), default=0, editable=False)
    written_off_fen = models.BigIntegerField(_("written off"), default=0, editable=False)

    objects = FundQuerySet.as_manager()

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        ordering = ["programme", "region"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "region"], name="fund_one_per_region"),
            models.CheckConstraint(
                name="fund_never_negative",
                condition=models.Q(**{f"{account}_fen__gte": 0 for account in ACCOUNTS}),
            ),
            models.CheckConstraint(
                name="fund_adds_up_to_its_budget",
                condition=models.Q(
                    budget_fen=models.F("available_fen")
                    + models.F("reserved_fen")
                    + models.F("issued_fen")
                    + models.F("redeemed_fen")
                    + models.F("settled_fen")
                    + models.F("written_off_fen")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} · {self.region}"

    def balance(self, account: str) -> int:
        """Return the balance of one account in fen, as this row was read."""
        fen: int = getattr(self, f"{account}_fen")
        return fen


class LedgerEntry(models.Model):
    """One move of money, append-only. `actor_id` is a user's number, no foreign key; empty: the system."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="entries", verbose_name=_("fund"))
    voucher = models.ForeignKey(
        "cloud.Voucher",
        null=True,
        on_delete=models.PROTECT,
        related_name="entries",
        verbose_name=_("voucher"),
    )
    move = models.CharField(_("move"), max_length=10, choices=Move.choices)
    from_account = models.CharField(_("from"), max_length=12, choices=Account.choices)
    to_account = models.CharField(_("to"), max_length=12, choices=Account.choices)
    amount_fen = models.BigIntegerField(_("amount in fen"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    actor_id = models.BigIntegerField(_("actor number"), null=True)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="ledger_amount_positive", condition=models.Q(amount_fen__gt=0)),
            models.CheckConstraint(name="ledger_only_known_ways", condition=_ways()),
            models.CheckConstraint(
                name="ledger_budget_or_voucher",
                condition=models.Q(voucher=None, move__in=_ABOUT_A_BUDGET)
                | models.Q(voucher__isnull=False) & ~models.Q(move__in=_ABOUT_A_BUDGET),
            ),
            models.UniqueConstraint(
                fields=["voucher", "move"],
                condition=models.Q(move__in=[Move.RESERVE, Move.ISSUE, Move.REDEEM, Move.SETTLE]),
                name="ledger_once_per_voucher",
            ),
        ]
        indexes = [models.Index(fields=["fund", "-id"], name="ledger_of_fund")]

    def __str__(self) -> str:
        return f"{self.move} {self.amount_fen} {self.from_account} → {self.to_account}"


class Reconciliation(models.Model):
    """What one run found: every balance against the sum of its entries, every voucher against its moves."""

    ran_at = models.DateTimeField(_("ran at"), db_default=Now())
    funds = models.PositiveIntegerField(_("funds"))
    entries = models.BigIntegerField(_("ledger entries"))
    vouchers = models.BigIntegerField(_("vouchers"))
    differences = models.JSONField(_("differences"), default=list)

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        ordering = ["-id"]
        permissions = [("reconcile", _("Can prove the ledger"))]

    def __str__(self) -> str:
        return f"{localtime(self.ran_at):%Y-%m-%d %H:%M}"
