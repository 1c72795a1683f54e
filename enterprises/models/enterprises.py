"""The enterprise itself, which of them staff see, and two that were one."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.pairs import Pairs, holds
from enterprises.classification import regions
from enterprises.models.places import Region, region_prefix


class NameKey(models.Func):
    """A name without brackets, blanks, “city”, “province” and the legal form at its end; it is indexed."""

    template = (
        "regexp_replace(translate(lower(%(expressions)s), '（）()·　 市省', ''),"
        " '(股份有限公司|有限责任公司|有限公司|集团|公司|厂)$', '')"
    )
    arity = 1
    output_field = models.CharField()


def acting_now(prefix: str = "") -> models.Q:
    """Give the condition that a membership holds: neither ended nor a mandate past its end.

    `prefix` leads to the membership from another model. The database's clock decides.
    """
    ends = f"{prefix}mandate_ends_at"
    lasts = models.Q(**{ends: None}) | models.Q(**{f"{ends}__gt": Now()})
    return models.Q(**{f"{prefix}ended_at": None}) & lasts


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    def for_member(self, user: Any) -> "EnterpriseQuerySet":
        """Return the enterprises this person acts for at present; everything else does not exist for them."""
        return self.filter(acting_now("memberships__"), memberships__user=user)

    def in_scope_of(self, user: Any) -> "EnterpriseQuerySet":
        """Return the enterprises in the regions granted to a member of staff (none: the whole province)."""
        return self.filter(StaffScope.within(user, "region"))

    def named(self, words: str) -> "EnterpriseQuerySet":
        """Return the enterprises with these words in their name, by an index."""
        return self.filter(holds("name", words))


class Enterprise(models.Model):
    """The identity of an enterprise; everything else known of it is a Fact.

    `uscc` is the unified social credit code (GB 32100) in canonical form: 18 characters, upper case.
    `proof_level` gates actions, never reading: email may read, assess, ask and request free
    services; vouchers and paid services need staff.
    """

    class Proof(models.TextChoices):
        IMPORTED = "imported", _("brought in from a sheet, nobody acts for it yet")
        EMAIL = "email", _("e-mail confirmed")
        DOCUMENT = "document", _("document handed in")
        STAFF = "staff", _("checked by staff")

    uscc = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    name = models.CharField(_("name"), max_length=200)
    region = models.ForeignKey(
        Region, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("region")
    )
    proof_level = models.CharField(
        _("proof level"), max_length=10, choices=Proof.choices, default=Proof.EMAIL
    )
    contact_name = models.CharField(_("contact person"), max_length=100, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=30, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)
    registered_at = models.DateTimeField(_("registered at"), db_default=Now())
    facts_changed_at = models.DateTimeField(_("facts changed at"), db_default=Now())
    matched_at = models.DateTimeField(_("matched at"), null=True)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("merged into"),
    )

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("enterprise")
        verbose_name_plural = _("enterprises")
        constraints = [
            models.CheckConstraint(
                name="enterprise_uscc_canonical", condition=models.Q(uscc__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$")
            ),
            models.CheckConstraint(
                name="enterprise_merged_into_another",
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("pk")),
            ),
        ]
        indexes = [
            models.Index(NameKey(models.F("name")), name="enterprise_name_key"),
            GinIndex(Pairs("name"), name="enterprise_name"),
        ]
        permissions = [
            ("set_proof_level", _("Can set the proof level of an enterprise")),
            ("import_enterprise", _("Can bring in enterprises from a sheet")),
            ("merge_enterprise", _("Can merge two enterprises")),
            ("view_personal_data", _("Can see contact persons and phone numbers")),
        ]

    def __str__(self) -> str:
        return self.name


class StaffScope(models.Model):
    """A region (and, if set, a catalogue group) a member of staff works for; none means everything."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="scopes")
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    group = models.CharField(_("catalogue group"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("scope of a member of staff")
        verbose_name_plural = _("scopes of staff")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "region", "group"], name="staff_scope_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.region or ''} {self.group}"

    @classmethod
    def within(cls, user: Any, region: str) -> models.Q:
        """Return the condition that `region` lies in those granted to one of the staff (none: everywhere)."""
        granted = models.Q()
        for code in cls.regions_of(user):
            granted |= models.Q(**{f"{region}__code__startswith": region_prefix(code)})
        return granted

    @classmethod
    def held_by(cls, user: Any) -> "list[StaffScope]":
        """Return the scopes of a member of staff, none for None; what a page has read is not read again."""
        return list(user.scopes.all()) if user is not None else []

    @classmethod
    def regions_of(cls, user: Any) -> list[str]:
        """Return the regions granted to a member of staff."""
        codes = [scope.region_id for scope in cls.held_by(user)]
        return [regions.current(code) for code in codes if code]

    @classmethod
    def covers(cls, user: Any, region: str | None) -> bool:
        """Tell whether a region lies in those granted to a member of staff (none: the whole province)."""
        prefixes = tuple(region_prefix(code) for code in cls.regions_of(user))
        return not prefixes or (region or "").startswith(prefixes)


class EnterpriseMerge(models.Model):
    """`joined` was merged into `kept`; `moved` holds the numbers of the rows that went over, by relation.

    `ended` are the memberships that ended because the person acts for the kept one already.
    """

    kept = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="merges")
    joined = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="joinings")
    moved = models.JSONField(default=dict)
    ended = models.JSONField(default=list)
    merged_at = models.DateTimeField(_("merged at"), db_default=Now())
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(_("undone at"), null=True)

    class Meta:
        verbose_name = _("merge of enterprises")
        verbose_name_plural = _("merges of enterprises")
        constraints = [
            models.UniqueConstraint(
                fields=["joined"], condition=models.Q(undone_at=None), name="enterprise_merged_once"
            ),
            models.CheckConstraint(
                name="merge_of_two_enterprises", condition=~models.Q(kept=models.F("joined"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.joined} → {self.kept}"
