"""A provider is given of a request what its enterprise agreed to, and nothing else."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from core import audit
from core.lifecycle import TransitionRefused
from notifications.models import Notification
from services.requests import actions, sharing
from services.requests.models import ServiceRequest, Sharing
from tests.factories.accounts import sign_in
from tests.factories.catalogue import OfferingFactory, ProviderFactory
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(cast: Cast, chen: User) -> ServiceRequest:
    return in_state("in_progress", cast.li, cast.enterprise, chen)


def post(client: Client, row: ServiceRequest, **typed: Any) -> Any:
    return client.post(f"/en/requests/{row.reference}/sharing/", typed)


def test_nothing_goes_to_the_provider_before_the_enterprise_agreed(
    cast: Cast, row: ServiceRequest, chen: User
) -> None:
    with pytest.raises(ValidationError):
        actions.pass_on(row, "转给服务商。", by=chen)

    actions.agree_to_share(row, ["contact", "words"], by=cast.li)
    actions.pass_on(row, "转给服务商。", by=chen)

    assert audit.history(row).filter(verb="pass_on").get().data == {"parts": ["words", "contact"]}


@pytest.mark.parametrize("kind", ["platform", "government_staff"])
def test_our_own_services_need_no_agreement(client: Client, cast: Cast, chen: User, kind: str) -> None:
    ours = OfferingFactory(provider=ProviderFactory(kind=kind))
    row = in_state("in_progress", cast.li, cast.enterprise, chen, ours)

    actions.pass_on(row, "转给同事。", by=chen)

    assert sign_in(client, cast.li).get(f"/requests/{row.reference}/sharing/").status_code == 404


def test_an_owner_reads_word_for_word_agrees_and_takes_it_back(
    client: Client, cast: Cast, row: ServiceRequest, chen: User
) -> None:
    page = sign_in(client, cast.li).get(f"/en/requests/{row.reference}/sharing/").text
    for said in (row.body, cast.enterprise.uscc, row.contact_phone):
        assert said in page

    post(client, row, parts=["words", "identity"])
    assert sharing.is_agreed(row)
    receipt = Notification.objects.get(kind="requests.shared")
    assert (receipt.recipient, receipt.context["parts"]) == (cast.li, ["words", "identity"])

    post(client, row, revoke="1")

    found = Sharing.objects.get()
    assert (found.agreed_by, found.revoked_by, sharing.is_agreed(row)) == (cast.li, cast.li, False)
    told = Notification.objects.filter(kind="requests.sharing_revoked")
    assert [one.recipient for one in told] == [chen]
    assert "Earlier agreements" in client.get(f"/en/requests/{row.reference}/sharing/").text


@pytest.mark.parametrize("typed", [{}, {"parts": ["passwords"]}])
def test_a_choice_that_is_none_is_answered_in_words(
    client: Client, cast: Cast, row: ServiceRequest, typed: dict[str, Any]
) -> None:
    page = post(sign_in(client, cast.li), row, **typed)

    assert (page.status_code, list(page.context["form"].errors)) == (200, ["parts"])
    assert not Sharing.objects.exists()


@pytest.mark.parametrize(
    ("person", "shown", "sent"), [("li", 200, 302), ("wang", 200, 302), ("guo", 200, 403), ("zhao", 404, 404)]
)
def test_owners_and_editors_agree_readers_look(
    client: Client, cast: Cast, row: ServiceRequest, person: str, shown: int, sent: int
) -> None:
    sign_in(client, getattr(cast, person))

    assert client.get(f"/requests/{row.reference}/sharing/").status_code == shown
    assert post(client, row, parts=["words"]).status_code == sent
    assert Sharing.objects.count() == (sent == 302)


def test_a_new_agreement_takes_the_place_of_the_one_before(cast: Cast, row: ServiceRequest) -> None:
    actions.agree_to_share(row, ["words", "files"], by=cast.li)
    actions.agree_to_share(row, ["words"], by=cast.wang)

    assert [one.parts for one in Sharing.objects.standing()] == [["words"]]
    with pytest.raises(IntegrityError), transaction.atomic():
        Sharing.objects.update(revoked_at=None)


def test_another_provider_needs_another_agreement(cast: Cast, row: ServiceRequest) -> None:
    actions.agree_to_share(row, ["words"], by=cast.li)
    row.offering = OfferingFactory()

    assert not sharing.is_agreed(row)


def test_what_is_settled_is_not_agreed_to_any_more(cast: Cast, chen: User) -> None:
    row = in_state("resolved", cast.li, cast.enterprise, chen)

    with pytest.raises(TransitionRefused):
        actions.agree_to_share(row, ["words"], by=cast.li)


def test_the_confirmation_leads_to_the_agreement(client: Client, cast: Cast) -> None:
    row = submitted(cast.li, cast.enterprise)

    page = sign_in(client, cast.li).get(f"/requests/{row.reference}/done/").text

    assert f'href="/requests/{row.reference}/sharing/"' in page


def test_staff_ask_for_it_from_the_desk(client: Client, cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)
    page = f"/admin/service_requests/servicerequest/{row.pk}/"
    sign_in(client, chen)
    client.post(f"{page}ask_to_share/", {})

    letter = Notification.objects.get(kind="requests.share_asked")
    assert (letter.recipient, letter.url) == (cast.li, f"/requests/{row.reference}/sharing/")
    refused = client.post(f"{page}pass_on/", {"text": "转给服务商。"})
    row.refresh_from_db()
    assert (refused.status_code, row.with_provider_at) == (200, None)
