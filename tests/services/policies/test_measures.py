"""What is counted of notices once a day: how far they came, and who fails at one condition alone."""

from datetime import date, timedelta
from typing import Any

import pytest

from core import calendar
from enterprises.actions import record_fact
from services.policies import actions, tasks
from services.policies.models import Barrier, NoticeMeasure, PolicyNotice
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, gate, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_our_own(db: None) -> None:
    """Count none of the notices of the reference data."""
    PolicyNotice.objects.published().update(state=PolicyNotice.State.REPEALED)


ON = date(2026, 11, 25)
AT_LEAST_20 = gate("employees", "at_least", 20)


def enterprises(number: int, region: str, **facts: Any) -> None:
    for _ in range(number):
        enterprise = EnterpriseFactory()
        for code, value in {"region": region, **facts}.items():
            record_fact(enterprise, code, value, source="self", on=ON, by=None)


def counted() -> list[tuple[str, int | None]]:
    rows = NoticeMeasure.objects.order_by("notice__slug")
    return list(rows.values_list("notice__slug", "matched"))


def test_who_fails_at_one_condition_alone_is_counted_place_and_industry_left_out() -> None:
    enterprises(3, "370211", employees=10)
    enterprises(2, "370211", employees=400)
    enterprises(4, "370102", employees=20)
    enterprises(1, "370211")
    notice = published(items=[{"criteria": [IN_QINGDAO, AT_LEAST_20, AT_MOST_300]}])

    assert tasks.measure_notices() == 1

    found = Barrier.objects.order_by("place").values_list("item__notice", "place", "gate__op", "alone")
    assert list(found) == [(notice.pk, 2, "at_least", 3), (notice.pk, 3, "at_most", 2)]


def test_each_notice_is_counted_once_a_day_however_often_the_tick_comes() -> None:
    enterprises(2, "370211")
    for slug in ("a", "b"):
        published(slug=slug, items=[{"criteria": [IN_QINGDAO]}])
    tasks.announce_published()

    assert (tasks.measure_notices(), tasks.measure_notices()) == (2, 0)

    assert counted() == [("a", 2), ("b", 2)]


def test_what_was_not_reached_is_counted_at_the_next_tick() -> None:
    for slug in ("a", "b"):
        published(slug=slug)
    actions.gather_measures()
    today = calendar.today()

    turns = [actions.measure_notices(today, seconds=0.0), actions.measure_notices(today)]

    assert turns == [0, 2]


def test_the_next_day_counts_again_and_a_late_one_leaves_no_old_figures() -> None:
    enterprises(3, "370211", employees=10)
    notice = published(items=[{"criteria": [AT_LEAST_20]}])
    tasks.measure_notices()
    notice.items.update(criteria=[])

    actions.measure_notices(calendar.today() + timedelta(days=3))

    assert not Barrier.objects.exists()


def test_a_failure_in_the_middle_leaves_the_notice_due(monkeypatch: pytest.MonkeyPatch) -> None:
    enterprises(2, "370211", employees=10)
    published(items=[{"criteria": [AT_LEAST_20]}])
    actions.gather_measures()
    with monkeypatch.context() as broken:
        broken.setattr(Barrier.objects, "bulk_create", lambda rows: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tasks.measure_notices()

    assert tasks.measure_notices() == 1
    assert Barrier.objects.get().alone == 2


def test_what_is_no_longer_published_is_forgotten() -> None:
    notice = published(slug="a")
    tasks.measure_notices()
    actions.repeal(PolicyNotice.objects.get(pk=notice.pk), reason="误发", by=None)

    actions.gather_measures()

    assert counted() == []
