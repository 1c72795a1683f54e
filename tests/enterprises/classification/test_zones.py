"""Who lies in a zone on a day: wholly, perhaps, or not at all."""

from datetime import date

import pytest

from enterprises.classification import regions
from enterprises.classification.zones import Place, Zone

DAY, NEXT = date(2026, 11, 25), date(2026, 11, 26)


def place(code: str, **fields: date) -> Place:
    return Place(regions.span(code), is_whole=code != "370200", **fields)


@pytest.mark.parametrize(
    ("places", "region", "lies_in"),
    [
        ([], "370211", None),
        ([place("370211")], "370211", True),
        ([place("370211")], "370202", False),
        ([place("370211")], "370200", None),
        ([place("370211")], None, None),
        ([place("370200")], "370211", None),
        ([place("370200")], "370102", False),
        ([place("370200"), place("370211")], "370211", True),
        ([place("370211", from_on=NEXT)], "370211", False),
        ([place("370211", until_on=DAY)], "370211", True),
        ([place("370211", until_on=date(2026, 11, 24))], "370211", False),
    ],
)
def test_the_region_tells_as_far_as_it_can(
    places: list[Place], region: str | None, lies_in: bool | None
) -> None:
    zone = Zone("z", "区", "Zone", places=tuple(places))

    assert zone.holds(regions.span(region) if region else None, DAY) is lies_in


@pytest.mark.parametrize(
    ("days", "lies_in"),
    [({"from_on": DAY, "until_on": DAY}, True), ({"from_on": NEXT}, False), ({"until_on": DAY}, True)],
)
def test_first_and_last_day_of_a_zone_count(days: dict[str, date], lies_in: bool) -> None:
    zone = Zone("z", "区", "Zone", places=(place("370211"),), **days)

    assert zone.holds(regions.span("370211"), DAY) is lies_in


def test_one_lies_in_a_zone_since_the_later_of_its_days() -> None:
    zone = Zone("z", "区", "Zone", date(2019, 8, 31), places=(place("370211", from_on=date(2021, 1, 1)),))

    assert zone.since(regions.span("370211"), DAY) == date(2021, 1, 1)
    assert zone.since(regions.span("370202"), DAY) == date(2019, 8, 31)
