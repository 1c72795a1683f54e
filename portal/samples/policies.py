"""One flagged notice of something granted without application, so that its pages have something to show."""

from services.policies import actions
from services.policies.models import Kind, Level, PolicyItem, PolicyNotice, State


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
        sources=["演示数据"],
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
