"""Solutions by industry and scene, and what enterprises that used one achieved, with their consent."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, Industry, Region
from services.catalogue.models import Provider
from services.industry.models.publishing import Publishable, in_language, publication_rules


class Effort(models.IntegerChoices):
    """How much work a solution is for the enterprise."""

    LIGHT = 1, _("light: days")
    MIDDLE = 2, _("middle: weeks")
    HEAVY = 3, _("heavy: months")


class SolutionQuerySet(models.QuerySet["Solution"]):
    def public(self) -> SolutionQuerySet:
        return self.filter(state=Solution.State.PUBLISHED)

    def helping_with(self, capabilities: Collection[str]) -> SolutionQuerySet:
        """Return those that share a capability with these codes."""
        return self.filter(capabilities__overlap=list(capabilities))


class Solution(Publishable):
    """A small way to mend one thing: what it is, what must be there first, how to begin.

    `capabilities` are those of the catalogue's offerings, so a solution leads to what can be asked for now;
    `scenes` are codes of the question bank miit. Without `industries` it fits any.
    """

    slug = models.SlugField(_("web address"), unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=150)
    summary_zh = models.CharField(_("summary (Chinese)"), max_length=300)
    summary_en = models.CharField(_("summary (English)"), max_length=400)
    steps_zh = models.TextField(_("how to begin (Chinese, one step a line)"))
    steps_en = models.TextField(_("how to begin (English, one step a line)"))
    needs_zh = models.CharField(_("what must be there first (Chinese)"), max_length=300, blank=True)
    needs_en = models.CharField(_("what must be there first (English)"), max_length=400, blank=True)
    effort = models.PositiveSmallIntegerField(_("effort"), choices=Effort.choices, default=Effort.MIDDLE)
    capabilities = ArrayField(models.CharField(max_length=60), verbose_name=_("capabilities"), default=list)
    scenes = ArrayField(models.CharField(max_length=10), verbose_name=_("scenes"), default=list, blank=True)
    industries = models.ManyToManyField(
        Industry, blank=True, related_name="+", verbose_name=_("industries; none: any")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    objects = SolutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("solution")
        verbose_name_plural = _("solutions")
        ordering = ["position", "slug"]
        constraints = publication_rules("solution")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")

    @property
    def summary(self) -> str:
        return in_language(self, "summary")

    @property
    def needs(self) -> str:
        return in_language(self, "needs")

    @property
    def steps(self) -> list[str]:
        """Return the steps, one a line as they were typed."""
        return [line.strip() for line in in_language(self, "steps").splitlines() if line.strip()]


class CaseStudyQuerySet(models.QuerySet["CaseStudy"]):
    def public(self) -> CaseStudyQuerySet:
        """Return what may be shown: published, consented to, and the consent not taken back."""
        return self.filter(
            state=CaseStudy.State.PUBLISHED, consent_on__isnull=False, consent_withdrawn_at=None
        )

    def for_member(self, user: object) -> CaseStudyQuerySet:
        """Return the cases about the enterprises this person acts for, public or not."""
        return self.filter(enterprise__in=Enterprise.objects.for_member(user))


class CaseStudy(Publishable):
    """What one enterprise achieved with one provider, in figures before and after.

    Nothing of it is shown without the enterprise's consent, which is recorded with its day, who gave it and
    which member of staff recorded it; a consent that is taken back hides the case at once. `called_zh` is
    how the enterprise wants to be named, which need not be its name.
    """

    slug = models.SlugField(_("web address"), unique=True)
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="cases", verbose_name=_("provider")
    )
    solution = models.ForeignKey(
        Solution,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="cases",
        verbose_name=_("solution"),
    )
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="+", verbose_name=_("enterprise")
    )
    called_zh = models.CharField(_("named as (Chinese)"), max_length=100)
    called_en = models.CharField(_("named as (English)"), max_length=150, blank=True)
    industry = models.ForeignKey(
        Industry, on_delete=models.PROTECT, related_name="+", verbose_name=_("industry")
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    title_zh = models.CharField(_("Chinese title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    problem_zh = models.TextField(_("what was wrong (Chinese)"))
    problem_en = models.TextField(_("what was wrong (English)"), blank=True)
    done_zh = models.TextField(_("what was done (Chinese)"))
    done_en = models.TextField(_("what was done (English)"), blank=True)
    year = models.PositiveSmallIntegerField(_("year of the result"))
    consent_on = models.DateField(_("consent given on"), null=True, editable=False)
    consent_by = models.CharField(_("consent given by"), max_length=60, blank=True, editable=False)
    consent_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("consent recorded by"),
    )
    consent_withdrawn_at = models.DateTimeField(_("consent taken back at"), null=True, editable=False)

    objects = CaseStudyQuerySet.as_manager()

    class Meta:
        verbose_name = _("case study")
        verbose_name_plural = _("case studies")
        permissions = [("record_consent", _("Can record the consent to a case"))]
        ordering = ["-year", "slug"]
        constraints = [
            *publication_rules("case"),
            models.CheckConstraint(
                name="case_consent_whole",
                condition=models.Q(consent_on=None, consent_by="", consent_recorded_by=None)
                | models.Q(consent_on__isnull=False, consent_recorded_by__isnull=False)
                & ~models.Q(consent_by=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self, "title")

    @property
    def called(self) -> str:
        return in_language(self, "called")

    @property
    def problem(self) -> str:
        return in_language(self, "problem")

    @property
    def done(self) -> str:
        return in_language(self, "done")

    @property
    def has_consent(self) -> bool:
        return self.consent_on is not None and self.consent_withdrawn_at is None


class CaseFigure(models.Model):
    """One figure of a case, before and after, with its unit; both are as the enterprise gave them."""

    case = models.ForeignKey(CaseStudy, on_delete=models.CASCADE, related_name="figures")
    label_zh = models.CharField(_("figure (Chinese)"), max_length=60)
    label_en = models.CharField(_("figure (English)"), max_length=100, blank=True)
    unit_zh = models.CharField(_("unit (Chinese)"), max_length=20)
    unit_en = models.CharField(_("unit (English)"), max_length=30, blank=True)
    before = models.DecimalField(_("before"), max_digits=12, decimal_places=2)
    after = models.DecimalField(_("after"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "label_zh"], name="case_figure_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_language(self, "label")

    @property
    def unit(self) -> str:
        return in_language(self, "unit")
