from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core import audit, once
from enterprises.models import Region
from notifications.models import Notification
from services.catalogue.models import Group
from services.requests import actions
from services.requests.models import Message, ServiceRequest, State
from tests.factories import assessments
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast
from tests.factories.files import upload
from tests.factories.requests import in_state, officer, submitted

pytestmark = pytest.mark.django_db
QUEUE = "/admin/service_requests/servicerequest/"
# Session, user and permissions (2); what a page may ask beside them is a goal (performance.md, G10).
SIGNED_IN = 4
NEVER = "2026-01-05T23:59:59+08:00"


def shown(page: Any) -> list[str]:
    return [row.reference for row in page.context["cl"].result_list]


def page_of(row: ServiceRequest, verb: str = "change") -> str:
    return f"{QUEUE}{row.pk}/{verb}/"


def press(client: Client, row: ServiceRequest, verb: str, **data: Any) -> Any:
    return client.post(page_of(row, verb), {"form_token": once.new_token(), **data})


@pytest.fixture
def everyone(cast: Cast, chen: User) -> dict[str, ServiceRequest]:
    return {state: in_state(state, cast.li, cast.enterprise, chen) for state in State.values}


def test_the_queue_shows_open_work_by_due_day(client: Client, cast: Cast, chen: User) -> None:
    later = submitted(cast.li, cast.enterprise, OfferingFactory(turnaround_days=20))
    sooner = submitted(cast.li, cast.enterprise, OfferingFactory(turnaround_days=1))
    in_state("resolved", cast.li, cast.enterprise, chen)

    page = sign_in(client, chen).get(QUEUE)

    assert shown(page) == [sooner.reference, later.reference]


@pytest.mark.parametrize(
    ("view", "states"),
    [
        ("open", ["submitted", "in_progress", "waiting"]),
        ("new", ["submitted"]),
        ("mine", ["in_progress", "waiting"]),
        ("waiting", ["waiting"]),
        ("overdue", []),
        ("all", ["submitted", "in_progress", "waiting", "resolved", "closed", "refused", "withdrawn"]),
    ],
)
def test_each_saved_view_shows_and_counts_its_rows(
    client: Client, chen: User, everyone: dict[str, ServiceRequest], view: str, states: list[str]
) -> None:
    page = sign_in(client, chen).get(QUEUE, {"view": view})

    tab = next(tab for tab in page.context["tabs"] if tab["is_current"])
    assert sorted(shown(page)) == sorted(str(everyone[state].reference) for state in states)
    assert tab["count"] == (None if view == "all" else len(states))


def test_overdue_is_computed(client: Client, cast: Cast, chen: User) -> None:
    late = submitted(cast.li, cast.enterprise)
    ServiceRequest.objects.filter(pk=late.pk).update(due_at=NEVER)
    waiting = in_state("waiting", cast.li, cast.enterprise, chen)
    ServiceRequest.objects.filter(pk=waiting.pk).update(due_at=NEVER)

    assert shown(sign_in(client, chen).get(QUEUE, {"view": "overdue"})) == [late.reference]


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ({"state": "submitted,waiting"}, ["submitted", "waiting"]),
        ({"kind": "question"}, []),
        ({"held": "no"}, ["submitted"]),
        ({"group": "digital_factory", "state": "waiting"}, ["waiting"]),
        ({"state": "nonsense"}, ["submitted", "in_progress", "waiting"]),
    ],
)
def test_facets_narrow_the_view(
    client: Client, chen: User, everyone: dict[str, ServiceRequest], query: dict[str, str], states: list[str]
) -> None:
    page = sign_in(client, chen).get(QUEUE, query)

    assert sorted(shown(page)) == sorted(str(everyone[state].reference) for state in states)


def test_a_reference_is_found_in_every_state(client: Client, cast: Cast, chen: User) -> None:
    closed = in_state("closed", cast.li, cast.enterprise, chen)

    page = sign_in(client, chen).get(QUEUE, {"q": str(closed.reference).lower()})

    assert shown(page) == [closed.reference]


