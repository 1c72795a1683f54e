"""Training, briefings and visits, and who comes: places, a waiting list, attendance, what was thought of it.

Called *occasion* here because an event is an entry of the history (`core.models.Event`).
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise, Region
from services.industry.models.places import Park
from services.industry.models.publishing import Publishable, in_language, publication_rules


class OccasionQuerySet(models.QuerySet["Occasion"]):
    def public(self) -> OccasionQuerySet:
        return self.filter(state=Occasion.State.PUBLISHED)

    def upcoming(self, at: datetime) -> OccasionQuerySet:
        """Return what has not ended at that moment, the next first."""
        return self.public().filter(ends_at__gt=at).order_by("starts_at", "pk")

    def ended(self, at: datetime) -> OccasionQuerySet:
        return self.public().filter(ends_at__lte=at, called_off_at=None)


class Occasion(Publishable):
    """One date with `seats` places, of which `taken` are booked.

    `taken` changes only in `services.industry.actions.bookings`, under a lock of this row; the database
    refuses more than `seats`. `join_url` of an online occasion is shown only to those who have a place.
    """

    class Kind(models.TextChoices):
        TRAINING = "training", _("training")
        BRIEFING = "briefing", _("policy briefing")
        VISIT = "visit", _("visit to a works")
        MEETING = "meeting", _("meeting of suppliers and customers")

    slug = models.SlugField(_("web address"), unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title_zh = models.CharField(_("Chinese title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    about_zh = models.TextField(_("about it (Chinese)"))
    about_en = models.TextField(_("about it (English)"), blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    closes_at = models.DateTimeField(_("booking until"))
    venue_zh = models.CharField(_("venue (Chinese)"), max_length=200)
    venue_en = models.CharField(_("venue (English)"), max_length=300, blank=True)
    region = models.ForeignKey(
        Region,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("region; empty when online"),
    )
    park = models.ForeignKey(
        Park,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="occasions",
        verbose_name=_("park"),
    )
    join_url = models.URLField(_("web address to join online"), blank=True)
    seats = models.PositiveSmallIntegerField(_("places"), validators=[MinValueValidator(1)])
    per_enterprise = models.PositiveSmallIntegerField(
        _("places for one enterprise"), default=2, validators=[MinValueValidator(1)]
    )
    taken = models.PositiveSmallIntegerField(_("places taken"), default=0, editable=False)
    called_off_at = models.DateTimeField(_("called off at"), null=True, editable=False)
    called_off_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    objects = OccasionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("training", "event")
        verbose_name_plural = pgettext_lazy("training", "events")
        ordering = ["-starts_at", "slug"]
        permissions = [("keep_attendance", _("Can record who came to an event"))]
        constraints = [
            *publication_rules("occasion"),
            models.CheckConstraint(
                name="occasion_never_overbooked", condition=models.Q(taken__lte=models.F("seats"))
            ),
            models.CheckConstraint(
                name="occasion_ends_after_it_begins",
                condition=models.Q(ends_at__gt=models.F("starts_at"), closes_at__lte=models.F("starts_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="occasion_public", condition=models.Q(state="published"))
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self, "title")

    @property
    def about(self) -> str:
        return in_language(self, "about")

    @property
    def venue(self) -> str:
        return in_language(self, "venue")

    @property
    def left(self) -> int:
        """Return how many places are free."""
        return self.seats - self.taken

    @property
    def is_called_off(self) -> bool:
        return self.called_off_at is not None

    def takes_bookings(self, at: datetime) -> bool:
        """Tell whether a place, or one on the waiting list, can be had at that moment."""
        return self.is_public and not self.is_called_off and at <= self.closes_at


class BookingState(models.TextChoices):
    BOOKED = "booked", pgettext_lazy("state of a booking", "place booked")
    WAITING = "waiting", pgettext_lazy("state of a booking", "on the waiting list")
    CANCELLED = "cancelled", pgettext_lazy("state of a booking", "cancelled")


class BookingQuerySet(models.QuerySet["Booking"]):
    def for_member(self, user: object) -> BookingQuerySet:
        """Return the bookings of the enterprises this person acts for."""
        return self.filter(enterprise__in=Enterprise.objects.for_member(user))

    def active(self) -> BookingQuerySet:
        """Return those with a place or on the waiting list."""
        return self.exclude(state=BookingState.CANCELLED)

    def booked(self) -> BookingQuerySet:
        return self.filter(state=BookingState.BOOKED)

    def in_line(self) -> BookingQuerySet:
        """Return the waiting list, the first to move up first."""
        return self.filter(state=BookingState.WAITING).order_by("pk")


class Booking(models.Model):
    """One person of one enterprise at one occasion; the number of the row is the place in the line.

    The state moves only through `services.industry.lifecycle.BOOKING`. `attended` is None until the desk
    has kept attendance.
    """

    State = BookingState

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    occasion = models.ForeignKey(
        Occasion, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("event")
    )
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="+", verbose_name=_("enterprise")
    )
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("booked by")
    )
    attendee_name = models.CharField(_("who comes"), max_length=60)
    attendee_phone = models.CharField(_("phone"), max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=BookingState.choices, editable=False)
    created_at = models.DateTimeField(_("booked at"), db_default=Now())
    attended = models.BooleanField(_("came"), null=True)
    reminded_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(
        _("rating"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    rating_words = models.TextField(_("in words"), blank=True)
    rated_at = models.DateTimeField(_("rated at"), null=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="booking_known_state", condition=models.Q(state__in=["booked", "waiting", "cancelled"])
            ),
            models.UniqueConstraint(
                fields=["occasion", "enterprise", "attendee_name"],
                condition=~models.Q(state="cancelled"),
                name="booking_once_a_person",
            ),
            models.CheckConstraint(
                name="booking_rated_whole",
                condition=models.Q(rating=None, rated_at=None)
                | models.Q(rating__gte=1, rating__lte=5, rated_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attendee_name} · {self.occasion}"

    @property
    def has_place(self) -> bool:
        return self.state == BookingState.BOOKED
