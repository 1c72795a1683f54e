from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from accounts.models import User
from core import audit, calendar, once
from core.lifecycle import TransitionRefused
from notifications.models import Notification
from services.requests import actions, merging
from services.requests.models import Merge, Message, ServiceRequest, State
from services.requests.notifications import tracking_key
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state, submitted

pytestmark = pytest.mark.django_db


def texts(row: ServiceRequest) -> list[str]:
    return list(row.messages.order_by("pk").values_list("text", flat=True))


def test_every_relation_that_leads_to_a_request_has_its_plan() -> None:
    assert merging.uncovered() == []
    assert len(merging.relations()) >= 8


def test_a_relation_nobody_decided_about_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(merging._PLANS, "service_requests.message.service_request")

    assert merging.uncovered() == ["service_requests.message.service_request"]


def test_a_merge_takes_the_thread_over_and_keeps_both_numbers(cast: Cast, chen: User) -> None:
    kept = in_state("in_progress", cast.li, cast.enterprise, chen)
    joined = submitted(cast.li, cast.enterprise, body="还有一件事。")

    actions.merge(kept, joined, by=chen)

    joined.refresh_from_db()
    assert (joined.state, joined.merged_into, joined.kept) == (State.CLOSED, kept, kept)
    assert (texts(kept), texts(joined)) == (["想请人到车间看看。", "还有一件事。"], [])
    letter = Notification.objects.get(kind="requests.merged")
    assert (letter.recipient, letter.context["reference"], letter.context["kept"]) == (
        cast.li,
        joined.reference,
        kept.reference,
    )


@pytest.mark.parametrize("state", ["submitted", "in_progress", "waiting"])
def test_a_merge_comes_undone_without_loss(cast: Cast, chen: User, state: str) -> None:
    kept = submitted(cast.li, cast.enterprise)
    joined = in_state(state, cast.li, cast.enterprise, chen)
    before = texts(joined)
    actions.merge(kept, joined, by=chen)
    actions.write(kept, "后来写的。", by=cast.li)

    joined = actions.unmerge(joined, by=chen)

    assert (joined.state, joined.merged_into_id) == (State.IN_PROGRESS, None)
    assert (texts(joined), texts(kept)[1:]) == (before, ["后来写的。"])
    assert joined.assignments.filter(ended_at=None).count() == (state != "submitted")
    with pytest.raises(TransitionRefused):
        actions.unmerge(joined, by=chen)


def test_after_seven_days_a_merge_stays(cast: Cast, chen: User) -> None:
    kept, joined = (submitted(cast.li, cast.enterprise) for _ in range(2))
    actions.merge(kept, joined, by=chen)
    Merge.objects.update(merged_at=calendar.now() - timedelta(days=7, minutes=1))

    with pytest.raises(TransitionRefused):
        actions.unmerge(joined, by=chen)


def test_only_open_requests_of_one_side_are_joined(cast: Cast, chen: User) -> None:
    kept = submitted(cast.li, cast.enterprise)
    others = [
        kept,
        in_state("resolved", cast.li, cast.enterprise, chen),
        submitted(cast.zhao, cast.other),
        actions.ask_question(actions.Question(subject="问", body="怎么办？", contact_email="a@b.example")),
    ]

    for other in others:
        with pytest.raises(ValidationError) as refused:
            actions.merge(kept, other, by=chen)
        assert list(refused.value.message_dict) == ["other"]
    assert Merge.objects.count() == 0


def test_questions_of_one_address_are_joined(chen: User) -> None:
    one, two = (
        actions.ask_question(actions.Question(subject="问", body="怎么办？", contact_email="a@b.example"))
        for _ in range(2)
    )

    actions.merge(one, two, by=chen)

    assert Message.objects.filter(service_request=one).count() == 2


def test_whoever_does_not_triage_joins_nothing(cast: Cast) -> None:
    kept, joined = (submitted(cast.li, cast.enterprise) for _ in range(2))

    with pytest.raises(PermissionDenied):
        actions.merge(kept, joined, by=UserFactory(roles=["auditor"]))