@pytest.mark.parametrize(("limit", "value"), [("MOST_MEANT", 0), ("OFTEN", 0), ("OFTEN", 1_000_000)])
def test_words_are_found_in_the_subject_and_in_the_name_of_the_enterprise(
    client: Client, cast: Cast, chen: User, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(f"services.requests.models.requests.{limit}", value)
    named = submitted(cast.li, cast.enterprise, subject="设备联网")
    told = submitted(cast.zhao, cast.other, subject="想请海风机械来看看")
    submitted(cast.zhao, cast.other, subject="海上的风")

    page = sign_in(client, chen).get(QUEUE, {"q": "海风"})

    assert sorted(shown(page)) == sorted([named.reference, told.reference])


@pytest.mark.parametrize("query", ["x' OR 1=1 --", "%", "字" * 500, "\u202e"])
def test_a_strange_search_finds_nothing_and_breaks_nothing(
    client: Client, cast: Cast, chen: User, query: str
) -> None:
    submitted(cast.li, cast.enterprise)

    page = sign_in(client, chen).get(QUEUE, {"q": query})

    assert (page.status_code, shown(page)) == (200, [])


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_takes_the_same_queries_however_long(
    client: Client, cast: Cast, chen: User, django_assert_num_queries: Any, count: int
) -> None:
    for _number in range(count):
        in_state("in_progress", cast.li, cast.enterprise, chen)
    sign_in(client, chen).get(QUEUE)

    # Scopes, calendar, saved views, tabs and facets, count, rows.
    with django_assert_num_queries(SIGNED_IN + 6):
        page = client.get(QUEUE)

    assert len(shown(page)) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_request_takes_the_same_queries_however_long_the_thread(
    client: Client, cast: Cast, chen: User, django_assert_num_queries: Any, count: int
) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    for _number in range(count):
        actions.reply(row, "您好。", by=chen)
    sign_in(client, chen).get(page_of(row))

    # Scopes, row, calendar, events, thread, glance, look.
    with django_assert_num_queries(SIGNED_IN + 7):
        client.get(page_of(row))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_request_with_everything_on_it_takes_eight(
    client: Client,
    cast: Cast,
    chen: User,
    django_assert_num_queries: Any,
    count: int,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    for number in range(count):
        actions.add_paper(row, upload(), basket="t", by=cast.li)
        actions.involve(row, officer(f"Sun{number}"), "请核对。", by=chen)
        actions.note(row, "已电话联系。", by=officer(f"Zhou{number}"))
    actions.write(row, "见附件", by=cast.li, basket="t")
    assessments.finished(cast.enterprise, cast.li)
    sees_all = UserFactory(roles=["triage_lead", "county_reviewer"], language="en")
    sign_in(client, sees_all).get(page_of(row))

    # Scopes, row with tasks, calendar, events, people in them, thread with files, glance, look.
    with django_assert_num_queries(SIGNED_IN + 8):
        page = client.get(page_of(row))

    assert [len(page.context["tasks"]), len(page.context["entries"][-1]["files"])] == [count, count]
    assert all(shown in page.text for shown in ["Sun0", "Zhou0", "Cloud vouchers"])


@pytest.mark.parametrize(
    ("region", "group", "status"),
    [
        ("", "", 200),
        ("370200", "", 200),
        ("370202", "cloud", 200),
        ("370100", "", 302),
        ("370200", "policy", 302),
    ],
)
def test_staff_see_only_their_regions_and_groups(
    client: Client, cast: Cast, region: str, group: str, status: int
) -> None:
    cast.enterprise.region = Region.objects.get(code="370202")
    cast.enterprise.save(update_fields=["region"])
    row = submitted(cast.li, cast.enterprise, OfferingFactory(group=Group.CLOUD))
    actions.route_new()
    sign_in(client, officer("Zhou", region=region, group=group))

    assert client.get(page_of(row)).status_code == status
    assert shown(client.get(QUEUE)) == ([row.reference] if status == 200 else [])


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("triage_officer", 200),
        ("triage_lead", 200),
        ("auditor", 200),
        ("policymaker", 403),
        ("publisher", 403),
    ],
)
def test_the_role_decides_who_sees_the_queue(client: Client, role: str, status: int) -> None:
    assert sign_in(client, UserFactory(roles=[role])).get(QUEUE).status_code == status


@pytest.mark.parametrize("person", ["li", None])
def test_enterprise_users_and_visitors_have_no_desk(client: Client, cast: Cast, person: str | None) -> None:
    row = submitted(cast.li, cast.enterprise)
    if person:
        sign_in(client, cast.li)

    assert client.get(QUEUE).status_code == 302
    assert press(client, row, "take").status_code == 302
    row.refresh_from_db()
    assert row.state == State.SUBMITTED


def test_the_auditor_changes_nothing(client: Client, cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise)
    sign_in(client, UserFactory(roles=["auditor"]))

    answers = {
        verb: press(client, row, verb, text="x", reason="x").status_code
        for verb in ("take", "reply", "note", "refuse")
    }

    row.refresh_from_db()
    assert answers == dict.fromkeys(answers, 403)
    assert (row.state, Message.objects.count()) == (State.SUBMITTED, 1)


def test_an_officer_may_not_assign(client: Client, cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)

    assert press(sign_in(client, chen), row, "assign", to=chen.pk).status_code == 403


