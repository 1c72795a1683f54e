"""The real notices, as they stand after the reference data was loaded."""

from datetime import date

import pytest
from django.utils.translation import override

from core import audit, calendar
from enterprises.criteria import read_criteria
from notifications.models import Notification
from services.policies import importing, sheet
from services.policies.models import (
    CLAIMABLE_KINDS,
    ItemCriteria,
    NoticeSearch,
    NoticeVersion,
    PolicyItem,
    PolicyNotice,
    State,
)
from services.policies.visitor import NOBODY

pytestmark = pytest.mark.django_db


def notice(slug: str) -> PolicyNotice:
    return PolicyNotice.objects.get(slug=slug)


def test_all_57_are_there_in_their_states() -> None:
    states = PolicyNotice.objects.values_list("state", flat=True)

    assert {state: list(states).count(state) for state in set(states)} == {
        State.PUBLISHED: 54,
        State.SUPERSEDED: 2,
        State.IN_REVIEW: 1,
    }


def test_loading_again_changes_nothing_and_keeps_what_staff_edited() -> None:
    PolicyNotice.objects.filter(slug="cn-hnte").update(title_zh="员工改过的标题")

    assert importing.load_real_policies() == 0
    assert notice("cn-hnte").title_zh == "员工改过的标题"
    assert PolicyNotice.objects.count() == 57


def test_the_system_import_published_them_and_nobody_is_written_to() -> None:
    event = audit.history(notice("cn-hnte")).get()

    assert (event.verb, event.actor_id, event.actor_role) == ("import", None, "system import")
    assert not PolicyItem.objects.awaiting_announcement(date(2026, 11, 25)).exists()
    assert Notification.objects.count() == 0


def test_every_public_one_has_its_version_and_search_row() -> None:
    assert NoticeVersion.objects.count() == NoticeSearch.objects.count() == 56


def test_only_what_can_be_claimed_has_an_item() -> None:
    kinds = set(PolicyNotice.objects.filter(items__isnull=False).values_list("kind", flat=True))

    assert kinds == {kind.value for kind in CLAIMABLE_KINDS}
    assert PolicyItem.objects.count() == 29


def test_nulls_stay_unknown_and_dates_keep_their_precision() -> None:
    pilot = notice("cn-pilot-2025")

    assert (pilot.issued_on, pilot.issued_precision) == (date(2025, 5, 1), "month")
    assert (pilot.effective_to, pilot.items.get().max_fen) == (None, None)
    assert notice("qd-zjtx-upgrade").issued_on is None


def test_expired_ones_are_shown_as_ended_and_superseded_ones_lead_on() -> None:
    assert notice("qd-iiot-pool-2022").has_ended(date(2026, 11, 25))
    assert notice("cn-gradient-2022").superseded_by == notice("cn-gradient-2026")


def test_where_nobody_says_who_qualifies_the_gate_is_unstated() -> None:
    unstated = ItemCriteria.objects.filter(unstated=True).values_list("item__notice__slug", flat=True)

    assert sorted(unstated) == [
        "cn-double-cross-2023",
        "cn-gradient-2022",
        "qd-iiot-measures-2020",
        "qd-shinan-metaverse",
        "sd-cloud-benchmark-2018",
        "sd-cloud-voucher-2017",
        "sd-iiot-fund-2024",
    ]


@pytest.mark.parametrize(
    ("slug", "gates"),
    [
        ("cn-little-giant-2024", [("qualification", "has_any", ("little_giant",))]),
        ("qd-zjtx-upgrade", [("qualification", "has_any", ("zjtx",))]),
        ("cn-gradient-2026", [("qualification", "has_any", ("tech_sme", "innovative_sme"))]),
        ("qd-industry-brain-2025", []),
    ],
)
def test_qualifications_are_mapped_by_hand(slug: str, gates: list[object]) -> None:
    criteria = read_criteria(notice(slug).items.get().criteria)

    found = [(one.fact, one.op.value, one.values) for one in criteria if one.fact == "qualification"]
    assert found == gates


def test_what_no_fact_answers_is_for_the_authority_to_decide() -> None:
    criteria = read_criteria(notice("qd-industry-brain-2025").items.get().criteria)

    assert [
        (one.kind.value, one.note_zh, one.note_en) for one in criteria if one.kind == "discretionary"
    ] == [("discretionary", "获认定的省级产业大脑", "provincial demonstration industry brain")]


def test_a_limit_with_an_alternative_is_no_gate() -> None:
    """The revenue test of the 2026 rules may be met by equity financing instead."""
    criteria = read_criteria(notice("cn-gradient-2026").items.get().criteria)

    assert [one for one in criteria if one.fact == "revenue_wan"] == []


def test_a_figure_for_a_city_is_not_shown_as_one_for_an_enterprise() -> None:
    item = notice("cn-pilot-2023").items.get()

    assert item.max_fen is None
    assert item.amount_note_zh.startswith("为中央对每个试点城市的奖励上限")


def test_a_period_for_comments_is_no_window() -> None:
    item = notice("qd-chain-draft-2026").items.get()

    assert (item.opens_on, item.closes_on, item.announced_at) == (None, None, None)
    assert item.window_note_zh == "所列日期为征求意见期，不是申报期"


@pytest.mark.parametrize("row", importing.real_policies(), ids=lambda row: row["id"])
def test_every_note_that_is_shown_has_its_chinese(row: dict[str, object]) -> None:
    shown = importing.criteria_of(row) if row["kind"] in CLAIMABLE_KINDS else ()
    notes = [one.note_zh for one in shown if one.note_zh]

    assert [note for note in notes if note.isascii()] == []
    assert not importing.in_chinese(str(row["evidence"])).isascii()
    assert not importing.in_chinese(str(row["source_quality"])).isascii()


@pytest.mark.parametrize("row", importing.real_policies(), ids=lambda row: row["id"])
def test_every_source_is_named_in_chinese_and_only_once(row: dict[str, object]) -> None:
    with override("zh-hans"):
        whole = sheet.in_full(PolicyNotice.objects.all()).get(slug=row["id"])
        sources = sheet.build(whole, NOBODY, calendar.today()).sources

    remarks = [source.label.removeprefix(source.url).strip() for source in sources]
    assert [remark for remark in remarks if remark and remark.isascii()] == []
    assert len({source.label for source in sources}) == len(sources)


def test_a_successor_that_is_not_in_the_portal_leaves_the_notice_ended() -> None:
    row = {
        **importing.real_policies()[0],
        "id": "orphan",
        "status": "superseded",
        "superseded_by": "elsewhere",
    }

    orphan = importing._create(row)
    importing._supersede(orphan, "elsewhere")

    assert (orphan.state, orphan.is_ended) == (State.PUBLISHED, True)
