"""What the search finds beside policies: each kind read whole, as things with a title and a line about them.

Every kind is small, or bounded to its newest rows; what a room does not show to everybody is not here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import calendar
from portal.pages import HELP
from portal.templatetags.portal import sentence
from services.catalogue import listing
from services.catalogue.models import Offering, Provider
from services.cloud.models import CloudProduct, Listing
from services.industry.models import CaseStudy, Need, Occasion, Park, Platform, Solution
from services.policies.models import OpinionAnswer, PolicyNotice

# So many of the newest rows of a kind that grows without end are read.
MOST = 300


@dataclass(frozen=True)
class Thing:
    """Something as it is searched: `facts` are shown too, `also` (the other language) is only searched."""

    url: str
    title: str
    about: str
    facts: tuple[str, ...] = ()
    also: str = ""
    is_sample: bool = False


def _services() -> list[Thing]:
    return [
        Thing(
            reverse("catalogue:detail", args=[row.slug]),
            row.name,
            row.description,
            (row.provider.name, gettext("free of charge") if row.is_free else row.price_note),
            f"{row.name_zh} {row.name_en} {row.description_zh} {row.description_en} {row.deliverable}",
        )
        for row in listing.listed()
    ]


def _products() -> list[Thing]:
    return [
        Thing(
            reverse("cloud:product", args=[row.slug]),
            row.name,
            row.summary,
            (row.provider.name,),
            f"{row.name_zh} {row.name_en} {row.summary_zh} {row.summary_en}",
        )
        for row in CloudProduct.objects.listed().select_related("provider").order_by("slug")
    ]


def _providers() -> list[Thing]:
    """Read whoever offers, has done or has been listed for something, each with the page it has."""
    in_cloud = Listing.objects.public().values("provider")
    rows = Provider.objects.filter(
        Q(pk__in=in_cloud)
        | Q(pk__in=Offering.objects.listed().values("provider"))
        | Q(pk__in=CaseStudy.objects.public().values("provider"))
    ).order_by("name_zh", "pk")
    listed = set(in_cloud.values_list("provider", flat=True))
    return [
        Thing(
            reverse("cloud:provider" if row.pk in listed else "industry:provider", args=[row.slug]),
            row.name,
            row.about,
            (sentence(row.get_kind_display()),),
            f"{row.name_zh} {row.name_en} {row.about_zh} {row.about_en}",
            row.is_sample,
        )
        for row in rows
    ]


def _solutions() -> list[Thing]:
    return [
        Thing(
            reverse("industry:solution", args=[row.slug]),
            row.name,
            row.summary,
            also=f"{row.name_zh} {row.name_en} {row.summary_zh} {row.summary_en}",
            is_sample=row.is_sample,
        )
        for row in Solution.objects.public()
    ]


def _cases() -> list[Thing]:
    rows = CaseStudy.objects.public().select_related("provider", "industry", "region")
    return [
        Thing(
            reverse("industry:case", args=[row.slug]),
            row.title,
            row.problem,
            (row.called, row.provider.name, row.industry.name, row.region.name),
            f"{row.title_zh} {row.title_en} {row.problem_zh} {row.problem_en} {row.done_zh} {row.done_en}",
            row.is_sample,
        )
        for row in rows[:MOST]
    ]


def _events() -> list[Thing]:
    """Read what is ahead; nobody can come to what is over."""
    return [
        Thing(
            reverse("industry:occasion", args=[row.slug]),
            row.title,
            row.about,
            (
                f"{localtime(row.starts_at):%Y-%m-%d %H:%M}",
                sentence(row.get_kind_display()),
                row.venue,
                *([gettext("called off")] if row.is_called_off else []),
            ),
            f"{row.title_zh} {row.title_en} {row.about_zh} {row.about_en} {row.venue_zh}",
            row.is_sample,
        )
        for row in Occasion.objects.upcoming(calendar.now())[:MOST]
    ]


def _needs() -> list[Thing]:
    return [
        Thing(
            reverse("industry:need", args=[row.reference]),
            row.title,
            row.body,
            (sentence(row.get_kind_display()), row.region.name),
            is_sample=row.is_sample,
        )
        for row in Need.objects.on_board(calendar.today()).select_related("region")[:MOST]
    ]


def _platforms() -> list[Thing]:
    return [
        Thing(
            reverse("industry:platform", args=[row.slug]),
            row.name,
            row.about,
            tuple(filter(None, (row.operator, row.city))),
            f"{row.name_zh} {row.name_en} {row.about_zh} {row.about_en}",
        )
        for row in Platform.objects.public()
        if isinstance(row, Platform)
    ]


def _parks() -> list[Thing]:
    return [
        Thing(
            reverse("industry:park", args=[row.slug]),
            row.name,
            row.about,
            also=f"{row.name_zh} {row.name_en} {row.about_zh} {row.about_en}",
            is_sample=row.is_sample,
        )
        for row in Park.objects.public()
    ]


def _answers() -> list[Thing]:
    """Read what enterprises said of policies and was answered in public, on the page of the notice."""
    rows = OpinionAnswer.objects.filter(notice__in=PolicyNotice.objects.public()).select_related("notice")
    return [
        Thing(
            f"{reverse('policies:detail', args=[row.notice.slug])}#opinions",
            row.said,
            row.answer,
            (row.notice.title,),
            f"{row.said_zh} {row.said_en} {row.answer_zh} {row.answer_en}",
        )
        for row in rows.order_by("-pk")[:MOST]
    ]


def _help() -> list[Thing]:
    return [
        Thing(reverse("help_page", args=[page.slug]), str(page.title), str(page.summary)) for page in HELP
    ]


@dataclass(frozen=True)
class Kind:
    """One group of the answer: its code in the address, its heading, and how to read it.

    `has_names` says that its titles are names somebody may look for, few enough to be offered while typing.
    """

    key: str
    heading: str | Promise
    read: Callable[[], list[Thing]]
    has_names: bool = True


KINDS = (
    Kind("services", _("Services"), _services),
    Kind("products", _("Cloud products"), _products),
    Kind("providers", _("Providers"), _providers),
    Kind("solutions", _("Solutions"), _solutions),
    Kind("cases", _("Cases"), _cases, has_names=False),
    Kind("events", _("Training and events"), _events, has_names=False),
    Kind("needs", _("Board of needs"), _needs, has_names=False),
    Kind("platforms", _("Industrial Internet platforms"), _platforms),
    Kind("parks", _("Parks and zones"), _parks),
    Kind("answers", _("Questions about policies, answered"), _answers, has_names=False),
    Kind("help", _("Help"), _help),
)
