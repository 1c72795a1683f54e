"""What readers follow: marks of an enterprise, saved searches, topics; and the ledgers of what was told."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQueryField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise, Membership
from services.policies.models.items import PolicyItem
from services.policies.models.notices import Kind, PolicyNotice


class ItemMarkQuerySet(models.QuerySet["ItemMark"]):
    def for_member(self, user: Any) -> "ItemMarkQuerySet":
        """Return the marks of every enterprise this person acts for."""
        return self.filter(enterprise__in=Membership.objects.current().filter(user=user).values("enterprise"))

    def dismissed(self) -> "ItemMarkQuerySet":
        return self.filter(standing=ItemMark.Standing.DISMISSED)

    def hidden_from(self, enterprise: Enterprise | int) -> models.QuerySet["ItemMark", int]:
        """Return the numbers of the items an enterprise has dismissed."""
        found = self.dismissed().filter(enterprise=enterprise, item__isnull=False)
        return found.values_list("item_id", flat=True)

    def kept(self) -> "ItemMarkQuerySet":
        """Return what stands on the enterprise's list: all but the dismissed."""
        return self.exclude(standing=ItemMark.Standing.DISMISSED)


class ItemMark(models.Model):
    """What an enterprise says of an item, or of a notice under which nothing can be claimed.

    One row an enterprise and thing; no row says nothing. A dismissal has a reason, nothing else has one.
    """

    class Standing(models.TextChoices):
        SAVED = "saved", pgettext_lazy("mark", "saved")
        APPLIED = "applied", _("applied for")
        OBTAINED = "obtained", _("obtained")
        DISMISSED = "dismissed", _("not for us")

    class Reason(models.TextChoices):
        REGION = "region", _("It applies to another place")
        AMOUNT = "amount", _("It gives too little")
        WORK = "work", _("It is too much work")
        HAVE = "have", _("We have it already")
        BUSINESS = "business", _("It is not our business")
        OTHER = "other", _("Another reason")

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="marks")
    notice = models.ForeignKey(PolicyNotice, on_delete=models.CASCADE, related_name="marks")
    item = models.ForeignKey(PolicyItem, null=True, on_delete=models.CASCADE, related_name="marks")
    standing = models.CharField(_("standing"), max_length=10, choices=Standing.choices)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)
    words = models.CharField(_("in words"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("by")
    )
    marked_at = models.DateTimeField(_("marked at"), db_default=Now())

    objects = ItemMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark of an enterprise")
        verbose_name_plural = _("marks of enterprises")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "notice", "item"], name="mark_one_per_thing", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="mark_dismissed_says_why",
                condition=models.Q(standing="dismissed") & ~models.Q(reason="")
                | ~models.Q(standing="dismissed") & models.Q(reason="", words=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id}: {self.get_standing_display()}"


class Frequency(models.TextChoices):
    INSTANT = "instant", pgettext_lazy("how often", "At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week, on Monday")


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def for_user(self, user: Any) -> "SavedSearchQuerySet":
        return self.filter(user=user, stopped_at=None)

    def for_address(self, address: str) -> "SavedSearchQuerySet":
        """Return the confirmed searches of a reader without an account."""
        return self.filter(user=None, address=address, stopped_at=None, confirmed_at__isnull=False)

    def active(self) -> "SavedSearchQuerySet":
        return self.filter(stopped_at=None, confirmed_at__isnull=False)


