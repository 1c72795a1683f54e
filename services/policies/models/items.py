"""What can be claimed under a notice, and who met its gates when."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, IntegerRangeField
from django.db import models
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from services.policies.fields import IntegerMultiRangeField
from services.policies.models.notices import Kind, PolicyNotice, State


class PolicyItemQuerySet(models.QuerySet["PolicyItem"]):
    def published(self) -> "PolicyItemQuerySet":
        return self.filter(notice__state=State.PUBLISHED)

    def open_on(self, day: date) -> "PolicyItemQuerySet":
        """Return items of notices in force that can be claimed on `day`; an unknown window counts as open."""
        return (
            self.published()
            .filter(
                models.Q(opens_on=None) | models.Q(opens_on__lte=day),
                models.Q(closes_on=None) | models.Q(closes_on__gte=day),
                models.Q(notice__effective_to=None) | models.Q(notice__effective_to__gte=day),
                notice__is_ended=False,
            )
            .exclude(pool_left_fen=0)
        )

    def awaiting_announcement(self, day: date) -> "PolicyItemQuerySet":
        """Return items to be matched and told: not over by `day`, and with every gate stated."""
        return (
            self.published()
            .filter(
                models.Q(closes_on=None) | models.Q(closes_on__gte=day),
                models.Q(notice__effective_to=None) | models.Q(notice__effective_to__gte=day),
                announced_at=None,
                notice__is_ended=False,
            )
            .exclude(compiled__unstated=True)
            .exclude(pool_left_fen=0)
        )


_ItemManager = models.Manager.from_queryset(PolicyItemQuerySet)


class PresentItems(_ItemManager):
    """The items a notice has now; what a correction took away is left out."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(withdrawn_at=None)


class PolicyItem(models.Model):
    """Something that can be claimed under a notice, and the criteria for it.

    `criteria` is the flat AND list of `core.criteria` in JSON. `version` grows with each published
    change of the criteria or the window; `announced_at` says the present version was matched and told. An
    item whose pool is used up (`pool_left_fen` 0) is closed like one past its last day. One
    that a correction takes away is kept for its matches, with `withdrawn_at`.
    """

    class Delivery(models.TextChoices):
        APPLICATION = "application", _("on application")
        NO_APPLICATION = "no_application", _("without application")

    notice = models.ForeignKey(
        PolicyNotice, on_delete=models.CASCADE, related_name="items", verbose_name=_("notice")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    title_zh = models.CharField(_("Chinese title"), max_length=300)
    title_en = models.CharField(_("English title"), max_length=400, blank=True)
    max_fen = models.BigIntegerField(_("at most, in fen per enterprise"), null=True, blank=True)
    rate_percent = models.DecimalField(
        _("rate in percent"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    pool_fen = models.BigIntegerField(_("pool, in fen"), null=True, blank=True)
    pool_left_fen = models.BigIntegerField(_("left of the pool, in fen"), null=True, editable=False)
    pool_left_on = models.DateField(_("left on"), null=True, editable=False)
    amount_note_zh = models.CharField(_("note on the amount (Chinese)"), max_length=400, blank=True)
    amount_note_en = models.CharField(_("note on the amount (English)"), max_length=400, blank=True)
    delivery = models.CharField(
        _("how it is granted"), max_length=20, choices=Delivery.choices, default=Delivery.APPLICATION
    )
    # Codes of `handing` that the authority needs; with none the portal asks nobody for consent.
    handed = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("data handed over")
    )
    is_open_all_year = models.BooleanField(_("open all year"), default=False)
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_on = models.DateField(_("last day"), null=True, blank=True)
    window_note_zh = models.CharField(_("note on the window (Chinese)"), max_length=300, blank=True)
    window_note_en = models.CharField(_("note on the window (English)"), max_length=300, blank=True)
    steps_zh = models.TextField(_("how to apply (Chinese)"), blank=True)
    steps_en = models.TextField(_("how to apply (English)"), blank=True)
    apply_url = models.URLField(_("where to apply"), blank=True)
    criteria = models.JSONField(_("criteria"), default=list, blank=True)
    # Regions in which published local rules stand in the place of this item (`inheriting`).
    replaced_in = ArrayField(models.CharField(max_length=6), default=list, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    announced_at = models.DateTimeField(_("announced at"), null=True, editable=False)
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    withdrawn_at = models.DateTimeField(_("taken away at"), null=True, editable=False)

    objects = PresentItems()
    every = PolicyItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["notice", "position"]
        constraints = [
            models.CheckConstraint(
                name="item_closes_after_it_opens",
                condition=models.Q(opens_on=None)
                | models.Q(closes_on=None)
                | models.Q(closes_on__gte=models.F("opens_on")),
            ),
            models.CheckConstraint(
                name="item_amounts_not_negative",
                condition=(models.Q(max_fen=None) | models.Q(max_fen__gte=0))
                & (models.Q(pool_fen=None) | models.Q(pool_fen__gte=0)),
            ),
            models.CheckConstraint(
                name="item_pool_left_has_day",
                condition=models.Q(pool_left_fen=None, pool_left_on=None)
                | models.Q(pool_left_fen__gte=0, pool_left_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="item_to_announce", condition=models.Q(announced_at=None)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return (self.title_en if translation.get_language() == "en" else "") or self.title_zh

    @property
    def amount_note(self) -> str:
        return (self.amount_note_en if translation.get_language() == "en" else "") or self.amount_note_zh

    @property
    def window_note(self) -> str:
        return (self.window_note_en if translation.get_language() == "en" else "") or self.window_note_zh

    @property
    def steps(self) -> str:
        return (self.steps_en if translation.get_language() == "en" else "") or self.steps_zh


class ItemCriteria(models.Model):
    """The gates of an item, compiled into columns for one SQL pass; NULL is "no such gate"."""

    item = models.OneToOneField(
        PolicyItem, on_delete=models.CASCADE, primary_key=True, related_name="compiled"
    )
    is_open = models.BooleanField(default=False)
    opens_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    regions = IntegerMultiRangeField(null=True)
    industries = IntegerMultiRangeField(null=True)
    sizes = models.SmallIntegerField(null=True)
    quals_any = models.BigIntegerField(null=True)
    quals_all = models.BigIntegerField(null=True)
    revenue_yuan = BigIntegerRangeField(null=True)
    employees = IntegerRangeField(null=True)
    founded_years = IntegerRangeField(null=True)
    digital_level_min = models.SmallIntegerField(null=True)
    cloud_readiness_min = models.SmallIntegerField(null=True)
    unstated = models.BooleanField(default=False)
    zones = ArrayField(models.CharField(max_length=40), null=True)

    def __str__(self) -> str:
        return f"criteria of {self.item_id}"


class Match(models.Model):
    """An enterprise met every gate of one version of an item on one day; written once."""

    item = models.ForeignKey(PolicyItem, on_delete=models.CASCADE, related_name="matches")
    item_version = models.PositiveIntegerField()
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="matches")
    matched_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "item", "item_version"], name="match_once_per_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} meets {self.item_id} v{self.item_version}"
