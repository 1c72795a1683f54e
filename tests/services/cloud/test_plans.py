"""Plans: their file, their days, whose turn it is, lateness told once."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from core import calendar
from core.lifecycle import TransitionRefused
from enterprises.actions import record_fact
from notifications.models import Notification
from services.cloud import plans, tasks
from services.cloud.actions import onboarding
from services.cloud.models import Onboarding, OnboardingStep, UseCheck, WaitsOn
from tests.factories.accounts import UserFactory
from tests.factories.cloud import listed, on_sale, plan, staff
from tests.factories.enterprises import Cast

pytestmark = pytest.mark.django_db
FILE = plans.load()


def told(kind: str) -> list[int | None]:
    rows = Notification.objects.filter(kind=f"cloud.{kind}").order_by("pk")
    return [row.recipient_id for row in rows]


def codes(row: Onboarding) -> list[str]:
    return list(row.steps.values_list("code", flat=True))


@pytest.mark.parametrize("point", FILE.starting_points)
def test_every_starting_point_names_known_steps_and_ends_in_use(point: str) -> None:
    steps = FILE.starting_points[point].steps

    assert set(steps) <= set(FILE.steps)
    assert plans.LIVE in steps
    assert len(set(steps)) == len(steps)


@pytest.mark.parametrize("step", FILE.steps.values(), ids=lambda step: step.code)
def test_every_step_is_worded_and_leads_to_a_page_that_exists(step: plans.StepPlan) -> None:
    assert step.waits_on in WaitsOn.values
    assert step.when in {"", "unready", "unknown"}
    assert 0 < step.days <= 20
    assert all((step.title.zh, step.title.en, step.what.zh, step.what.en))
    assert not step.page or reverse(step.page)


@pytest.mark.parametrize(
    ("readiness", "first"), [(None, "check"), (0, "prepare"), (40, "prepare"), (41, "lead")]
)
def test_the_first_steps_follow_the_readiness(readiness: int | None, first: str) -> None:
    assert FILE.steps_of("paper", readiness)[0].code == first


def test_each_day_counts_from_the_step_before() -> None:
    steps = FILE.steps_of("cloud", 90)[:3]

    days = plans.due_dates(steps, date(2026, 1, 1), lambda day, count: day + timedelta(days=count))

    assert days == [date(2026, 1, 4), date(2026, 1, 9), date(2026, 1, 12)]


def test_a_plan_is_begun_once_for_a_product(cast: Cast) -> None:
    product = on_sale()

    first, second = (plan(cast.enterprise, cast.li, product) for _ in range(2))

    assert first == second
    assert "choose" not in codes(first)
    assert plan(cast.other, cast.zhao, product) != first


def test_a_plan_takes_the_fact_of_its_day(cast: Cast) -> None:
    record_fact(cast.enterprise, "cloud_readiness", 35, source="assessment", on=calendar.today(), by=cast.li)

    row = plan(cast.enterprise, cast.li)

    assert row.readiness == 35
    assert codes(row)[0] == "prepare"


def test_an_expired_readiness_is_not_known(cast: Cast) -> None:
    past = calendar.today() - timedelta(days=9)
    record_fact(
        cast.enterprise, "cloud_readiness", 90, source="assessment", on=past, expires=past, by=cast.li
    )

    assert onboarding.readiness_of(cast.enterprise) is None


def test_the_last_tick_finishes_a_plan_and_taking_it_back_opens_it(cast: Cast) -> None:
    row = plan(cast.enterprise, cast.li)
    for step in row.steps.all():
        onboarding.tick(step, by=cast.li)
    row.refresh_from_db()
    assert (row.state, row.in_use_on) == ("finished", calendar.today())

    onboarding.untick(row.steps.get(code="lead"), by=cast.li)

    row.refresh_from_db()
    assert (row.state, row.ended_at) == ("active", None)


def test_working_with_it_begins_two_checks_and_not_working_ends_them(cast: Cast) -> None:
    row = plan(cast.enterprise, cast.li)
    live = row.steps.get(code="live")
    onboarding.tick(live, by=cast.li)
    onboarding.tick(live, by=cast.li)

    days = [calendar.today() + timedelta(days=days) for days in (30, 90)]
    assert list(row.use_checks.values_list("due_on", flat=True)) == days

    onboarding.untick(live, by=cast.li)
    assert not row.use_checks.exists()


def test_a_proof_handed_in_keeps_the_first_day(cast: Cast) -> None:
    row = plan(cast.enterprise, cast.li)
    live = row.steps.get(code="live")
    onboarding.tick(live, by=cast.li)
    UseCheck.objects.filter(onboarding=row, day=30).update(state="handed_in")

    with pytest.raises(ValidationError):
        onboarding.untick(live, by=cast.li)


def test_choosing_a_product_ticks_its_step(cast: Cast) -> None:
    row, product = plan(cast.enterprise, cast.li), on_sale()

    onboarding.choose(row, product, by=cast.li)

    row.refresh_from_db()
    assert row.product == product
    assert row.steps.get(code="choose").done_on == calendar.today()
    with pytest.raises(ValidationError):
        onboarding.choose(row, on_sale(), by=cast.li)


def test_lateness_is_told_once_and_again_only_after_a_new_day(cast: Cast) -> None:
    row = plan(cast.enterprise, cast.li)
    late = row.steps.first()
    day = late.due_on + timedelta(days=1)

    assert onboarding.tell_late(late.due_on) == 0
    assert (onboarding.tell_late(day), onboarding.tell_late(day)) == (1, 0)
    assert told("step_late") == [cast.li.pk]
    onboarding.give(late, owner=cast.wang, due_on=day, by=cast.li)
    assert onboarding.tell_late(day + timedelta(days=1)) == 1
    assert told("step_late") == [cast.li.pk, cast.wang.pk]


def test_a_late_step_of_the_staff_reaches_the_staff_and_of_the_provider_the_provider(cast: Cast) -> None:
    chen, listing = staff("triage_officer"), listed()
    row = plan(cast.enterprise, cast.li, on_sale(provider=listing.provider))
    OnboardingStep.objects.filter(onboarding=row).exclude(code__in=["advice", "quotation"]).update(
        done_on=calendar.today()
    )
    OnboardingStep.objects.filter(onboarding=row).update(due_on=calendar.today() - timedelta(days=1))

    assert (tasks.follow_plans(), tasks.follow_plans()) == (2, 0)

    assert told("step_late_staff") == [chen.pk]
    assert told("provider_turn") == [listing.representative_id]


def test_a_finished_readiness_check_ticks_its_step_once(cast: Cast) -> None:
    row = plan(cast.enterprise, cast.li)
    assert tasks.follow_plans() == 0
    record_fact(cast.enterprise, "cloud_readiness", 72, source="assessment", on=calendar.today(), by=cast.li)

    assert (tasks.follow_plans(), tasks.follow_plans()) == (1, 0)

    assert row.steps.get(code="check").done_on == calendar.today()


def test_the_provider_is_told_when_its_turn_has_come(cast: Cast) -> None:
    listing = listed()
    row = plan(cast.enterprise, cast.li, on_sale(provider=listing.provider))
    before = list(row.steps.all())[: codes(row).index("quotation")]

    for step in before:
        assert told("provider_turn") == []
        onboarding.tick(step, by=cast.li)

    assert told("provider_turn") == [listing.representative_id]


def test_a_stopped_plan_asks_nobody(cast: Cast) -> None:
    row = plan(cast.enterprise, cast.li)
    onboarding.tick(row.steps.get(code="live"), by=cast.li)

    onboarding.stop(row, reason="改主意", by=cast.li)

    assert not row.use_checks.exists()
    assert onboarding.tell_late(calendar.today() + timedelta(days=400)) == 0
    with pytest.raises(TransitionRefused):
        onboarding.tick(row.steps.first(), by=cast.li)


def test_a_step_cannot_be_given_a_day_in_the_past(cast: Cast) -> None:
    step = plan(cast.enterprise, cast.li).steps.first()

    with pytest.raises(ValidationError):
        onboarding.give(step, owner=None, due_on=calendar.today() - timedelta(days=1), by=cast.li)


def test_a_plan_of_another_region_is_not_in_scope(cast: Cast) -> None:
    row, person = plan(cast.enterprise, cast.li), UserFactory()

    assert list(Onboarding.objects.for_member(cast.guo)) == [row]
    assert list(Onboarding.objects.for_member(person)) == []
