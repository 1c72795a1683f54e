"""Conditions read back as a sentence."""

import pytest
from django.utils import translation

from services.policies import readback
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, gate


@pytest.mark.parametrize(
    ("criteria", "told"),
    [
        ([], "Every enterprise, without any condition."),
        (
            [
                IN_QINGDAO,
                gate("industry", "within", "C"),
                gate("size", "one_of", "small", "micro"),
                AT_MOST_300,
            ],
            "Enterprises in Qingdao City, of the industry Manufacturing, small or micro in size, "
            "with at most 300 people.",
        ),
        (
            [gate("founded_on", "years_at_least", 3), gate("qualification", "has_any", "dcmm")],
            "Enterprises founded at least 3 years ago, recognised as DCMM certified.",
        ),
        ([gate("", "unstated")], "Who qualifies is not stated in full, so nobody is told."),
        (
            [IN_QINGDAO, {"fact": "digital_level", "op": "at_least", "values": [3], "kind": "bonus"}],
            "Enterprises in Qingdao City. More for those at digital level 3 or higher.",
        ),
        (
            [{"fact": "", "op": "unstated", "kind": "discretionary", "note_en": "no accidents"}],
            "Every enterprise, without any condition. The authority also looks at: No accidents.",
        ),
        ([{"fact": "nonsense"}], "The conditions cannot be read."),
    ],
)
def test_criteria_read_as_a_sentence(criteria: list[object], told: str) -> None:
    with translation.override("en"):
        assert readback.of_stored(criteria) == told


def test_both_languages_are_given() -> None:
    (chinese, first), (english, second) = readback.in_both([IN_QINGDAO])

    assert (chinese, english) == ("中文", "English")
    assert "青岛市" in first
    assert second == "Enterprises in Qingdao City."
