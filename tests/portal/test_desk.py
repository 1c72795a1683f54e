"""The landing board: everyone sees the work they may do, counted, and nothing else."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import calendar
from services.catalogue.models import Offering
from services.policies.models import ErrorReport, LinkState, PolicyNotice, State
from services.requests.models import State as RequestState
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import cast
from tests.factories.policies import NoticeFactory, published
from tests.factories.requests import in_state, officer

pytestmark = pytest.mark.django_db


def counters(client: Client) -> dict[str, int]:
    context = client.get(reverse("admin:index")).context
    return {counter.code: counter.number for counter in context["counters"]}


def test_an_officer_sees_the_requests_of_the_day(client: Client) -> None:
    people, chen = cast(), officer()
    in_state(RequestState.SUBMITTED, people.li, people.enterprise, chen)
    in_state(RequestState.WAITING, people.li, people.enterprise, chen)

    found = counters(sign_in(client, chen))

    assert found == {
        "overdue": 0,
        "soon": 0,
        "new": 1,
        "waiting": 1,
        "mine": 1,
        "tasks": 0,
        "suspect": 0,
        "plans": 0,
        "proofs": 0,
        "needs": 0,
        "calls": 0,
    }


def test_a_reviewer_sees_the_notices_to_review_and_no_requests(client: Client) -> None:
    NoticeFactory(state=State.IN_REVIEW)
    before = PolicyNotice.objects.filter(state=State.IN_REVIEW).count()

    found = counters(sign_in(client, UserFactory(roles=["reviewer"])))

    assert found == {"review": before, "approved": 0, "reports": 0, "links": 0, "occasions": 0}


def test_a_publisher_sees_proposals_and_a_finance_officer_what_was_agreed_to(client: Client) -> None:
    notice = published(items=[{"criteria": []}])
    notice.proposals.create(field="contact", value="12345", digest="0", row=3)
    agreed = {"state": "agreed", "agreed_at": timezone.now(), "item_version": 1}
    notice.items.get().benefits.create(enterprise=cast().enterprise, **agreed)

    found = {
        role: counters(sign_in(Client(), UserFactory(roles=[role])))
        for role in ("publisher", "finance_officer")
    }

    assert found == {
        "publisher": {
            "drafts": 0,
            "returned": 0,
            "proposals": 1,
            "reports": 0,
            "links": 0,
            "look": 0,
        },
        "finance_officer": {"consents": 1, "vouchers_finance": 0, "conversions_finance": 0},
    }


def test_every_counter_leads_to_a_list_with_that_many_rows(client: Client) -> None:
    people, lead = cast(), officer("Wu", role="triage_lead")
    in_state(RequestState.SUBMITTED, people.li, people.enterprise, lead)
    sign_in(client, lead)

    for counter in client.get(reverse("admin:index")).context["counters"]:
        shown = client.get(counter.url).context
        # Alarms, a month's report, and what could not be met, are pages of their own instead of a list.
        if "alarms" in shown:
            found = len(shown["alarms"])
        elif "report" in shown:
            found = shown["report"].tables[0].rows[0][3]
        else:
            found = shown["cl"].result_count if "cl" in shown else sum(w.returned for w in shown["wishes"])
        assert found == counter.number, counter.code


def test_a_publisher_finds_what_is_hers_and_what_may_be_wrong(client: Client) -> None:
    sun, notice = UserFactory(roles=["publisher"]), published()
    PolicyNotice.objects.filter(pk=notice.pk).update(look_again_on=calendar.today())
    for state in (State.DRAFT, State.RETURNED):
        NoticeFactory(state=state, author=sun)
        NoticeFactory(state=state, author=UserFactory(roles=["publisher"]))
    ErrorReport.objects.create(notice=notice, about=ErrorReport.About.WINDOW, text="一")
    LinkState.objects.create(notice=notice, url="https://gone.example/", failures=2)
    sign_in(client, sun)

    found = counters(client)
    context = client.get(reverse("admin:index")).context
    listed = {one.code: client.get(one.url).context["cl"].result_count for one in context["counters"]}

    assert found == {"drafts": 1, "returned": 1, "proposals": 0, "reports": 1, "links": 1, "look": 1}
    assert listed == found


def test_the_alarm_shows_when_nine_in_ten_are_no_longer_free(client: Client) -> None:
    sign_in(client, officer())
    assert "errornote" not in client.get(reverse("admin:index")).content.decode()
    for offering in Offering.objects.live().filter(is_free=True)[:2]:
        offering.is_free, offering.price_note_zh = False, "每次 100 元"
        offering.save(update_fields=["is_free", "price_note_zh"])

    page = client.get(reverse("admin:index")).content.decode()

    assert re.search(r'class="errornote">[^<]*88', page)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_board_asks_as_often_for_three_requests_as_for_one(
    client: Client, rows: int, django_assert_num_queries
) -> None:
    people, chen = cast(), officer()
    for _row in range(rows):
        in_state(RequestState.IN_PROGRESS, people.li, people.enterprise, chen)
    sign_in(client, chen).get(reverse("home"))

    with django_assert_num_queries(22):
        client.get(reverse("admin:index"))


def test_the_keys_of_the_desk_can_be_switched_off_and_on(client: Client) -> None:
    sign_in(client, officer())
    assert "desk-keys.js" in client.get("/admin/").text

    client.post("/admin/keys/", {"keys": "off"})
    assert "desk-keys.js" not in client.get("/admin/").text
    client.post("/admin/keys/", {"keys": "on"})

    assert "desk-keys.js" in client.get("/admin/").text


def test_a_day_without_work_says_what_was_done_yesterday(client: Client) -> None:
    people, chen = cast(), officer()
    row = in_state(RequestState.RESOLVED, people.li, people.enterprise, chen)
    yesterday = timezone.now() - timedelta(days=1)
    type(row).objects.filter(pk=row.pk).update(submitted_at=yesterday, resolved_at=yesterday)

    reader = UserFactory(roles=["triage_officer"], language="en")
    shown = sign_in(client, reader).get(reverse("admin:index"))

    assert "Nothing to do today. Yesterday 1 were received and 1 done." in shown.text
