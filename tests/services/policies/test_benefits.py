"""免申即享: matched, told, agreed to, handed over, decided."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from core import audit, calendar
from core.lifecycle import TransitionRefused
from enterprises.actions import record_fact
from enterprises.models import StaffScope
from notifications.models import Notification
from services.policies import actions, handing, tasks
from services.policies.lifecycle import BENEFIT
from services.policies.models import Benefit, BenefitBatch, PolicyItem
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast, EnterpriseFactory, MembershipFactory, cast
from tests.factories.policies import IN_QINGDAO, corrected, published

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 1)


@pytest.fixture
def people(db: None) -> Cast:
    """Li's works lie in Qingdao, Zhao's in Jinan."""
    found = cast()
    for enterprise, region in ((found.enterprise, "370211"), (found.other, "370102")):
        record_fact(enterprise, "region", region, source="self", on=ON, by=None)
        record_fact(enterprise, "employees", 80, source="self", on=ON, by=None)
    tasks.rematch_changed()
    return found


@pytest.fixture
def officer(db: None) -> Any:
    return UserFactory(name="Feng", roles=["finance_officer"], language="en")


def item(**fields: Any) -> PolicyItem:
    given = {
        "criteria": [IN_QINGDAO], "delivery": "no_application", "handed": ["employees"],
        "max_fen": 100_000_00, **fields,
    }  # fmt: skip
    found = published(items=[given]).items.get()
    tasks.announce_published()
    tasks.offer_benefits()
    return found


def offered(people: Cast, **fields: Any) -> Benefit:
    return Benefit.objects.get(item=item(**fields), enterprise=people.enterprise)


def agreed(people: Cast, **fields: Any) -> Benefit:
    return agree(offered(people, **fields), people)


def agree(benefit: Benefit, people: Cast) -> Benefit:
    seen = handing.fingerprint(handing.data(benefit.enterprise, benefit.item.handed))
    return actions.consent(benefit, seen=seen, by=people.li)


def url(benefit: Benefit) -> str:
    return reverse("policies:benefit", args=[benefit.key])


def told(kind: str) -> list[str]:
    rows = Notification.objects.filter(kind=f"policies.{kind}").order_by("pk")
    return sorted(row.recipient.name for row in rows if row.recipient)


# --- offering -----------------------------------------------------------------------


def test_whom_it_fits_is_offered_it_once_and_told_once(people: Cast) -> None:
    found = item()

    assert tasks.offer_benefits() == 0

    assert [row.enterprise for row in Benefit.objects.all()] == [people.enterprise]
    assert (told("benefit_offered"), told("matched")) == (["Li", "Wang"], [])
    assert audit.history(found.notice).filter(verb="offer").count() == 1


@pytest.mark.parametrize(
    "fields", [{"handed": []}, {"delivery": "application", "handed": []}, {"closes_on": date(2020, 1, 1)}]
)
def test_nobody_is_asked_where_there_is_nothing_to_agree_to(people: Cast, fields: dict[str, Any]) -> None:
    item(**fields)

    assert (Benefit.objects.count(), told("benefit_offered")) == (0, [])


def test_what_is_to_be_verified_or_dismissed_is_not_offered(people: Cast) -> None:
    found = published(
        items=[{"criteria": [IN_QINGDAO], "delivery": "no_application", "handed": ["employees"]}]
    ).items.get()
    actions.mark(people.enterprise, found.notice, found, standing="dismissed", reason="have", by=people.li)
    tasks.announce_published()

    tasks.offer_benefits()

    assert not Benefit.objects.exists()


def test_who_comes_to_fit_later_is_offered_it_then(people: Cast) -> None:
    found = item()
    record_fact(people.other, "region", "370202", source="self", on=ON, by=None)

    tasks.rematch_changed()
    tasks.offer_benefits()

    assert Benefit.objects.filter(item=found, enterprise=people.other).exists()
    assert (told("rematched"), told("benefit_offered")) == ([], ["Li", "Wang", "Zhao"])


def test_a_failure_in_the_middle_leaves_nothing_half_done(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = published(
        items=[{"criteria": [IN_QINGDAO], "delivery": "no_application", "handed": ["employees"]}]
    ).items.get()
    tasks.announce_published()
    with monkeypatch.context() as broken:
        broken.setattr(audit, "record", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tasks.offer_benefits()
    assert (Benefit.objects.count(), told("benefit_offered")) == (0, [])

    assert tasks.offer_benefits() == 1

    assert Benefit.objects.get().item == found


# --- the owner's word --------------------------------------------------------------------


def test_the_owner_sees_the_exact_list_and_agrees_to_it(client: Client, people: Cast) -> None:
    benefit = offered(people)
    sign_in(client, people.li)
    page = client.get(f"/en{url(benefit)}")
    shown = [(line.label, line.value) for line in page.context["found"].lines]

    client.post(url(benefit), {"seen": page.context["found"].seen, "agrees": "on"})

    benefit.refresh_from_db()
    assert shown == [
        ("Name of the enterprise", people.enterprise.name),
        ("Unified social credit code", people.enterprise.uscc),
        ("Employees", "80 people"),
    ]
    assert (benefit.state, benefit.agreed_by) == ("agreed", people.li)
    assert [(one["label_en"], one["value_en"]) for one in benefit.agreed] == shown
    assert told("benefit_agreed") == ["Li"]
    assert str(benefit.key) in client.get(url(benefit)).content.decode()


def test_without_the_tick_nothing_is_agreed(client: Client, people: Cast) -> None:
    benefit = offered(people)
    sign_in(client, people.li)

    page = client.post(f"/en{url(benefit)}", {"seen": "x"}).content.decode()

    benefit.refresh_from_db()
    assert "otherwise nothing is handed over" in page
    assert benefit.state == "offered"


def test_a_list_that_changed_meanwhile_must_be_looked_at_again(client: Client, people: Cast) -> None:
    benefit = offered(people)
    seen = handing.fingerprint(handing.data(people.enterprise, benefit.item.handed))
    record_fact(people.enterprise, "employees", 90, source="self", on=ON, by=people.li)
    sign_in(client, people.li)

    page = client.post(f"/en{url(benefit)}", {"seen": seen, "agrees": "on"}).content.decode()

    benefit.refresh_from_db()
    assert "has changed meanwhile" in page
    assert (benefit.state, benefit.agreed) == ("offered", [])


def test_who_no_longer_fits_cannot_agree(people: Cast) -> None:
    benefit = offered(people)
    record_fact(people.enterprise, "region", "370102", source="staff", on=ON, by=None)

    with pytest.raises(ValidationError) as refused:
        agree(benefit, people)

    assert refused.value.code == "not_met"


@pytest.mark.parametrize(("who", "status"), [("wang", 403), ("guo", 403), ("zhao", 404)])
def test_only_an_owner_of_the_enterprise_decides(client: Client, people: Cast, who: str, status: int) -> None:
    benefit = agreed(people)
    sign_in(client, getattr(people, who))

    answers = [
        client.post(address).status_code
        for address in (url(benefit), reverse("policies:benefit_revoke", args=[benefit.key]))
    ]

    benefit.refresh_from_db()
    assert benefit.state == "agreed"
    # A stranger owns an enterprise too, so the row itself is not there.
    assert answers == [status, status]
    assert client.get(url(benefit)).status_code == (404 if who == "zhao" else 200)


def test_a_consent_is_taken_back_until_the_data_are_handed_over(
    client: Client, people: Cast, officer: Any
) -> None:
    benefit = agreed(people)
    sign_in(client, people.li)
    asked = client.get(reverse("policies:benefit_revoke", args=[benefit.key]))
    benefit.refresh_from_db()
    assert (benefit.state, asked.templates[0].name) == ("agreed", "confirm.html")
    client.post(reverse("policies:benefit_revoke", args=[benefit.key]))
    benefit.refresh_from_db()
    after_revoking = (benefit.state, benefit.agreed, benefit.agreed_at)
    agree(benefit, people)
    actions.hand_over(benefit.item, by=officer)

    client.post(reverse("policies:benefit_revoke", args=[benefit.key]))
    asked_late = client.get(reverse("policies:benefit_revoke", args=[benefit.key]))

    benefit.refresh_from_db()
    assert asked_late.url == url(benefit)
    assert after_revoking == ("offered", [], None)
    assert benefit.state == "sent"
    verbs = list(audit.history(benefit).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["consent", "revoke", "consent", "send"]


def test_who_said_no_can_still_agree(client: Client, people: Cast) -> None:
    benefit = offered(people)
    sign_in(client, people.li)
    client.post(reverse("policies:benefit_decline", args=[benefit.key]))
    benefit.refresh_from_db()

    assert benefit.state == "declined"
    assert agree(benefit, people).state == "agreed"


def test_a_changed_item_is_asked_for_anew(people: Cast, officer: Any) -> None:
    benefit = agreed(people)
    corrected(benefit.item.notice, item={"handed": ["employees", "revenue_wan"]})
    with pytest.raises(ValidationError):
        actions.hand_over(benefit.item, by=officer)

    tasks.announce_published()
    assert tasks.offer_benefits() == 1
    assert tasks.offer_benefits() == 0

    benefit.refresh_from_db()
    assert (benefit.state, benefit.agreed, benefit.item_version) == ("offered", [], 2)
    assert told("benefit_offered") == ["Li", "Li", "Wang", "Wang"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_it_holds(client: Client, people: Cast, rows: int) -> None:
    for _ in range(rows):
        item()
    sign_in(client, people.guo)
    client.get("/policies/benefits/")

    with CaptureQueriesContext(connection) as found:
        page = client.get("/policies/benefits/")

    assert (len(page.context["rows"]), len(found)) == (rows, 6)


# --- the authority -----------------------------------------------------------------------


def test_a_batch_holds_exactly_what_was_agreed_to(client: Client, people: Cast, officer: Any) -> None:
    benefit = agreed(people)
    record_fact(people.enterprise, "employees", 99, source="self", on=ON, by=people.li)
    sign_in(client, officer)
    page = client.get(reverse("admin:policies_benefit_hand_over"))
    assert [(one.pk, one.waiting) for one in page.context["items"]] == [(benefit.item_id, 1)]

    made = client.post(reverse("admin:policies_benefit_hand_over"), {"item": benefit.item_id})

    batch = BenefitBatch.objects.get()
    assert made["Location"] == reverse("admin:policies_benefitbatch_change", args=[batch.pk])
    assert told("benefit_sent") == ["Li", "Wang"]
    content = client.get(reverse("admin:policies_benefitbatch_table", args=[batch.pk])).content
    table = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(content)).active.rows]
    assert table[0] == ["Receipt", "Name of the enterprise", "Unified social credit code", "Employees"]
    assert table[1:] == [[str(benefit.key), people.enterprise.name, people.enterprise.uscc, "80 people"]]


def test_an_officer_hands_over_and_sees_only_the_own_regions(
    client: Client, people: Cast, officer: Any
) -> None:
    benefit = agreed(people)
    StaffScope.objects.create(user=officer, region_id="370100")
    sign_in(client, officer)

    with pytest.raises(ValidationError):
        actions.hand_over(benefit.item, by=officer)

    answer = client.get(reverse("admin:policies_benefit_change", args=[benefit.pk]))
    assert answer.status_code == 302


@pytest.mark.parametrize("role", ["publisher", "reviewer", "auditor", "policymaker"])
def test_nobody_else_hands_over(client: Client, people: Cast, role: str) -> None:
    benefit = agreed(people)
    other = UserFactory(roles=[role])
    sign_in(client, other)

    with pytest.raises(PermissionError):
        actions.hand_over(benefit.item, by=other)

    assert (
        client.post(reverse("admin:policies_benefit_hand_over"), {"item": benefit.item_id}).status_code == 403
    )


def test_a_batch_is_granted_but_for_what_was_refused(client: Client, people: Cast, officer: Any) -> None:
    found = item()
    third = EnterpriseFactory()
    MembershipFactory(enterprise=third, user=UserFactory(name="Third"))
    record_fact(third, "region", "370202", source="self", on=ON, by=None)
    tasks.rematch_changed()
    tasks.offer_benefits()
    for benefit in Benefit.objects.all():
        agree(benefit, people)
    batch = actions.hand_over(found, by=officer)
    sign_in(client, officer)
    refused = Benefit.objects.get(enterprise=third)
    client.post(reverse("admin:policies_benefit_refuse", args=[refused.pk]), {"reason": "已领取过同类补贴"})

    client.post(
        reverse("admin:policies_benefitbatch_grant", args=[batch.pk]),
        {"settled_on": calendar.today().isoformat(), "published_url": "https://gxj.example/list"},
    )

    rows = list(batch.benefits.order_by("pk").values_list("state", "refusal", "published_url"))
    assert rows == [("granted", "", "https://gxj.example/list"), ("refused", "已领取过同类补贴", "")]
    assert told("benefit_settled") == ["Li", "Third", "Wang"]


def test_the_owner_sees_what_was_granted(client: Client, people: Cast, officer: Any) -> None:
    benefit = agreed(people)
    actions.hand_over(benefit.item, by=officer)
    benefit.refresh_from_db()
    actions.grant(benefit, settled_on=calendar.today(), granted_fen=5_000_000, by=officer)
    sign_in(client, people.guo)

    page = client.get(f"/en{url(benefit)}").content.decode()

    assert "50,000 yuan." in page
    assert "Take the consent back" not in page


@pytest.mark.parametrize("state", Benefit.State.values)
@pytest.mark.parametrize("verb", [transition.verb for transition in BENEFIT])
def test_every_verb_from_every_state(state: str, verb: str) -> None:
    row = Benefit(state=state)
    allowed = {
        "consent": {"offered", "declined"}, "decline": {"offered"}, "revoke": {"agreed"}, "renew": {"agreed"},
        "send": {"agreed"}, "grant": {"sent"}, "refuse": {"sent"},
    }  # fmt: skip

    found = verb in {transition.verb for transition in BENEFIT.allowed(row, None)}

    assert found is (state in allowed[verb])


def test_a_day_ahead_is_refused(people: Cast, officer: Any) -> None:
    benefit = agreed(people)
    actions.hand_over(benefit.item, by=officer)
    benefit.refresh_from_db()

    with pytest.raises(ValidationError):
        actions.grant(benefit, settled_on=date(2999, 1, 1), by=officer)
    with pytest.raises(TransitionRefused):
        actions.revoke(benefit, by=people.li)
