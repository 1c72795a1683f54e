"""The pages of a plan, a proof and a rating: owner and editor write, a viewer reads, others see nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core import calendar
from core.models import StoredFile
from services.cloud.actions import use
from services.cloud.models import Onboarding, UseCheck
from tests.factories.cloud import in_use, on_sale, plan, staff
from tests.factories.enterprises import Cast
from tests.factories.files import upload
from tests.pages import PageClient

pytestmark = pytest.mark.django_db


def test_a_plan_is_begun_followed_and_stopped(client: PageClient, cast: Cast) -> None:
    client.force_login(cast.li)
    product = on_sale()

    begun = client.post("/en/cloud/plans/new/", {"starting_point": "paper", "product": product.slug})
    row = Onboarding.objects.get()
    assert begun["Location"] == f"/en/cloud/plans/{row.reference}/"
    page = f"/en/cloud/plans/{row.reference}/"
    client.post(f"{page}steps/lead/done/")
    client.post(f"{page}stop/", {"reason": "改主意"})

    row.refresh_from_db()
    assert row.steps.get(code="lead").done_by == cast.li
    assert row.state == "stopped"
    assert "stopped" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("sent", "part"),
    [
        ({}, "Choose where you stand today"),
        ({"starting_point": "moon"}, "Select a valid choice"),
        ({"starting_point": "paper", "product": "gone"}, "no longer offered"),
    ],
)
def test_a_plan_is_not_begun_with_nonsense(
    client: PageClient, cast: Cast, sent: dict[str, str], part: str
) -> None:
    client.force_login(cast.li)

    text = client.post("/en/cloud/plans/new/", sent).content.decode()

    assert part in text
    assert not Onboarding.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_plans_costs_the_same_for_one_and_for_three(
    client: Client, cast: Cast, django_assert_num_queries: Any, count: int
) -> None:
    for _number in range(count):
        plan(cast.enterprise, cast.li, on_sale())
    client.force_login(cast.guo)
    client.get("/en/cloud/plans/")

    with django_assert_num_queries(5):
        response = client.get("/en/cloud/plans/")

    assert len(response.context["rows"]) == count


@pytest.mark.parametrize(
    ("who", "read", "write"), [("li", 200, 302), ("wang", 200, 302), ("guo", 200, 403), ("zhao", 404, 404)]
)
def test_who_reads_and_who_writes(client: Client, cast: Cast, who: str, read: int, write: int) -> None:
    page = f"/cloud/plans/{plan(cast.enterprise, cast.li).reference}/"
    client.force_login(getattr(cast, who))

    assert client.get(page).status_code == read
    for verb in ("steps/lead/done/", "steps/lead/open/", "choose/"):
        assert client.post(page + verb).status_code == write


def test_the_enterprise_does_not_tick_for_the_staff(client: Client, cast: Cast) -> None:
    row = plan(cast.enterprise, cast.li)
    client.force_login(cast.li)

    response = client.post(f"/cloud/plans/{row.reference}/steps/advice/done/")

    assert response.status_code == 403
    assert row.steps.get(code="advice").done_on is None


def test_a_step_is_given_to_a_colleague_with_a_day(client: PageClient, cast: Cast) -> None:
    row, day = plan(cast.enterprise, cast.li), calendar.today() + timedelta(days=9)
    client.force_login(cast.li)
    page = f"/en/cloud/plans/{row.reference}/steps/lead/"

    client.post(page, {"owner": cast.wang.pk, "due_on": day.isoformat()})

    step = row.steps.get(code="lead")
    assert (step.owner, step.due_on) == (cast.wang, day)
    past = client.post(page, {"owner": "", "due_on": "2020-01-01"}).content.decode()
    assert "Choose today or a later day" in past
    stranger = client.post(page, {"owner": cast.zhao.pk, "due_on": day.isoformat()})
    assert stranger.status_code == 200


@pytest.mark.parametrize("day", ["", "soon", "2026-13-40"])
def test_a_day_that_is_none_is_said(client: PageClient, cast: Cast, day: str) -> None:
    row = plan(cast.enterprise, cast.li)
    client.force_login(cast.li)

    text = client.post(f"/en/cloud/plans/{row.reference}/steps/lead/", {"due_on": day}).content.decode()

    assert "Type a date, for example 2026-12-01" in text


def test_a_product_is_chosen_in_the_plan(client: PageClient, cast: Cast) -> None:
    row, product = plan(cast.enterprise, cast.li), on_sale()
    client.force_login(cast.li)
    page = f"/en/cloud/plans/{row.reference}/"

    assert product.name_en in client.get(page).content.decode()
    client.post(f"{page}choose/", {"product": product.slug})

    row.refresh_from_db()
    assert row.product == product


def test_a_proof_is_handed_in_with_a_file_that_others_cannot_open(client: PageClient, cast: Cast) -> None:
    check = in_use(cast.enterprise, cast.li)
    check.evidence.all().delete()
    client.force_login(cast.li)
    page = f"/en/cloud/plans/{check.onboarding.reference}/"

    short = client.post(f"{page}use/30/", {"people": "viele", "words": "x", "evidence": upload("use.pdf")})
    assert "Write a whole number" in short.content.decode()
    assert "use.pdf" in short.content.decode()
    client.post(f"{page}use/30/", {"people": "7", "words": "记账"})

    check.refresh_from_db()
    assert (check.state, check.people) == ("handed_in", 7)
    StoredFile.objects.update(scan="clean")
    file = f"{page}files/{check.evidence.get().file.key}/"
    assert client.get(file).status_code == 200
    client.force_login(cast.zhao)
    assert client.get(file).status_code == 404


def test_a_proof_without_a_file_is_refused_and_keeps_what_was_typed(client: PageClient, cast: Cast) -> None:
    check = in_use(cast.enterprise, cast.li)
    check.evidence.all().delete()
    client.force_login(cast.li)

    text = client.post(
        f"/en/cloud/plans/{check.onboarding.reference}/use/30/", {"people": "7", "words": "every day"}
    ).content.decode()

    assert "Add at least one file" in text
    assert "every day" in text
    assert "Never send passwords" in text


def test_a_rating_opens_after_the_proof_and_stands_on_the_providers_page(
    client: PageClient, cast: Cast
) -> None:
    check = in_use(cast.enterprise, cast.li)
    client.force_login(cast.li)
    page = f"/en/cloud/plans/{check.onboarding.reference}/"
    assert client.get(f"{page}rate/").status_code == 302
    use.accept(use.hand_in(check, people=5, words="记账", by=cast.li), by=staff("triage_officer"))

    assert "Choose a rating from 1 to 5" in client.post(f"{page}rate/", {}).content.decode()
    client.post(f"{page}rate/", {"score": "4", "words": "Good help"})

    listing = check.onboarding.product.provider.cloud_listing
    text = client.get(f"/en/cloud/providers/{listing.provider.slug}/").content.decode()
    assert "Good help" in text
    assert "4.0 of 5 from 1 rating" in text
    assert cast.enterprise.name not in text.split("<main", 1)[1]


def test_the_readiness_page_leads_everybody_on(client: PageClient, cast: Cast) -> None:
    assert "Sign in to start" in client.get("/en/cloud/readiness/").content.decode()
    client.force_login(cast.li)
    assert "/en/assessments/new/cloud/" in client.get("/en/cloud/readiness/").content.decode()
    client.force_login(cast.guo)
    assert "Owners and editors" in client.get("/en/cloud/readiness/").content.decode()


def test_another_language_for_each_page(client: PageClient, cast: Cast) -> None:
    check = in_use(cast.enterprise, cast.li)
    client.force_login(cast.li)
    reference = check.onboarding.reference

    for path in ("plans/", "plans/new/", f"plans/{reference}/", f"plans/{reference}/use/30/",
                 f"plans/{reference}/stop/", f"plans/{reference}/steps/lead/", "readiness/"):  # fmt: skip
        for language in ("", "/en"):
            assert client.get(f"{language}/cloud/{path}").status_code == 200, path
    assert UseCheck.objects.count() == 2
