"""What an item asks to be handed in."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from services.policies.models.items import PolicyItem


class ItemDocumentQuerySet(models.QuerySet["ItemDocument"]):
    def asked_by(self, item: PolicyItem | models.OuterRef) -> ItemDocumentQuerySet:
        """Return the papers an item asks for, in the order they are handed in."""
        return self.filter(item=item, is_valid=True).order_by("position", "pk")


class ItemDocument(models.Model):
    """One paper an item asks for: its name, who issues it, and the fact that shows the portal knows of it.

    `fact` is a code of `enterprises.facts` ('' for what the enterprise writes itself). Nothing is deleted: a
    paper that is asked no more is marked as not valid.
    """

    item = models.ForeignKey(
        PolicyItem, on_delete=models.CASCADE, related_name="documents", verbose_name=_("item")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    name_zh = models.CharField(_("name of the paper (Chinese)"), max_length=200)
    name_en = models.CharField(_("name of the paper (English)"), max_length=300, blank=True)
    issuer_zh = models.CharField(_("who issues it (Chinese)"), max_length=200, blank=True)
    issuer_en = models.CharField(_("who issues it (English)"), max_length=300, blank=True)
    fact = models.CharField(_("fact that shows it is held"), max_length=60, blank=True)
    is_valid = models.BooleanField(_("valid"), default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ItemDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper to hand in")
        verbose_name_plural = _("papers to hand in")
        constraints = [models.UniqueConstraint(fields=["item", "name_zh"], name="item_document_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return (self.name_en if translation.get_language() == "en" else "") or self.name_zh

    @property
    def issuer(self) -> str:
        return (self.issuer_en if translation.get_language() == "en" else "") or self.issuer_zh