@pytest.mark.parametrize(
    ("verb", "data", "state"),
    [
        ("take", {}, "in_progress"),
        ("assign", {"to": "chen"}, "in_progress"),
        ("ask", {"asks": "营业执照照片\n设备清单", "text": ""}, "waiting"),
        ("reply", {"text": "您好。"}, "in_progress"),
        ("note", {"text": "内部。"}, "submitted"),
        ("refuse", {"reason": "不在范围。"}, "refused"),
    ],
)
def test_each_button_shows_its_page_and_then_acts(
    client: Client, cast: Cast, chen: User, lead: User, verb: str, data: dict[str, str], state: str
) -> None:
    row = submitted(cast.li, cast.enterprise)
    sign_in(client, lead)

    assert client.get(page_of(row, verb)).status_code == 200
    row.refresh_from_db()
    assert row.state == State.SUBMITTED

    given = {**data, **({"to": str(chen.pk)} if "to" in data else {})}
    assert press(client, row, verb, **given).status_code == 302
    row.refresh_from_db()
    assert row.state == state


@pytest.mark.parametrize(
    ("verb", "data", "field"),
    [
        ("ask", {"asks": " \n "}, "asks"),
        ("refuse", {"reason": "\u200b"}, "reason"),
        ("reply", {"text": "字" * 4001}, "text"),
        ("assign", {"to": "999999"}, "to"),
    ],
)
def test_a_button_needs_its_words(
    client: Client, cast: Cast, lead: User, verb: str, data: dict[str, str], field: str
) -> None:
    row = submitted(cast.li, cast.enterprise)

    page = press(sign_in(client, lead), row, verb, **data)

    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])


def test_a_request_is_not_offered_to_who_has_it(client: Client, cast: Cast, chen: User, lead: User) -> None:
    row = in_state(State.WAITING, cast.li, cast.enterprise, chen)

    field = sign_in(client, lead).get(page_of(row, "hand_over")).context["form"].fields["to"]

    assert (list(field.queryset), field.initial) == ([lead], lead.pk)


def test_two_people_on_one_request_are_warned(client: Client, cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)
    seen = client.get(page_of(row, "reply"))
    seen = sign_in(client, chen).get(page_of(row, "reply")).context["seen"]
    actions.take(row, by=officer("Zhou"))

    page = press(client, row, "reply", text="您好。", seen=seen)

    assert page.status_code == 200
    assert "您好。" in page.content.decode()
    assert not Message.objects.filter(text="您好。").exists()


