"""Closing an account: what becomes of enterprises, what can be taken back, what is left of the person."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.db.models.functions import Cast as AsText
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from enterprises import actions as enterprise_actions
from enterprises.actions import Registration
from enterprises.models import Claim, Membership
from notifications.models import Notification
from portal.personal_data import actions, leaving
from portal.personal_data.models import Closing
from services.policies.models import SavedSearch
from services.requests.models import ServiceRequest
from tests.accounts.steps import fresh, log_in
from tests.factories import enterprises as enterprise_factory
from tests.factories import vouchers
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.enterprises import Cast, MembershipFactory, cast
from tests.factories.requests import in_state, officer, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def overdue(closing: Closing) -> Closing:
    Closing.objects.filter(pk=closing.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    return closing


def places_of(words: str) -> set[str]:
    """Return every column of the database in which these words stand."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, CharField | TextField | JSONField):
                rows = model._base_manager.annotate(as_text=AsText(field.name, TextField()))
                if rows.filter(as_text__icontains=words).exists():
                    found.add(f"{model._meta.label}.{field.name}")
    return found


def test_the_enterprise_goes_to_the_heir_and_the_person_is_gone(client: Client, people: Cast) -> None:
    fresh(client, people.li)
    heir = people.enterprise.memberships.get(user=people.wang)
    field = leaving.left_alone(people.li)[0].field

    client.post(reverse("personal_data:close"), {field: str(heir.key), "sure": "on"})
    closing = overdue(Closing.objects.get())
    assert [actions.close_due(), actions.close_due()] == [1, 0]

    closing.refresh_from_db()
    li = User.objects.get(pk=people.li.pk)
    assert closing.closed_at is not None
    assert (li.name, li.phone, li.email, li.is_active) == ("", "", f"closed-{li.pk}@account.invalid", False)
    assert str(li) != ""
    assert list(people.enterprise.memberships.owners().values_list("user", flat=True)) == [people.wang.pk]
    assert log_in(Client(), "li@works.example", PASSWORD).status_code == 200


def test_an_enterprise_nobody_goes_on_with_ends(client: Client, people: Cast) -> None:
    row = in_state("in_progress", people.zhao, people.other, officer("Chen"))
    fresh(client, people.zhao)
    field = leaving.left_alone(people.zhao)[0].field

    client.post(reverse("personal_data:close"), {field: "end", "sure": "on"})
    overdue(Closing.objects.get())
    actions.close_due()

    row.refresh_from_db()
    people.other.refresh_from_db()
    assert row.state == "withdrawn"
    assert (row.contact_name, row.contact_phone) == ("", "")
    assert not people.other.memberships.current().exists()
    assert people.other.contact_name == ""


def test_nothing_changes_before_the_day_and_it_can_be_taken_back(client: Client, people: Cast) -> None:
    fresh(client, people.wang)
    client.post(reverse("personal_data:close"), {"sure": "on"})
    assert actions.close_due() == 0
    assert reverse("personal_data:undo") in client.get(reverse("personal_data:home")).content.decode()

    client.post(reverse("personal_data:undo"))
    overdue(Closing.objects.get())

    assert actions.close_due() == 0
    assert User.objects.get(pk=people.wang.pk).email == "wang@works.example"
    assert not Closing.objects.pending().exists()
    letters = Notification.objects.filter(recipient=people.wang, kind="personal_data.closing")
    assert letters.count() == 1


def test_of_the_person_nothing_is_left_in_any_table() -> None:
    lao = UserFactory(name="Lao Qiuming", email="lao@works.example", phone="13899990000")
    enterprise = MembershipFactory(user=lao).enterprise
    enterprise.contact_name, enterprise.contact_phone = "Lao Qiuming", "13899990000"
    enterprise.save()
    submitted(lao, enterprise, contact_name="Lao Qiuming", contact_phone="13899990000")
    SavedSearch.objects.create(user=lao, name="x", frequency="weekly")
    SavedSearch.objects.create(address="lao@works.example", name="x", frequency="weekly")
    closing = overdue(actions.ask_closing(lao, {enterprise.pk: None}, by=lao))

    assert actions.close_due() == 1

    # The last mail still waits to be sent to the address; its row is swept after three months.
    assert places_of("lao@works.example") == {
        "notifications.Notification.address",
        "notifications.Notification.dedupe_key",
    }
    assert places_of("13899990000") == set()
    assert places_of("Lao Qiuming") == set()
    assert Notification.objects.get(address="lao@works.example").kind == "personal_data.closed"
    assert Closing.objects.get(pk=closing.pk).closed_at is not None


def test_an_open_voucher_keeps_an_enterprise_from_ending(client: Client) -> None:
    voucher = vouchers.in_state("submitted", vouchers.staff())
    owner = voucher.enterprise.memberships.owners().get().user
    fresh(client, owner)

    page = client.get("/en/accounts/data/").content.decode()
    with pytest.raises(actions.Hindered):
        actions.ask_closing(owner, {voucher.enterprise_id: None}, by=owner)

    assert re.search(rf"The voucher {voucher.reference} of .* is still open", page)
    assert client.get(reverse("personal_data:close")).status_code == 302


def test_a_voucher_that_came_meanwhile_holds_the_closing_up_and_nothing_else() -> None:
    voucher = vouchers.in_state("submitted", vouchers.staff())
    owner = voucher.enterprise.memberships.owners().get().user
    held = overdue(Closing.objects.create(user=owner, due_at=timezone.now(), heirs={}))
    other = overdue(actions.ask_closing(UserFactory(), {}, by=None))

    assert actions.close_due() == 1

    held.refresh_from_db()
    other.refresh_from_db()
    assert (held.closed_at, other.closed_at is not None) == (None, True)


def test_staff_do_not_close_their_own_account(client: Client) -> None:
    chen = officer("Chen")

    with pytest.raises(actions.Hindered):
        actions.ask_closing(chen, {}, by=chen)


@pytest.mark.parametrize("answers", [{}, {"sure": "on"}, {"sure": "on", "enterprise": "end"}])
def test_what_is_missing_is_asked_for_and_what_was_chosen_stays(
    client: Client, people: Cast, answers: dict[str, str]
) -> None:
    fresh(client, people.li)

    answer = client.post(reverse("personal_data:close"), answers)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Closing.objects.exists()


def test_a_chosen_heir_who_left_is_followed_by_who_acted_longest(people: Cast) -> None:
    guo = people.enterprise.memberships.get(user=people.guo)
    closing = actions.ask_closing(people.li, {people.enterprise.pk: guo}, by=people.li)
    Membership.objects.filter(pk=guo.pk).update(ended_at=timezone.now())

    overdue(closing)
    actions.close_due()

    assert people.enterprise.memberships.owners().get().user == people.wang
    assert not ServiceRequest.objects.filter(requester=people.li, state="draft").exists()
    assert enterprise_factory.Enterprise.objects.count() == 2


def test_an_open_claim_is_withdrawn_and_says_nothing_of_the_person(people: Cast) -> None:
    stranger = UserFactory(name="Stranger")
    enterprise_actions.register(
        Registration(people.enterprise.uscc, "x", contact_name="Stranger"), by=stranger
    )

    overdue(actions.ask_closing(stranger, {}, by=stranger))
    actions.close_due()

    claim = Claim.objects.get()
    assert (claim.state, claim.answers) == ("refused", {})
