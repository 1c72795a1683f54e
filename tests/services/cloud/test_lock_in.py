"""How hard it is to leave: the points, their bounds, and what is not stated."""

import pytest

from services.cloud.lock_in import WEIGHTS, reckon

EASY = {
    "export_formats": frozenset({"dump"}),
    "notice_days": 30,
    "minimum_months": 1,
    "keeps_data_days": 30,
    "exit_fee_fen": 0,
}
NOTHING = {**dict.fromkeys(EASY, None), "export_formats": frozenset()}


def score(**changes: object) -> int:
    return reckon(**{**EASY, **changes}).score


def test_the_weights_add_up_to_a_hundred() -> None:
    assert sum(WEIGHTS.values()) == 100


def test_what_is_not_stated_counts_in_full() -> None:
    found = reckon(**NOTHING)

    assert (found.score, found.level) == (100, "hard")
    assert [point.is_stated for point in found.points] == [False] * 5


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"export_formats": frozenset({"csv"})}, 20),
        ({"export_formats": frozenset({"csv", "api"})}, 0),
        ({"export_formats": frozenset()}, 40),
        ({"notice_days": 0}, 0),
        ({"notice_days": 31}, 0),
        ({"notice_days": 60}, 7),
        ({"notice_days": 90}, 15),
        ({"notice_days": None}, 15),
        ({"minimum_months": 12}, 15),
        ({"minimum_months": 0}, 0),
        ({"keeps_data_days": 0}, 15),
        ({"keeps_data_days": 29}, 0),
        ({"keeps_data_days": None}, 15),
        ({"exit_fee_fen": 1}, 15),
        ({"exit_fee_fen": None}, 15),
    ],
)
def test_each_point_adds_what_its_terms_say(changes: dict[str, object], points: int) -> None:
    assert score(**changes) == points


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({"notice_days": 90, "minimum_months": 12}, "easy"),
        ({"export_formats": frozenset(), "notice_days": 60}, "middle"),
        ({"export_formats": frozenset({"csv"}), "notice_days": 90, "minimum_months": 12}, "middle"),
        ({"export_formats": frozenset(), "notice_days": 90, "minimum_months": 12}, "hard"),
    ],
)
def test_the_level_is_easy_up_to_30_and_hard_from_60(changes: dict[str, object], level: str) -> None:
    assert reckon(**{**EASY, **changes}).level == level
