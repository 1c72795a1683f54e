"""The desk of the market and the plans: who sees what, and the verbs by their pages."""

from typing import Any

import pytest
from django.urls import reverse

from core import calendar
from enterprises.actions import record_fact
from services.cloud.actions import use
from services.cloud.models import CloudProduct, ListingCheck, PriceVersion, Sanction
from tests.factories.accounts import sign_in
from tests.factories.cloud import ListingFactory, ProductFactory, in_use, listed, on_sale, plan, priced, staff
from tests.factories.enterprises import Cast
from tests.factories.requests import officer
from tests.pages import PageClient

pytestmark = pytest.mark.django_db


def page(model: str, verb: str, row: Any) -> str:
    return reverse(f"admin:cloud_{model}_{verb}", args=[row.pk])


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"), [("listing", 7), ("cloudproduct", 7), ("priceversion", 6), ("sanction", 6)]
)
def test_each_list_costs_the_same_for_one_and_for_three(
    client: PageClient, django_assert_max_num_queries: Any, model: str, queries: int, count: int
) -> None:
    for _number in range(count):
        product = on_sale()
        Sanction.objects.create(
            listing=product.provider.cloud_listing, kind="warning", reason_zh="迟",
            imposed_on=calendar.today(), imposed_by=staff("city_reviewer"),
        )  # fmt: skip
    sign_in(client, staff("auditor"))
    url = reverse(f"admin:cloud_{model}_changelist")
    client.get(url)

    with django_assert_max_num_queries(queries + 3):
        response = client.get(url)

    assert len(response.context["cl"].result_list) == count


@pytest.mark.parametrize(
    ("role", "status"),
    [("triage_lead", 200), ("county_reviewer", 200), ("auditor", 200), ("publisher", 403)],
)
def test_who_sees_the_market(client: PageClient, role: str, status: int) -> None:
    product = on_sale()
    sign_in(client, staff(role))

    assert client.get(page("listing", "change", product.provider.cloud_listing)).status_code == status
    assert client.get(page("cloudproduct", "change", product)).status_code == status
    assert client.get(page("priceversion", "change", product.prices.get())).status_code == status


def test_a_check_is_recorded_point_by_point(client: PageClient) -> None:
    row = ListingFactory(state="checking")
    sign_in(client, staff("county_reviewer"))

    client.post(
        page("listing", "check", row), {**dict.fromkeys(ListingCheck.POINTS, "met"), "tax": "not_known"}
    )

    done = row.checks.get()
    assert (done.tax, done.passed) == ("not_known", False)


def test_a_provider_is_listed_and_suspended_at_the_desk(client: PageClient) -> None:
    row = listed(state="checking", listed_by=None, listed_on=None, recheck_on=None)
    sign_in(client, staff("city_reviewer"))
    ends_on = calendar.today().replace(year=calendar.today().year + 1)

    client.post(page("listing", "approve", row), {"tier": "third", "ends_on": ends_on, "tier_reason": "首次"})
    client.post(page("listing", "suspend", row), {"reason_zh": "迟复"})

    row.refresh_from_db()
    assert (row.state, row.sanctions.get().kind) == ("suspended", "suspension")


def test_the_checker_has_no_button_to_list(client: PageClient) -> None:
    row = ListingFactory(state="checking")
    sign_in(client, staff("county_reviewer"))

    assert client.get(page("listing", "approve", row)).status_code == 403


@pytest.mark.parametrize("typed", ["1e5", "-1", "12.345", "viel"])
def test_a_price_that_is_no_amount_is_refused_in_words(client: PageClient, typed: str) -> None:
    product = ProductFactory()
    sign_in(client, staff("triage_lead"))
    sent = {
        "price_fen": typed, "unit": "account", "period": "year", "eligible_percent": "60",
        "valid_from": calendar.today().isoformat(),
    }  # fmt: skip

    response = client.post(page("cloudproduct", "propose_price", product), sent)

    assert response.status_code == 200
    assert not PriceVersion.objects.exists()
    client.post(page("cloudproduct", "propose_price", product), {**sent, "price_fen": "1,200.5"})
    assert PriceVersion.objects.get().price_fen == 120_050


