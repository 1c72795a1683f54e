"""The desk of the money: every verb as a button, queues by turn, nothing to type into a state."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from core import calendar, once
from enterprises.models import Region, StaffScope
from services.cloud import ledger
from services.cloud.actions import checking, programmes, signals
from services.cloud.models import (
    Flag,
    LedgerEntry,
    Listing,
    Programme,
    Reconciliation,
    SpotVisit,
    Voucher,
    VoucherState,
)
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.vouchers import COUNTY, ProgrammeFactory, Staff, in_state, product, programme, staff

pytestmark = pytest.mark.django_db
S = VoucherState
QUEUE = "/admin/cloud/voucher/"


@pytest.fixture(autouse=True)
def _in_english() -> None:
    translation.activate("en")


@pytest.fixture
def people() -> Staff:
    return staff()


def press(client: Client, row: Any, verb: str, **data: Any) -> Any:
    address = f"/admin/cloud/{row._meta.model_name}/{row.pk}/{verb}/"
    return client.post(address, {"form_token": once.new_token(), **data})


def shown(page: Any) -> list[str]:
    return [row.reference for row in page.context["cl"].result_list]


@pytest.mark.parametrize(
    ("state", "who", "verb", "data", "after"),
    [
        (S.SUBMITTED, "county", "ask", {"reason": "r"}, S.RETURNED),
        (S.SUBMITTED, "county", "pass", {}, S.COUNTY_PASSED),
        (S.SUBMITTED, "county", "reject", {"reason": "r"}, S.REJECTED),
        (S.COUNTY_PASSED, "city", "approve", {}, S.ISSUED),
        (S.COUNTY_PASSED, "city", "refuse", {"reason": "r"}, S.REJECTED),
        (S.CLAIMED, "checker", "query", {"reason": "r"}, S.CLAIM_RETURNED),
        (S.CLAIMED, "checker", "verify", {}, S.VERIFIED),
        (S.VERIFIED, "finance", "settle", {"batch": "B", "bank_confirmed": "on"}, S.SETTLED),
        (S.SETTLED, "finance", "reclaim", {"reason": "r", "finding": "A-1"}, S.CLAWBACK_DUE),
        (S.CLAWBACK_DUE, "finance", "recover", {"amount_fen": "3000"}, S.RECOVERED),
        (S.CLAWBACK_DUE, "finance", "write_off", {"reason": "r"}, S.WRITTEN_OFF),
    ],
)
def test_each_verb_is_a_button_of_its_role_and_shows_itself_first(
    client: Client, people: Staff, state: str, who: str, verb: str, data: dict[str, str], after: str
) -> None:
    voucher = in_state(state, people)
    sign_in(client, getattr(people, who))

    assert client.get(f"{QUEUE}{voucher.pk}/{verb}/").status_code == 200
    assert client.get(f"{QUEUE}{voucher.pk}/change/").status_code == 200
    press(client, voucher, verb, **data)

    assert Voucher.objects.get(pk=voucher.pk).state == after
    assert ledger.differences() == []


@pytest.mark.parametrize("who", ["county", "finance", "auditor"])
def test_other_roles_read_and_decide_nothing(client: Client, people: Staff, who: str) -> None:
    voucher = in_state(S.COUNTY_PASSED, people)
    sign_in(client, getattr(people, who))

    assert client.get(f"{QUEUE}{voucher.pk}/change/").status_code == 200
    assert press(client, voucher, "approve").status_code == 403
    assert Voucher.objects.get(pk=voucher.pk).state == S.COUNTY_PASSED


def test_who_comes_second_is_told_who_and_when(client: Client, people: Staff) -> None:
    voucher = in_state(S.COUNTY_PASSED, people)
    other = Client()
    press(sign_in(other, people.city), voucher, "approve")

    page = sign_in(client, people.checker).get(f"{QUEUE}{voucher.pk}/approve/", follow=True)

    assert "City" in page.content.decode()


def test_the_queues_are_sorted_by_turn(client: Client, people: Staff) -> None:
    rows = {state: in_state(state, people) for state in (S.SUBMITTED, S.COUNTY_PASSED, S.CLAIMED, S.VERIFIED)}
    sign_in(client, people.auditor)

    found = {queue: shown(client.get(QUEUE, {"queue": queue})) for queue in ("county", "city", "finance")}

    assert found["county"] == [rows[S.SUBMITTED].reference]
    assert sorted(found["city"]) == sorted([rows[S.COUNTY_PASSED].reference, rows[S.CLAIMED].reference])
    assert found["finance"] == [rows[S.VERIFIED].reference]


def test_staff_read_that_the_enterprise_is_waited_for_not_they(client: Client, people: Staff) -> None:
    voucher = in_state(S.RETURNED, people)
    people.county.language = "en"
    people.county.save(update_fields=["language"])
    sign_in(client, people.county)

    pages = [client.get(address) for address in (QUEUE, f"{QUEUE}{voucher.pk}/change/")]

    for page in pages:
        assert "Waiting for the enterprise" in page.content.decode()
        assert "Waiting for you" not in page.content.decode()


def test_a_reconciliation_is_named_by_the_time_of_shandong() -> None:
    assert str(Reconciliation(ran_at=datetime(2026, 11, 30, 22, 30, tzinfo=UTC))) == "2026-12-01 06:30"


def test_a_region_sees_its_own(client: Client, people: Staff) -> None:
    voucher = in_state(S.SUBMITTED, people)
    StaffScope.objects.create(user=people.county, region=Region.objects.get(code="370100"))

    assert shown(sign_in(client, people.county).get(QUEUE)) == []
    assert client.get(f"{QUEUE}{voucher.pk}/change/", follow=True).redirect_chain


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_takes_the_same_queries_however_long(
    client: Client, people: Staff, django_assert_max_num_queries: Any, count: int
) -> None:
    row, bought = programme(), product()
    for _number in range(count):
        in_state(S.SUBMITTED, people, programme=row, product=bought)
    sign_in(client, people.county).get(QUEUE)

    with django_assert_max_num_queries(11):
        page = client.get(QUEUE)

    assert len(shown(page)) == count


# --- programmes -----------------------------------------------------------------------


def test_two_people_make_a_programme_run(client: Client, people: Staff) -> None:
    lead = UserFactory(email="lead@desk.example", language="en", roles=["triage_lead"])
    form = {
        "slug": "p-2026", "title_zh": "券", "rate_percent": "30", "cap_fen": "100,000",
        "smallest_fen": "1000", "opens_on": calendar.today().isoformat(),
        "closes_on": calendar.today().isoformat(), "yearly_limit": "1", "validity_days": "90",
        "extension_days": "30", "claim_within_days": "180", "usage_days": "30", "county_days": "5",
        "city_days": "5", "resubmit_days": "10", "settle_days": "20", "onsite_percent": "5",
        "regions": ["370200"], "sizes": ["small", "micro"], "employees_max": "300",
    }  # fmt: skip
    sign_in(client, lead)
    wrong = client.post("/admin/cloud/programme/add/", form | {"cap_fen": "1e5"})
    assert "out in full" in wrong.content.decode()
    client.post("/admin/cloud/programme/add/", form)
    row = Programme.objects.get()
    assert [one["fact"] for one in row.criteria] == ["region", "size", "employees"]
    assert client.get(f"/admin/cloud/programme/{row.pk}/change/").status_code == 200

    finance = sign_in(Client(), people.finance)
    empty = press(finance, row, "publish")
    assert "no budget" in empty.content.decode()
    budget = {"region": COUNTY, "amount_fen": "10000", "reason": "decision 1"}
    press(finance, row, "grant", **budget)
    press(finance, row, "publish")

    row.refresh_from_db()
    assert row.state == "published"
    too_much = press(finance, row, "retract", **budget | {"amount_fen": "10000.01"})
    assert "10,000 yuan are available" in too_much.content.decode()
    assert row.funds.get().budget_fen == 1_000_000
    assert client.get(f"/admin/cloud/programme/{row.pk}/change/").status_code == 200


def test_the_author_does_not_publish() -> None:
    author = UserFactory()
    with pytest.raises(ValidationError, match="You wrote"):
        programmes.publish(ProgrammeFactory(state="draft", author=author), by=author)


def test_a_programme_is_settled_when_nothing_is_under_way(people: Staff) -> None:
    voucher = in_state(S.VERIFIED, people)
    closed = programmes.close(voucher.programme, reason="r", by=people.finance)

    with pytest.raises(ValidationError, match="1 vouchers"):
        programmes.settle(closed, by=people.finance)


# --- the proof ------------------------------------------------------------------------


def test_every_figure_leads_to_its_entries(client: Client, people: Staff) -> None:
    voucher = in_state(S.SETTLED, people)
    assert voucher.fund
    sign_in(client, people.auditor)

    fund = client.get(f"/admin/cloud/fund/{voucher.fund.pk}/change/").content.decode()
    entries = client.get("/admin/cloud/ledgerentry/", {"fund__id__exact": voucher.fund.pk})
    entry = LedgerEntry.objects.latest("pk")

    assert "settled: 3,000; sum of the entries 3,000" in fund
    assert entries.context["cl"].result_count == 5
    assert client.get(f"/admin/cloud/ledgerentry/{entry.pk}/change/").status_code == 200
    assert client.get("/admin/cloud/fund/").status_code == 200
    assert press(client, entry, "change").status_code == 403


def test_finance_proves_the_ledger_at_any_time(client: Client, people: Staff) -> None:
    in_state(S.ISSUED, people)

    page = sign_in(client, people.finance).post("/admin/cloud/reconciliation/run/", follow=True)

    assert "every figure is proved" in page.content.decode()
    row = Reconciliation.objects.get()
    assert (row.funds, row.entries, row.vouchers, row.differences) == (1, 3, 1, [])
    assert sign_in(Client(), people.auditor).post("/admin/cloud/reconciliation/run/").status_code == 403


# --- visits and signals ---------------------------------------------------------------


def test_the_draw_can_be_drawn_again_and_happens_once(people: Staff) -> None:
    drawn_from = [in_state(S.IN_USE, people) for _number in "123"]
    references = sorted(voucher.reference for voucher in drawn_from)

    draw = checking.draw("2026-11")

    assert draw
    assert draw.population == references
    percent = drawn_from[0].programme.onsite_percent
    assert [visit.voucher.reference for visit in draw.visits.all()] == checking.drawn_from(
        references, draw.seed, percent
    )
    # Neither the county nor the city reviewer who decided is sent.
    assert draw.visits.get().inspector == people.checker
    assert checking.draw("2026-11") is None


def test_a_visit_is_reported_once(client: Client, people: Staff) -> None:
    in_state(S.IN_USE, people)
    checking.draw("2026-11")
    visit = SpotVisit.objects.get()
    sign_in(client, people.checker)

    said = {"visited_on": calendar.today().isoformat(), "outcome": "in_order", "report": "Seen."}
    press(client, visit, "report", **said)

    visit.refresh_from_db()
    assert (visit.outcome, visit.reported_by) == ("in_order", people.checker)
    assert client.get(f"/admin/cloud/spotdraw/{visit.draw_id}/change/").status_code == 200
    with translation.override("en"), pytest.raises(ValidationError, match="already"):
        checking.report_visit(
            visit, visited_on=calendar.today(), outcome="in_order", report="x", by=people.checker
        )


def test_staff_raise_what_no_row_can_show_once_and_with_words(client: Client, people: Staff) -> None:
    voucher = in_state(S.SETTLED, people)
    sign_in(client, people.city)

    empty = press(client, voucher, "raise_flag", code="refunded", seen=" ")
    assert empty.status_code == 200
    press(client, voucher, "raise_flag", code="refunded", seen="Half came back in cash.")
    again = press(client, voucher, "raise_flag", code="refunded", seen="Once more.")

    assert "raised already" in again.content.decode()
    assert [(row.code, row.data) for row in Flag.objects.open()] == [
        ("refunded", {"seen": "Half came back in cash."})
    ]
    assert "Half came back in cash." in client.get(f"{QUEUE}{voucher.pk}/change/").content.decode()
    assert (
        press(sign_in(client, people.finance), voucher, "raise_flag", code="early", seen="x").status_code
        == 403
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("same_place", "provider and enterprise at one address"),
        ("filled_in", "filled in by the provider"),
    ],
)
def test_what_was_seen_stands_with_the_signal(client: Client, people: Staff, code: str, words: str) -> None:
    voucher = in_state(S.SUBMITTED, people)
    sign_in(client, people.county)

    press(client, voucher, "raise_flag", code=code, seen="Told on the phone.")

    page = client.get(f"{QUEUE}{voucher.pk}/change/").content.decode()
    assert words in page
    assert "Told on the phone." in page


def test_a_signal_is_shown_with_its_reason_and_cleared_with_words(client: Client, people: Staff) -> None:
    voucher = in_state(S.ISSUED, people)
    Listing.objects.update(representative=voucher.declared_by)
    flag = signals.look_at(voucher)[0]
    sign_in(client, people.county)

    page = client.get(f"{QUEUE}{voucher.pk}/change/").content.decode()
    assert "have in common: person" in page
    assert shown(client.get(QUEUE, {"queue": "flagged"})) == [voucher.reference]
    press(client, flag, "clear", note="Brothers, told us so.")

    assert Flag.objects.get().cleared_by == people.county
    assert shown(client.get(QUEUE, {"queue": "flagged"})) == []
