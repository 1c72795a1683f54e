"""Rows of industrial services: platforms, parks, solutions and cases, as published."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from core import calendar
from enterprises.models import Region
from services.industry import actions
from services.industry.actions.needs import NeedText
from services.industry.models import (
    CaseStudy,
    Need,
    Occasion,
    Park,
    Partner,
    Platform,
    PublicationState,
    Solution,
)
from tests.factories.catalogue import ProviderFactory
from tests.factories.enterprises import EnterpriseFactory


class PublishedFactory(factory.django.DjangoModelFactory):
    """What stands before the public; `draft` is what does not yet."""

    class Meta:
        abstract = True

    class Params:
        draft = factory.Trait(state=PublicationState.DRAFT, published_at=None)

    state = PublicationState.PUBLISHED
    published_at = factory.LazyFunction(timezone.now)


class PlatformFactory(PublishedFactory):
    """A confirmed platform in Qingdao."""

    class Meta:
        model = Platform

    slug = factory.Sequence(lambda n: f"platform-{n:05}")
    name_zh = factory.Sequence(lambda n: f"工业互联网平台{n}")
    name_en = factory.Sequence(lambda n: f"Platform {n}")
    region_id = "370200"
    first_list_year = 2019
    source_zh = "公开报道"
    source_year = 2023
    confidence = "high"


class ParkFactory(PublishedFactory):
    """A confirmed park in Jiaozhou."""

    class Meta:
        model = Park

    slug = factory.Sequence(lambda n: f"park-{n:05}")
    name_zh = factory.Sequence(lambda n: f"工业互联网产业园{n}")
    name_en = factory.Sequence(lambda n: f"Park {n}")
    region_id = "370281"
    source_zh = "公开报道"
    source_year = 2023
    confidence = "high"


class SolutionFactory(PublishedFactory):
    """A solution for quality that fits any industry."""

    class Meta:
        model = Solution

    slug = factory.Sequence(lambda n: f"solution-{n:05}")
    name_zh = factory.Sequence(lambda n: f"批次追溯{n}")
    name_en = factory.Sequence(lambda n: f"Batch trace {n}")
    summary_zh = summary_en = "一批一码。"
    steps_zh = steps_en = "选一种产品\n打印标签"
    effort = 1
    capabilities = factory.LazyFunction(lambda: ["quality"])
    scenes = factory.LazyFunction(lambda: ["sc07"])


class CaseStudyFactory(PublishedFactory):
    """A case with one figure; see `consented` for one that may be shown."""

    class Meta:
        model = CaseStudy
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"case-{n:05}")
    provider = factory.SubFactory(ProviderFactory)
    enterprise = factory.SubFactory(EnterpriseFactory)
    called_zh = "一家机械厂"
    industry_id = "34"
    region_id = "370202"
    title_zh = factory.Sequence(lambda n: f"废品率降了一半{n}")
    problem_zh = "不知道哪一批出的问题。"
    done_zh = "给每批贴码。"
    year = 2025

    @factory.post_generation
    def figure(case, create: bool, extracted: object) -> None:
        """Give it one figure."""
        case.figures.create(
            label_zh="废品率", label_en="Scrap rate", unit_zh="%", before="4.00", after="2.00"
        )


def consented(by: Any, **fields: Any) -> CaseStudy:
    """Make a case whose consent `by` has recorded."""
    case = CaseStudyFactory(**fields)
    return actions.record_consent(case, consent_on=calendar.today(), consent_by="李厂长", by=by)


class OccasionFactory(PublishedFactory):
    """A training next week in Qingdao with two places; `over` is one that ended yesterday."""

    class Meta:
        model = Occasion

    class Params:
        over = factory.Trait(
            starts_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=1, hours=3)),
            ends_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=1)),
        )

    slug = factory.Sequence(lambda n: f"event-{n:05}")
    kind = "training"
    title_zh = factory.Sequence(lambda n: f"设备联网入门{n}")
    title_en = factory.Sequence(lambda n: f"Connecting machines {n}")
    about_zh = "半天，带着设备清单来。"
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + timedelta(hours=3))
    closes_at = factory.LazyAttribute(lambda row: row.starts_at - timedelta(hours=1))
    venue_zh = "青岛市民中心"
    region_id = "370202"
    seats = 2
    per_enterprise = 2


class PartnerFactory(PublishedFactory):
    """The park in Jiaozhou as a partner whose own site may frame the widget."""

    class Meta:
        model = Partner

    slug = factory.Sequence(lambda n: f"partner-{n:05}")
    name_zh = factory.Sequence(lambda n: f"园区服务站{n}")
    park = factory.SubFactory(ParkFactory)
    region_id = "370281"
    origins = factory.LazyFunction(lambda: ["https://www.park.example"])


def need_text(**given: Any) -> NeedText:
    """Return what an enterprise may post."""
    fields = {
        "kind": "purchase",
        "title": "每月铸件五百件",
        "body": "灰铁铸件，单件二十公斤以内。",
        "region": Region.objects.get(code="370200"),
        "open_until": calendar.today() + timedelta(days=30),
        "contact_name": "李华",
        "contact_phone": "13800000000",
    }
    return NeedText(**(fields | given))


def on_board(enterprise: Any, by: Any, staff: Any, **given: Any) -> Need:
    """Post a need and have staff put it on the board."""
    posted = actions.post_need(need_text(**given), enterprise=enterprise, by=by)
    return actions.publish_need(posted, by=staff)
