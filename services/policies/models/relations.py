"""How notices and items hang together: what implements or replaces what, what can be claimed beside what."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from enterprises.models import Region
from services.policies.models.items import PolicyItem
from services.policies.models.notices import PUBLIC_STATES, PolicyNotice


class NoticeRelationQuerySet(models.QuerySet["NoticeRelation"]):
    def shown(self) -> NoticeRelationQuerySet:
        """Return what the public may see: still true, and both notices public."""
        return self.filter(is_valid=True, notice__state__in=PUBLIC_STATES, other__state__in=PUBLIC_STATES)

    def of(self, notice: PolicyNotice | models.OuterRef) -> NoticeRelationQuerySet:
        """Return the relations of a notice, whichever side it stands on."""
        return self.filter(models.Q(notice=notice) | models.Q(other=notice))


class NoticeRelation(models.Model):
    """One notice implements, replaces in part or belongs to another.

    A notice that is replaced whole is superseded by its lifecycle; that says so by itself. Nothing is
    deleted: a relation entered by mistake is marked as not valid.
    """

    class Kind(models.TextChoices):
        IMPLEMENTS = "implements", _("implements")
        REPLACES = "replaces", _("replaces in part")
        RELATED = "related", _("belongs to the same matter as")

    notice = models.ForeignKey(
        PolicyNotice, on_delete=models.CASCADE, related_name="relations", verbose_name=_("notice")
    )
    kind = models.CharField(_("how they are related"), max_length=12, choices=Kind.choices)
    other = models.ForeignKey(
        PolicyNotice, on_delete=models.CASCADE, related_name="+", verbose_name=_("other notice")
    )
    is_valid = models.BooleanField(_("valid"), default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = NoticeRelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation between notices")
        verbose_name_plural = _("relations between notices")
        constraints = [
            models.UniqueConstraint(fields=["notice", "kind", "other"], name="notice_relation_once"),
            models.CheckConstraint(
                name="notice_relation_to_another", condition=~models.Q(notice=models.F("other"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.kind} {self.other_id}"


class ItemRelationQuerySet(models.QuerySet["ItemRelation"]):
    def of(self, item: PolicyItem | models.OuterRef) -> ItemRelationQuerySet:
        """Return the valid relations of an item, whichever side it stands on."""
        return self.filter(models.Q(item=item) | models.Q(other=item), is_valid=True)

    def among(self, items: Iterable[int]) -> ItemRelationQuerySet:
        """Return the valid relations that touch any of these items."""
        numbers = list(items)
        return self.filter(models.Q(item__in=numbers) | models.Q(other__in=numbers), is_valid=True)


class ItemRelation(models.Model):
    """Whether two items can be claimed together: they exclude, allow or need each other, or one is local.

    Excluding and combining hold both ways and are entered once; "needs" holds for `item` alone. A local
    variant stands in the place of `other` within `region`.
    """

    class Kind(models.TextChoices):
        EXCLUDES = "excludes", _("cannot be combined with")
        STACKS = "stacks", _("can be combined with")
        NEEDS = "needs", _("only together with")
        LOCAL = "local", _("is the local variant of")

    item = models.ForeignKey(
        PolicyItem, on_delete=models.CASCADE, related_name="relations", verbose_name=_("item")
    )
    kind = models.CharField(_("how they are related"), max_length=12, choices=Kind.choices)
    other = models.ForeignKey(
        PolicyItem, on_delete=models.CASCADE, related_name="+", verbose_name=_("other item")
    )
    region = models.ForeignKey(
        Region,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("where the local variant applies"),
    )
    source = models.CharField(
        _("where it is written"), max_length=200, blank=True, help_text=_("Document number and article.")
    )
    is_valid = models.BooleanField(_("valid"), default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ItemRelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation between items")
        verbose_name_plural = _("relations between items")
        constraints = [
            models.UniqueConstraint(fields=["item", "other"], name="item_relation_once"),
            models.CheckConstraint(
                name="item_relation_to_another", condition=~models.Q(item=models.F("other"))
            ),
            models.CheckConstraint(
                name="item_relation_local_says_where",
                condition=models.Q(kind="local", region__isnull=False)
                | (~models.Q(kind="local") & models.Q(region=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.other_id}"
