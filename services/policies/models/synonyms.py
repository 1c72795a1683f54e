"""Words that mean the same to whoever searches; kept at the desk."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class SynonymSet(models.Model):
    """A set of words of either language, each of which also finds the others."""

    words = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("words that mean the same"),
        help_text=_("Two or more, Chinese and English mixed. Separate them with commas."),
    )
    is_used = models.BooleanField(_("used in searches"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("set of synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ["words"]
        constraints = [
            models.CheckConstraint(name="synonyms_are_several", condition=models.Q(words__len__gte=2)),
        ]

    def __str__(self) -> str:
        return " = ".join(self.words)
