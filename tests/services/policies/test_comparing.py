"""What changed between two versions, in plain words."""

from typing import Any

import pytest
from django.utils import translation

from services.policies import versions
from services.policies.comparing import Change, changes
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, ItemFactory, NoticeFactory, gate


def snapshot(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"title_zh": "补贴办法", "items": list(items), **fields}


def item(**fields: Any) -> dict[str, Any]:
    return {"title_zh": "数控机床补贴", "title_en": "Lathe subsidy", "position": 1, **fields}


def told(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    with translation.override("en"):
        return [change.words for change in changes(old, new)]


def test_equal_versions_differ_in_nothing() -> None:
    assert changes(snapshot(item(criteria=[IN_QINGDAO])), snapshot(item(criteria=[IN_QINGDAO]))) == []


def test_a_change_names_field_values_and_item() -> None:
    found = changes(snapshot(item(closes_on="2026-12-31")), snapshot(item(closes_on="2026-12-21")))

    assert found == [Change("closes_on", "2026-12-31", "2026-12-21", "数控机床补贴", "Lathe subsidy")]
    assert found[0].is_material


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ({"closes_on": "2026-12-31"}, {"closes_on": "2026-12-21"},
         "Last day: moved 10 days earlier, from 2026-12-31 to 2026-12-21"),
        ({"closes_on": "2026-12-30"}, {"closes_on": "2026-12-31"},
         "Last day: moved 1 day later, from 2026-12-30 to 2026-12-31"),
        ({"closes_on": None}, {"closes_on": "2026-12-31"}, "Last day: now 2026-12-31"),
        ({"closes_on": "2026-12-31"}, {}, "Last day: no longer stated (it was 2026-12-31)"),
        ({"closes_on": "soon"}, {"closes_on": "2026-12-31"}, "Last day: soon → 2026-12-31"),
        ({"max_fen": 50000000}, {"max_fen": 30000000}, "Amount per enterprise: CNY 500,000 → CNY 300,000"),
        ({"rate_percent": "30.00"}, {"rate_percent": "12.5"}, "Rate: 30% → 12.5%"),
        ({"is_open_all_year": False}, {"is_open_all_year": True}, "Open all year: No → Yes"),
        ({"delivery": "application"}, {"delivery": "no_application"},
         "How it is granted: On application → Without application"),
        ({"delivery": "by post"}, {"delivery": "application"},
         "How it is granted: by post → On application"),
        ({"criteria": [AT_MOST_300]}, {"criteria": [gate("employees", "at_most", 500)]},
         "Condition: Employees: at most 300 people → Employees: at most 500 people"),
        ({"criteria": []}, {"criteria": [IN_QINGDAO]}, "New condition: Region: Qingdao City"),
        ({"criteria": [IN_QINGDAO]}, {"criteria": []}, "No longer asked: Region: Qingdao City"),
        ({"criteria": [gate("no_such", "within", "x")]}, {"criteria": []},
         "No longer asked: a condition that cannot be read"),
    ],
)  # fmt: skip
def test_changes_of_an_item_in_words(old: dict[str, Any], new: dict[str, Any], words: str) -> None:
    assert told(snapshot(item(**old)), snapshot(item(**new))) == [words]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ({"summary_zh": "a"}, {"summary_zh": "b"}, "The plain summary in Chinese was rewritten"),
        ({"body_zh": ""}, {"body_zh": "<p>a</p>"}, "The official text was added"),
        ({"body_zh": "<p>a</p>"}, {"body_zh": ""}, "The official text was taken out"),
        ({"region": "370000"}, {"region": "370200"}, "Where it applies: Shandong Province → Qingdao City"),
        ({"region": "999"}, {"region": "370200"}, "Where it applies: 999 → Qingdao City"),
        ({"level": "provincial"}, {"level": "municipal"}, "Issued at: Provincial → Municipal"),
        ({"sources": []}, {"sources": ["https://a.example"]}, "Sources: now https://a.example"),
    ],
)
def test_changes_of_the_notice_in_words(old: dict[str, Any], new: dict[str, Any], words: str) -> None:
    assert told(snapshot(**old), snapshot(**new)) == [words]


def test_items_that_come_and_go_are_told_whole() -> None:
    gone, come = item(title_zh="旧", position=2, max_fen=1), item(title_zh="新", position=3)

    found = changes(snapshot(item(), gone), snapshot(item(), come))

    assert [(change.field, change.old, change.new) for change in found] == [
        ("item", None, "新"),
        ("item", "旧", None),
    ]


def test_a_renamed_item_is_still_the_same_one() -> None:
    found = changes(snapshot(item(title_zh="旧", max_fen=1)), snapshot(item(title_zh="新", max_fen=1)))

    assert [(change.field, change.old, change.new) for change in found] == [("title_zh", "旧", "新")]


def test_items_in_another_order_have_not_changed() -> None:
    first, second = item(title_zh="一", position=1), item(title_zh="二", position=2)

    moved = [{**second, "position": 1}, {**first, "position": 2}]

    assert changes(snapshot(first, second), snapshot(*moved)) == []


def test_words_follow_the_language_of_the_reader() -> None:
    change = changes(snapshot(item(max_fen=50000000)), snapshot(item(max_fen=30000000)))[0]

    with translation.override("zh-hans"):
        chinese = change.words, change.item_title
    with translation.override("en"):
        english = change.words, change.item_title

    assert "50 万元 → 30 万元" in chinese[0]
    assert (chinese[1], english[1]) == ("数控机床补贴", "Lathe subsidy")
    assert english[0] == "Amount per enterprise: CNY 500,000 → CNY 300,000"


@pytest.mark.django_db
def test_real_snapshots_compare() -> None:
    notice = NoticeFactory()
    lathe = ItemFactory(notice=notice, criteria=[AT_MOST_300])
    old = versions.snapshot(notice)
    lathe.criteria = [AT_MOST_300, IN_QINGDAO]
    lathe.save()

    assert told(old, versions.snapshot(notice)) == ["New condition: Region: Qingdao City"]
