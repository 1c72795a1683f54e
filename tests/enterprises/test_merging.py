"""Two enterprises become one and are taken apart again: nothing is forgotten, nothing is lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.lifecycle import TransitionRefused
from enterprises import actions, duplicates, facts, merging
from enterprises.actions import Registration, Statement, record_facts
from enterprises.models import Claim, Enterprise, EnterpriseFacet, EnterpriseMerge, StaffScope
from notifications.models import Notification
from services.cloud.models import Voucher
from services.requests.models import ServiceRequest
from tests.factories import vouchers
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast, EnterpriseFactory, MembershipFactory, cast
from tests.factories.requests import in_state, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def lead():
    return officer("Lead", role="triage_lead")


def rows_of(enterprise: Enterprise) -> dict[str, list[int]]:
    """Return the numbers of everything that hangs on an enterprise, but the merges themselves."""
    return {
        name: sorted(merging._rows(name, enterprise).values_list("pk", flat=True))
        for name in merging.relations()
        if "merge" not in name
    }


def know(enterprise: Enterprise, **values: object) -> None:
    record_facts(
        enterprise,
        [Statement(code, value) for code, value in values.items()],
        source="self",
        on=timezone.localdate(),
        by=None,
    )


def test_every_relation_is_decided_about() -> None:
    assert merging.uncovered() == []


def test_a_relation_nobody_decided_about_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(merging._PLANS, "cloud.voucher.enterprise")

    assert merging.uncovered() == ["cloud.voucher.enterprise"]


def test_people_requests_and_facts_come_over_and_the_owners_are_told(people: Cast, lead) -> None:
    row = in_state("in_progress", people.zhao, people.other, officer("Chen"))
    know(people.other, **{facts.EMPLOYEES: 40})

    actions.merge_enterprises(people.enterprise, people.other, reason="同一家企业", by=lead)

    row.refresh_from_db()
    people.other.refresh_from_db()
    assert row.enterprise == people.enterprise
    assert people.other.merged_into == people.enterprise
    assert people.enterprise.memberships.current().filter(user=people.zhao).exists()
    assert people.enterprise.facet.employees == 40
    assert not EnterpriseFacet.objects.filter(enterprise=people.other).exists()
    told = Notification.objects.filter(kind="enterprises.merged").order_by("recipient__name")
    assert [letter.recipient for letter in told] == [people.li, people.zhao]


def test_what_the_kept_one_says_itself_counts(people: Cast, lead) -> None:
    know(people.enterprise, **{facts.EMPLOYEES: 10})
    know(people.other, **{facts.EMPLOYEES: 40})

    actions.merge_enterprises(people.enterprise, people.other, reason="x", by=lead)

    assert people.enterprise.facts.known()[facts.EMPLOYEES].value == 10


def test_who_acts_for_both_acts_once_and_after_the_undo_for_both(people: Cast, lead) -> None:
    MembershipFactory(enterprise=people.other, user=people.wang, role="viewer")

    actions.merge_enterprises(people.enterprise, people.other, reason="x", by=lead)
    once = people.wang.memberships.filter(ended_at=None)
    assert [one.enterprise for one in once] == [people.enterprise]

    actions.unmerge_enterprises(people.other, by=lead)
    assert people.wang.memberships.filter(ended_at=None).count() == 2


def test_an_undone_merge_leaves_everything_as_it_was(people: Cast, lead) -> None:
    in_state("in_progress", people.zhao, people.other, officer("Chen"))
    know(people.other, **{facts.EMPLOYEES: 40})
    know(people.enterprise, **{facts.EMPLOYEES: 10})
    before = rows_of(people.enterprise), rows_of(people.other)
    known = people.other.facts.known()

    actions.merge_enterprises(people.enterprise, people.other, reason="x", by=lead)
    actions.unmerge_enterprises(people.other, by=lead)

    people.other.refresh_from_db()
    assert (rows_of(people.enterprise), rows_of(people.other)) == before
    assert people.other.facts.known() == known
    assert people.other.merged_into is None
    assert people.other.facet.employees == 40


def test_after_seven_days_and_twice_it_cannot_be_undone(people: Cast, lead) -> None:
    actions.merge_enterprises(people.enterprise, people.other, reason="x", by=lead)
    EnterpriseMerge.objects.update(merged_at=timezone.now() - timedelta(days=8))

    with pytest.raises(TransitionRefused):
        actions.unmerge_enterprises(people.other, by=lead)
    with pytest.raises(TransitionRefused):
        actions.unmerge_enterprises(people.enterprise, by=lead)


def test_what_collides_stays_and_the_preview_says_so(people: Cast, lead) -> None:
    know(people.enterprise, **{facts.EMPLOYEES: 10})
    know(people.other, **{facts.EMPLOYEES: 40, facts.REVENUE: 100})

    shares = {
        share.name: (share.goes, share.stays) for share in merging.foresee(people.other, people.enterprise)
    }
    actions.merge_enterprises(people.enterprise, people.other, reason="x", by=lead)

    assert shares["事实"] == (1, 1)
    assert people.other.facts.count() == 1


def test_two_running_vouchers_of_one_programme_hinder_it(lead) -> None:
    staff = vouchers.staff()
    first = vouchers.in_state("submitted", staff)
    other, owner = vouchers.works()
    second = vouchers.submitted(first.programme, first.product, other, owner)

    with pytest.raises(ValidationError):
        actions.merge_enterprises(first.enterprise, second.enterprise, reason="x", by=lead)

    assert Voucher.objects.filter(enterprise=other).count() == 1


def test_a_submitted_voucher_follows_a_merge_and_nothing_else(lead) -> None:
    voucher = vouchers.in_state("submitted", vouchers.staff())
    kept = EnterpriseFactory()

    with pytest.raises(DatabaseError), transaction.atomic():
        Voucher.objects.filter(pk=voucher.pk).update(enterprise=kept)
    actions.merge_enterprises(kept, voucher.enterprise, reason="x", by=lead)

    voucher.refresh_from_db()
    assert voucher.enterprise == kept
    actions.unmerge_enterprises(Enterprise.objects.exclude(merged_into=None).get(), by=lead)
    voucher.refresh_from_db()
    assert voucher.enterprise != kept


def test_only_who_may_merges_and_only_in_their_regions(people: Cast, lead) -> None:
    chen = officer("Chen")
    StaffScope.objects.create(user=lead, region_id="370200")

    for person in (chen, lead):
        with pytest.raises(PermissionDenied):
            actions.merge_enterprises(people.enterprise, people.other, reason="x", by=person)


def test_an_enterprise_is_not_merged_with_itself_nor_twice(people: Cast, lead) -> None:
    third = EnterpriseFactory()
    actions.merge_enterprises(people.enterprise, people.other, reason="x", by=lead)

    for kept, joined in ((third, third), (third, people.other), (people.other, third)):
        with pytest.raises(ValidationError):
            actions.merge_enterprises(kept, Enterprise.objects.get(pk=joined.pk), reason="x", by=lead)


def test_the_credit_code_of_the_merged_one_leads_to_the_kept_one(people: Cast, lead) -> None:
    actions.merge_enterprises(people.enterprise, people.other, reason="x", by=lead)
    stranger = UserFactory()

    actions.register(Registration(people.other.uscc, "泉城"), by=stranger)

    assert Claim.objects.get(claimant=stranger).enterprise == people.enterprise


@pytest.mark.parametrize(
    ("name", "alike"),
    [
        ("青岛市海风机械有限公司", True),
        ("青岛海风机械（有限公司）", True),
        ("青岛 海风机械股份有限公司", True),
        ("青岛海风机械厂", True),
        ("烟台海风机械有限公司", False),
        ("青岛海风机械配件有限公司", False),
    ],
)
def test_names_that_differ_in_form_only_are_alike(name: str, alike: bool) -> None:
    one = EnterpriseFactory(name="青岛海风机械有限公司")
    other = EnterpriseFactory(name=name)

    assert list(duplicates.like(one)) == ([other] if alike else [])
    found = set(duplicates.with_likeness(Enterprise.objects.all()))
    assert found == ({one, other} if alike else set())


# --- at the desk --------------------------------------------------------------------


def test_the_desk_shows_what_goes_over_and_merges_once_confirmed(client: Client, people: Cast, lead) -> None:
    in_state("in_progress", people.zhao, people.other, officer("Chen"))
    sign_in(client, lead)
    page = reverse("admin:enterprises_enterprise_merge", args=[people.enterprise.pk])

    looked = client.post(page, {"other": people.other.uscc.lower()})
    without = client.post(page, {"other": people.other.uscc, "confirm": "1", "reason": " "})
    assert {share.name: share.goes for share in looked.context["shares"]}["办件"] == 1
    assert "reason" in without.context["form"].errors
    assert not EnterpriseMerge.objects.exists()

    done = client.post(page, {"other": people.other.uscc, "confirm": "1", "reason": "同一家"})
    assert done.status_code == 302
    assert ServiceRequest.objects.get().enterprise == people.enterprise

    shown = client.get(reverse("admin:enterprises_enterprise_change", args=[people.other.pk]))
    assert shown.context["to_undo"] is not None
    client.post(reverse("admin:enterprises_enterprise_unmerge", args=[people.other.pk]))
    assert ServiceRequest.objects.get().enterprise == people.other


@pytest.mark.parametrize("other", ["", "x", "91370200000000000X", "９１"])
def test_a_wrong_code_is_said_and_kept(client: Client, people: Cast, lead, other: str) -> None:
    sign_in(client, lead)
    page = reverse("admin:enterprises_enterprise_merge", args=[people.enterprise.pk])

    answer = client.post(page, {"other": other})

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["other"]


def test_an_officer_does_not_merge(client: Client, people: Cast) -> None:
    sign_in(client, officer("Chen"))

    for name in ("merge", "unmerge"):
        address = reverse(f"admin:enterprises_enterprise_{name}", args=[people.enterprise.pk])
        assert client.post(address, {"other": people.other.uscc}).status_code == 403


def test_the_list_is_narrowed_to_likely_duplicates(client: Client, people: Cast, lead) -> None:
    twin = EnterpriseFactory(name="青岛市海风机械厂有限公司")
    EnterpriseFactory(name="青岛市海风机械厂")
    sign_in(client, lead)

    answer = client.get(reverse("admin:enterprises_enterprise_changelist"), {"twice": "likely"})

    found = set(answer.context["cl"].result_list)
    assert people.enterprise in found
    assert people.other not in found
    assert twin.pk
