"""The pages of whoever speaks for a provider: application, work, reply, appeal."""

import pytest
from django.test import Client

from services.cloud.actions import listings, onboarding, ratings, sanctions, use
from services.cloud.models import Listing
from tests.factories.accounts import UserFactory
from tests.factories.cloud import in_use, listed, on_sale, plan, staff
from tests.factories.enterprises import Cast, credit_code
from tests.pages import PageClient

pytestmark = pytest.mark.django_db
MINE = "/en/cloud/providers/mine/"
FIELDS = {
    "name_zh": "海湾云", "name_en": "Bay Cloud", "kind": "cloud_provider", "credit_code": credit_code(3),
    "about_zh": "出租服务器", "email": "we@bay.example", "website": "https://bay.example",
}  # fmt: skip


def test_a_provider_applies_once_and_again_after_a_no(client: PageClient) -> None:
    speaker = UserFactory()
    client.force_login(speaker)

    client.post("/en/cloud/providers/apply/", FIELDS)
    client.post("/en/cloud/providers/apply/", FIELDS)
    row = Listing.objects.get()
    assert (row.state, row.provider.name_en) == ("applied", "Bay Cloud")
    listings.decline(row, reason="代码不符", by=staff("city_reviewer"))
    assert "Bay Cloud" in client.get("/en/cloud/providers/apply/").content.decode()
    client.post("/en/cloud/providers/apply/", {**FIELDS, "name_en": "Bay Cloud Two"})

    row.refresh_from_db()
    assert (row.state, row.provider.name_en) == ("applied", "Bay Cloud Two")


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"credit_code": "123"}, "no credit code"),
        ({"credit_code": "91370202MA9000031X"}, "no credit code"),
        ({"kind": "platform"}, "Select a valid choice"),
        ({"email": "none"}, "valid email"),
        ({"website": "javascript:alert(1)"}, "valid URL"),
        ({"name_zh": ""}, "required"),
    ],
)
def test_what_is_wrong_is_said_and_kept(client: PageClient, change: dict[str, str], part: str) -> None:
    client.force_login(UserFactory())

    text = client.post("/en/cloud/providers/apply/", {**FIELDS, **change}).content.decode()

    assert part in text
    assert "Bay Cloud" in text
    assert not Listing.objects.exists()


def test_a_code_stands_for_one_provider(client: PageClient) -> None:
    listed(credit_code=FIELDS["credit_code"])
    client.force_login(UserFactory())

    text = client.post("/en/cloud/providers/apply/", FIELDS).content.decode()

    assert "has applied already" in text


def test_who_speaks_for_nobody_is_led_to_the_application(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.get(MINE)["Location"] == "/en/cloud/providers/apply/"


def test_a_provider_sees_and_does_the_steps_that_wait_for_it(client: PageClient, cast: Cast) -> None:
    listing, other = listed(), listed()
    row = plan(cast.enterprise, cast.li, on_sale(provider=listing.provider))
    step = row.steps.get(code="quotation")
    done = f"{MINE}steps/{row.reference}/quotation/done/"
    client.force_login(listing.representative)
    assert client.post(done).status_code == 404
    for before in row.steps.filter(position__lt=step.position):
        onboarding.tick(before, by=cast.li)

    assert cast.enterprise.name in client.get(MINE).content.decode()
    client.force_login(other.representative)
    assert client.post(done).status_code == 404
    client.force_login(listing.representative)
    client.post(done)

    step.refresh_from_db()
    assert step.done_by == listing.representative


def test_a_provider_replies_once_below_the_rating(client: PageClient, cast: Cast) -> None:
    check = use.hand_in(in_use(cast.enterprise, cast.li), people=5, words="记账", by=cast.li)
    use.accept(check, by=staff("triage_officer"))
    row = ratings.rate(check.onboarding, score=2, words="Slow", by=cast.li)
    page = f"{MINE}ratings/{row.key}/reply/"
    client.force_login(listed().representative)
    assert client.get(page).status_code == 404
    client.force_login(row.listing.representative)

    assert "Write your reply" in client.post(page, {"text": " "}).content.decode()
    client.post(page, {"text": "We have more people now"})

    public = client.get(f"/en/cloud/providers/{row.listing.provider.slug}/").content.decode()
    assert "We have more people now" in public
    assert client.get(page).status_code == 302


def test_a_provider_appeals_once(client: PageClient) -> None:
    listing = listed()
    sanction = sanctions.warn(listing, reason_zh="迟复", by=staff("city_reviewer"))
    page = f"{MINE}appeal/{sanction.key}/"
    client.force_login(listing.representative)
    assert page in client.get(MINE).content.decode()

    client.post(page, {"text": "We answered in time"})

    sanction.refresh_from_db()
    assert (sanction.appeal, sanction.appeal_text) == ("open", "We answered in time")
    assert client.get(page).status_code == 302
    client.force_login(UserFactory())
    assert client.get(page).status_code == 404
