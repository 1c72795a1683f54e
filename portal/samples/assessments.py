"""Write sample rounds of the MIIT indicators, so that reports have averages, and a campaign."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from core import calendar
from enterprises.actions import record_fact
from enterprises.models import Enterprise, Fact
from services.assessments import benchmark, results
from services.assessments.frameworks.schema import Framework, Item, Kind
from services.assessments.models import (
    Assessment,
    Campaign,
    CampaignInvitation,
    FrameworkVersion,
    State,
)

COUNT = 60
SEED = 20260901
CODE = "miit"
DAYS_AGO = 380
CAMPAIGN_DAYS = 10


def load_assessments(enterprises: list[Enterprise], by: Any) -> int:
    """Let the first 60 enterprises finish a round, the first one two; return how many rounds."""
    version = FrameworkVersion.objects.current().get(code=CODE)
    chance = random.Random(SEED)
    now = calendar.now()
    rows = [_round(version, enterprises[0], 0.2, now - timedelta(days=DAYS_AGO), 1, by, chance)]
    for number, enterprise in enumerate(enterprises[:COUNT]):
        at = now - timedelta(days=chance.randint(3, 160))
        able = 0.45 if number == 0 else chance.betavariate(2, 3)
        rows.append(_round(version, enterprise, able, at, 2 if number == 0 else 1, by, chance))
    rows[0].is_latest = False
    Assessment.objects.bulk_create(rows)
    for row in rows[1:]:
        on = calendar.day_of(row.finished_at) if row.finished_at else calendar.today()
        record_fact(row.enterprise, "digital_level", row.level, source=Fact.Source.ASSESSMENT, on=on, by=None)
    benchmark.rebuild(version)
    return len(rows)


def load_campaign(enterprises: list[Enterprise], by: Any) -> Campaign:
    """Let a campaign of the whole province run for ten days already, and invite every third enterprise."""
    now = calendar.now()
    campaign = Campaign.objects.create(
        code=CODE,
        name_zh="示例：数字化评估月",
        name_en="Sample: month of digital assessments",
        region_id="370000",
        audience=Campaign.Audience.LIST,
        listed=[enterprise.uscc for enterprise in enterprises[::3]],
        opens_on=calendar.day_of(now - timedelta(days=CAMPAIGN_DAYS)),
        closes_on=calendar.day_of(now + timedelta(days=3 * CAMPAIGN_DAYS)),
        state=Campaign.State.RUNNING,
        launched_at=now - timedelta(days=CAMPAIGN_DAYS),
        made_by=by,
    )
    CampaignInvitation.objects.bulk_create(
        CampaignInvitation(campaign=campaign, enterprise=enterprise, told_at=now)
        for enterprise in enterprises[::3]
    )
    return campaign


def _round(
    version: FrameworkVersion,
    enterprise: Enterprise,
    able: float,
    at: datetime,
    number: int,
    by: Any,
    chance: random.Random,
) -> Assessment:
    answers = _answers(version.framework, able, chance)
    result = results.compute(version.framework, answers)
    return Assessment(
        enterprise=enterprise,
        version=version,
        code=version.code,
        state=State.FINISHED,
        round=number,
        started_at=at - timedelta(minutes=25),
        started_by=by,
        finished_at=at,
        declared_by=by,
        answers=answers,
        result=result,
        score=Decimal(result["score"]),
        level=result["level"],
        is_latest=True,
        **benchmark.place_of(enterprise),
    )


def _answers(framework: Framework, able: float, chance: random.Random) -> dict[str, list[str]]:
    return {item.id: _answer(item, able, chance) for item in framework.items.values()}


def _answer(item: Item, able: float, chance: random.Random) -> list[str]:
    if item.kind is Kind.MULTI:
        chosen = [one.id for one in item.options if not one.exclusive and chance.random() < able]
        return chosen or [one.id for one in item.options if one.exclusive][:1]
    reached = (len(item.options) - 1) * min(1.0, max(0.0, chance.gauss(able, 0.18)))
    return [item.options[round(reached)].id]
