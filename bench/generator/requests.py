"""Draw requests: the newest are being worked on, all the others were closed long ago."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from bench.generator.rows import FIRST, copy, key
from core import calendar
from services.catalogue.models import Offering

# What the subjects are about. The rare word stands in one of so many, the others share the rest.
TOPICS = ("设备联网", "数据上云", "质量追溯", "节能改造", "排产系统", "仓库盘点", "人员培训", "贷款贴息")
RARE, ONE_IN = "铸造除尘", 10_000
_WISHES = ("想先看看", "请人到车间", "问一下价格", "需要方案", "怎么申请")
_A_LITTLE_BEFORE = timedelta(days=2)
_COLUMNS = """id key reference state enterprise_id requester_id offering_id group region_id subject body
    contact_name contact_email contact_phone language source_label source_url is_free is_sample saved_at
    submitted_at routed_at due_at warn_at clock_from clock_days due_is_provisional paused_at resolved_at
    outcome refusal_reason priority rating_words last_message_at last_message_by_staff is_suspect suspicion
    text_hash for_everyone"""


def fill(count: int, *, still_open: int, of_enterprises: int) -> None:
    """Write `count` requests of that many enterprises; the last `still_open` are open."""
    offerings = list(Offering.objects.order_by("pk").values_list("pk", "group"))
    first_open = FIRST + count - still_open
    drawn = (
        _request(number, number >= first_open, FIRST + number * 7919 % of_enterprises, offering)
        for number in range(FIRST, FIRST + count)
        for offering in [offerings[number % len(offerings)]]
    )
    copy("service_requests_servicerequest", _COLUMNS, drawn)


def _request(number: int, is_open: bool, enterprise: int, offering: tuple[int, str]) -> tuple[Any, ...]:
    now = timezone.now()
    state = ("submitted", "in_progress", "waiting")[number % 3] if is_open else "closed"
    arrived = now - timedelta(hours=number % 200 if is_open else 500 + number % 9000)
    due_at = calendar.end_of(arrived.date() + timedelta(days=10))
    done_at = None if is_open else arrived + timedelta(days=5)
    return (
        *(number, key(number), f"QD-{arrived:%y%m%d}-{number}", state, enterprise, enterprise, *offering),
        *("370202", _subject(number), "想请人到车间看看。", "李敏", "", "13800000000", "zh-hans", "", ""),
        *("t", "f", now, arrived, arrived, due_at, due_at - _A_LITTLE_BEFORE),
        *(arrived.date(), 7, "f"),
        *(now if state == "waiting" else None, done_at, "", "", 2, "", arrived, "f", "f", ""),
        *("", "f"),
    )


def _subject(number: int) -> str:
    topic = RARE if number % ONE_IN == 0 else TOPICS[number * 31 % len(TOPICS)]
    return f"{topic}：{_WISHES[number % len(_WISHES)]}（{number}）"
