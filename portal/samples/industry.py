"""Write sample pages of industrial services: cases, events with bookings, the board of needs, a park."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from core import calendar
from enterprises.models import Enterprise
from services.catalogue.models import Provider
from services.industry.models import (
    Booking,
    BookingState,
    CaseFigure,
    CaseStudy,
    Need,
    NeedState,
    Occasion,
    Park,
    Partner,
    PublicationState,
    Solution,
)

PROVIDERS = (
    ("sample-haifeng", "solution_provider", "海风数字（演示）", "Haifeng Digital (sample)"),
    ("sample-lanjing", "platform_operator", "蓝井工业软件（演示）", "Lanjing Industrial Software (sample)"),
    ("sample-qinghe", "training_institution", "青禾培训（演示）", "Qinghe Training (sample)"),
)
# Provider, solution, industry, region, titles, what was wrong, what was done, figures.
CASES = (
    (
        0,
        "batch-labels",
        "34",
        "370203",
        ("一批一码，废品率降了一半", "A code a batch: scrap cut by half"),
        (
            "出了废品说不清是哪一批料、哪台设备。",
            "Nobody could say which batch or machine the scrap came from.",
        ),
        (
            "先给一种齿轮贴批次码，三个月后推到全车间。",
            "Batch codes on one gear first, on the whole workshop after three months.",
        ),
        (
            ("废品率", "Scrap rate", "%", "%", "4.2", "2.1"),
            ("查一次原因", "Time to find a cause", "小时", "hours", "16", "2"),
        ),
    ),
    (
        1,
        "machine-lights",
        "33",
        "370211",
        ("看得见的停机", "Stops one can see"),
        ("十二台冲床，停机全靠班长记。", "Twelve presses, and the foreman wrote the stops down."),
        (
            "三台先装采集盒，早会只看停机原因。",
            "Collectors on three presses first; the morning meeting looks at causes only.",
        ),
        (("设备开动率", "Running time", "%", "%", "61", "74"),),
    ),
    (
        1,
        "sub-meters",
        "30",
        "370283",
        ("夜里的电去哪了", "Where the power goes at night"),
        ("电费逐月上涨，只有一块总表。", "Bills rose monthly, with one main meter."),
        (
            "给窑炉和空压机加分表，关掉夜间空转。",
            "Sub-meters on kilns and compressors; idling at night switched off.",
        ),
        (("每吨产品用电", "Power per tonne", "千瓦时", "kWh", "182", "158"),),
    ),
    (
        0,
        "stock-by-scan",
        "38",
        "370102",
        ("账和货当天对上", "Books and stock agree the same day"),
        ("每月停产一天盘点，还是对不上。", "A day's stop each month for counting, and still no match."),
        ("物料编码清理后全部扫码出入库。", "Material codes cleaned up, then every movement scanned."),
        (
            ("账实相符率", "Stock accuracy", "%", "%", "83", "98"),
            ("月度盘点", "Monthly count", "小时", "hours", "20", "4"),
        ),
    ),
)
# Kind, days from now, hours, places, region, titles, texts, venues.
OCCASIONS = (
    (
        "training",
        4,
        3,
        30,
        "370202",
        ("设备联网入门", "Connecting machines: a beginning"),
        (
            "带着设备清单来，现场看哪台能接、怎么接。",
            "Bring your list of machines; we look at which can be connected, and how.",
        ),
        ("青岛演示培训教室一", "Sample classroom 1, Qingdao"),
    ),
    (
        "briefing",
        9,
        2,
        80,
        None,
        ("数字化补贴怎么申请", "How to apply for digital subsidies"),
        ("一小时讲政策，一小时答疑。", "An hour on policies, an hour for questions."),
        ("线上", "Online"),
    ),
    (
        "visit",
        15,
        4,
        12,
        "370281",
        ("看一家样板车间", "A visit to a model workshop"),
        ("看批次追溯怎么做，和班组长聊一聊。", "See batch tracing at work and talk to the team leaders."),
        ("胶州演示车间", "Sample workshop, Jiaozhou"),
    ),
    (
        "meeting",
        22,
        3,
        40,
        "370102",
        ("铸造与机加工对接会", "Castings meet machining"),
        ("上午看需求，下午一对一谈。", "Needs in the morning, one-to-one talks in the afternoon."),
        ("济南演示会议室", "Sample hall, Jinan"),
    ),
    (
        "training",
        30,
        6,
        20,
        "370602",
        ("班组长数字化一日课", "A digital day for team leaders"),
        ("看板、报工、异常处理，边讲边练。", "Boards, reports and exceptions, with practice."),
        ("烟台演示培训教室", "Sample classroom, Yantai"),
    ),
    (
        "training",
        -12,
        3,
        24,
        "370202",
        ("扫码出入库实操", "Stock by scan, hands on"),
        ("物料编码、库位码、扫码流程。", "Material codes, place codes, scanning."),
        ("青岛演示培训教室二", "Sample classroom 2, Qingdao"),
    ),
)
NEEDS = (
    (
        "purchase",
        "370200",
        "每月灰铁铸件五百件",
        "单件二十公斤以内，需要退火，附图纸要求可面谈。",
        "每月 500 件",
    ),
    ("processing", "370200", "外发五轴加工", "铝件，公差二十微米，首件检验后批量。", "每批 200 件"),
    ("capacity", "370600", "闲置立式加工中心两台", "每周可用三天，可带料可来料。", "每周 3 天"),
    ("technology", "370700", "老注塑机想采集数据", "八台，控制器没有网口，想先试一台。", "8 台"),
    ("purchase", "370100", "电控柜长期配套", "按图生产，交期两周。", "每月 30 台"),
    ("processing", "371300", "木制包装箱定制", "出口用，需要熏蒸证明。", "每月 100 个"),
    ("technology", "370200", "涂装线漆渣处理", "想减少危废量，求方案。", ""),
    ("capacity", "370300", "窑炉夜班产能", "夜间有空余产能，可烧结小件。", "每天 6 小时"),
)


@dataclass(frozen=True)
class Staff:
    """Who recorded and published."""

    lead: Any
    reviewer: Any


def load_industry(enterprises: list[Enterprise], owners: list[Any], staff: Staff) -> None:
    """Write everything, flagged; the enterprises are those the owners act for, first of all."""
    now = calendar.now()
    providers = [_provider(*row) for row in PROVIDERS]
    _load_cases(providers, enterprises, staff, now)
    park = _load_park(now)
    _load_occasions(park, enterprises, owners, now)
    _load_needs(enterprises, owners, now)


def _public(now: datetime) -> dict[str, Any]:
    return {"state": PublicationState.PUBLISHED, "published_at": now - timedelta(days=40), "is_sample": True}


def _provider(slug: str, kind: str, zh: str, en: str) -> Provider:
    about = {
        "about_zh": "演示数据：为中小制造企业做小而快的改造。",
        "about_en": "Sample data: small, quick improvements for small manufacturers.",
    }
    row, _made = Provider.objects.get_or_create(
        slug=slug, defaults={"kind": kind, "name_zh": zh, "name_en": en, "is_sample": True, **about}
    )
    return row


def _load_cases(
    providers: list[Provider], enterprises: list[Enterprise], staff: Staff, now: datetime
) -> None:
    solutions = {row.slug: row for row in Solution.objects.all()}
    for number, row in enumerate(CASES):
        provider, solution, industry, region, title, problem, done, figures = row
        case = CaseStudy.objects.create(
            slug=f"sample-case-{number + 1}",
            provider=providers[provider],
            solution=solutions.get(solution),
            enterprise=enterprises[number],
            called_zh=f"一家企业（演示）{number + 1}",
            called_en=f"An enterprise (sample) {number + 1}",
            industry_id=industry,
            region_id=region,
            title_zh=title[0],
            title_en=title[1],
            problem_zh=problem[0],
            problem_en=problem[1],
            done_zh=done[0],
            done_en=done[1],
            year=now.year - 1,
            consent_on=(now - timedelta(days=50)).date(),
            consent_by="演示负责人",
            consent_recorded_by=staff.lead,
            submitted_by=staff.lead,
            published_by=staff.reviewer,
            **_public(now),
        )
        CaseFigure.objects.bulk_create(
            CaseFigure(
                case=case, label_zh=zh, label_en=en, unit_zh=unit, unit_en=unit_en, before=before, after=after
            )
            for zh, en, unit, unit_en, before, after in figures
        )


def _load_park(now: datetime) -> Park:
    park = Park.objects.create(
        slug="sample-park",
        name_zh="湾畔工业互联网园区（演示）",
        name_en="Bayside Industrial Internet Park (sample)",
        kind=Park.Kind.PARK,
        region_id="370281",
        source_zh="演示数据",
        source_en="Sample data",
        confidence="low",
        position=900,
        **_public(now),
    )
    Partner.objects.create(
        slug="sample-park",
        name_zh="湾畔园区企业服务（演示）",
        name_en="Bayside Park: services for enterprises (sample)",
        park=park,
        region_id="370281",
        origins=["https://www.bayside.example"],
        greeting_zh="园区企业能办的事、能参加的活动、能申请的政策，都在这一页。",
        greeting_en="What enterprises of the park can ask for, attend and apply for, on one page.",
        **_public(now),
    )
    return park


def _load_occasions(park: Park, enterprises: list[Enterprise], owners: list[Any], now: datetime) -> None:
    for number, row in enumerate(OCCASIONS):
        kind, days, hours, seats, region, title, about, venue = row
        starts = calendar.start_of(calendar.day_of(now) + timedelta(days=days)) + timedelta(hours=14)
        occasion = Occasion.objects.create(
            slug=f"sample-event-{number + 1}",
            kind=kind,
            title_zh=title[0],
            title_en=title[1],
            about_zh=about[0],
            about_en=about[1],
            starts_at=starts,
            ends_at=starts + timedelta(hours=hours),
            closes_at=starts - timedelta(hours=20),
            venue_zh=venue[0],
            venue_en=venue[1],
            region_id=region,
            park=park if region == "370281" else None,
            join_url="" if region else "https://meet.example/sample",
            seats=seats,
            **_public(now),
        )
        _book(occasion, enterprises, owners, is_full=kind == "visit", is_over=days < 0)


def _book(
    occasion: Occasion, enterprises: list[Enterprise], owners: list[Any], *, is_full: bool, is_over: bool
) -> None:
    """Fill the visit and let two wait; take a third of the others. Those who were there have rated."""
    booked = occasion.seats if is_full else occasion.seats // 3
    waiting = 2 if is_full else 0
    ratings = cycle((5, 4, 5, 3, 4))
    # Not for the enterprises people sign in for: they find an empty form.
    rows = [
        Booking(
            occasion=occasion,
            enterprise=enterprise,
            booked_by=owners[0],
            attendee_name=f"演示学员{number + 1}",
            state=BookingState.BOOKED if number < booked else BookingState.WAITING,
            attended=True if is_over else None,
            asked_at=occasion.ends_at if is_over else None,
            rating=next(ratings) if is_over else None,
            rated_at=occasion.ends_at if is_over else None,
        )
        for number, enterprise in enumerate(enterprises[10 : 10 + booked + waiting])
    ]
    Booking.objects.bulk_create(rows)
    occasion.taken = sum(row.state == BookingState.BOOKED for row in rows)
    occasion.save(update_fields=["taken"])


def _load_needs(enterprises: list[Enterprise], owners: list[Any], now: datetime) -> None:
    """Put needs on the board, and leave the last two to be looked at."""
    for number, (kind, region, title, body, quantity) in enumerate(NEEDS):
        waits = number >= len(NEEDS) - 2
        Need.objects.create(
            reference=f"GX-DEMO-{number + 1:04d}",
            enterprise=enterprises[number],
            posted_by=owners[0],
            kind=kind,
            title=title,
            body=body,
            quantity=quantity,
            region_id=region,
            open_until=calendar.day_of(now) + timedelta(days=60 - number),
            contact_name="演示联系人",
            contact_phone="13800000000",
            state=NeedState.IN_REVIEW if waits else NeedState.PUBLISHED,
            submitted_at=now - timedelta(days=number + 1),
            published_at=None if waits else now - timedelta(days=number),
            is_sample=True,
        )
