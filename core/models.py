"""Tables without a domain word: what happened, files, working days, form tokens, drafts."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Event(models.Model):
    """One change, written once and never altered (a trigger refuses UPDATE and DELETE).

    The actor is a number without a foreign key, and no personal value stands here: those are in
    the erasable EventDetail, whose hash this row keeps. Write it through `core.audit.record`.
    """

    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    actor_id = models.BigIntegerField(_("actor number"), null=True, help_text=_("Empty: the system itself."))
    actor_role = models.CharField(_("acting as"), max_length=40)
    verb = models.CharField(_("verb"), max_length=60)
    subject_type = models.CharField(_("kind of subject"), max_length=80)
    subject_id = models.BigIntegerField(_("subject number"))
    before = models.CharField(_("before"), max_length=200, blank=True)
    after = models.CharField(_("after"), max_length=200, blank=True)
    data = models.JSONField(_("data"), default=dict, blank=True)
    detail_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="event_subject"),
            models.Index(fields=["actor_id", "-id"], name="event_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject_id}"


class EventDetail(models.Model):
    """The personal part of an event (a reason in words, an address); may be erased."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="detail")
    data = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"detail of event {self.event_id}"


class StoredFile(models.Model):
    """A file outside the web root; each room serves its own after its own check of rights.

    Written through `core.files`. `key` is random and names the bytes in the store; `name` is for display
    only. Nobody opens it before `scan` says so: `skipped` means that no scanner is there and the setting
    TRUST_UNSCANNED_FILES lets it through. `scan_after` is when the scanner may take it, and the lease of
    the worker that has it.
    """

    class Scan(models.TextChoices):
        PENDING = "pending", pgettext_lazy("scan of a file", "being checked")
        CLEAN = "clean", pgettext_lazy("scan of a file", "checked")
        SKIPPED = "skipped", pgettext_lazy("scan of a file", "not checked")
        INFECTED = "infected", pgettext_lazy("scan of a file", "blocked: malware was found")

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(_("file name"), max_length=200)
    purpose = models.CharField(_("purpose"), max_length=60, blank=True, default="")
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), db_default=Now())
    scan = models.CharField(_("malware check"), max_length=10, choices=Scan.choices, default=Scan.PENDING)
    threat = models.CharField(_("what was found"), max_length=200, blank=True, default="")
    scanned_at = models.DateTimeField(_("checked at"), null=True)
    scan_tries = models.PositiveSmallIntegerField(default=0)
    scan_after = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.CheckConstraint(
                name="file_known_scan",
                condition=models.Q(scan__in=["pending", "clean", "skipped", "infected"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["scan_after"],
                name="file_to_scan",
                condition=models.Q(scan__in=["pending", "skipped"]),
            ),
            models.Index(fields=["scanned_at"], name="file_scanned_at", condition=models.Q(scan="clean")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_opened(self) -> bool:
        return self.scan in {self.Scan.CLEAN, self.Scan.SKIPPED}


class CalendarDay(models.Model):
    """A day that differs from the plain week: a holiday, or a weekend day that is worked."""

    class Kind(models.TextChoices):
        OFF = "off", _("day off")
        WORK = "work", _("working day")

    day = models.DateField(_("day"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("working calendar")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


class CalendarYear(models.Model):
    """A year whose State Council notice has been entered; later years count provisionally."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("announced year")
        verbose_name_plural = _("announced years")
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class FormToken(models.Model):
    """A used one-time token of a form, with what its first use led to. See `core.once`."""

    token = models.CharField(max_length=64)
    purpose = models.CharField(max_length=60)
    owner = models.CharField(max_length=80, help_text="user number, or the key of an anonymous session")
    result = models.CharField(max_length=200, blank=True)
    used_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "purpose", "token"], name="form_token_used_once"),
        ]
        indexes = [models.Index(fields=["used_at"], name="form_token_used_at")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.token[:8]}"


class Draft(models.Model):
    """Answers of an unfinished journey, kept until it is submitted or 30 days have passed."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict)
    started_at = models.DateTimeField(db_default=Now())
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "kind", "key"], name="draft_one_per_journey"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ParkedForm(models.Model):
    """What somebody was sending when their session had ended; see `core.parking`."""

    key = models.CharField(max_length=40, primary_key=True)
    action = models.CharField(max_length=500)
    data = models.JSONField(default=dict)
    parked_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["parked_at"], name="parked_form_at")]

    def __str__(self) -> str:
        return self.action


class Counter(models.Model):
    """The last number given out in a series, such as the references of one day."""

    series = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"


class Limit(models.Model):
    """How often something was tried in the window that ends at `ends_at`. See `core.limits`."""

    key = models.CharField(max_length=64, primary_key=True)
    used = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="limit_ends_at")]

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.used}"


class Miss(models.Model):
    """How often words were looked for in a list on one day and nothing was found. See `core.misses`."""

    place = models.CharField(max_length=30)
    words = models.CharField(max_length=40)
    day = models.DateField()
    times = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "words", "day"], name="miss_once_a_day"),
        ]
        indexes = [models.Index(fields=["day"], name="miss_day")]

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


class Watermark(models.Model):
    """How far a periodic job has come; a missed run is caught up from here, once."""

    job = models.CharField(max_length=80, primary_key=True)
    period = models.CharField(max_length=40, blank=True)
    ran_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.job} {self.period}"


class EventSeal(models.Model):
    """The place of an event in the chain; append-only like the events. See `core.chain`."""

    position = models.BigAutoField(primary_key=True)
    event = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.position}: {self.event}"


class JobRun(models.Model):
    """The last run of one job of the background; written by `core.jobs`."""

    name = models.CharField(max_length=80, primary_key=True)
    ran_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("run of a job")
        verbose_name_plural = _("runs of jobs")
        permissions = [("start_job", _("Can have a job of the background run now"))]

    def __str__(self) -> str:
        return self.name