def test_the_old_number_leads_to_the_one_that_is_kept(client: Client, cast: Cast, chen: User) -> None:
    kept, joined = (submitted(cast.li, cast.enterprise) for _ in range(2))
    actions.merge(kept, joined, by=chen)

    tracked = client.get(f"/requests/track/{tracking_key(joined)}/")
    client.force_login(cast.li)
    page = client.get(f"/requests/{joined.reference}/")

    assert (tracked.context["row"], page.context["row"]) == (kept, kept)


def test_a_chain_of_merges_leads_to_the_last_one(cast: Cast, chen: User) -> None:
    first, second, third = (submitted(cast.li, cast.enterprise) for _ in range(3))
    actions.merge(second, first, by=chen)
    actions.merge(third, second, by=chen)

    first.refresh_from_db()
    assert (first.kept, len(texts(third))) == (third, 3)


def test_a_part_becomes_a_request_of_its_own(cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    offering = OfferingFactory(turnaround_days=3)

    part = actions.split(row, "上云券", "另外想问上云券。", offering, by=chen)

    assert (part.split_from, part.state, part.offering, part.requester) == (
        row,
        State.SUBMITTED,
        offering,
        cast.li,
    )
    assert part.reference != row.reference
    assert Notification.objects.filter(kind="requests.received", subject_code=part.reference).count() == 1
    assert audit.history(row).filter(verb="split").get().data == {"into": part.pk}
    actions.merge(row, part, by=chen)
    assert len(texts(row)) == 2


def test_splitting_off_is_undone_for_seven_days(client: Client, cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    part = actions.split(row, "上云券", "另外想问上云券。", by=chen)
    page = f"/admin/service_requests/servicerequest/{part.pk}/unsplit/"
    desk = sign_in(client, chen)
    assert part.reference in desk.get(page.replace(f"{part.pk}/unsplit", f"{row.pk}/change")).text

    desk.post(page, {"form_token": once.new_token()})

    part.refresh_from_db()
    assert part.merged_into == row
    assert "另外想问上云券。" in " ".join(texts(row))


@pytest.mark.parametrize(("days", "resolves", "may"), [(6, False, True), (8, False, False), (1, True, False)])
def test_a_part_stays_after_seven_days_and_once_the_first_one_is_settled(
    cast: Cast, chen: User, days: int, resolves: bool, may: bool
) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    part = actions.split(row, "上云券", "另外想问上云券。", by=chen)
    if resolves:
        actions.resolve(row, "办好了。", by=chen)
    part.refresh_from_db()

    assert actions.may_go_back(part, calendar.now() + timedelta(days=days)) is may
    with pytest.raises(TransitionRefused):
        actions.unsplit(row, by=chen)


def test_joining_and_undoing_at_the_desk(client: Client, cast: Cast, chen: User) -> None:
    kept, joined = (submitted(cast.li, cast.enterprise) for _ in range(2))
    foreign = submitted(cast.zhao, cast.other)
    client = sign_in(client, chen)

    def press(row: ServiceRequest, verb: str, **data: Any) -> Any:
        path = f"/admin/service_requests/servicerequest/{row.pk}/{verb}/"
        return client.post(path, {"form_token": once.new_token(), **data})

    wrong = [
        list(press(kept, "merge", other=other).context["form"].errors)
        for other in ("", "QD-260101-9999", str(foreign.reference), "x\u202e")
    ]
    done = press(kept, "merge", other=str(joined.reference).lower())
    undone = press(joined, "unmerge")
    parted = press(kept, "split", subject="一部分", body="内容", offering="")

    assert wrong == [["other"]] * 4
    assert (done.status_code, undone.status_code, parted.status_code) == (302, 302, 302)
    assert ServiceRequest.objects.filter(split_from=kept, offering=None).count() == 1


def test_a_colleague_who_follows_both_goes_on_following_once(cast: Cast, chen: User) -> None:
    kept, other = submitted(cast.li, cast.enterprise), submitted(cast.li, cast.enterprise)
    for row in (kept, other):
        row.followers.create(user=cast.wang)
    other.followers.create(user=cast.guo)

    actions.merge(kept, other, by=chen)
    assert sorted(kept.followers.values_list("user", flat=True)) == [cast.wang.pk, cast.guo.pk]

    actions.unmerge(other, by=chen)
    assert sorted(other.followers.values_list("user", flat=True)) == [cast.wang.pk, cast.guo.pk]
