"""Flagged notices of what the real ones do not show today: granted without application, closing soon."""

from datetime import timedelta
from typing import Any

from core import calendar
from enterprises.models import Enterprise
from services.policies import actions
from services.policies.models import Kind, Level, PolicyItem, PolicyNotice, State, Topic


def load_notice() -> PolicyNotice:
    """Publish it as the system; the ticks match it, and ask the sample enterprises it fits for consent."""
    notice = PolicyNotice.objects.create(
        slug="sample-job-retention-refund",
        kind=Kind.FUNDING,
        level=Level.PROVINCIAL,
        region_id="370000",
        title_zh="演示：小微企业稳岗返还（免申即享）",
        title_en="Sample: job retention refund for small enterprises, without application",
        issuer_zh="演示主管部门",
        issuer_en="Sample authority",
        summary_zh="这是一条演示通知，不是真实政策。员工不超过 300 人的企业不用申请。"
        "负责人同意后，资料送交主管部门。",
        summary_en="This is sample data, not a real policy. Enterprises with at most 300 people need"
        " not apply. Once an owner agrees, the data go to the authority.",
        contact="12345",
        sources=["Sample data"],
        state=State.APPROVED,
        is_sample=True,
    )
    PolicyItem.objects.create(
        notice=notice,
        kind=Kind.FUNDING,
        title_zh="稳岗返还",
        title_en="Job retention refund",
        delivery=PolicyItem.Delivery.NO_APPLICATION,
        handed=["contact_name", "contact_phone", "region", "employees"],
        amount_note_zh="演示数据，没有金额。",
        amount_note_en="Sample data, no amount.",
        is_open_all_year=True,
        steps_zh="不用申请，同意即可。",
        steps_en="Nothing to apply for: just agree.",
        criteria=[
            {"fact": "region", "op": "within", "values": ["370000"]},
            {"fact": "employees", "op": "at_most", "values": [300]},
        ],
    )
    return actions.publish(notice, by=None)


# Slug, kind, titles, what it is about, days until the last day.
_CLOSING = (
    (
        "sample-diagnosis-days",
        Kind.FUNDING,
        ("演示：中小企业数字化诊断申报", "Sample: applications for digital diagnosis"),
        (
            "请专家到厂看一天，写出改进清单。",
            "An expert spends a day at the works and lists what to improve.",
        ),
        6,
    ),
    (
        "sample-cloud-data",
        Kind.FUNDING,
        ("演示：小微企业上云用数申报", "Sample: applications for cloud and data use"),
        (
            "第一年的云服务费由演示单位承担一部分。",
            "A sample body pays part of the first year of a cloud service.",
        ),
        23,
    ),
    (
        "sample-rebuilding-loan",
        Kind.FUNDING,
        ("演示：数字化改造贷款贴息申报", "Sample: interest subsidy for digital rebuilding"),
        (
            "改造贷款的利息，演示单位承担一部分。",
            "A sample body pays part of the interest on a rebuilding loan.",
        ),
        52,
    ),
)


def load_closing() -> list[PolicyNotice]:
    """Publish three notices whose windows close within a week, a month and two months, counted from today."""
    return [_closing(*row) for row in _CLOSING]


def _closing(
    slug: str, kind: str, titles: tuple[str, str], about: tuple[str, str], days: int
) -> PolicyNotice:
    today = calendar.today()
    notice = PolicyNotice.objects.create(
        slug=slug,
        kind=kind,
        level=Level.MUNICIPAL,
        region_id="370200",
        title_zh=titles[0],
        title_en=titles[1],
        issuer_zh="演示主管部门",
        issuer_en="Sample authority",
        summary_zh=f"这是一条演示通知，不是真实政策。{about[0]}",
        summary_en=f"This is sample data, not a real policy. {about[1]}",
        # Older than the newest real ones, which stay at the top of the front page.
        issued_on=today - timedelta(days=400),
        contact="12345",
        sources=["Sample data"],
        state=State.APPROVED,
        is_sample=True,
    )
    PolicyItem.objects.create(
        notice=notice,
        kind=kind,
        title_zh=titles[0],
        title_en=titles[1],
        amount_note_zh="演示数据，没有金额。",
        amount_note_en="Sample data, no amount.",
        opens_on=today - timedelta(days=14),
        closes_on=today + timedelta(days=days),
        steps_zh="演示数据，不能申报。",
        steps_en="Sample data: nothing can be applied for.",
        criteria=[{"fact": "region", "op": "within", "values": ["370200"]}],
    )
    return actions.publish(notice, by=None)


def load_opinions(notice: PolicyNotice, enterprise: Enterprise, owner: Any, policymaker: Any) -> None:
    """Let an owner say two things of it: one is answered in public, one waits."""
    said = actions.give_opinion(
        notice,
        enterprise,
        topic=Topic.CLARITY,
        text="演示意见：不知道资料送到哪个部门。",
        by=owner,
    )
    answer = actions.PublicAnswer(
        said_zh="演示：不清楚资料送到哪里。",
        said_en="Sample: it is not clear where the data go.",
        answer_zh="演示答复：同意前的页面会写明收资料的部门。",
        answer_en="Sample answer: the page before you agree names the authority.",
    )
    actions.answer_opinion(said, answer, by=policymaker)
    actions.give_opinion(
        notice, enterprise, topic=Topic.TIME, text="演示意见：希望提前一个月通知。", by=owner
    )
