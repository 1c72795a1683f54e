"""A service asks for what it needs to know, and the answers stand in the first message."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from core import once
from services.catalogue.models import Offering, Particular
from services.requests import actions, particulars
from services.requests.models import ServiceRequest, State
from tests.factories.accounts import sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast
from tests.factories.requests import draft, officer

pytestmark = pytest.mark.django_db
NEED = {"subject": "设备联网", "body": "想请人看看。"}


@pytest.fixture
def offering() -> Offering:
    return OfferingFactory()


@pytest.fixture
def machines(offering: Offering) -> Particular:
    asked = {"label_zh": "几台设备？", "label_en": "How many machines?", "position": 1}
    return Particular.objects.create(offering=offering, kind="number", is_required=True, **asked)


@pytest.fixture
def ports(offering: Offering) -> Particular:
    asked = {"label_zh": "有网口吗？", "label_en": "Network ports?", "position": 2}
    answers = {"choices_zh": "都有\n没有", "choices_en": "All\nNone"}
    return Particular.objects.create(offering=offering, kind="choice", **asked, **answers)


def send(client: Client, row: ServiceRequest, page: str = "", **typed: Any) -> Any:
    return client.post(f"{page}/requests/drafts/{row.key}/need/", {**NEED, **typed})


def test_the_answers_go_from_the_form_over_the_check_into_the_first_message(
    client: Client, cast: Cast, offering: Offering, machines: Particular, ports: Particular
) -> None:
    row = draft(cast.li, cast.enterprise, offering)
    sign_in(client, cast.li)

    send(client, row, **{f"particular_{machines.pk}": "１２", f"particular_{ports.pk}": "没有"})
    check = client.get(f"/en/requests/drafts/{row.key}/check/").text
    client.post(f"/requests/drafts/{row.key}/submit/", {"form_token": once.new_token()})

    row.refresh_from_db()
    assert "How many machines?" in check
    assert "None" in check
    assert row.state == State.SUBMITTED
    assert row.messages.get().text == "想请人看看。\n\n几台设备？\n12\n\n有网口吗？\n没有"


def test_a_question_that_must_be_answered_holds_the_page_and_keeps_the_rest(
    client: Client, cast: Cast, offering: Offering, machines: Particular, ports: Particular
) -> None:
    row = draft(cast.li, cast.enterprise, offering)

    page = send(sign_in(client, cast.li), row, "/en", **{f"particular_{ports.pk}": "都有"})

    assert list(page.context["form"].errors) == [f"particular_{machines.pk}"]
    assert "Please answer this question." in page.text
    assert page.context["form"][f"particular_{ports.pk}"].value() == "都有"


@pytest.mark.parametrize("typed", ["-1", "zwölf", "1e400", "99999999999"])
def test_a_number_is_a_number(
    client: Client, cast: Cast, offering: Offering, machines: Particular, typed: str
) -> None:
    row = draft(cast.li, cast.enterprise, offering)

    page = send(sign_in(client, cast.li), row, **{f"particular_{machines.pk}": typed})

    row.refresh_from_db()
    assert (page.status_code, row.answers) == (200, [])
    assert page.context["form"][f"particular_{machines.pk}"].value() == typed


def test_an_answer_that_is_not_offered_is_refused(
    client: Client, cast: Cast, offering: Offering, ports: Particular
) -> None:
    row = draft(cast.li, cast.enterprise, offering)

    page = send(sign_in(client, cast.li), row, **{f"particular_{ports.pk}": "也许"})

    assert list(page.context["form"].errors) == [f"particular_{ports.pk}"]


def test_a_draft_without_its_answers_is_not_submitted(
    client: Client, cast: Cast, offering: Offering, machines: Particular
) -> None:
    row = draft(cast.li, cast.enterprise, offering)
    with pytest.raises(ValidationError):
        actions.submit(row, by=cast.li)

    answer = sign_in(client, cast.li).post(f"/requests/drafts/{row.key}/submit/", {})

    row.refresh_from_db()
    assert answer["Location"] == f"/requests/drafts/{row.key}/need/"
    assert row.state == State.DRAFT


def test_what_is_typed_wrong_while_typing_keeps_the_answer_before(
    client: Client, cast: Cast, offering: Offering, machines: Particular, ports: Particular
) -> None:
    row, field = draft(cast.li, cast.enterprise, offering), f"particular_{machines.pk}"
    sign_in(client, cast.li)
    send(client, row, autosave="1", **{field: "12", f"particular_{ports.pk}": "都有"})

    send(client, row, autosave="1", **{field: "12x"})

    row.refresh_from_db()
    assert [(one["particular"], one["value"]) for one in row.answers] == [(machines.pk, "12")]
    assert client.get(f"/requests/drafts/{row.key}/need/").context["form"][field].value() == "12"


def test_answers_stay_readable_when_the_service_asks_something_else(
    cast: Cast, offering: Offering, ports: Particular
) -> None:
    row = draft(cast.li, cast.enterprise, offering)
    actions.save_draft(
        row, by=cast.li, answers=particulars.answers([ports], {f"particular_{ports.pk}": "没有"})
    )
    ports.delete()

    with translation.override("en"):
        assert list(particulars.lines(row.answers)) == [("Network ports?", "None")]


def test_services_that_ask_nothing_have_the_plain_form(
    client: Client, cast: Cast, offering: Offering
) -> None:
    row = draft(cast.li, cast.enterprise, offering)

    form = sign_in(client, cast.li).get(f"/requests/drafts/{row.key}/need/").context["form"]

    assert list(form.fields) == ["subject", "body", "papers"]


def desk_form(offering: Offering, **question: str) -> dict[str, Any]:
    asked = {"position": "1", "kind": "text", "label_zh": "问题", "label_en": "Question", **question}
    return {
        **{
            name: getattr(offering, name)
            for name in ("name_zh", "name_en", "description_zh", "description_en")
        },
        "group": offering.group,
        "provider": offering.provider_id,
        "is_free": "on",
        "turnaround_days": "5",
        "audience": ["owner"],
        "mode": offering.mode,
        "is_listed": "on",
        "position": "100",
        "particulars-TOTAL_FORMS": "1",
        "particulars-INITIAL_FORMS": "0",
        **{f"particulars-0-{name}": value for name, value in asked.items()},
    }


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ({}, 1),
        ({"kind": "choice", "choices_zh": "有\n没有", "choices_en": "Yes\nNo"}, 1),
        ({"kind": "choice", "choices_zh": "有\n没有", "choices_en": "Yes"}, 0),
        ({"kind": "choice"}, 0),
    ],
)
def test_the_lead_enters_a_question_at_the_desk(
    client: Client, offering: Offering, question: dict[str, str], number: int
) -> None:
    sign_in(client, officer("Lead", role="triage_lead"))

    client.post(f"/admin/catalogue/offering/{offering.pk}/change/", desk_form(offering, **question))

    assert offering.particulars.count() == number
