"""A conversion project page by page, at the desk, and who may not."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core import calendar, once
from enterprises.models import Membership, Region, StaffScope
from services.cloud.models import Conversion, ConversionScheme, ConversionState, Spending
from tests.factories import conversions as made
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.files import upload
from tests.factories.vouchers import Staff, staff, works

pytestmark = pytest.mark.django_db
S = ConversionState
QUEUE = "/admin/cloud/conversion/"


@pytest.fixture(autouse=True)
def _in_english() -> None:
    translation.activate("en")


@pytest.fixture
def people() -> Staff:
    return staff()


def at(name: str, *args: Any) -> str:
    with translation.override("en"):
        return reverse(f"cloud:{name}", args=args)


def errors(page: Any) -> dict[str, list[str]]:
    return dict(page.context["form"].errors)


def press(client: Client, row: Any, verb: str, **data: Any) -> Any:
    address = f"/admin/cloud/{row._meta.model_name}/{row.pk}/{verb}/"
    return client.post(address, {"form_token": once.new_token(), **data})


def contract(**fields: Any) -> dict[str, Any]:
    return {
        "contractor": "示例软件",
        "contract_number": "GZ-1",
        "contract_on": (calendar.today() - timedelta(days=90)).isoformat(),
        "contract_fen": "200,000",
        "contract_file": upload("contract.pdf"),
        "truthful": "on",
    } | fields


def invoice(**fields: Any) -> dict[str, Any]:
    return {
        "what": "生产管理系统",
        "invoice_number": "FP 1",
        "invoice_on": (calendar.today() - timedelta(days=20)).isoformat(),
        "amount_fen": "150,000.50",
        "invoice_file": upload("invoice.pdf"),
    } | fields


def test_an_owner_goes_from_the_intent_to_the_reward_with_three_of_staff(people: Staff) -> None:
    enterprise, owner = works()
    row = made.scheme()
    made.level(enterprise, 1, calendar.today() - timedelta(days=120))
    mine, desk = sign_in(Client(), owner), Client()
    assert "Begin a project" in mine.get(at("conversions")).content.decode()

    mine.post(at("conversion_begin", row.slug), {"goal": "订单、库存在一处"})
    project = Conversion.objects.get()
    mine.post(at("conversion_assessed", project.reference))
    mine.post(at("conversion_contract", project.reference), contract())
    press(sign_in(desk, people.county), project, "confirm")
    made.level(enterprise, 2)
    mine.post(at("conversion_invoice", project.reference), invoice())
    mine.post(at("conversion_assessed", project.reference))
    mine.post(at("conversion_acceptance", project.reference), {"truthful": "on"})
    press(sign_in(desk, people.city), project, "accept", spent_fen="150000")
    shown = mine.get(at("conversion", project.reference)).content.decode()
    assert "45,000 yuan" in shown
    mine.post(at("conversion_reward", project.reference))
    press(sign_in(desk, people.finance), project, "pay", batch="B-1", bank_confirmed="on")
    press(desk, project, "audit", finding="SJ-1")

    done = Conversion.objects.get()
    assert (done.state, done.reward_fen, done.finding) == (S.AUDITED, 4_500_000, "SJ-1")
    assert "SJ-1" in mine.get(at("conversion", project.reference)).content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("contract_fen", "2e5", "out in full"),
        ("contract_fen", "－５", "below zero"),
        ("contract_fen", "１.００５", "two decimals"),
        ("contract_fen", "0", "more than zero"),
        ("contract_on", "2026-02-30", "year-month-day"),
        ("contractor", "", "required"),
        ("truthful", "", "true"),
    ],
)
def test_a_wrong_filing_is_said_and_what_was_typed_stays(
    client: Client, people: Staff, field: str, typed: str, said: str
) -> None:
    row = made.in_state(S.BASELINE, people)
    assert row.started_by

    page = sign_in(client, row.started_by).post(
        at("conversion_contract", row.reference), contract(**{field: typed})
    )

    assert page.status_code == 200
    assert said in " ".join(errors(page)[field])
    assert 'value="GZ-1"' in page.content.decode()
    assert Conversion.objects.get().state == S.BASELINE


def test_an_invoice_goes_on_the_list_and_off_again(client: Client, people: Staff) -> None:
    row = made.in_state(S.IN_PROGRESS, people)
    assert row.declared_by
    sign_in(client, row.declared_by)

    wrong = client.post(at("conversion_invoice", row.reference), invoice(amount_fen="1e5"))
    assert "out in full" in " ".join(errors(wrong)["amount_fen"])
    client.post(at("conversion_invoice", row.reference), invoice())
    again = client.post(at("conversion_invoice", row.reference), invoice(invoice_number="ｆｐ－１"))
    assert "put in already" in " ".join(errors(again)["invoice_number"])
    assert "Together 150,000.50 yuan" in client.get(at("conversion", row.reference)).content.decode()
    removing = at("conversion_remove", row.reference, Spending.objects.get().key)
    asked = client.get(removing).content.decode()
    assert ("FP 1" in asked, "150,000.50" in asked, Spending.objects.count()) == (True, True, 1)
    client.post(removing)

    assert Spending.objects.count() == 0


def test_nothing_is_begun_without_a_word_or_in_a_closed_scheme(client: Client) -> None:
    _enterprise, owner = works()
    row = made.scheme()
    sign_in(client, owner)

    page = client.post(at("conversion_begin", row.slug), {"goal": " "})
    assert "goal" in errors(page)
    ConversionScheme.objects.update(state="closed")
    assert client.post(at("conversion_begin", row.slug), {"goal": "x"}).status_code == 404
    assert Conversion.objects.count() == 0


def test_withdrawing_asks_once(client: Client, people: Staff) -> None:
    row = made.in_state(S.FILED, people)
    assert row.declared_by
    sign_in(client, row.declared_by)

    assert "Withdraw the project" in client.get(at("conversion_withdraw", row.reference)).content.decode()
    client.post(at("conversion_withdraw", row.reference))

    assert Conversion.objects.get().state == S.WITHDRAWN


def test_a_project_is_not_there_for_strangers_and_read_only_for_viewers(
    client: Client, people: Staff
) -> None:
    row = made.in_state(S.IN_PROGRESS, people)
    viewer = UserFactory()
    Membership.objects.create(enterprise=row.enterprise, user=viewer, role="viewer")
    _theirs, stranger = works()

    assert sign_in(client, stranger).get(at("conversion", row.reference)).status_code == 404
    assert sign_in(client, viewer).get(at("conversion", row.reference)).status_code == 200
    assert client.post(at("conversion_withdraw", row.reference)).status_code == 403
    assert client.post(at("conversion_invoice", row.reference), invoice()).status_code == 403


def test_papers_are_served_to_the_enterprise_and_to_staff_of_its_region(people: Staff) -> None:
    row = made.in_state(S.FILED, people)
    paper = row.contract_file
    assert paper
    assert row.declared_by
    type(paper).objects.update(scan="clean")
    elsewhere = UserFactory(roles=["county_reviewer"])
    StaffScope.objects.create(user=elsewhere, region=Region.objects.get(code="370100"))
    own = at("conversion_file", row.reference, paper.key)
    at_the_desk = at("conversion_desk_file", row.reference, paper.key)

    assert sign_in(Client(), row.declared_by).get(own).status_code == 200
    assert sign_in(Client(), people.county).get(at_the_desk).status_code == 200
    assert sign_in(Client(), elsewhere).get(at_the_desk).status_code == 404
    assert sign_in(Client(), row.declared_by).get(at_the_desk).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_my_projects_take_the_same_queries_however_many(
    client: Client, people: Staff, django_assert_max_num_queries: Any, count: int
) -> None:
    both = works()
    for _number in range(count):
        made.in_state(S.FILED, people, by=both)
    sign_in(client, both[1]).get(at("conversions"))
    ConversionScheme.objects.update(state="closed")

    with django_assert_max_num_queries(9):
        client.get(at("conversions"))


# --- the desk -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "who", "verb", "data", "after"),
    [
        (S.FILED, "county", "return_filing", {"reason": "r"}, S.BASELINE),
        (S.FILED, "county", "confirm", {}, S.IN_PROGRESS),
        (S.ACCEPTANCE, "city", "return_list", {"reason": "r"}, S.RESULT),
        (S.ACCEPTANCE, "city", "accept", {"spent_fen": "1000"}, S.ACCEPTED),
        (S.ACCEPTANCE, "city", "reject", {"reason": "r"}, S.REJECTED),
        (S.REWARD, "finance", "pay", {"batch": "B", "bank_confirmed": "on"}, S.PAID),
        (S.PAID, "finance", "audit", {"finding": "A"}, S.AUDITED),
    ],
)
def test_each_verb_is_a_button_of_its_role_and_shows_itself_first(
    client: Client, people: Staff, state: str, who: str, verb: str, data: dict[str, str], after: str
) -> None:
    row = made.in_state(state, people)
    sign_in(client, getattr(people, who))

    assert client.get(f"{QUEUE}{row.pk}/{verb}/").status_code == 200
    assert client.get(f"{QUEUE}{row.pk}/change/").status_code == 200
    press(client, row, verb, **data)

    assert Conversion.objects.get().state == after


@pytest.mark.parametrize("who", ["county", "finance", "auditor"])
def test_other_roles_read_and_decide_nothing(client: Client, people: Staff, who: str) -> None:
    row = made.in_state(S.ACCEPTANCE, people)
    sign_in(client, getattr(people, who))

    assert client.get(f"{QUEUE}{row.pk}/change/").status_code == 200
    assert press(client, row, "accept", spent_fen="1000").status_code == 403
    assert Conversion.objects.get().state == S.ACCEPTANCE


def test_the_queue_shows_whose_turn_it_is_and_only_what_was_filed(client: Client, people: Staff) -> None:
    filed, _intended = made.in_state(S.FILED, people), made.in_state(S.INTENDED, people)
    sign_in(client, people.county)

    everything = client.get(QUEUE).context["cl"].result_list
    waiting = client.get(QUEUE, {"queue": "county"}).context["cl"].result_list

    assert [row.pk for row in everything] == [row.pk for row in waiting] == [filed.pk]
    assert list(client.get(QUEUE, {"queue": "city"}).context["cl"].result_list) == []


def test_the_lead_drafts_a_scheme_and_finance_publishes_it(client: Client, people: Staff) -> None:
    lead = UserFactory(roles=["triage_lead"], language="en")
    sent = {
        "slug": "qd-2027",
        "region": "370200",
        "title_zh": "青岛改造奖补",
        "target_level": "2",
        "rate_percent": "30",
        "cap_fen": "1e5",
        "opens_on": calendar.today().isoformat(),
        "closes_on": (calendar.today() + timedelta(days=90)).isoformat(),
        "answer_days": "10",
    }
    wrong = sign_in(client, lead).post("/admin/cloud/conversionscheme/add/", sent)
    assert "out in full" in wrong.content.decode()
    client.post("/admin/cloud/conversionscheme/add/", sent | {"cap_fen": "100000"})
    row = ConversionScheme.objects.get()
    assert (row.state, row.cap_fen, row.author) == ("draft", 10_000_000, lead)

    press(sign_in(client, people.finance), row, "publish")

    assert ConversionScheme.objects.get().state == "open"
