"""What hangs together, on both pages and at the desk; versions as they were."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from core.models import Event
from enterprises.actions import record_fact
from services.policies import history, sheet, together, versions
from services.policies.models import ItemCriteria, ItemRelation, NoticeRelation, PolicyItem, PolicyNotice
from services.policies.together import Tie
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import cast
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, NoticeFactory, corrected, published
from tests.services.policies.views.test_checking import words

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 25)


def item(slug: str, **fields: Any) -> PolicyItem:
    return published(
        slug=slug, title_en=slug, items=[{"title_en": slug, "criteria": [], **fields}]
    ).items.get()


def ties_of(item: PolicyItem) -> list[Tie]:
    return together.ties(together.with_ties(PolicyItem.objects.all()).get(pk=item.pk))


# --- on the pages -----------------------------------------------------------------------


def test_items_that_exclude_each_other_warn_on_both_pages(client: Client) -> None:
    lathe, press = item("lathe"), item("press")
    ItemRelation.objects.create(item=lathe, kind="excludes", other=press, source="鲁工信〔2026〕1号第5条")

    assert "Cannot be combined with : press 鲁工信〔2026〕1号第5条" in words(
        client.get("/en/policies/lathe/").content
    )
    assert "Cannot be combined with : lathe" in words(client.get("/en/policies/press/").content)


@pytest.mark.parametrize(
    ("kind", "outward", "inward"),
    [
        ("stacks", "Can be combined with", "Can be combined with"),
        ("needs", "Only together with", "Is needed for"),
    ],
)
def test_ties_read_from_both_sides(kind: str, outward: str, inward: str) -> None:
    lathe, press = item("lathe"), item("press")
    ItemRelation.objects.create(item=lathe, kind=kind, other=press)

    with translation.override("en"):
        found = [[(tie.words, tie.other.label) for tie in ties_of(one)] for one in (lathe, press)]

    assert found == [[(outward, "press")], [(inward, "lathe")]]


def test_ties_that_are_not_valid_or_lead_to_a_draft_are_not_shown() -> None:
    lathe, press = item("lathe"), item("press")
    draft = NoticeFactory().items.create(kind="funding", title_zh="草稿")
    ItemRelation.objects.create(item=lathe, kind="excludes", other=press, is_valid=False)
    ItemRelation.objects.create(item=lathe, kind="excludes", other=draft)

    assert [ties_of(lathe), ties_of(press)] == [[], []]


@pytest.mark.parametrize(
    ("kind", "outward", "inward"),
    [
        ("implements", "Implements", "Is implemented by"),
        ("replaces", "Replaces in part", "Is replaced in part by"),
        ("related", "See also", "See also"),
    ],
)
def test_related_notices_stand_on_both_pages(client: Client, kind: str, outward: str, inward: str) -> None:
    city, province = item("city").notice, item("province").notice
    NoticeRelation.objects.create(notice=city, kind=kind, other=province)

    assert f"{outward}: province" in words(client.get("/en/policies/city/").content)
    assert f"{inward}: city" in words(client.get("/en/policies/province/").content)


def test_a_draft_or_withdrawn_relation_is_not_shown() -> None:
    city, province = item("city").notice, item("province").notice
    NoticeRelation.objects.create(notice=city, kind="related", other=province, is_valid=False)
    NoticeRelation.objects.create(notice=city, kind="related", other=NoticeFactory())

    whole = together.with_related(PolicyNotice.objects.all()).get(pk=city.pk)

    assert together.related(whole) == []


def test_nothing_is_tied_to_itself_or_twice() -> None:
    lathe, press = item("lathe"), item("press")
    ItemRelation.objects.create(item=lathe, kind="excludes", other=press)

    for other in (lathe, press):
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemRelation.objects.create(item=lathe, kind="stacks", other=other)


# --- the best combination -----------------------------------------------------------------


@pytest.fixture
def _nothing_else() -> None:
    ItemCriteria.objects.update(is_open=False)


@pytest.mark.usefixtures("_nothing_else")
def test_the_best_combination_respects_what_excludes_each_other(
    client: Client, django_assert_num_queries: Any
) -> None:
    people = cast()
    record_fact(people.enterprise, "region", "370211", source="self", on=ON, by=None)
    large = item("Large", max_fen=50_000_000, closes_on=date(2027, 3, 1), criteria=[IN_QINGDAO])
    for n, title in enumerate(("Small", "Middle"), start=1):
        other = item(title, max_fen=n * 10_000_000, closes_on=date(2027, n, 1))
        ItemRelation.objects.create(item=large, kind="excludes", other=other)
    item("Free", max_fen=1_000_000, closes_on=date(2027, 1, 15))
    item("Not-mine", criteria=[AT_MOST_300])
    sign_in(client, people.li)
    client.get("/en/policies/combination/")

    with django_assert_num_queries(9):
        page = client.get("/en/policies/combination/")

    advice = page.context["advice"]
    assert [one.title for one in advice.chosen] == ["Free", "Large"]
    assert [one.title for one in advice.left_out] == ["Small", "Middle"]
    assert "Together up to CNY 510,000." in words(page.content)


def test_without_any_answer_there_is_nothing_to_combine(client: Client) -> None:
    assert client.get("/policies/combination/")["Location"] == "/policies/fitting/"


# --- versions -----------------------------------------------------------------------------


def changed(slug: str) -> PolicyNotice:
    """Publish a notice and then a second version of it with a nearer last day."""
    lathe = item(slug, closes_on=date(2026, 12, 31), max_fen=50_000_000)
    PolicyItem.objects.filter(pk=lathe.pk).update(closes_on=date(2026, 12, 21), max_fen=30_000_000)
    notice = PolicyNotice.objects.get(pk=lathe.notice_id)
    notice.version = 2
    notice.save()
    versions.keep(notice, by=None)
    return notice


def test_a_notice_says_what_its_versions_changed(client: Client) -> None:
    changed("moved")

    page = words(client.get("/en/policies/moved/").content)

    assert "moved : Amount per enterprise: CNY 500,000 → CNY 300,000" in page
    assert "moved : Last day: moved 10 days earlier, from 2026-12-31 to 2026-12-21" in page


def test_a_version_is_shown_as_it_was(client: Client) -> None:
    changed("moved")

    old = words(client.get("/en/policies/moved/versions/1/").content)
    latest = words(client.get("/en/policies/moved/versions/2/").content)

    assert "at most CNY 500,000" in old
    assert "It has been changed since." in old
    assert "at most CNY 300,000" in latest
    assert "This is the latest version." in latest


def test_a_version_costs_two_queries(client: Client, django_assert_num_queries: Any) -> None:
    changed("moved")

    with django_assert_num_queries(2):
        client.get("/policies/moved/versions/1/")


@pytest.mark.parametrize("number", ["0", "3", "99999999999999999999"])
def test_a_version_that_never_was_is_404(client: Client, number: str) -> None:
    changed("moved")

    assert client.get(f"/policies/moved/versions/{number}/").status_code == 404


def test_versions_of_a_draft_are_not_public(client: Client) -> None:
    notice = NoticeFactory(slug="draft", version=1)
    versions.keep(notice, by=None)

    assert client.get("/policies/draft/versions/1/").status_code == 404


def test_a_snapshot_with_values_nobody_can_read_still_has_a_page() -> None:
    notice = changed("moved")
    version = notice.versions.get(number=1)
    version.snapshot |= {"issued_on": "some day", "gone": 1}
    version.snapshot["items"][0]["max_fen"] = "much"

    found = history.as_it_was(version, ON)

    assert (found.notice.issued_on, found.claims[0].item.max_fen) == (None, None)


# --- reached by phone -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contact", "numbers"),
    [
        ("青岛市工信局 0532-85911234，12345", ("0532-85911234", "12345")),
        ("张工 138 0000 0000", ("138 0000 0000",)),
        ("400-123-4567", ("400-123-4567",)),
        ("房间 2026，文号 15", ()),
        ("370200123456789012", ()),
        ("", ()),
    ],
)
def test_numbers_in_a_contact_can_be_dialled(contact: str, numbers: tuple[str, ...]) -> None:
    assert sheet.phones(contact) == numbers


def test_a_contact_that_is_only_a_number_is_shown_once(client: Client) -> None:
    published(slug="call", contact="12345")

    page = client.get("/en/policies/call/").content.decode()

    assert page.count("12345") == len(['href="tel:12345"', "Call 12345"])


def test_a_notice_has_a_phone_link_and_a_picture_to_scan(client: Client) -> None:
    published(slug="call", contact="0532-85911234")

    page = client.get("/en/policies/call/").content.decode()

    assert 'href="tel:053285911234"' in page
    assert 'role="img" aria-label="QR code of this page"' in page


# --- the desk ---------------------------------------------------------------------------------


def test_a_reviewer_enters_a_relation_and_it_is_recorded(client: Client) -> None:
    lathe, press = item("lathe"), item("press")
    qin = UserFactory(name="Qin", roles=["reviewer"])

    response = sign_in(client, qin).post(
        reverse("admin:policies_itemrelation_add"),
        {"item": lathe.pk, "kind": "excludes", "other": press.pk, "source": "第5条", "is_valid": "on"},
    )

    assert response.status_code == 302
    relation = ItemRelation.objects.get()
    assert (relation.item, relation.other, relation.kind) == (lathe, press, "excludes")
    assert Event.objects.filter(subject_id=relation.pk, verb="add", actor_id=qin.pk).exists()


@pytest.mark.parametrize("turned", [False, True])
def test_two_items_are_related_once_whichever_way(client: Client, turned: bool) -> None:
    lathe, press = item("lathe"), item("press")
    ItemRelation.objects.create(item=lathe, kind="excludes", other=press)
    one, other = (press, lathe) if turned else (lathe, press)

    page = sign_in(client, UserFactory(roles=["reviewer"])).post(
        reverse("admin:policies_itemrelation_add"),
        {"item": one.pk, "kind": "stacks", "other": other.pk, "is_valid": "on"},
    )

    assert page.status_code == 200
    assert ItemRelation.objects.count() == 1


@pytest.mark.parametrize("model", ["itemrelation", "noticerelation"])
def test_nothing_is_related_to_itself_at_the_desk(client: Client, model: str) -> None:
    lathe = item("lathe")
    pk = lathe.pk if model == "itemrelation" else lathe.notice_id
    side = model.removesuffix("relation")

    page = sign_in(client, UserFactory(roles=["reviewer"])).post(
        reverse(f"admin:policies_{model}_add"), {side: pk, "kind": "related", "other": pk, "is_valid": "on"}
    )

    assert page.status_code == 200
    assert (ItemRelation.objects.count(), NoticeRelation.objects.count()) == (0, 0)


@pytest.mark.parametrize("role", ["publisher", "policymaker", "auditor", "triage_officer"])
def test_others_read_relations_and_cannot_enter_them(client: Client, role: str) -> None:
    sign_in(client, UserFactory(roles=[role]))

    assert client.get(reverse("admin:policies_itemrelation_changelist")).status_code == 200
    assert client.get(reverse("admin:policies_itemrelation_add")).status_code == 403
    assert client.get(reverse("admin:policies_noticerelation_add")).status_code == 403


def test_steps_say_what_changed_without_reading_official_texts(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    notice = published(slug="thrice", body_zh="<p>甲</p>", contact="12345")
    notice = corrected(corrected(notice, contact="96871"), body_zh="<p>乙</p>")

    with django_assert_num_queries(1):
        steps = history.steps(notice)

    assert [[change.field for change in step.changes] for step in steps] == [["body_zh"], ["contact"], []]
    assert "甲" not in str(steps)


def test_a_notice_without_a_kept_version_has_a_page(client: Client) -> None:
    notice = published(slug="bulk")
    notice.versions.all().delete()

    assert history.steps(notice) == []
    assert client.get("/policies/bulk/").status_code == 200