def test_notes_and_replies_are_told_apart(client: Client, cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    actions.note(row, "内部的话", by=chen)

    page = sign_in(client, chen).get(page_of(row)).content.decode()

    assert '<li class="msg msg--staff msg--note">' in page
    assert page.count("desk-panel") == 2


@pytest.mark.parametrize(("permission", "is_shown"), [("triage_officer", True), ("auditor", True)])
def test_the_contact_is_shown_by_permission(
    client: Client, cast: Cast, permission: str, is_shown: bool
) -> None:
    row = submitted(cast.li, cast.enterprise)

    page = sign_in(client, UserFactory(roles=[permission])).get(page_of(row)).content.decode()

    assert ("13800000000" in page) is is_shown


def test_nothing_is_added_changed_or_deleted_by_hand(client: Client, cast: Cast, lead: User) -> None:
    row = submitted(cast.li, cast.enterprise)
    sign_in(client, lead)

    assert client.get(f"{QUEUE}add/").status_code == 403
    assert client.post(page_of(row), {"subject": "x", "state": "closed"}).status_code == 403
    assert client.post(page_of(row, "delete"), {"post": "yes"}).status_code == 403
    row.refresh_from_db()
    assert (row.subject, row.state) == ("设备联网", State.SUBMITTED)


def test_the_history_names_who_did_what(client: Client, cast: Cast, chen: User) -> None:
    row = in_state("waiting", cast.li, cast.enterprise, chen)

    page = sign_in(client, chen).get(page_of(row, "history"))

    assert [entry["who"] for entry in page.context["entries"]] == ["Chen", "Chen", "Li"]


# --- several at once ------------------------------------------------------------


def bulk(client: Client, action: str, rows: list[ServiceRequest], **data: Any) -> Any:
    chosen = {"_selected_action": [row.pk for row in rows]}
    return client.post(f"{QUEUE}?view=all", {"action": action, "index": "0", **chosen, **data})


def test_bulk_asks_first_and_names_each_effect(client: Client, cast: Cast, chen: User) -> None:
    new, taken = submitted(cast.li, cast.enterprise), in_state("in_progress", cast.li, cast.enterprise, chen)

    page = bulk(sign_in(client, chen), "take_chosen", [new, taken])

    new.refresh_from_db()
    assert new.state == State.SUBMITTED
    assert {
        effect["row"].pk: (bool(effect["after"]), effect["told"]) for effect in page.context["effects"]
    } == {
        new.pk: (True, "Li"),
        taken.pk: (False, ""),
    }


def test_bulk_take_leaves_what_cannot_be_taken(client: Client, cast: Cast, chen: User) -> None:
    new, closed = submitted(cast.li, cast.enterprise), in_state("closed", cast.li, cast.enterprise, chen)

    bulk(sign_in(client, chen), "take_chosen", [new, closed], confirmed="1", form_token="one")
    bulk(client, "take_chosen", [new, closed], confirmed="1", form_token="one")

    new.refresh_from_db()
    closed.refresh_from_db()
    assert (new.state, new.holder, closed.state) == (State.IN_PROGRESS, chen, State.CLOSED)
    assert [event.verb for event in audit.history(new)] == ["take", "submit"]


def test_bulk_assign_tells_the_person(client: Client, cast: Cast, chen: User, lead: User) -> None:
    rows = [submitted(cast.li, cast.enterprise), submitted(cast.li, cast.enterprise)]
    sign_in(client, lead)
    assert bulk(client, "assign_chosen", rows).status_code == 200

    bulk(client, "assign_chosen", rows, confirmed="1", form_token="one", to=chen.pk)

    assert list(ServiceRequest.objects.values_list("holder", flat=True)) == [chen.pk, chen.pk]
    assert Notification.objects.filter(kind="requests.assigned", recipient=chen).count() == 2


def test_bulk_assign_is_the_leads(client: Client, cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)

    bulk(sign_in(client, chen), "assign_chosen", [row], confirmed="1", form_token="one", to=chen.pk)

    row.refresh_from_db()
    assert (row.state, row.holder) == (State.SUBMITTED, None)


def test_bulk_reaches_only_what_lies_in_scope(client: Client, cast: Cast) -> None:
    cast.enterprise.region = Region.objects.get(code="370202")
    cast.enterprise.save(update_fields=["region"])
    row = submitted(cast.li, cast.enterprise)
    actions.route_new()

    bulk(
        sign_in(client, officer("Jinan", region="370100")),
        "take_chosen",
        [row],
        confirmed="1",
        form_token="one",
    )

    row.refresh_from_db()
    assert row.state == State.SUBMITTED


def test_the_days_left_are_working_days(client: Client, cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise, OfferingFactory(turnaround_days=5))
    assert row.submitted_at is not None
    assert row.submitted_at <= timezone.now()

    page = sign_in(client, chen).get(QUEUE)

    assert page.context["cl"].result_list[0].clock.days_left == 5


# --- who is told what, before the click ---------------------------------------------------


def test_a_verb_that_asks_for_nothing_shows_its_messages_at_once(
    client: Client, cast: Cast, chen: User
) -> None:
    row = submitted(cast.li, cast.enterprise)

    page = sign_in(client, chen).get(page_of(row, "take"))

    assert [(told.reader, told.ways) for told in page.context["rehearsal"].told] == [("Li", ("email",))]
    assert ServiceRequest.objects.get().state == State.SUBMITTED


def test_a_reply_is_shown_before_it_is_sent_and_what_was_typed_is_kept(
    client: Client, cast: Cast, chen: User
) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    client = sign_in(client, chen)

    page = press(client, row, "reply", text="请看附件。", preview="1")
    told = page.context["rehearsal"].told[0]

    assert "请看附件。" in told.body
    assert (page.context["form"].data["text"], row.messages.count()) == ("请看附件。", 1)
    assert press(client, row, "reply", text="请看附件。").status_code == 302
    assert row.messages.count() == 2


def test_a_preview_that_cannot_be_done_says_why(client: Client, cast: Cast, lead: User, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)
    actions.take(row, by=chen)

    page = press(sign_in(client, lead), row, "resolve", outcome="", preview="1")

    assert (list(page.context["form"].errors), page.context["rehearsal"]) == (["outcome"], None)


def test_two_people_on_one_request_see_what_the_other_did(
    client: Client, cast: Cast, chen: User, lead: User
) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    seen = audit.history(row).values_list("pk", flat=True).first()
    actions.note(row, "我打过电话了。", by=lead)

    page = press(sign_in(client, chen), row, "reply", text="您好。", seen=seen)

    assert [(entry["who"], entry["what"]) for entry in page.context["meanwhile"]] == [("Lead", "写内部备注")]
    assert (page.context["form"].data["text"], row.messages.filter(text="您好。").count()) == ("您好。", 0)
