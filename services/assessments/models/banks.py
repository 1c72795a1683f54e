"""Question banks as they were published, and the sums their averages are made of."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from services.assessments.frameworks import loader
from services.assessments.frameworks.schema import Framework


class FrameworkVersionQuerySet(models.QuerySet["FrameworkVersion"]):
    def current(self) -> "FrameworkVersionQuerySet":
        """Return the newest version of every question bank."""
        return self.order_by("code", "-published_at", "-pk").distinct("code")


class FrameworkVersion(models.Model):
    """One edition of a question bank as it was published; a trigger refuses every later change."""

    code = models.CharField(_("question bank"), max_length=20)
    edition = models.CharField(_("edition"), max_length=20)
    text = models.TextField(_("text (YAML)"))
    digest = models.CharField(_("fingerprint"), max_length=64, unique=True)
    published_at = models.DateTimeField(_("published at"), db_default=Now())
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects = FrameworkVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question bank")
        verbose_name_plural = _("question banks")
        permissions = [("publish_framework", _("Can publish a question bank"))]
        constraints = [
            models.UniqueConstraint(fields=["code", "edition"], name="framework_edition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.edition}"

    @property
    def framework(self) -> Framework:
        """Return the question bank itself; read once a process."""
        return loader.load(self.text)

    @property
    def title(self) -> str:
        return self.framework.title.say(get_language())


class BenchmarkCell(models.Model):
    """The sum of the newest results of one edition in the finest cell; maintained as rounds are finished.

    `part` is '' for the total score, else a scored dimension. Averages are made by adding cells, so they are
    exact; `services.assessments.benchmark.rebuild` counts everything anew.
    """

    version = models.ForeignKey(FrameworkVersion, on_delete=models.CASCADE, related_name="cells")
    sector = models.CharField(max_length=2, blank=True)
    size = models.CharField(max_length=20, blank=True)
    region = models.CharField(max_length=6, blank=True)
    part = models.CharField(max_length=20, blank=True)
    enterprises = models.IntegerField()
    points = models.DecimalField(max_digits=14, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "sector", "size", "region", "part"], name="benchmark_cell_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.sector} {self.size} {self.region} {self.part}"
