"""The desk of policies: every door by the publisher, the reviewer and those who may not."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enterprises.criteria import read_criteria
from services.policies.models import PolicyItem, PolicyNotice, State
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import MembershipFactory
from tests.factories.policies import IN_QINGDAO, ItemFactory, NoticeFactory, approved, published

pytestmark = pytest.mark.django_db

LIST = "/admin/policies/policynotice/"


@pytest.fixture
def sun(db: None) -> Any:
    return UserFactory(name="Sun", roles=["publisher"])


@pytest.fixture
def qin(db: None) -> Any:
    return UserFactory(name="Qin", roles=["reviewer"])


def page_of(notice: PolicyNotice) -> str:
    return reverse("admin:policies_policynotice_change", args=[notice.pk])


def verb_of(notice: PolicyNotice, verb: str) -> str:
    return reverse(f"admin:policies_policynotice_{verb}", args=[notice.pk])


def entered(**item: Any) -> dict[str, Any]:
    """Give what a publisher enters for a notice with one item."""
    notice = {
        "title_zh": "海塔补贴", "issuer_zh": "青岛市工业和信息化局", "level": "municipal", "region": "370200",
        "kind": "funding", "summary_zh": "买机床可以领补贴。", "issued_precision": "day",
        "effective_from_precision": "day", "document_number": "青工信发（2026）9号",
    }  # fmt: skip
    rows = {"position": "1", "kind": "funding", "title_zh": "机床补贴", "delivery": "application", **item}
    counts = {"items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0"}
    return notice | counts | {f"items-0-{name}": value for name, value in rows.items()}


def test_a_publisher_writes_a_notice_with_its_conditions_in_plain_fields(client: Client, sun: Any) -> None:
    sign_in(client, sun)
    fields = {
        "max_fen": "50", "regions": ["370200"], "industries": ["C"], "sizes": ["small", "micro"],
        "quals_any": ["zjtx", "high_tech"], "employees_max": "300", "revenue_min": "500.5",
        "discretion_zh": "无失信记录\n无安全事故",
    }  # fmt: skip

    response = client.post(f"{LIST}add/", entered(**fields))

    assert response.status_code == 302, response.context["errors"]
    item = PolicyItem.objects.get(title_zh="机床补贴")
    assert (item.notice.author, item.notice.state, item.max_fen) == (sun, State.DRAFT, 50_000_000)
    assert [(one.fact, one.op.value, one.kind.value) for one in read_criteria(item.criteria)] == [
        ("region", "within", "gate"),
        ("industry", "within", "gate"),
        ("size", "one_of", "gate"),
        ("qualification", "has_any", "gate"),
        ("employees", "at_most", "gate"),
        ("revenue_wan", "at_least", "gate"),
        ("", "unstated", "discretionary"),
        ("", "unstated", "discretionary"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens_on": "2026-02-02", "closes_on": "2026-02-01"},
        {"employees_min": "300", "employees_max": "20"},
        {"max_fen": "很多"},
        {"employees_max": "-1"},
        {"is_open_all_year": "on", "closes_on": "2026-02-01"},
    ],
)
def test_what_cannot_be_right_is_told_and_nothing_is_saved(
    client: Client, sun: Any, wrong: dict[str, str]
) -> None:
    sign_in(client, sun)

    response = client.post(f"{LIST}add/", entered(**wrong))

    assert response.status_code == 200
    assert not PolicyNotice.objects.filter(title_zh="海塔补贴").exists()


def test_a_document_number_that_is_taken_is_warned_about(client: Client, sun: Any) -> None:
    NoticeFactory(document_number="青工信发〔2026〕9号", slug="the-first")
    sign_in(client, sun)

    page = client.post(f"{LIST}add/", entered(), follow=True)

    assert "the-first" in next(str(one) for one in page.context["messages"])


def test_an_item_keeps_its_conditions_when_saved_again(client: Client, sun: Any) -> None:
    item = ItemFactory(criteria=[IN_QINGDAO], notice__author=sun)
    sign_in(client, sun)
    form = client.get(page_of(item.notice)).context["inline_admin_formsets"][0].formset.forms[0]

    assert form.initial["regions"] == ["370200"]


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED, State.PUBLISHED])
def test_nothing_is_edited_once_it_is_out_of_the_authors_hands(
    client: Client, sun: Any, state: State
) -> None:
    notice = published(author=sun) if state == State.PUBLISHED else NoticeFactory(state=state, author=sun)
    ItemFactory(notice=notice, criteria=[IN_QINGDAO])
    sign_in(client, sun)

    assert client.get(page_of(notice)).status_code == 200
    assert client.post(page_of(notice), entered()).status_code == 403
    assert PolicyNotice.objects.get(pk=notice.pk).title_zh == notice.title_zh


def test_the_reviewer_sees_the_conditions_in_words_and_changes_nothing(client: Client, qin: Any) -> None:
    notice = NoticeFactory(state=State.IN_REVIEW)
    ItemFactory(notice=notice, criteria=[IN_QINGDAO])
    sign_in(client, qin)

    page = client.get(page_of(notice))

    assert "青岛市" in page.content.decode()
    assert 'name="title_zh"' not in page.content.decode()


@pytest.mark.parametrize(
    ("state", "verb", "role", "fields", "target"),
    [
        (State.DRAFT, "submit", "publisher", {}, State.IN_REVIEW),
        (State.RETURNED, "revise", "publisher", {}, State.DRAFT),
        (State.IN_REVIEW, "approve", "reviewer", {}, State.APPROVED),
        (State.IN_REVIEW, "return_to_author", "reviewer", {"reason": "金额不对"}, State.RETURNED),
        (State.APPROVED, "publish", "reviewer", {}, State.PUBLISHED),
        (
            State.APPROVED,
            "schedule",
            "reviewer",
            {"publish_at_0": "2099-01-01", "publish_at_1": "08:00"},
            State.APPROVED,
        ),
    ],
)
def test_each_button_does_its_verb_for_its_role_and_for_no_other(
    client: Client, state: State, verb: str, role: str, fields: dict[str, str], target: State
) -> None:
    notice = NoticeFactory(state=state)
    for other in ("triage_officer", "auditor", "reviewer" if role == "publisher" else "publisher"):
        refused = sign_in(Client(), UserFactory(roles=[other])).post(verb_of(notice, verb), fields)
        assert refused.status_code == (404 if other == "triage_officer" else 403)
    sign_in(client, UserFactory(roles=[role]))
    assert client.get(verb_of(notice, verb)).status_code == 200

    client.post(verb_of(notice, verb), fields)

    assert PolicyNotice.objects.get(pk=notice.pk).state == target


def test_a_successor_is_chosen_among_published_notices(client: Client, qin: Any) -> None:
    old, new = published(), published()
    sign_in(client, qin)

    client.post(verb_of(old, "supersede"), {"successor": new.pk})

    assert PolicyNotice.objects.get(pk=old.pk).superseded_by == new


def test_the_author_is_told_why_they_cannot_approve_their_own(client: Client, qin: Any) -> None:
    notice = NoticeFactory(state=State.IN_REVIEW, author=qin)
    sign_in(client, qin)

    page = client.post(verb_of(notice, "approve"))

    assert page.status_code == 200
    assert PolicyNotice.objects.get(pk=notice.pk).state == State.IN_REVIEW


def test_the_preview_is_the_public_page_in_both_languages(client: Client, sun: Any) -> None:
    notice = NoticeFactory(author=sun, title_zh="海塔补贴", title_en="Lathe subsidy")
    ItemFactory(notice=notice, criteria=[IN_QINGDAO])
    sign_in(client, sun)
    preview = reverse("admin:policies_policynotice_preview", args=[notice.pk])

    assert "<h1>海塔补贴</h1>" in client.get(preview).content.decode()
    assert "<h1>Lathe subsidy</h1>" in client.get(f"{preview}?language=en").content.decode()


@pytest.mark.parametrize("address", [LIST, f"{LIST}add/", "{page}", "{page}../preview/"])
def test_strangers_and_owners_see_nothing_of_the_desk(client: Client, address: str) -> None:
    notice = approved()
    place = address.format(page=page_of(notice)).replace("change/../", "")

    assert client.get(place).status_code == 302
    sign_in(client, MembershipFactory().user)
    assert client.get(place).status_code in {302, 403}


def test_a_list_is_headed_by_what_it_holds(client: Client, sun: Any) -> None:
    page = sign_in(client, sun).get(LIST)

    assert page.context["title"] == "政策"


def test_nobody_deletes_a_notice(client: Client) -> None:
    sign_in(client, UserFactory(is_superuser=True, is_staff=True))

    assert client.post(f"{LIST}{NoticeFactory().pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(client: Client, rows: int, qin: Any) -> None:
    for _ in range(rows):
        NoticeFactory(title_zh="海塔", author=qin)
    sign_in(client, qin)
    client.get(f"{LIST}?q=海塔")

    with CaptureQueriesContext(connection) as queries:
        client.get(f"{LIST}?q=海塔")

    assert len([one for one in queries if "policies_" in one["sql"]]) == 2


def test_the_page_says_what_is_missing_and_how_the_conditions_read(client: Client, sun: Any) -> None:
    notice = NoticeFactory(author=sun, summary_zh="")
    ItemFactory(notice=notice, criteria=[IN_QINGDAO], closes_on=date(2020, 1, 1))
    sign_in(client, sun)

    page = client.get(page_of(notice))

    review = page.context["review"]
    assert len(review.errors) == 1
    assert len(review.warnings) == 5
    assert [title for title, _ in review.readings] == ["数控机床补贴"]


@pytest.mark.parametrize("role", ["policymaker", "triage_officer"])
def test_drafts_are_not_seen_by_those_who_only_read(client: Client, role: str) -> None:
    draft, public = NoticeFactory(title_zh="未公开的海塔"), published(title_zh="公开的海塔")
    sign_in(client, UserFactory(roles=[role]))

    assert [row.pk for row in client.get(f"{LIST}?q=公开的海塔").context["cl"].result_list] == [public.pk]
    assert client.get(page_of(draft)).status_code == 302
    preview = reverse("admin:policies_policynotice_preview", args=[draft.pk])
    assert client.get(preview).status_code == 404


def test_the_auditor_reads_drafts_too(client: Client) -> None:
    draft = NoticeFactory()
    sign_in(client, UserFactory(roles=["auditor"]))

    assert client.get(page_of(draft)).status_code == 200


def test_an_item_is_added_without_script(client: Client, sun: Any) -> None:
    sign_in(client, sun)
    assert b'name="items-0-title_zh"' in client.get(f"{LIST}add/").content

    saved = client.post(f"{LIST}add/", entered() | {"_additem": "1"})
    again = client.get(saved.url)

    assert b'name="items-1-title_zh"' in again.content
    assert b'name="items-1-title_zh"' not in client.get(saved.url.split("?")[0]).content


def test_the_editor_stands_in_the_order_a_reader_reads(client: Client, sun: Any) -> None:
    sign_in(client, sun)

    page = client.get(f"{LIST}add/").content.decode()

    names = ("title_zh", "summary_zh", "items-0-regions", "items-0-max_fen", "items-0-closes_on", "body_zh")
    places = [page.index(f'name="{name}"') for name in (*names, "sources")]
    assert places == sorted(places)
