"""Whom we serve: the enterprise, who acts for it, and what is known of it."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.criteria import FactValue
from core.models import StoredFile
from core.pairs import Pairs, holds
from enterprises import facts
from enterprises.classification import regions


def region_prefix(code: str) -> str:
    """Return the leading digits that every region at or below `code` shares (370200 gives 3702)."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


class Region(models.Model):
    """GB/T 2260 division of Shandong (153 rows) and 000000, the whole country, which is no address."""

    class Level(models.TextChoices):
        COUNTRY = "country", _("country")
        PROVINCE = "province", _("province")
        PREFECTURE = "prefecture", _("city")
        COUNTY = "county", _("district or county")

    code = models.CharField(_("code"), max_length=6, primary_key=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100)
    is_selectable = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if translation.get_language() == "en" else self.name_zh


class Zone(models.Model):
    """An area that is no division of GB/T 2260: a development area, a free-trade area, a circle of cities.

    Exists from `from_on` to `until_on`, both included; without a day there is no limit. It consists of its
    places; without any, only what is said of an enterprise tells whether it lies in the zone. Facts and
    criteria name it by `code`, so a zone is ended, never deleted.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=150)
    from_on = models.DateField(_("exists from"), null=True, blank=True)
    until_on = models.DateField(_("exists until"), null=True, blank=True)
    basis = models.CharField(
        _("set up by"), max_length=200, blank=True, help_text=_("The document that says so, with its number.")
    )
    counted_on = models.DateField(null=True, editable=False)
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="zone_ends_after_it_begins",
                condition=models.Q(from_on=None)
                | models.Q(until_on=None)
                | models.Q(until_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if translation.get_language() == "en" else self.name_zh


class ZonePlace(models.Model):
    """A region that belongs to a zone: wholly, or in part; the days as for the zone itself."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="places")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    is_whole = models.BooleanField(
        _("belongs wholly"),
        default=False,
        help_text=_("Otherwise an enterprise there is asked whether it lies in the zone."),
    )
    from_on = models.DateField(_("belongs from"), null=True, blank=True)
    until_on = models.DateField(_("belongs until"), null=True, blank=True)

    class Meta:
        verbose_name = _("place of a zone")
        verbose_name_plural = _("places of a zone")
        ordering = ["region", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "region", "from_on"], name="zone_place_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="zone_place_ends_after_it_begins",
                condition=models.Q(from_on=None)
                | models.Q(until_on=None)
                | models.Q(until_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.region)


class Industry(models.Model):
    """GB/T 4754-2017 section, division or group; the code is text and keeps its leading zero."""

    class Level(models.TextChoices):
        SECTION = "section", _("section")
        DIVISION = "division", _("division")
        GROUP = "group", pgettext_lazy("industry", "group")

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return self.name_en if translation.get_language() == "en" else self.name_zh


class NameKey(models.Func):
    """A name without brackets, blanks, “city”, “province” and the legal form at its end; it is indexed."""

    template = (
        "regexp_replace(translate(lower(%(expressions)s), '（）()·　 市省', ''),"
        " '(股份有限公司|有限责任公司|有限公司|集团|公司|厂)$', '')"
    )
    arity = 1
    output_field = models.CharField()


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    def for_member(self, user: Any) -> "EnterpriseQuerySet":
        """Return the enterprises this person acts for at present; everything else does not exist for them."""
        return self.filter(acting_now("memberships__"), memberships__user=user)

    def in_scope_of(self, user: Any) -> "EnterpriseQuerySet":
        """Return the enterprises in the regions granted to a member of staff (none: the whole province)."""
        prefixes = [region_prefix(code) for code in StaffScope.regions_of(user)]
        if not prefixes:
            return self
        within = models.Q()
        for prefix in prefixes:
            within |= models.Q(region__code__startswith=prefix)
        return self.filter(within)

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


def acting_now(prefix: str = "") -> models.Q:
    """Give the condition that a membership holds: neither ended nor a mandate past its end.

    `prefix` leads to the membership from another model. The database's clock decides.
    """
    ends = f"{prefix}mandate_ends_at"
    lasts = models.Q(**{ends: None}) | models.Q(**{f"{ends}__gt": Now()})
    return models.Q(**{f"{prefix}ended_at": None}) & lasts


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(acting_now())

    def lapsed(self) -> "MembershipQuerySet":
        """Return the mandates that are past their end and whose rows nobody has closed yet."""
        return self.filter(ended_at=None, mandate_ends_at__lte=Now())

    def owners(self) -> "MembershipQuerySet":
        return self.current().filter(role=Membership.Role.OWNER)


