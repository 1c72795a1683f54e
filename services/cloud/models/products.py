"""Cloud products, their terms, and their prices over time."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from services.catalogue.models import Provider
from services.cloud import lock_in
from services.cloud.models.listings import ListingState


class Category(models.TextChoices):
    """The three layers of a cloud; industrial equipment is a matter of the provider, not a layer."""

    INFRASTRUCTURE = "infrastructure", _("infrastructure: servers, storage, network, security")
    PLATFORM = "platform", _("platform: databases, data, connected machines, development")
    APPLICATION = "application", _("application: software for daily work")


class Need(models.TextChoices):
    """What an enterprise wants to get done, in its own words."""

    OFFICE = "office", _("write, meet and share files")
    FINANCE = "finance", _("keep the books and invoices")
    SALES = "sales", _("sell and look after customers")
    DESIGN = "design", _("design products")
    PRODUCTION = "production", _("plan and follow production")
    MACHINES = "machines", _("see machines and energy")
    DATA = "data", _("bring data together")
    BACKUP = "backup", _("back up what matters")
    SERVERS = "servers", _("replace own servers")
    SECURITY = "security", _("be safer")


class ExportFormat(models.TextChoices):
    CSV = "csv", _("CSV or Excel tables")
    DUMP = "dump", _("full copy of the database")
    API = "api", _("open interface (API)")
    FILES = "files", _("files as they were put in")
    IMAGE = "image", _("image of the server")


class ProductState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a product", "draft")
    REVIEWED = "reviewed", pgettext_lazy("state of a product", "reviewed")
    LISTED = "listed", pgettext_lazy("state of a product", "listed")
    DELISTED = "delisted", pgettext_lazy("state of a product", "no longer offered")


class CloudProductQuerySet(models.QuerySet["CloudProduct"]):
    def listed(self) -> CloudProductQuerySet:
        """Return what can be bought with support: listed, of a listed provider."""
        return self.filter(state=ProductState.LISTED, provider__cloud_listing__state=ListingState.LISTED)

    def public(self) -> CloudProductQuerySet:
        """Return products with a page: once listed the page stays and says what became of it."""
        return self.filter(state__in=[ProductState.LISTED, ProductState.DELISTED])


class CloudProduct(models.Model):
    """A product of one provider with its exit terms; its price at a day is `price_on`.

    Terms that are null are not known, which is worse than a long notice (see `services.cloud.lock_in`).
    Moved only by `services.cloud.lifecycle.products.PRODUCT`.
    """

    State = ProductState

    slug = models.SlugField(_("web address"), max_length=80, unique=True)
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="cloud_products", verbose_name=_("provider")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    needs = ArrayField(
        models.CharField(max_length=20, choices=Need.choices), verbose_name=_("good for"), default=list
    )
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=150, blank=True)
    summary_zh = models.TextField(_("what it does (Chinese)"))
    summary_en = models.TextField(_("what it does (English)"), blank=True)
    export_formats = ArrayField(
        models.CharField(max_length=10, choices=ExportFormat.choices),
        verbose_name=_("ways to take your data out"),
        default=list,
        blank=True,
    )
    notice_days = models.PositiveSmallIntegerField(
        _("notice to leave, in days"), null=True, blank=True, help_text=_("Calendar days.")
    )
    minimum_months = models.PositiveSmallIntegerField(
        _("shortest contract, in months"), null=True, blank=True
    )
    keeps_data_days = models.PositiveSmallIntegerField(
        _("days your data stays after the end"), null=True, blank=True, help_text=_("Calendar days.")
    )
    exit_fee_fen = models.BigIntegerField(
        _("fee to leave, in fen"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    exit_terms_zh = models.TextField(_("terms on leaving (Chinese)"), blank=True)
    exit_terms_en = models.TextField(_("terms on leaving (English)"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("entered by"),
        editable=False,
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("reviewed by"),
        editable=False,
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, editable=False)
    listed_at = models.DateTimeField(_("listed at"), null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    objects = CloudProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("cloud product")
        verbose_name_plural = _("cloud products")
        ordering = ["slug"]
        permissions = [
            ("review_cloudproduct", _("Can review cloud products and their prices")),
            ("list_cloudproduct", _("Can list cloud products")),
        ]
        constraints = [
            models.CheckConstraint(
                name="product_known_state", condition=models.Q(state__in=list(ProductState.values))
            ),
            models.CheckConstraint(
                name="product_listed_is_reviewed",
                condition=models.Q(state="draft")
                | models.Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="product_reviewer_is_not_author",
                condition=models.Q(reviewed_by=None)
                | models.Q(author=None)
                | ~models.Q(reviewed_by=models.F("author")),
            ),
            models.CheckConstraint(
                name="product_exit_fee_not_negative",
                condition=models.Q(exit_fee_fen=None) | models.Q(exit_fee_fen__gte=0),
            ),
        ]
        indexes = [models.Index(fields=["state", "category"], name="product_listed_by_category")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return (self.name_en if translation.get_language() == "en" else "") or self.name_zh

    @property
    def summary(self) -> str:
        return (self.summary_en if translation.get_language() == "en" else "") or self.summary_zh

    @property
    def exit_terms(self) -> str:
        return (self.exit_terms_en if translation.get_language() == "en" else "") or self.exit_terms_zh

    @property
    def lock_in(self) -> lock_in.Reckoning:
        """Return how hard it is to leave, 0 to 100, with the points it is made of."""
        return lock_in.reckon(
            export_formats=frozenset(self.export_formats),
            notice_days=self.notice_days,
            minimum_months=self.minimum_months,
            keeps_data_days=self.keeps_data_days,
            exit_fee_fen=self.exit_fee_fen,
        )

    def price_on(self, day: date) -> PriceVersion | None:
        """Return the approved price in force on `day`; None when there is none yet.

        Reads `prices` from memory when they were prefetched.
        """
        return next((price for price in self.prices.all() if price.holds_on(day)), None)


class PriceVersion(models.Model):
    """One price of a product, from a day on; a newer approved one takes its place on its own day.

    Money in fen. `eligible_percent` is the share of the price that support may be reckoned on. A price is
    proposed by one person and approved by another; an approved one never changes.
    """

    class Unit(models.TextChoices):
        ENTERPRISE = "enterprise", pgettext_lazy("price for each", "enterprise")
        ACCOUNT = "account", pgettext_lazy("price for each", "account")
        SERVER = "server", pgettext_lazy("price for each", "server")
        MACHINE = "machine", pgettext_lazy("price for each", "connected machine")
        GIGABYTE = "gigabyte", pgettext_lazy("price for each", "100 GB")

    class Period(models.TextChoices):
        ONCE = "once", pgettext_lazy("price period", "once")
        MONTH = "month", pgettext_lazy("price period", "month")
        YEAR = "year", pgettext_lazy("price period", "year")

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("state of a price", "waits for review")
        APPROVED = "approved", pgettext_lazy("state of a price", "approved")
        REFUSED = "refused", pgettext_lazy("state of a price", "refused")

    product = models.ForeignKey(
        CloudProduct, on_delete=models.CASCADE, related_name="prices", verbose_name=_("cloud product")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PROPOSED, editable=False
    )
    price_fen = models.BigIntegerField(_("price in fen"), validators=[MinValueValidator(0)])
    unit = models.CharField(_("for each"), max_length=12, choices=Unit.choices)
    period = models.CharField(_("period"), max_length=6, choices=Period.choices)
    setup_fen = models.BigIntegerField(
        _("one-time set-up in fen"), default=0, validators=[MinValueValidator(0)]
    )
    eligible_percent = models.DecimalField(
        _("share that support may be reckoned on, in percent"),
        max_digits=5,
        decimal_places=2,
        default=100,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    valid_from = models.DateField(_("in force from"))
    note = models.CharField(_("reason for the change"), max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("proposed by"),
        editable=False,
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
        editable=False,
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="price_known_state", condition=models.Q(state__in=["proposed", "approved", "refused"])
            ),
            models.CheckConstraint(
                name="price_not_negative", condition=models.Q(price_fen__gte=0, setup_fen__gte=0)
            ),
            models.CheckConstraint(
                name="price_share_is_percent", condition=models.Q(eligible_percent__range=(0, 100))
            ),
            models.CheckConstraint(
                name="price_decided_by_another",
                condition=models.Q(decided_by=None)
                | models.Q(proposed_by=None)
                | ~models.Q(decided_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="price_decided_has_date",
                condition=models.Q(state="proposed")
                | models.Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["product", "valid_from"],
                name="price_one_a_day",
                condition=models.Q(state="approved"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.valid_from}"

    def holds_on(self, day: date) -> bool:
        """Tell whether it is approved and has begun; the newest such one is the price of the day."""
        return self.state == self.State.APPROVED and self.valid_from <= day

    @property
    def yearly_fen(self) -> int:
        """Return what one unit costs in the first twelve months, set-up included."""
        times = 12 if self.period == self.Period.MONTH else 1
        return self.price_fen * times + self.setup_fen