class SavedSearch(models.Model):
    """A search whose new results are told to one reader: a person, or an address without an account.

    `query` is the address of the list; the columns below it are the same compiled, so that one statement
    holds all searches against a new notice: NULL is "no such condition", `vector` and `patterns` are what
    `services.policies.terms` asks of a text. An address counts once its owner has confirmed it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("reader"),
    )
    address = models.CharField(_("address"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(_("search"), blank=True)
    frequency = models.CharField(_("how often"), max_length=10, choices=Frequency.choices)
    areas = ArrayField(models.IntegerField(), null=True)
    kinds = ArrayField(models.CharField(max_length=20), null=True)
    levels = ArrayField(models.CharField(max_length=12), null=True)
    states = ArrayField(models.CharField(max_length=12), null=True)
    issuers = ArrayField(models.CharField(max_length=200), null=True)
    vector: Any = SearchQueryField(null=True)
    patterns = ArrayField(models.TextField(), null=True)
    # The mark of the synonyms the two above were compiled with.
    words_mark = models.UUIDField(null=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        indexes = [
            models.Index(fields=["user"], name="search_of_user", condition=models.Q(stopped_at=None)),
            models.Index(fields=["address"], name="search_of_address", condition=models.Q(stopped_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="search_has_one_reader",
                condition=models.Q(user__isnull=False, address="")
                | models.Q(user=None) & ~models.Q(address=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SearchFound(models.Model):
    """A saved search found one version of a notice; an address hears of it once, by whichever search.

    Without `told_at` it waits until `due_on` to go with others in one letter.
    """

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="found")
    notice = models.ForeignKey(PolicyNotice, on_delete=models.CASCADE, related_name="+")
    notice_version = models.PositiveIntegerField()
    address = models.CharField(max_length=254)
    due_on = models.DateField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("finding of a saved search")
        verbose_name_plural = _("findings of saved searches")
        constraints = [
            models.UniqueConstraint(
                fields=["search", "notice", "notice_version"], name="search_found_once_per_version"
            ),
            models.UniqueConstraint(
                fields=["address", "notice", "notice_version"], name="search_found_once_per_address"
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="search_found_waiting", condition=models.Q(told_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.search_id} found {self.notice_id} v{self.notice_version}"


class AlertChoice(models.Model):
    """How often one person hears of new items of one topic that fit; no row is "at once"."""

    class Frequency(models.TextChoices):
        INSTANT = "instant", pgettext_lazy("how often", "At once")
        DAILY = "daily", _("Once a day")
        WEEKLY = "weekly", _("Once a week, on Monday")
        DEADLINES = "deadlines", _("Only before the last day")
        NEVER = "never", _("Never")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=20, choices=Kind.choices)
    frequency = models.CharField(max_length=10, choices=Frequency.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="alert_choice_one_per_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.topic} {self.frequency}"


class AlertDue(models.Model):
    """A match that goes to one reader with others, in the letter of the day `due_on`; `letter` is its key."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(PolicyItem, on_delete=models.CASCADE, related_name="+")
    item_version = models.PositiveIntegerField()
    due_on = models.DateField()
    told_at = models.DateTimeField(null=True)
    letter = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("match told in the morning")
        verbose_name_plural = _("matches told in the morning")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "enterprise", "item", "item_version"], name="alert_due_once_per_version"
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="alert_due_waiting", condition=models.Q(told_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} hears of {self.item_id} v{self.item_version} on {self.due_on}"


class Reminder(models.Model):
    """Somebody was reminded, for an enterprise, so many days before a last day; written with the letter."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(PolicyItem, on_delete=models.CASCADE, related_name="+")
    closes_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    reminded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "enterprise", "item", "closes_on", "days"], name="reminder_once_per_deadline"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.item_id} {self.closes_on} -{self.days}"


class NoticeTelling(models.Model):
    """Followers and searches were told of one event of a notice: once for ever, however often it is asked."""

    class Event(models.TextChoices):
        PUBLISHED = "published", _("published")
        SUPERSEDED = "superseded", _("superseded")
        REPEALED = "repealed", _("repealed")

    notice = models.ForeignKey(PolicyNotice, on_delete=models.CASCADE, related_name="tellings")
    version = models.PositiveIntegerField(_("version"))
    event = models.CharField(_("event"), max_length=10, choices=Event.choices)
    found = models.PositiveIntegerField(_("found by saved searches"), default=0)
    told = models.PositiveIntegerField(_("letters about the change"), default=0)
    told_at = models.DateTimeField(_("told at"), db_default=Now())
    # Of several versions published between two ticks, only the last is held against saved searches.
    is_held = models.BooleanField(_("held against saved searches"), default=True)

    class Meta:
        verbose_name = _("telling of a notice")
        verbose_name_plural = _("tellings of notices")
        constraints = [
            models.UniqueConstraint(fields=["notice", "version", "event"], name="telling_once_per_event"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} v{self.version} {self.event}"
