"""Conversion projects: every state with every verb, the guards, three people, no invoice twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from core import calendar
from core.lifecycle import TransitionRefused
from enterprises.models import Region
from notifications.models import Notification
from services.cloud.actions import accepting, conversions, using
from services.cloud.lifecycle.conversions import CONVERSION, SCHEME
from services.cloud.models import Conversion, ConversionScheme, ConversionState, Spending
from tests.factories import conversions as made
from tests.factories import vouchers
from tests.factories.accounts import UserFactory
from tests.factories.vouchers import YUAN, Staff, staff, works
from tests.together import together

pytestmark = pytest.mark.django_db
S = ConversionState
ARROWS = {
    ("intended", "take_baseline"): "baseline_assessed",
    ("baseline_assessed", "file"): "filed",
    ("filed", "return_filing"): "baseline_assessed",
    ("filed", "confirm"): "in_progress",
    ("in_progress", "take_result"): "result_assessed",
    ("result_assessed", "apply"): "acceptance_applied",
    ("acceptance_applied", "return_list"): "result_assessed",
    ("acceptance_applied", "accept"): "accepted",
    ("acceptance_applied", "reject"): "rejected",
    ("accepted", "apply_for_reward"): "reward_applied",
    ("reward_applied", "pay"): "paid",
    ("paid", "audit"): "audited",
    **{
        (state, "withdraw"): "withdrawn"
        for state in (
            "intended", "baseline_assessed", "filed", "in_progress", "result_assessed", "acceptance_applied",
        )
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_english() -> None:
    translation.activate("en")


@pytest.fixture
def people() -> Staff:
    return staff()


def told(kind: str) -> list[str]:
    rows = Notification.objects.filter(kind=f"cloud.{kind}").order_by("pk")
    return [str(row.recipient) for row in rows]


def test_the_table_of_a_project_is_the_table_of_the_plan() -> None:
    found = {(source, one.verb): one.target for one in CONVERSION for source in one.sources}
    assert found == ARROWS


@pytest.mark.parametrize("state", S.values)
@pytest.mark.parametrize("verb", list(CONVERSION.transitions))
def test_every_state_with_every_verb(state: str, verb: str) -> None:
    enterprise, _owner = works()
    row = Conversion.objects.create(scheme=made.scheme(), enterprise=enterprise, state=state, goal="更快")

    if (state, verb) in ARROWS:
        assert CONVERSION.apply(row, verb, by=None, reason="r").state == ARROWS[state, verb]
    else:
        with pytest.raises(TransitionRefused):
            CONVERSION.apply(row, verb, by=None, reason="r")


@pytest.mark.parametrize("state", S.values)
def test_a_project_comes_to_each_state_by_the_actions(people: Staff, state: str) -> None:
    if state == S.WITHDRAWN:
        row = made.in_state(S.FILED, people)
        assert row.declared_by
        row = conversions.withdraw(row, by=row.declared_by)
    else:
        row = made.in_state(state, people)
    assert Conversion.objects.get(pk=row.pk).state == state


def test_the_reward_is_the_rate_of_what_is_recognised_up_to_the_cap(people: Staff) -> None:
    row = made.in_state(S.ACCEPTANCE, people)

    accepted = accepting.accept(row, spent_fen=123_456_7, by=people.city)

    # 30 % of 12 345.67 yuan, rounded half up to fen.
    assert accepted.reward_fen == 370_370
    assert accepting.reward_for(accepted, 99_000_000 * YUAN) == 100_000 * YUAN


@pytest.mark.parametrize("fen", [0, -1, 200_000 * YUAN + 1])
def test_no_more_is_recognised_than_stands_on_the_list(people: Staff, fen: int) -> None:
    row = made.in_state(S.ACCEPTANCE, people)
    with pytest.raises(ValidationError, match="stand on the list"):
        accepting.accept(row, spent_fen=fen, by=people.city)


def test_three_people_decide_and_none_for_their_own_enterprise(people: Staff) -> None:
    row = made.in_state(S.ACCEPTANCE, people)
    both = UserFactory(roles=["county_reviewer", "city_reviewer", "finance_officer"])
    Conversion.objects.filter(pk=row.pk).update(confirmed_by=both)
    with pytest.raises(ValidationError, match="Another person"):
        accepting.accept(row, spent_fen=1_000 * YUAN, by=both)

    Conversion.objects.filter(pk=row.pk).update(confirmed_by=people.county)
    row = conversions.apply_for_reward(
        accepting.accept(row, spent_fen=1_000 * YUAN, by=both), by=row.declared_by
    )
    with pytest.raises(ValidationError, match="Another person"):
        accepting.pay(row, batch="B", bank_confirmed=True, by=both)
    row.enterprise.memberships.create(user=people.finance, role="viewer")
    with pytest.raises(ValidationError, match="Somebody else"):
        accepting.pay(row, batch="B", bank_confirmed=True, by=people.finance)


def test_the_database_keeps_deciders_apart(people: Staff) -> None:
    row = made.in_state(S.ACCEPTED, people)
    with pytest.raises(IntegrityError, match="conversion_deciders_differ"), transaction.atomic():
        Conversion.objects.filter(pk=row.pk).update(accepted_by=people.county)


@pytest.mark.parametrize(
    ("value", "days_ago", "source", "said"),
    [
        (2, 100, "assessment", "older than the contract"),
        (1, 0, "assessment", "asks for level 2"),
        (None, 0, "", "older than the contract"),
    ],
)
def test_the_level_after_must_be_new_and_high_enough(
    people: Staff, value: int | None, days_ago: int, source: str, said: str
) -> None:
    row = made.in_state(S.IN_PROGRESS, people)
    if value is not None:
        made.level(row.enterprise, value, calendar.today() - timedelta(days=days_ago), source)
    with pytest.raises(ValidationError, match=said):
        conversions.take_result(row, by=row.declared_by)


def test_an_own_statement_is_no_assessment() -> None:
    enterprise, owner = works()
    row = conversions.intend(made.scheme(), enterprise, goal="更快", by=owner)
    made.level(enterprise, 3, source="self")
    with pytest.raises(ValidationError, match="No assessed"):
        conversions.take_baseline(row, by=owner)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"signed_on": calendar.today() - timedelta(days=201)}, "contract_on"),
        ({"signed_on": calendar.today() + timedelta(days=1)}, "contract_on"),
        ({"price_fen": 0}, "contract_fen"),
        ({"upload": None}, "contract_file"),
    ],
)
def test_a_wrong_filing_is_said_by_field(people: Staff, fields: dict[str, Any], field: str) -> None:
    row = made.in_state(S.BASELINE, people)
    with pytest.raises(ValidationError) as refused:
        conversions.file(row, made.filing(**fields), truthful=True, by=row.started_by)
    assert list(refused.value.error_dict) == [field]
    assert Conversion.objects.get().state == S.BASELINE


def test_one_project_a_scheme_and_only_in_its_region(people: Staff) -> None:
    row = made.in_state(S.FILED, people)
    with pytest.raises(ValidationError, match="already"):
        conversions.intend(row.scheme, row.enterprise, goal="x", by=row.declared_by)
    conversions.withdraw(row, by=row.declared_by)
    assert conversions.intend(row.scheme, row.enterprise, goal="x", by=row.declared_by).state == S.INTENDED

    elsewhere = made.scheme(region=Region.objects.get(code="370100"))
    with pytest.raises(ValidationError, match="another region"):
        conversions.intend(elsewhere, row.enterprise, goal="x", by=row.declared_by)


def test_an_invoice_counts_once_for_projects_and_vouchers_in_any_spelling(people: Staff) -> None:
    row = made.in_state(S.IN_PROGRESS, people)
    conversions.add_invoice(row, made.bought(invoice_number="鲁 No.12-34"), by=row.declared_by)

    with pytest.raises(ValidationError) as refused:
        conversions.add_invoice(row, made.bought(invoice_number="（鲁）ＮＯ１２３４"), by=row.declared_by)
    assert list(refused.value.error_dict) == ["invoice_number"]

    voucher = vouchers.backdate(vouchers.in_state("in_use", people), 40)
    with pytest.raises(ValidationError, match="claimed already"):
        using.claim(voucher, vouchers.claim(voucher, invoice_number="鲁NO1234"), by=voucher.declared_by)

    conversions.withdraw(row, by=row.declared_by)
    using.claim(voucher, vouchers.claim(voucher, invoice_number="鲁NO1234"), by=voucher.declared_by)


def test_what_a_voucher_has_claimed_no_project_lists(people: Staff) -> None:
    voucher = vouchers.in_state("claimed", people)
    row = made.in_state(S.IN_PROGRESS, people)
    with pytest.raises(ValidationError, match="put in already"):
        conversions.add_invoice(
            row, made.bought(invoice_number=voucher.claim.invoice_number), by=row.declared_by
        )
    assert Spending.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"invoice_on": calendar.today() - timedelta(days=91)}, "invoice_on"),
        ({"invoice_on": calendar.today() + timedelta(days=1)}, "invoice_on"),
        ({"amount_fen": 0}, "amount_fen"),
        ({"invoice_number": " -- "}, "invoice_number"),
    ],
)
def test_a_wrong_invoice_is_said_by_field(people: Staff, fields: dict[str, Any], field: str) -> None:
    row = made.in_state(S.IN_PROGRESS, people)
    with pytest.raises(ValidationError) as refused:
        conversions.add_invoice(row, made.bought(**fields), by=row.declared_by)
    assert list(refused.value.error_dict) == [field]


def test_the_list_is_closed_once_acceptance_is_applied_for(people: Staff) -> None:
    row = made.in_state(S.ACCEPTANCE, people)
    with pytest.raises(TransitionRefused):
        conversions.add_invoice(row, made.bought(invoice_number="X9"), by=row.declared_by)
    with pytest.raises(TransitionRefused):
        conversions.remove_invoice(row, row.spending.get().key, by=row.declared_by)


def test_everybody_hears_when_it_is_their_turn(people: Staff) -> None:
    row = made.in_state(S.AUDITED, people)
    assert row.declared_by
    owner = str(row.declared_by)
    assert told("conversion_to_decide") == [
        str(people.county), str(people.city), str(people.checker), str(people.finance),
    ]  # fmt: skip
    assert [told(f"conversion_{kind}") for kind in ("confirmed", "accepted", "paid")] == [[owner]] * 3


def test_a_scheme_is_published_by_another_person_than_its_author(people: Staff) -> None:
    row = made.scheme(state="draft", author=people.finance)
    with pytest.raises(ValidationError, match="Another person"):
        accepting.publish(row, by=people.finance)
    assert accepting.publish(row, by=UserFactory(roles=["finance_officer"])).state == "open"
    assert {(source, one.verb): one.target for one in SCHEME for source in one.sources} == {
        ("draft", "publish"): "open",
        ("open", "close"): "closed",
    }


def test_a_scheme_says_what_it_has_promised_and_paid(people: Staff) -> None:
    row = made.scheme()
    for state in (S.IN_PROGRESS, S.ACCEPTED, S.REWARD, S.PAID):
        made.in_state(state, people, scheme=row)
    other = made.scheme()

    sums = {one.pk: (one.promised_fen, one.paid_fen) for one in ConversionScheme.objects.with_sums()}

    assert sums == {row.pk: (120_000 * YUAN, 60_000 * YUAN), other.pk: (0, 0)}


@pytest.mark.django_db(transaction=True)
def test_the_same_invoice_by_two_people_at_once_counts_once() -> None:
    people = staff()
    rows = [made.in_state(S.IN_PROGRESS, people, scheme=made.scheme()) for _one in "12"]

    def add(row: Conversion) -> str:
        try:
            conversions.add_invoice(row, made.bought(invoice_number="SAME-1"), by=row.declared_by)
        except ValidationError:
            return "refused"
        return "added"

    assert sorted(map(str, together(*(lambda row=row: add(row) for row in rows)))) == ["added", "refused"]
    assert Spending.objects.count() == 1