def test_a_product_is_entered_with_its_terms_by_its_author(client: PageClient) -> None:
    lead, listing = staff("triage_lead"), listed()
    sign_in(client, lead)
    sent = {
        "slug": "office", "provider": listing.provider.pk, "category": "application", "needs": ["office"],
        "name_zh": "办公", "summary_zh": "文档", "export_formats": ["csv"], "exit_fee_fen": "12.50",
        "exit_terms_zh": "可导出", "prices-TOTAL_FORMS": "0", "prices-INITIAL_FORMS": "0",
    }  # fmt: skip

    client.post(reverse("admin:cloud_cloudproduct_add"), sent)

    product = CloudProduct.objects.get()
    assert (product.author, product.exit_fee_fen, product.notice_days) == (lead, 1250, None)


def test_only_a_draft_can_be_edited(client: PageClient) -> None:
    product = on_sale()
    sign_in(client, staff("triage_lead"))

    client.post(page("cloudproduct", "change", product), {"name_zh": "别的"})

    product.refresh_from_db()
    assert product.name_zh != "别的"


def test_an_appeal_is_answered_at_the_desk(client: PageClient) -> None:
    row = Sanction.objects.create(
        listing=listed(), kind="warning", reason_zh="迟", imposed_on=calendar.today(),
        imposed_by=staff("city_reviewer"), appeal="open", appeal_text="不对",
    )  # fmt: skip
    sign_in(client, staff("county_reviewer"))

    client.post(page("sanction", "uphold", row), {"answer": "查过，属实"})

    row.refresh_from_db()
    assert (row.appeal, row.answer) == ("upheld", "查过，属实")


def test_staff_do_their_step_of_a_plan(client: PageClient, cast: Cast) -> None:
    row = plan(cast.enterprise, cast.li)
    sign_in(client, officer("Chen"))
    step = row.steps.get(code="advice")

    assert (
        row.reference
        in client.get(reverse("admin:cloud_onboarding_changelist") + "?turn=staff").content.decode()
    )
    client.post(page("onboarding", "tick", row), {"step": step.pk, "note": "合用"})

    step.refresh_from_db()
    assert (step.done_on, step.note) == (calendar.today(), "合用")


def test_a_proof_is_accepted_in_ones_own_region_only(client: PageClient, cast: Cast) -> None:
    record_fact(cast.enterprise, "region", "370102", source="self", on=calendar.today(), by=cast.li)
    check = use.hand_in(in_use(cast.enterprise, cast.li), people=5, words="记账", by=cast.li)
    file = reverse("cloud:desk_evidence", args=[check.evidence.get().file.key])
    sign_in(client, officer("Far", region="370200"))
    assert client.get(page("usecheck", "accept", check)).status_code == 404
    assert client.get(file).status_code == 404

    sign_in(client, officer("Near", region="370100"))
    assert client.get(file).status_code == 200
    client.post(page("usecheck", "accept", check), {})

    check.refresh_from_db()
    assert check.state == "accepted"


def test_a_price_is_approved_by_another(client: PageClient) -> None:
    lead = staff("triage_lead")
    price = priced(
        ProductFactory(), on=calendar.today(), state="proposed", proposed_by=lead, decided_by=None,
        decided_at=None,
    )  # fmt: skip
    sign_in(client, staff("county_reviewer"))

    client.post(page("priceversion", "approve", price), {})

    price.refresh_from_db()
    assert price.state == "approved"


def test_the_page_of_a_new_row_leaves_empty_what_the_database_fills_in(client: PageClient) -> None:
    sign_in(client, staff("triage_lead"))

    page_of_new = client.get(reverse("admin:cloud_listing_add")).content.decode()

    assert "DatabaseDefault" not in page_of_new