class Membership(models.Model):
    """A person acts for an enterprise; an ended row stays as history.

    An agent or accountant acts by a mandate: `agency` is the firm they work for, `mandate_ends_at` the moment
    from which they stand outside. They never own the enterprise; its owners end or prolong the mandate.
    """

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        EDITOR = "editor", _("editor")
        VIEWER = "viewer", _("viewer")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    began_at = models.DateTimeField(_("since"), db_default=Now())
    ended_at = models.DateTimeField(_("until"), null=True)
    agency = models.CharField(
        _("agency of the mandate"), max_length=100, blank=True, default="", db_default=""
    )
    mandate_ends_at = models.DateTimeField(_("mandate until"), null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "user"],
                condition=models.Q(ended_at=None),
                name="membership_once_at_a_time",
            ),
            models.CheckConstraint(
                name="membership_mandate_whole",
                condition=models.Q(agency="", mandate_ends_at=None)
                | ~models.Q(agency="") & models.Q(mandate_ends_at__isnull=False) & ~models.Q(role="owner"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["mandate_ends_at"],
                name="membership_mandates",
                condition=models.Q(ended_at=None, mandate_ends_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.enterprise}"

    @property
    def may_write(self) -> bool:
        return self.role in {self.Role.OWNER, self.Role.EDITOR}

    @property
    def mandate_last_day(self) -> date | None:
        """Give the last day of a mandate, which still counts; None without one."""
        ends = self.mandate_ends_at
        return timezone.localtime(ends - timedelta(seconds=1)).date() if ends else None

    @property
    def is_agent(self) -> bool:
        """Tell whether the person acts by a mandate and does not belong to the enterprise."""
        return bool(self.agency)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Return what is neither accepted nor revoked, expired ones included."""
        return self.filter(accepted_at=None, revoked_at=None)

    def valid(self) -> "InvitationQuerySet":
        """Return what can be accepted now, by the database's clock."""
        return self.open().filter(expires_at__gt=Now())

    def waiting_for(self, user: Any) -> "InvitationQuerySet":
        """Return the open invitations to this person's confirmed address that have not expired."""
        return self.valid().filter(email__iexact=user.email)


class Invitation(models.Model):
    """An invitation by mail to act for an enterprise.

    Only the hash of its token is stored: the token itself stands in the mail alone, is single use
    and expires. `key` names the invitation to those who may see it anyway.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=10, choices=Membership.Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(_("expires at"))
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    agency = models.CharField(
        _("agency of the mandate"), max_length=100, blank=True, default="", db_default=""
    )
    mandate_ends_at = models.DateTimeField(_("mandate until"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.role}"

    @property
    def is_open(self) -> bool:
        """Tell whether it can be accepted, for pages; accepting asks the database's clock."""
        return not self.accepted_at and not self.revoked_at and self.expires_at > timezone.now()


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def open(self) -> "JoinRequestQuerySet":
        """Return what can still be answered, by the database's clock."""
        return self.filter(state=JoinRequest.State.OPEN, expires_at__gt=Now())


class JoinRequest(models.Model):
    """Someone asks the owners of an enterprise to let them act for it.

    `enterprise` is None while nobody has registered the credit code: the person must not learn which codes
    are taken, so both rows look alike to them.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of a request to join", "asked")
        ACCEPTED = "accepted", pgettext_lazy("state of a request to join", "accepted")
        REFUSED = "refused", pgettext_lazy("state of a request to join", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("state of a request to join", "withdrawn")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    uscc = models.CharField(_("unified social credit code"), max_length=18)
    enterprise = models.ForeignKey(
        Enterprise, null=True, on_delete=models.CASCADE, related_name="join_requests"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("who you are"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField(_("asked at"), db_default=Now())
    expires_at = models.DateTimeField(_("expires at"))
    settled_at = models.DateTimeField(_("settled at"), null=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        constraints = [
            models.CheckConstraint(
                name="join_request_known_state",
                condition=models.Q(state__in=["open", "accepted", "refused", "withdrawn"]),
            ),
            models.UniqueConstraint(
                fields=["uscc", "asked_by"], condition=models.Q(state="open"), name="join_request_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_by} {self.state}"


class Claim(models.Model):
    """Someone registered a credit code that is taken; staff settle whose enterprise it is."""

    class State(models.TextChoices):
        OPEN = "open", _("to be checked")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="claims")
    claimant = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(_("what was entered"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    claimed_at = models.DateTimeField(_("claimed at"), db_default=Now())
    settled_at = models.DateTimeField(_("settled at"), null=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        permissions = [("settle_claim", _("Can settle a claim"))]
        constraints = [
            models.CheckConstraint(
                name="claim_known_state", condition=models.Q(state__in=["open", "accepted", "refused"])
            ),
            models.UniqueConstraint(
                fields=["enterprise", "claimant"], condition=models.Q(state="open"), name="claim_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.state}"


class FactQuerySet(models.QuerySet["Fact"]):
    def current(self) -> "FactQuerySet":
        """Return the facts that count: the strongest and newest of each code, expired ones included."""
        return self.filter(is_current=True)

    def lapsed(self, on: date) -> "FactQuerySet":
        """Return the current facts whose last valid day lies before `on` and whose facet still holds them."""
        return self.current().filter(expires_on__lt=on, lapsed_at=None)

    def known(self) -> dict[str, FactValue]:
        """Return the current facts in the form that rules read; for the facts of one enterprise."""
        return facts.from_rows(self.current())


class Fact(models.Model):
    """One thing known of an enterprise, with its source and dates; earlier and weaker ones are kept.

    `value` is a JSON value in the shape `enterprises.facts` gives its code. Written only by
    `enterprises.actions.record_fact`.
    """

    class Source(models.TextChoices):
        REGISTRY = "registry", _("registry")
        STAFF = "staff", _("staff")
        DOCUMENT = "document", _("document")
        ASSESSMENT = "assessment", _("assessment")
        SELF = "self", _("own statement")

    class Precision(models.TextChoices):
        DAY = "day", pgettext_lazy("precision", "day")
        MONTH = "month", pgettext_lazy("precision", "month")
        YEAR = "year", pgettext_lazy("precision", "year")

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="facts")
    code = models.CharField(_("fact"), max_length=60)
    value = models.JSONField(_("value"))
    precision = models.CharField(max_length=5, choices=Precision.choices, default=Precision.DAY)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    on = models.DateField(_("as of"))
    expires_on = models.DateField(_("last valid day"), null=True)
    is_current = models.BooleanField(default=True)
    lapsed_at = models.DateTimeField(null=True, help_text=_("When the facet forgot an expired fact."))
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now())
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "code"], condition=models.Q(is_current=True), name="fact_one_current"
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_on"],
                name="fact_expiring",
                condition=models.Q(is_current=True, expires_on__isnull=False, lapsed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.value}"


class EnterpriseFacet(models.Model):
    """The narrow row that rules are asked of in SQL; follows the facts in the same transaction.

    NULL is unknown (an expired fact too). A fact known only coarsely is a range low..high.
    `size_bit`: 1 large, 2 medium, 4 small, 8 micro, 16 not applicable. `quals` and `quals_known`
    are bit masks in the order of `qualifications.yaml`. `zones` and `zones_out` are the codes of the zones it
    is said to lie in or outside; what follows from its region is not kept here (`enterprises.zones`).
    """

    enterprise = models.OneToOneField(
        Enterprise, on_delete=models.CASCADE, primary_key=True, related_name="facet"
    )
    region_low = models.IntegerField(null=True)
    region_high = models.IntegerField(null=True)
    industry_low = models.IntegerField(null=True)
    industry_high = models.IntegerField(null=True)
    size_bit = models.SmallIntegerField(null=True)
    quals = models.BigIntegerField(default=0)
    quals_known = models.BigIntegerField(default=0)
    revenue_yuan = models.BigIntegerField(null=True)
    employees = models.IntegerField(null=True)
    founded_low = models.DateField(null=True)
    founded_high = models.DateField(null=True)
    digital_level = models.SmallIntegerField(null=True)
    cloud_readiness = models.SmallIntegerField(null=True)
    zones = ArrayField(models.CharField(max_length=40), null=True)
    zones_out = ArrayField(models.CharField(max_length=40), null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["region_low", "industry_low"],
                include=[
                    "enterprise",
                    "region_high",
                    "industry_high",
                    "size_bit",
                    "quals",
                    "quals_known",
                    "revenue_yuan",
                    "employees",
                    "founded_low",
                    "founded_high",
                    "digital_level",
                    "cloud_readiness",
                ],
                name="facet_region_industry",
            ),
        ]

    def __str__(self) -> str:
        return f"facets of {self.enterprise_id}"


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
    def regions_of(cls, user: Any) -> list[str]:
        codes = cls.objects.filter(user=user).values_list("region_id", flat=True)
        return [regions.current(code) for code in codes if code]


class LicenceQuerySet(models.QuerySet["Licence"]):
    def waiting(self) -> "LicenceQuerySet":
        """Return what nobody has decided on yet."""
        return self.filter(settled_at=None)


class Licence(models.Model):
    """A paper that shows who may speak for the enterprise: the business licence, as a request to check it.

    Settled when staff set the proof level.
    """

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="licences")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent at"), db_default=Now())
    settled_at = models.DateTimeField(_("settled at"), null=True)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["enterprise"], name="licence_waiting", condition=models.Q(settled_at=None)),
        ]

    def __str__(self) -> str:
        return self.file.name


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
