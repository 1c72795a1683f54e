"""What the linter finds, one slip at a time."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from services.policies import actions, linting, remarks
from services.policies.models import PolicyNotice
from tests.factories.accounts import UserFactory
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, ItemFactory, NoticeFactory, gate, published

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 25)


def whole(item: dict[str, Any] | None = None, **fields: Any) -> PolicyNotice:
    """Make a notice the linter has nothing to say about, then change what the test is about."""
    notice = NoticeFactory(**{"contact": "0532 8588 0000", **fields})
    good = {"max_fen": 50_000_000, "closes_on": date(2026, 12, 31), "apply_url": "https://apply.example"}
    ItemFactory(notice=notice, **{"criteria": [IN_QINGDAO, AT_MOST_300], **good, **(item or {})})
    return notice


def codes(notice: PolicyNotice) -> list[str]:
    return [found.code for found in linting.findings(notice, ON)]


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert codes(whole(summary_zh="最高50万元，员工不超过300人，2026年12月31日前申报。")) == []


@pytest.mark.parametrize(
    ("item", "fields", "expected"),
    [
        ({}, {"summary_zh": " "}, ["summary_missing"]),
        ({}, {"summary_en": ""}, ["no_english_summary"]),
        ({}, {"contact": ""}, ["nobody_to_ask"]),
        ({"max_fen": None}, {}, ["no_benefit"]),
        ({"closes_on": None}, {}, ["no_window"]),
        ({"apply_url": ""}, {}, ["no_steps"]),
        ({"closes_on": date(2026, 1, 1)}, {}, ["already_closed"]),
        ({}, {"effective_to": date(2026, 1, 1)}, ["already_ended"]),
        ({"criteria": [gate("region", "within", "370100")]}, {}, ["outside_its_region"]),
        ({"criteria": []}, {}, ["no_gate"]),
        ({"criteria": [gate("employees", "at_least", 0)]}, {}, ["always_true"]),
        ({"criteria": [gate("size", "one_of", "large", "medium", "small", "micro")]}, {}, ["always_true"]),
        ({"criteria": [gate("", "unstated")]}, {}, ["never_announced"]),
        (
            {"criteria": [gate("size", "one_of", "small"), gate("size", "one_of", "large")]},
            {},
            ["contradiction"],
        ),
        (
            {"criteria": [gate("employees", "at_least", 300), gate("employees", "at_most", 20)]},
            {},
            ["contradiction"],
        ),
        ({}, {"summary_zh": "最高30万元。"}, ["prose_differs_amount"]),
        ({}, {"summary_en": "Up to CNY 300,000."}, ["prose_differs_amount"]),
        ({}, {"summary_zh": "员工不超过500人。"}, ["prose_differs_people"]),
        ({}, {"summary_zh": "2026年11月30日前申报。"}, ["prose_differs_day"]),
        ({}, {"summary_zh": "补贴购置价的30%。"}, ["only_in_prose_percent"]),
        ({"rate_percent": 20}, {"summary_zh": "补贴购置价的30%。"}, ["prose_differs_percent"]),
        ({}, {"summary_zh": "最高补助50。"}, ["unit_missing"]),
        (
            {"max_fen": None, "amount_note_zh": "按项目定"},
            {"summary_zh": "最高3万元。"},
            ["only_in_prose_amount"],
        ),
    ],
)
def test_each_slip_is_found_alone(item: dict[str, Any], fields: dict[str, Any], expected: list[str]) -> None:
    assert codes(whole(item, **fields)) == expected


def test_errors_are_told_from_warnings_and_name_their_field() -> None:
    notice = whole({"criteria": [gate("employees", "at_least", 300), AT_MOST_300 | {"values": [20]}]})

    [found] = linting.errors(notice)

    assert (found.severity, found.field, found.item) == ("error", "employees_min", notice.items.get())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_finding_has_words_in_both_languages(language: str) -> None:
    notice = whole(
        {"rate_percent": 20, "criteria": [AT_MOST_300, gate("revenue_wan", "at_most", "2000")]},
        summary_zh="最高30万元，按30%补助，员工不超过500人，收入不超过3000万元，2026年11月30日前申报。",
        summary_en="Up to 30.",
    )

    with translation.override(language):
        told = [remarks.finding(found) for found in linting.findings(notice, ON)]

    assert len(told) == 6
    assert all("%(" not in one for one in told)


def test_the_difference_is_said_in_the_readers_units() -> None:
    notice = whole(summary_en="Up to CNY 300,000.", title_zh="甲")

    with translation.override("en"):
        [told] = [remarks.finding(found) for found in linting.findings(notice, ON)]

    assert told == "Lathe subsidy: The English text says CNY 300,000, the rule says CNY 500,000."


@pytest.mark.parametrize(
    ("field", "words", "is_hard"),
    [
        ("summary_zh", "买" * 80 + "。" + "补" * 80 + "。", False),
        ("summary_zh", "买" * 81 + "。", True),
        ("summary_en", "word " * 34 + "end. " + "word " * 34 + "end.", False),
        ("summary_en", "word " * 35 + "end.", True),
        ("summary_en", "", False),
    ],
)
def test_a_sentence_too_long_for_a_plain_summary_is_named(field: str, words: str, is_hard: bool) -> None:
    notice = NoticeFactory(**{field: words})

    found = [one.field for one in linting.findings(notice, date(2026, 1, 1)) if one.code == "hard_to_read"]

    assert found == [field] * is_hard


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"summary_zh": "改了。"}, [("left_behind_en", "summary_en")]),
        ({"summary_en": "Changed."}, [("left_behind_zh", "summary_zh")]),
        ({"title_zh": "新名", "title_en": "New name"}, []),
        ({"summary_zh": "改了。", "summary_en": ""}, []),
    ],
)
def test_a_correction_in_one_language_only_is_pointed_out(
    changes: dict[str, str], codes: list[tuple[str, str]]
) -> None:
    draft = actions.begin_correction(published(), by=UserFactory(roles=["publisher"]))
    for name, value in changes.items():
        setattr(draft, name, value)

    found = [(one.code, one.field) for one in linting.warnings(draft, date(2026, 11, 25))]

    assert [one for one in found if one[0].startswith("left_behind")] == codes
