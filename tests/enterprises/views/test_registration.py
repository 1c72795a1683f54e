"""The journey: start, four tasks, check, submit once, confirmation."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core import drafts, limits
from enterprises.models import Claim, Enterprise, Fact
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import MembershipFactory, credit_code
from tests.pages import PageClient

pytestmark = pytest.mark.django_db
CODE = credit_code(71000)
ANSWERS = {
    "uscc": CODE,
    "name": "青岛海风机械厂",
    "region": "370211",
    "industry": "344",
    "employees": "８５",
    "revenue_wan": "2,300.5",
    "founded_on": "2019",
    "holds_high_tech": "on",
    "until_high_tech": "2027-12-31",
    "contact_name": "李华",
    "contact_phone": "138 0000 0000",
}


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def li() -> Any:
    return UserFactory(name="Li", email="li@works.example")


@pytest.fixture
def signed_in(client: PageClient, li: Any) -> PageClient:
    client.force_login(li)
    return client


def step(slug: str) -> str:
    return reverse("enterprises:register_step", args=[slug])


def form_token(client: Client) -> str:
    page = client.get(reverse("enterprises:register_check")).content.decode()
    return re.findall(r'name="form_token" value="([^"]+)"', page)[0]


def submit(client: Client, token: str) -> Any:
    return client.post(reverse("enterprises:register_check"), {"form_token": token})


def test_everybody_may_read_how_it_works(client: PageClient) -> None:
    page = client.get(reverse("enterprises:register"))

    assert page.status_code == 200
    assert "About 8 minutes." in page.content.decode()


def test_a_visitor_is_sent_to_sign_in_and_back(client: PageClient) -> None:
    page = client.get(reverse("enterprises:register_tasks"))

    assert page.status_code == 302
    assert page["Location"] == f"{reverse('account_login')}?next={reverse('enterprises:register_tasks')}"


def test_the_whole_journey_makes_an_enterprise(signed_in: PageClient, li: Any) -> None:
    visited = []
    url = step("identity")
    while url != reverse("enterprises:register_check"):
        visited.append(url.rsplit("/register/")[1])
        url = signed_in.post(url, ANSWERS)["Location"]
    page = submit(signed_in, form_token(signed_in))

    assert visited == ["identity/", "region/", "industry/", "figures/", "qualifications/", "contact/"]
    assert page["Location"] == reverse("enterprises:register_done", args=[CODE])
    enterprise = Enterprise.objects.for_member(li).get()
    facts = dict(enterprise.facts.current().values_list("code", "value"))
    assert facts == {
        "region": "370211",
        "industry": "344",
        "employees": 85,
        "revenue_wan": "2300.5",
        "founded_on": "2019-01-01",
        "qualification.high_tech": True,
    }
    assert (enterprise.contact_name, enterprise.contact_phone) == ("李华", "13800000000")
    assert drafts.load(li, "registration") == {}


def test_a_division_leads_to_its_groups_and_a_coarse_one_must_be_narrowed(
    signed_in: PageClient, li: Any
) -> None:
    page = signed_in.post(step("industry"), {"industry": "70"})
    group = reverse("enterprises:register_group", args=["70"])
    assert page["Location"] == group

    refused = signed_in.post(group, {"industry": "70"})
    assert "Choose the group: the size class depends on it here." in refused.content.decode()

    accepted = signed_in.post(group, {"industry": "701"})
    assert accepted["Location"] == step("figures")
    assert drafts.load(li, "registration")["industry"] == "701"


def test_a_division_that_is_fine_enough_may_stay(signed_in: PageClient) -> None:
    page = signed_in.post(reverse("enterprises:register_group", args=["34"]), {"industry": "34"})

    assert page["Location"] == step("figures")


def test_industries_can_be_searched_without_script(signed_in: PageClient) -> None:
    page = signed_in.get(step("industry"), {"q": "3484"}).content.decode()

    assert re.findall(r'type="radio" name="industry" value="(\w+)"', page) == ["3484"]


def test_what_is_wrong_is_said_kept_and_saved(signed_in: PageClient, li: Any) -> None:
    page = signed_in.post(step("figures"), {"employees": "1e5", "revenue_wan": "2300"})

    html = page.content.decode()
    assert page.status_code == 200
    assert html.count("Write the number out in full, for example 100000 instead of 1e5.") == 2
    assert 'value="1e5"' in html
    assert html.split("<title>")[1].startswith("Error: ")
    assert drafts.load(li, "registration")["employees"] == "1e5"


def test_later_saves_half_an_answer_and_shows_the_task_as_started(signed_in: PageClient) -> None:
    page = signed_in.post(step("identity"), {"uscc": "9137", "name": "", "later": "1"}, follow=True)

    states = [task["state"] for task in page.context["tasks"]]
    assert states == ["started", "todo", "todo", "todo"]
    assert 'value="9137"' in signed_in.get(step("identity")).content.decode()


def test_guest_answers_and_the_account_are_not_asked_again(signed_in: PageClient) -> None:
    session = signed_in.session
    session["guest_answers"] = {"region": "370202", "employees": "40"}
    session.save()

    assert '<option value="370202" selected>' in signed_in.get(step("region")).content.decode()
    assert 'value="40"' in signed_in.get(step("figures")).content.decode()
    assert 'value="Li"' in signed_in.get(step("contact")).content.decode()


def test_what_the_questions_found_out_becomes_facts_of_the_enterprise(signed_in: PageClient, li: Any) -> None:
    session = signed_in.session
    session["guest_answers"] = {
        "founded_on": "2019-03", "qualification.high_tech": True, "qualification.zjtx": False,
        "qualification.gazelle": False, "employees_band": "20-299",
    }  # fmt: skip
    session.save()
    asked_before = {"founded_on", "holds_high_tech", "until_high_tech"}
    typed = {name: value for name, value in ANSWERS.items() if name not in asked_before}
    drafts.save(li, "registration", typed | {"holds_gazelle": "on"})

    submit(signed_in, form_token(signed_in))

    known = {row.code: (row.value, row.source) for row in Fact.objects.filter(recorded_by=li)}
    assert known["founded_on"] == ("2019-03-01", "self")
    assert known["qualification.high_tech"] == (True, "self")
    assert known["qualification.zjtx"] == (False, "self")
    assert known["qualification.gazelle"] == (True, "self")


def test_reading_the_pages_changes_nothing(signed_in: PageClient, li: Any) -> None:
    for name in ("register", "register_tasks", "register_check", "home"):
        signed_in.get(reverse(f"enterprises:{name}"))

    assert drafts.load(li, "registration") == {}


def test_check_answers_shows_blanks_the_size_and_ways_to_change(signed_in: PageClient, li: Any) -> None:
    drafts.save(li, "registration", {**ANSWERS, "revenue_wan": ""})
    html = signed_in.get(reverse("enterprises:register_check")).content.decode()

    assert "Cannot tell yet: needs Annual revenue." in html
    assert html.count("Not provided") == 2
    assert f'href="{step("figures")}?from=check"' in html
    assert signed_in.post(f"{step('figures')}?from=check", {"employees": "85", "revenue_wan": "2300"})[
        "Location"
    ] == reverse("enterprises:register_check")
    assert "Small" in signed_in.get(reverse("enterprises:register_check")).content.decode()


def test_an_incomplete_registration_is_not_taken(signed_in: PageClient, li: Any) -> None:
    drafts.save(li, "registration", {**ANSWERS, "uscc": "91370200264574252E"})

    page = submit(signed_in, "anything")

    assert page["Location"] == reverse("enterprises:register_check")
    assert not Enterprise.objects.exists()
    assert 'name="form_token"' not in signed_in.get(page["Location"]).content.decode()


def test_the_same_form_sent_twice_leads_to_the_same_page(signed_in: PageClient, li: Any) -> None:
    drafts.save(li, "registration", ANSWERS)
    token = form_token(signed_in)

    first, second = submit(signed_in, token), submit(signed_in, token)

    assert first["Location"] == second["Location"] == reverse("enterprises:register_done", args=[CODE])
    assert (Enterprise.objects.count(), Claim.objects.count()) == (1, 0)


def confirmation(client: PageClient, li: Any) -> tuple[int, str]:
    client.force_login(li)
    drafts.save(li, "registration", ANSWERS)
    page = client.get(submit(client, form_token(client))["Location"])
    html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
    return page.status_code, re.sub(r"<time.*?</time>", "", html).replace(li.email, "")


def test_a_taken_code_ends_on_the_same_page_as_a_new_one() -> None:
    new = confirmation(PageClient(), UserFactory(name="Li"))
    taken = confirmation(PageClient(), UserFactory(name="Li"))

    assert new == taken
    assert (Enterprise.objects.count(), Claim.objects.count()) == (1, 1)


def test_the_confirmation_can_be_opened_again_by_its_sender_only(signed_in: PageClient) -> None:
    other = MembershipFactory()

    assert (
        signed_in.get(reverse("enterprises:register_done", args=[other.enterprise.uscc])).status_code == 404
    )
    signed_in.force_login(other.user)
    assert (
        signed_in.get(reverse("enterprises:register_done", args=[other.enterprise.uscc])).status_code == 200
    )


def test_codes_cannot_be_tried_out(signed_in: PageClient, li: Any) -> None:
    drafts.save(li, "registration", ANSWERS)
    for _try in range(20):
        limits.allow(f"registration:{li.pk}", times=20, seconds=86_400)

    page = submit(signed_in, "token")

    assert page.status_code == 429
    assert not Enterprise.objects.exists()
    assert drafts.load(li, "registration") == ANSWERS


def test_a_registration_sent_again_is_no_new_try(signed_in: PageClient, li: Any) -> None:
    drafts.save(li, "registration", ANSWERS)
    submit(signed_in, "token")
    for _try in range(19):
        limits.allow(f"registration:{li.pk}", times=20, seconds=86_400)

    again = submit(signed_in, "token")

    assert again.status_code == 302
    assert Enterprise.objects.count() == 1


@pytest.mark.parametrize("path", ["nonsense/", "industry/A/", "industry/9999/", "industry/%00/"])
def test_pages_that_do_not_exist_are_404(signed_in: PageClient, path: str) -> None:
    assert signed_in.get(reverse("enterprises:register") + path).status_code in {400, 404}


def test_extra_fields_change_nothing(signed_in: PageClient, li: Any) -> None:
    signed_in.post(step("identity"), {**ANSWERS, "proof_level": "staff", "is_sample": "1", "role": "owner"})

    assert set(drafts.load(li, "registration")) == {"uscc", "name"}
