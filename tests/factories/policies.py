"""Notices and items. `published` gives one as the public sees it; Sun wrote it, Qin approved it."""

from typing import Any

import factory

from services.policies import actions
from services.policies.models import Kind, Level, PolicyItem, PolicyNotice, State
from tests.factories.accounts import UserFactory


class NoticeFactory(factory.django.DjangoModelFactory):
    """The plainest draft that could go to review: a title, an issuer, a plain summary."""

    class Meta:
        model = PolicyNotice

    slug = factory.Sequence(lambda n: f"notice-{n}")
    kind = Kind.FUNDING
    level = Level.MUNICIPAL
    region_id = "370200"
    title_zh = factory.Sequence(lambda n: f"海塔机床补贴办法第{n}号")
    title_en = factory.Sequence(lambda n: f"Lathe subsidy rules {n}")
    issuer_zh = "青岛市工业和信息化局"
    issuer_en = "Qingdao Bureau of Industry and IT"
    summary_zh = "买数控机床的企业可以领补贴。"
    summary_en = "Works that buy lathes get a subsidy."


class ItemFactory(factory.django.DjangoModelFactory):
    """The plainest item: open to everybody, no last day."""

    class Meta:
        model = PolicyItem

    notice = factory.SubFactory(NoticeFactory)
    kind = Kind.FUNDING
    title_zh = "数控机床补贴"
    title_en = "Lathe subsidy"


def gate(fact: str, op: str, *values: Any) -> dict[str, Any]:
    """Write one gate as it is stored."""
    return {"fact": fact, "op": op, "values": list(values)}


IN_QINGDAO = gate("region", "within", "370200")
AT_MOST_300 = gate("employees", "at_most", 300)


def approved(**fields: Any) -> PolicyNotice:
    """Make a notice that only waits for its publication."""
    return NoticeFactory(state=State.APPROVED, **fields)


def published(*, items: list[dict[str, Any]] | None = None, **fields: Any) -> PolicyNotice:
    """Publish a notice with one item for each dict of item fields; nothing is announced yet."""
    notice = approved(**fields)
    for item in items or []:
        ItemFactory(notice=notice, **item)
    return actions.publish(notice, by=None)


def corrected(notice: PolicyNotice, *, item: dict[str, Any] | None = None, **fields: Any) -> PolicyNotice:
    """Publish a correction of a notice, with other fields of it or of its items; return the notice."""
    notice = PolicyNotice.objects.get(pk=notice.pk)
    draft = actions.begin_correction(notice, by=UserFactory(roles=["publisher"]))
    PolicyNotice.objects.filter(pk=draft.pk).update(
        state=State.APPROVED, correction_note_zh="内容有误。", **fields
    )
    draft.items.update(**item or {})
    return actions.publish(PolicyNotice.objects.get(pk=draft.pk), by=None)
