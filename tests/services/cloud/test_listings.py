"""A provider's way into the catalogue: two people, a check that holds a year, sanctions, appeals."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core import calendar
from notifications.models import Notification
from services.cloud import clocks, tasks, tiers
from services.cloud.actions import listings, sanctions
from services.cloud.actions.listings import Application
from services.cloud.models import Listing, ListingCheck, TierAward
from tests.factories.accounts import UserFactory
from tests.factories.cloud import ListingFactory, listed, passed, staff
from tests.factories.enterprises import credit_code

pytestmark = pytest.mark.django_db
APPLICATION = Application(
    name_zh="海湾云", kind="cloud_provider", credit_code=credit_code(7), about_zh="出租服务器"
)


def told(kind: str) -> list[int | None]:
    rows = Notification.objects.filter(kind=f"cloud.{kind}").order_by("pk")
    return [row.recipient_id for row in rows]


def tier_until(days: int = 200) -> dict[str, object]:
    return {"tier": "first", "ends_on": calendar.today() + timedelta(days=days), "tier_reason": "首次"}


def checking(**more: object) -> Listing:
    return ListingFactory(state="checking", **more)


def test_an_application_reaches_the_checkers_and_stands_once_for_an_account() -> None:
    county, speaker = staff("county_reviewer"), UserFactory()

    row = listings.apply(APPLICATION, by=speaker)

    assert (row.state, row.provider.name_zh, row.representative) == ("applied", "海湾云", speaker)
    assert told("provider_applied") == [county.pk]
    with pytest.raises(listings.AppliedBefore):
        listings.apply(APPLICATION, by=speaker)


def test_a_provider_is_checked_by_one_and_listed_by_another() -> None:
    county, city, row = staff("county_reviewer"), staff("city_reviewer"), checking()
    listings.check(row, by=county, **passed())

    with pytest.raises(ValidationError):
        listings.approve(row, **tier_until(), by=county)
    done = listings.approve(row, **tier_until(), by=city)

    assert (done.state, done.listed_by, done.checked_by) == ("listed", city, county)
    assert done.recheck_on == clocks.a_year_after(calendar.today())
    assert tiers.on(done, calendar.today()).tier == "first"
    assert told("provider_ready") == [city.pk]
    assert told("provider_decided") == [row.representative_id]


@pytest.mark.parametrize("point", ListingCheck.POINTS)
@pytest.mark.parametrize("outcome", ["not_met", "not_known"])
def test_one_point_that_is_not_in_order_keeps_a_provider_out(point: str, outcome: str) -> None:
    row = checking()
    listings.check(row, by=UserFactory(), **passed(**{point: outcome}))

    with pytest.raises(ValidationError):
        listings.approve(row, **tier_until(), by=staff("city_reviewer"))


def test_a_check_that_has_run_out_does_not_count() -> None:
    row = checking()
    done = listings.check(row, by=UserFactory(), **passed())
    past = calendar.today() - timedelta(days=400)
    ListingCheck.objects.filter(pk=done.pk).update(done_on=past, holds_until=past + timedelta(days=365))

    with pytest.raises(ValidationError):
        listings.approve(row, **tier_until(), by=staff("city_reviewer"))


@pytest.mark.parametrize("days", [0, -1, 800])
def test_a_tier_ends_after_today_and_within_two_years(days: int) -> None:
    row = listed()

    with pytest.raises(ValidationError):
        listings.award_tier(row, **tier_until(days), by=staff("city_reviewer"))


def test_the_database_refuses_one_person_as_checker_and_approver() -> None:
    person = UserFactory()

    with pytest.raises(IntegrityError, match="listing_checker_is_not_approver"), transaction.atomic():
        listed(checked_by=person, listed_by=person)


def test_a_tier_ends_by_itself_and_counts_no_more_while_suspended() -> None:
    row, today = listed(), calendar.today()
    last = row.tiers.get().ends_on

    assert tiers.on(row, last) is not None
    assert tiers.on(row, last + timedelta(days=1)) is None
    row.state = "suspended"
    assert tiers.on(row, today) is None


def test_the_yearly_check_is_asked_for_once_and_again_after_the_next() -> None:
    county, row = staff("county_reviewer"), listed()
    Listing.objects.filter(pk=row.pk).update(recheck_on=calendar.today() + timedelta(days=30))

    assert (tasks.remind_rechecks(), tasks.remind_rechecks()) == (1, 0)
    listings.check(row, by=county, **passed())

    row.refresh_from_db()
    assert (row.recheck_told_on, row.recheck_on) == (None, clocks.a_year_after(calendar.today()))
    assert told("recheck_due") == [county.pk]
    assert listings.remind_rechecks(row.recheck_on) == 1


def test_the_yearly_check_is_not_asked_for_31_days_before() -> None:
    row = listed()

    assert listings.remind_rechecks(row.recheck_on - timedelta(days=31)) == 0


def test_a_failed_yearly_check_prolongs_nothing() -> None:
    row = listed()
    before = calendar.today() + timedelta(days=3)
    Listing.objects.filter(pk=row.pk).update(recheck_on=before)

    listings.check(row, by=UserFactory(), **passed(tax="not_met"))

    row.refresh_from_db()
    assert (row.state, row.recheck_on) == ("listed", before)


def test_an_appeal_is_answered_by_another_and_lifting_lists_again() -> None:
    city, county, row = staff("city_reviewer"), staff("county_reviewer"), listed()
    sanction = sanctions.suspend(row, reason_zh="两次未回复", by=city)
    sanctions.appeal(sanction, "我们回复过", by=row.representative)

    with pytest.raises(ValidationError):
        sanctions.lift(sanction, answer="查过", by=city)
    done = sanctions.lift(sanction, answer="确有回复", by=county)

    row.refresh_from_db()
    assert (row.state, done.appeal, done.answered_by) == ("listed", "lifted", county)
    assert told("sanctioned") == [row.representative_id]
    assert told("appealed") == [county.pk]
    assert told("appeal_answered") == [row.representative_id]


def test_a_removed_provider_whose_appeal_is_right_is_checked_anew() -> None:
    row = listed()
    sanction = sanctions.remove(row, reason_zh="资质失效", by=staff("city_reviewer"))
    sanctions.appeal(sanction, "资质有效", by=row.representative)

    sanctions.lift(sanction, answer="查过", by=staff("county_reviewer"))

    row.refresh_from_db()
    assert (row.state, row.checked_by, row.listed_by) == ("checking", None, None)


def test_an_appeal_ends_with_its_last_day() -> None:
    sanction = sanctions.warn(listed(), reason_zh="迟复", by=staff("city_reviewer"))
    sanction.appeal_until = calendar.today() - timedelta(days=1)

    with pytest.raises(ValidationError):
        sanctions.appeal(sanction, "不对", by=None)


def test_a_suspension_ends_with_a_reason_and_stays_in_the_history() -> None:
    row, city = listed(), staff("city_reviewer")
    sanction = sanctions.suspend(row, reason_zh="两次未回复", by=city)

    listings.reinstate(row, reason="已改正", by=city)

    sanction.refresh_from_db()
    assert sanction.ended_on == calendar.today()


@pytest.mark.parametrize(
    ("day", "later"),
    [(date(2026, 11, 30), date(2027, 11, 30)), (date(2028, 2, 29), date(2029, 2, 28))],
)
def test_a_year_after_is_the_same_day(day: date, later: date) -> None:
    assert clocks.a_year_after(day) == later


def test_every_award_stays(django_assert_num_queries: object) -> None:
    row = listed()

    listings.award_tier(row, **tier_until(), by=staff("city_reviewer"))

    assert [award.tier for award in TierAward.objects.filter(listing=row)] == ["first", "second"]
