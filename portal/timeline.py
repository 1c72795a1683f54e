"""The one timeline of an enterprise: what was asked, found, granted, booked and told, the newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises import facts
from enterprises.models import Enterprise, Fact, Membership
from notifications.channels import inbox
from notifications.models import Notification
from services.assessments import wording as assessment_words
from services.assessments.models import Assessment, Verification
from services.cloud.models import Onboarding, Voucher
from services.industry.models import Booking, Need
from services.policies import rows as policy_rows
from services.policies.models import Match
from services.requests.models import ServiceRequest

# What can be looked at by itself, with the name of the choice; '' is everything.
GROUPS: dict[str, str | Promise] = {
    "": _("Everything"),
    "requests": _("Requests"),
    "policies": _("Policies"),
    "assessments": _("Assessments"),
    "cloud": _("Cloud"),
    "industry": _("Events and needs"),
    "messages": _("Messages"),
    "enterprise": _("People and facts"),
}


@dataclass(frozen=True)
class Moment:
    """One thing that happened: what it was, what it concerned, and where to read more ('' for nowhere)."""

    at: datetime
    what: str
    title: str
    url: str
    group: str


Describe = Callable[[Any], tuple[str, str]]


@dataclass(frozen=True)
class Source:
    """One kind of moment: rows whose field `at` says when, and how a row is called and reached."""

    code: str
    group: str
    what: str | Promise
    rows: QuerySet[Any]
    at: str
    describe: Describe
    beside: tuple[str, ...] = ()

    def moments(self) -> QuerySet[Any, Any]:
        """Return (code, number of the row, time) of every moment of this kind."""
        found = self.rows.filter(**{f"{self.at}__isnull": False}).order_by()
        named = found.annotate(moment_of=Value(self.code, output_field=CharField()), moment_at=F(self.at))
        return named.values_list("moment_of", "pk", "moment_at")


def every_moment(sources: Sequence[Source]) -> QuerySet[Any, Any]:
    """Return the moments of several kinds as one list, the newest first; sliced and counted in one query."""
    first, *others = (source.moments() for source in sources)
    return first.union(*others, all=True).order_by("-moment_at", "moment_of", "-pk")


def in_words(found: Iterable[tuple[str, int, datetime]], sources: Sequence[Source]) -> list[Moment]:
    """Put a page of moments into words; one query for each kind that occurs."""
    found = list(found)
    by_code = {source.code: source for source in sources}
    wanted: dict[str, set[int]] = defaultdict(set)
    for code, number, _at in found:
        wanted[code].add(number)
    rows = {
        code: by_code[code].rows.select_related(*by_code[code].beside).in_bulk(numbers)
        for code, numbers in wanted.items()
    }
    # A row that went away meanwhile is left out.
    return [
        _moment(by_code[code], rows[code][number], at) for code, number, at in found if number in rows[code]
    ]


def _moment(source: Source, row: Any, at: datetime) -> Moment:
    title, url = source.describe(row)
    return Moment(at, str(source.what), title, url, source.group)


def sources(user: Any, enterprise: Enterprise, group: str = "") -> list[Source]:
    """Return the kinds of moments `user` may see of one enterprise, of one group or of all.

    Messages are the reader's own; everything else is the enterprise's.
    """
    every = [
        *_of_requests(user, enterprise),
        *_of_policies(enterprise),
        *_of_assessments(user, enterprise),
        *_of_the_cloud(user, enterprise),
        *_of_industry(user, enterprise),
        *_of_messages(user, enterprise),
        *_of_the_enterprise(enterprise),
    ]
    return [source for source in every if group in ("", source.group)]


def _of_requests(user: Any, enterprise: Enterprise) -> list[Source]:
    rows = ServiceRequest.objects.for_member(user).filter(enterprise=enterprise)

    def describe(row: ServiceRequest) -> tuple[str, str]:
        return f"{row.reference} {row.subject}", reverse("requests:detail", args=[row.reference])

    return [
        Source("request_sent", "requests", _("Request sent"), rows, "submitted_at", describe),
        Source("request_answered", "requests", _("Request answered"), rows, "first_replied_at", describe),
        Source("request_done", "requests", _("Request done"), rows, "resolved_at", describe),
    ]


def _of_policies(enterprise: Enterprise) -> list[Source]:
    rows = Match.objects.filter(enterprise=enterprise)

    def describe(row: Match) -> tuple[str, str]:
        return row.item.title, policy_rows.page_url(row.item.notice)

    return [Source("match", "policies", _("A policy fits"), rows, "matched_at", describe, ("item__notice",))]


def _of_assessments(user: Any, enterprise: Enterprise) -> list[Source]:
    rounds = Assessment.objects.for_member(user).filter(enterprise=enterprise)

    def result(row: Assessment) -> tuple[str, str]:
        level = assessment_words.level(row.framework, row.level)
        return f"{row.version.title} · {level}", reverse("assessments:result", args=[row.reference])

    def seen(row: Verification) -> tuple[str, str]:
        level = assessment_words.level(row.assessment.framework, row.level)
        url = reverse("assessments:result", args=[row.assessment.reference])
        return f"{row.assessment.version.title} · {level}", url

    visits = Verification.objects.filter(assessment__in=rounds)
    return [
        Source(
            "assessed", "assessments", _("Assessment finished"), rounds, "finished_at", result, ("version",)
        ),
        Source(
            "visited",
            "assessments",
            _("An expert recorded a visit"),
            visits,
            "verified_at",
            seen,
            ("assessment__version",),
        ),
    ]


def _of_the_cloud(user: Any, enterprise: Enterprise) -> list[Source]:
    vouchers = Voucher.objects.for_member(user).filter(enterprise=enterprise)
    plans = Onboarding.objects.for_member(user).filter(enterprise=enterprise)

    def voucher(row: Voucher) -> tuple[str, str]:
        name = row.product.name if row.product else row.programme.title
        return f"{row.reference} {name}", reverse("cloud:voucher", args=[row.reference])

    def plan(row: Onboarding) -> tuple[str, str]:
        name = row.product.name if row.product else row.starting_words
        return f"{row.reference} {name}", reverse("cloud:plan", args=[row.reference])

    beside = ("product", "programme")
    return [
        Source(
            "voucher_sent", "cloud", _("Cloud voucher applied for"), vouchers, "submitted_at", voucher, beside
        ),
        Source("voucher_issued", "cloud", _("Cloud voucher issued"), vouchers, "issued_at", voucher, beside),
        Source("voucher_used", "cloud", _("Cloud voucher in use"), vouchers, "used_at", voucher, beside),
        Source("voucher_paid", "cloud", _("Cloud voucher paid"), vouchers, "settled_at", voucher, beside),
        Source("plan_begun", "cloud", _("Plan for the cloud begun"), plans, "started_at", plan, ("product",)),
    ]


def _of_industry(user: Any, enterprise: Enterprise) -> list[Source]:
    bookings = Booking.objects.for_member(user).filter(enterprise=enterprise)
    needs = Need.objects.for_member(user).filter(enterprise=enterprise)

    def booking(row: Booking) -> tuple[str, str]:
        return row.occasion.title, reverse("industry:occasion", args=[row.occasion.slug])

    def need(row: Need) -> tuple[str, str]:
        return row.title, reverse("industry:need", args=[row.reference])

    return [
        Source("booked", "industry", _("Event booked"), bookings, "created_at", booking, ("occasion",)),
        Source("need_sent", "industry", _("Need written"), needs, "submitted_at", need),
        Source("need_shown", "industry", _("Need put on the board"), needs, "published_at", need),
        Source("need_closed", "industry", _("Need closed"), needs, "closed_at", need),
    ]


def _of_messages(user: Any, enterprise: Enterprise) -> list[Source]:
    rows = Notification.objects.for_user(user).filter(enterprise_id=enterprise.pk)

    def describe(row: Notification) -> tuple[str, str]:
        found = inbox.entries([row], user)
        return (found[0].subject, reverse("notifications:detail", args=[row.pk])) if found else (row.kind, "")

    told = pgettext_lazy("timeline", "Message")
    return [Source("told", "messages", told, rows, "created_at", describe, ("text_version",))]


def _of_the_enterprise(enterprise: Enterprise) -> list[Source]:
    people = Membership.objects.filter(enterprise=enterprise)
    # What the enterprise states itself would drown the rest.
    stated_by_others = enterprise.facts.exclude(source__in=[Fact.Source.SELF, Fact.Source.ASSESSMENT])

    def person(row: Membership) -> tuple[str, str]:
        return f"{row.user} · {row.get_role_display()}", reverse("enterprises:members")

    def fact(row: Fact) -> tuple[str, str]:
        source = row.get_source_display()
        return f"{facts.kind_of(row.code).label} · {source}", reverse("enterprises:profile")

    return [
        Source("joined", "enterprise", _("Somebody joined"), people, "began_at", person, ("user",)),
        Source("left", "enterprise", _("Somebody left"), people, "ended_at", person, ("user",)),
        Source("fact", "enterprise", _("A fact was recorded"), stated_by_others, "recorded_at", fact),
    ]
