"""The desk's plain fields and the stored criteria say the same."""

from decimal import Decimal

import pytest

from enterprises.criteria import read_criteria
from services.policies import editing, importing
from services.policies.models import CLAIMABLE_KINDS

REAL = [row for row in importing.real_policies() if row["kind"] in CLAIMABLE_KINDS]


@pytest.mark.parametrize("row", REAL, ids=lambda row: row["id"])
def test_real_criteria_come_back_as_they_were(row: dict[str, object]) -> None:
    criteria = importing.criteria_of(row)

    fields, kept = editing.to_fields(criteria)

    assert kept == []
    assert set(read_criteria(editing.to_raw(fields, kept))) == set(criteria)


def test_all_of_several_qualifications_is_one_gate_each() -> None:
    raw = editing.to_raw({"quals_all": ["zjtx", "high_tech"], "quals_any": ["dcmm", "champion"]}, [])

    assert [one["values"] for one in raw] == [["dcmm", "champion"], ["zjtx"], ["high_tech"]]


def test_limits_are_written_only_where_something_was_entered() -> None:
    fields = {"employees_min": 0, "employees_max": None, "revenue_max": Decimal("2000.50")}

    assert [(one["fact"], one["op"], one["values"]) for one in editing.to_raw(fields, [])] == [
        ("employees", "at_least", [0]),
        ("revenue_wan", "at_most", ["2000.5"]),
    ]


def test_what_the_editor_cannot_show_is_kept() -> None:
    bonus = {"fact": "digital_level", "op": "at_least", "values": [3], "kind": "bonus"}
    criteria = read_criteria([bonus, {"fact": "employees", "op": "at_most", "values": [300]}])

    fields, kept = editing.to_fields(criteria)

    assert fields == {"employees_max": 300}
    assert read_criteria(editing.to_raw(fields, kept))[1].kind == "bonus"
