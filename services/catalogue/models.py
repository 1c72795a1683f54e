"""Who provides what: providers and the offerings an enterprise can ask for."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import calendar


class Group(models.TextChoices):
    """The four services of the platform, as the starter catalogue names them."""

    POLICY = "policy", _("Policy services")
    DIGITAL_FACTORY = "digital_factory", _("Digital factory")
    CLOUD = "cloud", _("Cloud onboarding")
    INDUSTRIAL = "industrial", _("Industrial services")


class Audience(models.TextChoices):
    """Who in an enterprise an offering is for."""

    OWNER = "owner", _("owner or manager")
    FINANCE = "finance", _("finance")
    PRODUCTION = "production", _("production")
    IT_LEAD = "it_lead", _("IT lead")
    HR = "hr", _("personnel")
    POLICYMAKER = "policymaker", _("policymaker")


class Provider(models.Model):
    """A body that does the work behind an offering."""

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("association")
        CLOUD_PROVIDER = "cloud_provider", _("cloud provider")
        EXPERT_TEAM = "expert_team", _("expert team")
        FINANCIAL_INSTITUTION = "financial_institution", _("financial institution")
        GOVERNMENT_STAFF = "government_staff", _("government staff")
        IDENTIFIER_NODE = "identifier_node", _("identifier node")
        PLATFORM = "platform", _("this platform")
        PLATFORM_OPERATOR = "platform_operator", _("industrial Internet platform")
        PUBLIC_SERVICE_AGENCY = "public_service_agency", _("public service agency")
        SECURITY_AGENCY = "security_agency", _("security agency")
        SOLUTION_PROVIDER = "solution_provider", _("solution provider")
        TELECOM_CARRIER = "telecom_carrier", _("telecom carrier")
        TESTING_INSTITUTION = "testing_institution", _("testing institution")
        TRAINING_INSTITUTION = "training_institution", _("training institution")

    slug = models.SlugField(_("web address"), unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    name_zh = models.CharField(_("Chinese name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    about_zh = models.TextField(_("about it (Chinese)"), blank=True)
    about_en = models.TextField(_("about it (English)"), blank=True)
    website = models.URLField(_("website"), blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False, db_default=False, editable=False)

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        ordering = ["name_zh"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return (self.name_en if translation.get_language() == "en" else "") or self.name_zh

    @property
    def about(self) -> str:
        return (self.about_en if translation.get_language() == "en" else "") or self.about_zh


class OfferingQuerySet(models.QuerySet["Offering"]):
    def live(self) -> "OfferingQuerySet":
        """Return what the catalogue counts, listed or not."""
        return self.filter(retired_at=None)

    def listed(self) -> "OfferingQuerySet":
        """Return what may be shown; a self-service whose page is not built yet is left out by `listing`."""
        return self.live().filter(is_listed=True).exclude(mode=Offering.Mode.SELF_SERVICE, page="")

    def can_be_requested(self) -> "OfferingQuerySet":
        """Return what takes requests today; what is paused comes back by itself."""
        return self.on_request().exclude(paused_until__gte=calendar.today())

    def on_request(self) -> "OfferingQuerySet":
        """Return what is asked for by a request, paused or not."""
        return self.listed().exclude(mode=Offering.Mode.SELF_SERVICE)

    def in_group(self, group: str) -> "OfferingQuerySet":
        return self.filter(group=group)


class Offering(models.Model):
    """Something an enterprise can ask for. `turnaround_days` are working days; 0 is at once."""

    class Mode(models.TextChoices):
        SELF_SERVICE = "self_service", _("self-service")
        APPLY = "apply", _("on request")
        EVENT = "event", pgettext_lazy("how an offering works", "event")

    slug = models.SlugField(_("web address"), unique=True)
    group = models.CharField(_("group"), max_length=30, choices=Group.choices)
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="offerings", verbose_name=_("provider")
    )
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=150)
    description_zh = models.TextField(_("Chinese description"))
    description_en = models.TextField(_("English description"))
    deliverable_zh = models.CharField(_("what you get (Chinese)"), max_length=200, blank=True)
    deliverable_en = models.CharField(_("what you get (English)"), max_length=200, blank=True)
    is_free = models.BooleanField(_("free of charge"))
    price_note_zh = models.CharField(_("price note (Chinese)"), max_length=200, blank=True)
    price_note_en = models.CharField(_("price note (English)"), max_length=200, blank=True)
    turnaround_days = models.PositiveSmallIntegerField(_("turnaround in working days"))
    measured_days = models.PositiveSmallIntegerField(
        _("working days it took lately"),
        null=True,
        editable=False,
        help_text=_("The median of the last requests that are done; empty while fewer than five are."),
    )
    audience = ArrayField(
        models.CharField(max_length=20, choices=Audience.choices), verbose_name=_("audience"), default=list
    )
    mode = models.CharField(_("how it works"), max_length=20, choices=Mode.choices)
    page = models.CharField(
        _("page of a self-service"),
        max_length=100,
        blank=True,
        help_text=_("URL name of the page; hidden without one."),
    )
    capacity = models.PositiveSmallIntegerField(
        _("requests worked on at once"),
        null=True,
        blank=True,
        help_text=_("How many the provider can work on at the same time; empty when nobody has said."),
    )
    paused_until = models.DateField(_("paused until"), null=True, editable=False)
    pause_note_zh = models.CharField(
        _("reason of the pause (Chinese)"), max_length=200, blank=True, editable=False
    )
    pause_note_en = models.CharField(
        _("reason of the pause (English)"), max_length=200, blank=True, editable=False
    )
    criteria = models.JSONField(
        _("conditions"),
        default=list,
        blank=True,
        editable=False,
        help_text=_("As `enterprises.criteria` reads them; empty: open to every enterprise."),
    )
    needs_proof = models.BooleanField(_("needs an enterprise checked by staff"), default=False)
    is_listed = models.BooleanField(_("shown in lists"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        verbose_name = _("offering")
        verbose_name_plural = _("offerings")
        ordering = ["position", "slug"]
        constraints = [
            models.CheckConstraint(
                name="offering_paid_says_price",
                condition=models.Q(is_free=True) | ~models.Q(price_note_zh=""),
            ),
            models.CheckConstraint(
                name="offering_capacity_is_some",
                condition=models.Q(capacity=None) | models.Q(capacity__gte=1),
            ),
            models.CheckConstraint(
                name="offering_pause_says_why",
                condition=models.Q(paused_until=None) | ~models.Q(pause_note_zh=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audience_words(self) -> list[str]:
        """Return for whom it is, in words."""
        return [str(Audience(code).label) for code in self.audience if code in Audience.values]

    @property
    def is_self_service(self) -> bool:
        return self.mode == self.Mode.SELF_SERVICE

    @property
    def is_paused(self) -> bool:
        """Tell whether it takes no requests today; `paused_until` is the last day of the pause."""
        return self.paused_until is not None and self.paused_until >= calendar.today()

    @property
    def pause_note(self) -> str:
        english = self.pause_note_en if translation.get_language() == "en" else ""
        return english or self.pause_note_zh

    @property
    def requires_proof(self) -> bool:
        """Tell whether only an enterprise checked by staff may ask: paid services and vouchers."""
        return self.needs_proof or not self.is_free

    @property
    def name(self) -> str:
        return self.name_en if translation.get_language() == "en" else self.name_zh

    @property
    def description(self) -> str:
        return self.description_en if translation.get_language() == "en" else self.description_zh

    @property
    def deliverable(self) -> str:
        return self.deliverable_en if translation.get_language() == "en" else self.deliverable_zh

    @property
    def price_note(self) -> str:
        return self.price_note_en if translation.get_language() == "en" else self.price_note_zh


class Particular(models.Model):
    """One thing a service needs to know of whoever asks for it, beyond their own words.

    For a choice, `choices_zh` and `choices_en` hold one answer a line, in the same order.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("a line of words")
        NUMBER = "number", _("a whole number")
        YES_NO = "yes_no", _("yes or no")
        CHOICE = "choice", _("one of several answers")

    offering = models.ForeignKey(
        Offering, on_delete=models.CASCADE, related_name="particulars", verbose_name=_("offering")
    )
    kind = models.CharField(_("kind of answer"), max_length=10, choices=Kind.choices, default=Kind.TEXT)
    label_zh = models.CharField(_("question (Chinese)"), max_length=120)
    label_en = models.CharField(_("question (English)"), max_length=200)
    hint_zh = models.CharField(_("hint (Chinese)"), max_length=200, blank=True)
    hint_en = models.CharField(_("hint (English)"), max_length=300, blank=True)
    choices_zh = models.TextField(_("answers, one a line (Chinese)"), max_length=1000, blank=True)
    choices_en = models.TextField(_("answers, one a line (English)"), max_length=1500, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("question of a service")
        verbose_name_plural = _("questions of a service")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="particular_choice_has_answers",
                condition=~models.Q(kind="choice") | (~models.Q(choices_zh="") & ~models.Q(choices_en="")),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.label_en if translation.get_language() == "en" else self.label_zh

    @property
    def hint(self) -> str:
        return self.hint_en if translation.get_language() == "en" else self.hint_zh

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Return the answers of a choice in both languages, Chinese first."""
        pairs = zip(self.choices_zh.splitlines(), self.choices_en.splitlines(), strict=False)
        return [(zh.strip(), en.strip()) for zh, en in pairs if zh.strip()]


class PauseWatch(models.Model):
    """Somebody who wants to hear when a paused offering takes requests again; told once."""

    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="watches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offering", "user"], condition=models.Q(told_at=None), name="pause_watch_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offering} {self.user}"


class Capability(models.Model):
    """What an offering helps with, so that an assessment's gap can name it."""

    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="capabilities")
    code = models.CharField(_("code"), max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offering", "code"], name="capability_once")]

    def __str__(self) -> str:
        return self.code
