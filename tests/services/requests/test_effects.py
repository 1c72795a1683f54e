"""Half a year after a service its enterprise is asked once what came of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notifications.models import Notification
from services.requests import actions, effects, tasks
from services.requests.models import Effect, ServiceRequest
from tests.factories.accounts import sign_in
from tests.factories.enterprises import Cast, MembershipFactory
from tests.factories.requests import in_state, submitted

pytestmark = pytest.mark.django_db


def done(cast: Cast, chen: User, days: float = 190, state: str = "closed") -> ServiceRequest:
    row = in_state(state, cast.li, cast.enterprise, chen)
    ServiceRequest.objects.filter(pk=row.pk).update(resolved_at=timezone.now() - timedelta(days=days))
    return row


def asked(cast: Cast, chen: User) -> ServiceRequest:
    row = done(cast, chen)
    tasks.ask_effects()
    return row


def answer(client: Client, row: ServiceRequest, **typed: Any) -> Any:
    return client.post(f"/en/requests/{row.reference}/effect/", typed)


@pytest.mark.parametrize(("days", "number"), [(182, 0), (184, 1), (364, 1), (366, 0)])
def test_it_is_asked_once_half_a_year_later(cast: Cast, chen: User, days: float, number: int) -> None:
    row = done(cast, chen, days)

    assert [tasks.ask_effects(), tasks.ask_effects()] == [number, 0]

    told = Notification.objects.filter(kind="requests.effect")
    assert [(one.recipient, one.url) for one in told] == [
        (cast.li, f"/requests/{row.reference}/effect/")
    ] * number


def test_questions_and_what_was_not_done_are_not_asked_about(cast: Cast, chen: User) -> None:
    question = actions.ask_question(actions.Question("补贴", "怎么申请？", contact_phone="13800000000"))
    actions.resolve(actions.take(question, by=chen), "已说明。", by=chen)
    submitted(cast.li, cast.enterprise)
    ServiceRequest.objects.update(resolved_at=timezone.now() - timedelta(days=190))

    assert tasks.ask_effects() == 0


def test_an_owner_answers_what_they_like_and_may_change_it(client: Client, cast: Cast, chen: User) -> None:
    row = asked(cast, chen)
    sign_in(client, cast.li)

    first = answer(client, row, obtained_fen="12.5", level="rose", jobs="", words="申到了补贴")
    effect = Effect.objects.get()
    assert first.status_code == 302
    assert (effect.obtained_fen, effect.level, effect.jobs) == (12_500_000, "rose", None)
    assert (effect.answered_by, effect.is_answered) == (cast.li, True)
    assert 'value="12.5"' in client.get(f"/en/requests/{row.reference}/effect/").text

    answer(client, row, obtained_fen="0", jobs="2")

    effect.refresh_from_db()
    assert (effect.obtained_fen, effect.level, effect.jobs, effect.words) == (0, "", 2, "")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"obtained_fen": "-3"}, "obtained_fen"),
        ({"obtained_fen": "1e99"}, "obtained_fen"),
        ({"obtained_fen": "many"}, "obtained_fen"),
        ({"jobs": "-1"}, "jobs"),
        ({"jobs": "2.5"}, "jobs"),
        ({"level": "best"}, "level"),
        ({}, "__all__"),
    ],
)
def test_bad_input_is_answered_in_words_and_kept(
    client: Client, cast: Cast, chen: User, typed: dict[str, str], field: str
) -> None:
    row = asked(cast, chen)

    page = answer(sign_in(client, cast.li), row, **typed)

    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert not Effect.objects.get().is_answered
    for name, value in typed.items():
        assert page.context["form"][name].value() == value


@pytest.mark.parametrize(
    ("person", "status"), [("li", 200), ("wang", 200), ("guo", 403), ("zhao", 404), (None, 302)]
)
def test_owners_and_editors_of_the_enterprise_are_asked(
    client: Client, cast: Cast, chen: User, person: str | None, status: int
) -> None:
    row = asked(cast, chen)
    if person:
        sign_in(client, getattr(cast, person))

    assert client.get(f"/requests/{row.reference}/effect/").status_code == status


def test_there_is_no_page_before_it_is_asked(client: Client, cast: Cast, chen: User) -> None:
    row = done(cast, chen, days=10)

    assert sign_in(client, cast.li).get(f"/requests/{row.reference}/effect/").status_code == 404


def test_staff_read_the_answer_with_the_request(client: Client, cast: Cast, chen: User) -> None:
    row = asked(cast, chen)
    page = f"/admin/service_requests/servicerequest/{row.pk}/change/"
    before = sign_in(client, chen).get(page).text
    actions.answer_effect(row, by=cast.li, obtained_fen=12_500_000, words="申到了补贴")

    assert "申到了补贴" not in before
    assert "12.5" in client.get(page).text
    assert "申到了补贴" in client.get(page).text


def answered(number: int, chen: User, **figures: Any) -> None:
    """Let so many enterprises answer with these figures."""
    for _ in range(number):
        member = MembershipFactory()
        row = in_state("resolved", member.user, member.enterprise, chen)
        Effect.objects.create(service_request=row)
        actions.answer_effect(row, by=member.user, **figures)


def test_sums_are_shown_from_five_enterprises_on(client: Client, cast: Cast, chen: User) -> None:
    answered(4, chen, obtained_fen=10_000_000, level="rose")
    assert "What came of it, half a year later" not in client.get("/en/open/").text

    answered(1, chen, obtained_fen=12_500_000, jobs=3)

    found = effects.figures()
    assert (found.obtained.total, found.jobs.total, found.rose.total) == (52_500_000, None, None)
    page = client.get("/en/open/").text
    assert "What came of it, half a year later" in page
    assert "52.5" in page
