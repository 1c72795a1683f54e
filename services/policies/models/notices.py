"""Policy notices and what was published of them."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import richtext, text
from enterprises.models import Fact, Region
from services.policies import terms

if TYPE_CHECKING:
    from services.policies.models.items import PolicyItem


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    RETURNED = "returned", _("returned to the author")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("superseded")
    REPEALED = "repealed", _("repealed")
    MERGED = "merged", _("taken over into the published notice")
    DISCARDED = "discarded", _("given up")


OPEN_STATES = (State.DRAFT, State.IN_REVIEW, State.RETURNED, State.APPROVED)
PUBLIC_STATES = (State.PUBLISHED, State.SUPERSEDED, State.REPEALED)


class Kind(models.TextChoices):
    FUNDING = "funding", _("funding")
    TAX = "tax", _("tax relief")
    PLAN = "plan", _("plan")
    GUIDELINE = "guideline", _("guideline")
    CERTIFICATION = "certification", _("recognition")
    VOUCHER = "voucher", _("voucher")


CLAIMABLE_KINDS = (Kind.FUNDING, Kind.TAX, Kind.VOUCHER, Kind.CERTIFICATION)


class Level(models.TextChoices):
    NATIONAL = "national", _("national")
    PROVINCIAL = "provincial", _("provincial")
    MUNICIPAL = "municipal", _("municipal")
    DISTRICT = "district", _("district")


class PolicyNoticeQuerySet(models.QuerySet["PolicyNotice"]):
    def public(self) -> "PolicyNoticeQuerySet":
        """Return what anyone may read: published, superseded and repealed notices."""
        return self.filter(state__in=PUBLIC_STATES)

    def published(self) -> "PolicyNoticeQuerySet":
        return self.filter(state=State.PUBLISHED)

    def in_force_on(self, day: date) -> "PolicyNoticeQuerySet":
        """Return published notices not known to have ended by `day`."""
        return self.published().filter(
            models.Q(effective_to=None) | models.Q(effective_to__gte=day), is_ended=False
        )

    def search(self, words: str, alike: terms.Alike | None = None) -> "PolicyNoticeQuerySet":
        """Return public notices that contain all of the words; all of them when there is no word.

        `alike` are words that mean the same (`services.policies.synonyms`).
        """
        sql, values = terms.condition(terms.read(words, alike), exactly=True)
        rows = RawSQL(  # noqa: S611 - what is typed stands in `values`
            f"SELECT notice_id FROM policies_noticesearch WHERE {sql}",  # noqa: S608 - as above
            values,
        )
        return self.public().filter(pk__in=rows)

    def to_look_at(self, on: date) -> "PolicyNoticeQuerySet":
        """Return notices in force that nobody has looked at for long by the day `on`."""
        return self.in_force_on(on).filter(look_again_on__lte=on, to_be_verified=False)

    def with_items(self) -> "PolicyNoticeQuerySet":
        """Load the items of all the notices in one more query; `PolicyNotice.its_items` gives them."""
        return self.prefetch_related(models.Prefetch("items", to_attr="loaded_items"))

    def due_for_publication(self) -> "PolicyNoticeQuerySet":
        return self.filter(state=State.APPROVED, publish_at__lte=Now())


class PolicyNotice(models.Model):
    """A policy document. What can be claimed under it are its items.

    A date known only to the month or year is stored as its first day with its precision. A null
    says "not known", never "none". A correction of a published notice is a draft of its own (`corrects`)
    whose content is taken over as the next version. The state moves only through
    `services.policies.lifecycle.NOTICE`.
    """

    State = State
    Kind = Kind

    slug = models.SlugField(_("web address"), max_length=80, unique=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.DRAFT, editable=False
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    title_zh = models.CharField(_("Chinese title"), max_length=300)
    title_en = models.CharField(_("English title"), max_length=400, blank=True)
    issuer_zh = models.CharField(_("issuer (Chinese)"), max_length=200)
    issuer_en = models.CharField(_("issuer (English)"), max_length=300, blank=True)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    document_number_key = models.CharField(max_length=80, blank=True, editable=False)
    summary_zh = models.TextField(_("plain summary (Chinese)"), blank=True)
    summary_en = models.TextField(_("plain summary (English)"), blank=True)
    body_zh = models.TextField(
        _("official text"), blank=True, help_text=_("May be empty: readers are sent to the issuer.")
    )
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    issued_precision = models.CharField(
        _("date known to the"), max_length=5, choices=Fact.Precision.choices, default="day"
    )
    effective_from = models.DateField(_("in force from"), null=True, blank=True)
    effective_from_precision = models.CharField(
        _("date known to the"), max_length=5, choices=Fact.Precision.choices, default="day"
    )
    effective_to = models.DateField(_("in force until"), null=True, blank=True)
    is_ended = models.BooleanField(_("ended according to the source"), default=False)
    to_be_verified = models.BooleanField(_("to be verified"), default=False)
    confidence = models.CharField(_("confidence"), max_length=10, blank=True)
    sources = ArrayField(
        models.CharField(max_length=500),
        default=list,
        blank=True,
        verbose_name=_("sources"),
        help_text=_("Addresses, or where there is none, what was read. Separate them with commas."),
    )
    source_quality = models.CharField(_("kind of source"), max_length=200, blank=True)
    evidence = models.CharField(_("evidence"), max_length=200, blank=True)
    targets = models.JSONField(_("targets"), default=list, blank=True)
    superseded_by = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="supersedes",
        verbose_name=_("superseded by"),
    )
    corrects = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
        verbose_name=_("corrects"),
        editable=False,
    )
    correction_note_zh = models.CharField(_("what was corrected (Chinese)"), max_length=300, blank=True)
    correction_note_en = models.CharField(_("what was corrected (English)"), max_length=300, blank=True)
    contact = models.CharField(_("whom to ask"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("author"),
        editable=False,
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("approved by"),
        editable=False,
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    confirmed_on = models.DateField(_("last found right on"), null=True, editable=False)
    look_again_on = models.DateField(_("to be looked at again from"), null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = PolicyNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy notice")
        verbose_name_plural = _("policy notices")
        constraints = [
            models.CheckConstraint(
                name="notice_known_state", condition=models.Q(state__in=list(State.values))
            ),
            models.CheckConstraint(
                name="notice_public_has_date",
                condition=~models.Q(state__in=["published", "superseded", "repealed"])
                | models.Q(published_at__isnull=False, version__gte=1),
            ),
            models.CheckConstraint(
                name="notice_superseded_says_by_what",
                condition=~models.Q(state="superseded") | models.Q(superseded_by__isnull=False),
            ),
            models.CheckConstraint(
                name="notice_merged_corrects",
                condition=~models.Q(state="merged") | models.Q(corrects__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                name="notice_one_open_correction",
                condition=models.Q(state__in=["draft", "in_review", "returned", "approved"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                name="notice_newest",
                condition=models.Q(state__in=["published", "superseded", "repealed"]),
            ),
            models.Index(
                fields=["publish_at"], name="notice_scheduled", condition=models.Q(state="approved")
            ),
            models.Index(fields=["document_number_key"], name="notice_document_number"),
            models.Index(
                fields=["look_again_on"], name="notice_to_look_at", condition=models.Q(state="published")
            ),
        ]
        permissions = [
            ("submit_notice", _("Can send a notice to review")),
            ("review_notice", _("Can approve, return and publish a notice")),
            ("view_reach", _("Can see whom a notice reaches")),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the official text without anything that could do harm, and the number as it is compared."""
        self.body_zh = richtext.clean(self.body_zh)
        self.document_number_key = text.document_number(self.document_number)
        super().save(*args, **kwargs)

    @property
    def title(self) -> str:
        return (self.title_en if translation.get_language() == "en" else "") or self.title_zh

    @property
    def issuer(self) -> str:
        return (self.issuer_en if translation.get_language() == "en" else "") or self.issuer_zh

    @property
    def summary(self) -> str:
        return (self.summary_en if translation.get_language() == "en" else "") or self.summary_zh

    @property
    def its_items(self) -> "list[PolicyItem]":
        """Return the items, from memory where `with_items` has loaded them."""
        # A related manager for each of a page of notices costs more than reading them all.
        loaded: list[PolicyItem] | None = self.__dict__.get("loaded_items")
        return list(self.items.all()) if loaded is None else loaded

    def has_ended(self, on: date) -> bool:
        """Tell whether the notice is known to be out of force on `on`."""
        return self.is_ended or (self.effective_to is not None and self.effective_to < on)


class NoticeVersion(models.Model):
    """What was published, exactly; never altered."""

    notice = models.ForeignKey(PolicyNotice, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    snapshot = models.JSONField()
    published_at = models.DateTimeField(_("published at"), db_default=Now())
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note_zh = models.CharField(_("what was corrected (Chinese)"), max_length=300, blank=True)
    note_en = models.CharField(_("what was corrected (English)"), max_length=300, blank=True)
    is_material = models.BooleanField(_("changes a condition, a date or an amount"), default=False)

    class Meta:
        verbose_name = _("version of a notice")
        verbose_name_plural = _("versions of notices")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["notice", "number"], name="notice_version_once")]

    def __str__(self) -> str:
        return f"{self.notice_id} v{self.number}"

    @property
    def note(self) -> str:
        return (self.note_en if translation.get_language() == "en" else "") or self.note_zh
