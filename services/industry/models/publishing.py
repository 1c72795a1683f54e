"""What the pages of this room share: written by one person, published by another, withdrawn at once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PublicationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a page", "draft")
    IN_REVIEW = "in_review", pgettext_lazy("state of a page", "in review")
    PUBLISHED = "published", pgettext_lazy("state of a page", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a page", "withdrawn")


class Publishable(models.Model):
    """A row the public reads once a second person has published it; see `services.industry.lifecycle`.

    What the system itself brought in has no `submitted_by` and no `published_by`.
    """

    State = PublicationState

    state = models.CharField(
        _("state"),
        max_length=10,
        choices=PublicationState.choices,
        default=PublicationState.DRAFT,
        editable=False,
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("sent to review by"),
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("published by"),
    )
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True

    @property
    def is_public(self) -> bool:
        return self.state == PublicationState.PUBLISHED

    @property
    def may_be_edited(self) -> bool:
        """Tell whether the text may be changed: only before it is sent to review."""
        return self.state == PublicationState.DRAFT


def publication_rules(name: str) -> list[models.BaseConstraint]:
    """Return the constraints of a publishable table; `name` begins their names."""
    states = list(PublicationState.values)
    return [
        models.CheckConstraint(name=f"{name}_known_state", condition=models.Q(state__in=states)),
        models.CheckConstraint(
            name=f"{name}_published_has_date",
            condition=~models.Q(state="published") | models.Q(published_at__isnull=False),
        ),
    ]


def in_language(row: Any, field: str) -> str:
    """Return a bilingual text in the reader's language; the Chinese where there is no English."""
    chinese: str = getattr(row, f"{field}_zh")
    if translation.get_language() != "en":
        return chinese
    return getattr(row, f"{field}_en") or chinese
