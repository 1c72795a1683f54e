"""Solutions, and the cases nobody sees without the enterprise's consent."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from core import audit, calendar
from services.industry import actions, solving
from services.industry.models import CaseStudy, Solution
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory, ProviderFactory
from tests.factories.enterprises import cast
from tests.factories.industry import CaseStudyFactory, SolutionFactory, consented
from tests.factories.requests import officer

pytestmark = pytest.mark.django_db
LIST = "/en/industry/solutions/"


@pytest.fixture(autouse=True)
def _no_solutions() -> None:
    Solution.objects.all().delete()


def names(response: Any) -> list[str]:
    return [row.name_en for row in response.context["rows"]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_long(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    SolutionFactory.create_batch(count)

    with django_assert_num_queries(2):
        response = client.get(LIST)

    assert len(names(response)) == count


def test_solutions_are_narrowed_by_scene_industry_and_gap(client: Client) -> None:
    SolutionFactory(name_en="Any")
    machines = SolutionFactory(name_en="Machines", capabilities=["machine_connection"], scenes=["sc08"])
    machines.industries.set(["34"])
    SolutionFactory(name_en="Hidden", draft=True)

    assert names(client.get(f"{LIST}?scene=sc08")) == ["Machines"]
    assert names(client.get(f"{LIST}?industry=34")) == ["Any", "Machines"]
    assert names(client.get(f"{LIST}?problem=scrap")) == ["Any"]
    assert names(client.get(f"{LIST}?capability=machine_connection")) == ["Machines"]
    assert names(client.get(f"{LIST}?capability=nonsense&effort=9")) == ["Any", "Machines"]


def test_a_solution_leads_to_what_can_be_asked_for_now(client: Client) -> None:
    solution, offering = SolutionFactory(capabilities=["steam"]), OfferingFactory()
    offering.capabilities.create(code="steam")

    response = client.get(f"/en/industry/solutions/{solution.slug}/")

    assert response.context["offerings"] == [offering]
    assert "<li>选一种产品</li><li>打印标签</li>" in response.content.decode()


def test_rooms_above_ask_by_capability() -> None:
    SolutionFactory(capabilities=["quality", "energy"])
    SolutionFactory(capabilities=["safety"], draft=True)

    assert solving.helping_with(["energy", "safety"]) == {"energy"}


def test_a_case_is_shown_only_with_consent(client: Client) -> None:
    lead = officer("Lead", role="triage_lead")
    shown, silent = consented(lead), CaseStudyFactory()

    assert client.get(f"/en/industry/cases/{shown.slug}/").status_code == 200
    assert client.get(f"/en/industry/cases/{silent.slug}/").status_code == 404
    assert solving.cases(provider=silent.provider) == []


def test_an_owner_takes_the_consent_back_at_once(client: Client) -> None:
    people, lead = cast(), officer("Lead", role="triage_lead")
    case = consented(lead, enterprise=people.enterprise)
    path = f"/en/industry/cases/{case.slug}/"
    sign_in(client, people.li)

    assert "Take back our consent" in client.get(path).content.decode()
    client.post(f"{path}withdraw-consent/")

    assert client.get(path).status_code == 404
    assert [event.verb for event in audit.history(case)] == ["withdraw_consent", "record_consent"]


@pytest.mark.parametrize(("who", "status"), [("zhao", 404), ("guo", 403), ("wang", 403)])
def test_nobody_else_takes_it_back(client: Client, who: str, status: int) -> None:
    people, lead = cast(), officer("Lead", role="triage_lead")
    case = consented(lead, enterprise=people.enterprise)
    sign_in(client, getattr(people, who))

    response = client.post(f"/industry/cases/{case.slug}/withdraw-consent/")

    assert response.status_code == status
    assert CaseStudy.objects.public().get() == case


def test_a_case_without_consent_or_figures_is_not_published() -> None:
    lead, reviewer = officer("Lead", role="triage_lead"), UserFactory(roles=["reviewer"])
    case = actions.submit(CaseStudyFactory(draft=True), by=lead)

    with pytest.raises(ValidationError):
        actions.publish_case(case, by=reviewer)
    case = actions.record_consent(case, consent_on=calendar.today(), consent_by="李", by=lead)
    case.figures.all().delete()
    with pytest.raises(ValidationError):
        actions.publish_case(case, by=reviewer)


def test_a_consent_of_tomorrow_is_refused() -> None:
    tomorrow = calendar.today() + timedelta(days=1)

    with pytest.raises(ValidationError):
        actions.record_consent(CaseStudyFactory(), consent_on=tomorrow, consent_by="李", by=UserFactory())


def test_the_database_keeps_a_consent_whole() -> None:
    case = CaseStudyFactory()

    with pytest.raises(IntegrityError, match="case_consent_whole"), transaction.atomic():
        CaseStudy.objects.filter(pk=case.pk).update(consent_on=calendar.today())


@pytest.mark.parametrize("count", [1, 3])
def test_a_provider_page_takes_the_same_queries_however_many_cases(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    offering, lead = OfferingFactory(), officer("Lead", role="triage_lead")
    for _number in range(count):
        consented(lead, provider=offering.provider)

    # Provider, offerings, cases, figures.
    with django_assert_num_queries(4):
        response = client.get(f"/en/industry/providers/{offering.provider.slug}/")

    assert len(response.context["cases"]) == count


def test_the_lead_records_a_consent_at_the_desk(client: Client) -> None:
    case = CaseStudyFactory()
    sign_in(client, officer("Lead", role="triage_lead"))
    given = {"consent_on": calendar.today().isoformat(), "consent_by": "李厂长", "form_token": "t"}

    response = client.post(f"/admin/industry/casestudy/{case.pk}/record_consent/", given)

    case.refresh_from_db()
    assert (response.status_code, case.has_consent, case.consent_by) == (302, True, "李厂长")


@pytest.mark.parametrize("is_sample", [True, False])
def test_the_page_of_a_sample_provider_says_so(client: Client, is_sample: bool) -> None:
    provider = ProviderFactory(is_sample=is_sample)
    OfferingFactory(provider=provider)

    page = client.get(f"/en/industry/providers/{provider.slug}/").content.decode()

    assert (">sample<" in page) is is_sample
