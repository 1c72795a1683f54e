from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from accounts.models import User
from core import audit
from services.requests import actions, saved_views
from services.requests.models import SavedView, State
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state, officer, submitted

pytestmark = pytest.mark.django_db
QUEUE = "/admin/service_requests/servicerequest/"


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("", "view=open"),
        ("view=nonsense&p=3&o=1", "view=open"),
        ("state=waiting,submitted&view=mine", "view=mine&state=submitted,waiting"),
        ("group=cloud,none,x&held=no", "view=open&group=cloud,none&held=no"),
        ("q=%20lathe%20", "view=open&q=lathe"),
        ("view=all&priority=1&kind=question", "view=all&kind=question&priority=1"),
    ],
)
def test_equal_views_are_equal_texts(typed: str, tidied: str) -> None:
    assert saved_views.tidy(typed) == tidied
    assert saved_views.tidy(tidied) == tidied


def tabs(page: Any) -> list[tuple[str, int | None, bool]]:
    return [(tab["label"], tab["count"], tab["is_current"]) for tab in page.context["saved_tabs"]]


def test_what_the_queue_shows_is_saved_and_counted_as_a_tab(client: Client, cast: Cast, chen: User) -> None:
    in_state(State.WAITING, cast.li, cast.enterprise, chen)
    submitted(cast.li, cast.enterprise)
    sign_in(client, chen)
    form = client.get(f"{QUEUE}?state=waiting").context["save_form"]

    saved = client.post(f"{QUEUE}views/", {"name": "等企业的", "query": form.initial["query"]})
    page = client.get(saved["location"])

    assert saved["location"] == f"{QUEUE}?view=open&state=waiting"
    assert tabs(page) == [("等企业的", 1, True)]
    assert not any(tab["is_current"] for tab in page.context["tabs"])
    assert len(page.context["cl"].result_list) == 1


def test_a_shared_view_shows_everybody_their_own_scope(
    client: Client, cast: Cast, chen: User, lead: User
) -> None:
    far = officer("Far", region="371302")
    in_state("in_progress", cast.li, cast.enterprise, chen)
    actions.save_view("有人管的", "held=yes", is_shared=True, by=lead)
    actions.save_view("我的", "view=mine", by=chen)

    assert tabs(sign_in(client, chen).get(QUEUE)) == [("有人管的", 1, False), ("我的", 1, False)]
    assert tabs(sign_in(Client(), far).get(QUEUE)) == [("有人管的", 0, False)]
    assert [(one.label, one.number) for one in saved_views.counters(chen)] == [("有人管的", 1), ("我的", 1)]


def test_what_would_cost_more_than_the_page_is_not_counted(chen: User) -> None:
    actions.save_view("所有", "view=all&state=closed", by=chen)
    actions.save_view("车床", "q=车床", by=chen)

    assert saved_views.counters(chen) == []


def test_only_leads_share_and_only_owners_and_leads_drop(chen: User, lead: User) -> None:
    with pytest.raises(PermissionDenied):
        actions.save_view("大家的", "", is_shared=True, by=chen)
    mine = actions.save_view("我的", "view=mine", by=chen)
    shared = actions.save_view("大家的", "view=new", is_shared=True, by=lead)

    for view, person in ((mine, lead), (shared, chen)):
        with pytest.raises(PermissionDenied):
            actions.drop_view(view, by=person)
    actions.share_view(shared, is_shared=False, by=lead)
    actions.drop_view(mine, by=chen)

    assert list(SavedView.objects.values_list("name", "is_shared")) == [("大家的", False)]
    assert [event.verb for event in audit.history(shared)] == ["unshare", "save"]


def test_another_persons_view_is_not_there(client: Client, chen: User) -> None:
    view = actions.save_view("我的", "view=mine", by=chen)
    sign_in(client, officer("Other"))

    assert client.post(f"{QUEUE}views/{view.key}/drop/").status_code == 404
    assert client.get(f"{QUEUE}views/").context["rows"] == []


def test_the_same_name_saves_anew_and_there_is_an_end(client: Client, chen: User) -> None:
    for number in range(saved_views.AT_MOST):
        actions.save_view(f"{number}", "view=new", by=chen)
    actions.save_view("0", "view=mine", by=chen)

    with pytest.raises(ValidationError):
        actions.save_view("one more", "view=new", by=chen)
    refused = sign_in(client, chen).post(f"{QUEUE}views/", {"name": "one more", "query": "view=new"})

    assert SavedView.objects.get(name="0").query == "view=mine"
    assert refused.context["form"].errors["name"]
    assert 'value="one more"' in refused.text


@pytest.mark.parametrize(("role", "status"), [("triage_lead", 200), ("auditor", 200), ("publisher", 403)])
def test_who_sees_the_queue_keeps_views(client: Client, role: str, status: int) -> None:
    assert sign_in(client, UserFactory(roles=[role])).get(f"{QUEUE}views/").status_code == status


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_views_takes_the_same_queries(
    client: Client, chen: User, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        actions.save_view(f"{number}", "view=new", by=chen)
    sign_in(client, chen).get(f"{QUEUE}views/")

    with django_assert_num_queries(5):
        client.get(f"{QUEUE}views/")
