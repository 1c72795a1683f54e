"""What the desk sees of an enterprise beside one of its requests: profile, requests, level, vouchers."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.urls import reverse

from core import calendar, nested
from enterprises import facts
from enterprises.models import Enterprise, Fact
from enterprises.wording import fact_in_words, fact_name
from services.assessments import wording
from services.assessments.models import Assessment
from services.cloud.models import Voucher
from services.cloud.voucher_words import yuan
from services.requests import board
from services.requests.facets import desk_word
from services.requests.models import ServiceRequest, ServiceRequestQuerySet

SHOWN = 5
PROFILE = (facts.SIZE, facts.INDUSTRY, facts.EMPLOYEES, facts.REVENUE, facts.FOUNDED)


@dataclass(frozen=True)
class Asked:
    """Another request of the enterprise, in this member of staff's scope."""

    row: ServiceRequest
    state: str
    url: str


@dataclass(frozen=True)
class Level:
    """The newest result of one question bank."""

    bank: str
    level: str
    on: str
    url: str


@dataclass(frozen=True)
class Held:
    """A cloud voucher of the enterprise, in this member of staff's scope; `face` is in yuan."""

    row: Voucher
    face: str
    url: str


@dataclass(frozen=True)
class Glance:
    """An enterprise at a glance.

    `profile` are the facts that stand now, in words. `more` says that there are older requests than those
    shown, `more_vouchers` the same of vouchers; `levels` and `vouchers` are None for whoever may not see them
    (and `profile_url` is empty).
    """

    profile_url: str
    profile: list[tuple[str, str]]
    asked: list[Asked]
    more: bool
    levels: list[Level] | None
    vouchers: list[Held] | None
    more_vouchers: bool


def of(row: ServiceRequest, user: Any, seen: ServiceRequestQuerySet) -> Glance | None:
    """Return the glance beside a request, as far as `user` may see; None without an enterprise.

    `seen` are the requests on this person's desk. One query, whatever there is to see.
    """
    if row.enterprise_id is None:
        return None
    sees_profile = user.has_perm("enterprises.view_enterprise")
    parts = {"seen_asked": _asked(row, seen)} | _levels(user) | _vouchers(user)
    if sees_profile:
        parts["seen_facts"] = _facts()
    found: dict[str, Any] = dict(Enterprise.objects.filter(pk=row.enterprise_id).values(**parts).get())
    asked = nested.rows(ServiceRequest, found["seen_asked"])
    held = nested.rows(Voucher, found.get("seen_vouchers"))
    return Glance(
        profile_url=reverse("admin:enterprises_enterprise_change", args=[row.enterprise_id])
        if sees_profile
        else "",
        profile=_profile(found.get("seen_facts")),
        asked=[Asked(one, desk_word(one.state), board.desk_url(one)) for one in asked[:SHOWN]],
        more=len(asked) > SHOWN,
        levels=[_level(one) for one in nested.rows(Assessment, found["seen_levels"])]
        if "seen_levels" in found
        else None,
        vouchers=[_held(one) for one in held[:SHOWN]] if "seen_vouchers" in found else None,
        more_vouchers=len(held) > SHOWN,
    )


def _facts() -> ArraySubquery:
    rows = Fact.objects.current().filter(enterprise=OuterRef("pk")).order_by("code")
    return nested.gathered(rows, "id", "code", "value", "precision", "source", "on", "expires_on")


def _profile(found: Any) -> list[tuple[str, str]]:
    today = calendar.today()
    known = facts.with_size(facts.live(facts.from_rows(nested.rows(Fact, found)), today), today)
    held = sorted(code for code in known if code.startswith(f"{facts.QUALIFICATION}."))
    return [
        (fact_name(code), fact_in_words(code, known[code])) for code in (*PROFILE, *held) if code in known
    ]


def _asked(row: ServiceRequest, seen: ServiceRequestQuerySet) -> ArraySubquery:
    rows = seen.filter(enterprise=OuterRef("pk")).exclude(pk=row.pk).order_by("-id")[: SHOWN + 1]
    named = ("offering__id", "offering__name_zh", "offering__name_en")
    return nested.gathered(rows, "id", "reference", "state", "subject", *named)


def _levels(user: Any) -> dict[str, ArraySubquery]:
    if not user.has_perm("assessments.view_assessment"):
        return {}
    rows = Assessment.objects.newest().filter(enterprise=OuterRef("pk")).order_by("code")
    return {
        "seen_levels": nested.gathered(rows, "id", "level", "finished_at", "version__id", "version__text")
    }


def _level(one: Assessment) -> Level:
    return Level(
        bank=one.version.title,
        level=wording.level(one.framework, one.level),
        on=f"{calendar.day_of(one.finished_at)}" if one.finished_at else "",
        url=reverse("admin:assessments_assessment_change", args=[one.pk]),
    )


def _vouchers(user: Any) -> dict[str, ArraySubquery]:
    if not user.has_perm("cloud.view_voucher"):
        return {}
    rows = Voucher.objects.in_scope_of(user).filter(enterprise=OuterRef("pk")).order_by("-id")[: SHOWN + 1]
    product = ("product__id", "product__name_zh", "product__name_en")
    programme = ("programme__id", "programme__title_zh", "programme__title_en")
    return {
        "seen_vouchers": nested.gathered(rows, "id", "reference", "state", "amount_fen", *product, *programme)
    }


def _held(one: Voucher) -> Held:
    return Held(one, yuan(one.amount_fen), reverse("admin:cloud_voucher_change", args=[one.pk]))
