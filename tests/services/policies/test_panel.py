"""The fixed panel shows whom a change of conditions loses and wins."""

from datetime import date

from enterprises.criteria import read_criteria
from services.policies import panel
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, gate

ON = date(2026, 11, 25)


def test_the_same_conditions_differ_for_nobody() -> None:
    criteria = read_criteria([IN_QINGDAO, AT_MOST_300])

    assert panel.difference(criteria, criteria, ON) == panel.Difference((), (), 240)


def test_a_tighter_limit_loses_exactly_those_above_it() -> None:
    before, now = read_criteria([IN_QINGDAO]), read_criteria([IN_QINGDAO, AT_MOST_300])

    found = panel.difference(before, now, ON)

    assert {(one.region, one.employees) for one in found.lost} == {("370211", 900)}
    assert (len(found.lost), found.won) == (16, ())


def test_another_place_loses_and_wins() -> None:
    before = read_criteria([IN_QINGDAO])
    now = read_criteria([gate("region", "within", "370100")])

    found = panel.difference(before, now, ON)

    assert ({one.region for one in found.lost}, {one.region for one in found.won}) == ({"370211"}, {"370102"})
