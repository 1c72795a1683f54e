"""A draft like another notice: the words are taken along, what belongs to the other document is not."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from services.policies import actions
from services.policies.models import PolicyNotice, State
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.policies import IN_QINGDAO, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def last_year() -> PolicyNotice:
    notice = published(
        title_zh="上云用数申报通知",
        document_number="青工信〔2025〕3号",
        issued_on=date(2025, 3, 1),
        effective_to=date(2025, 12, 31),
        body_zh="<p>正文</p>",
        contact="12345",
        items=[{"criteria": [IN_QINGDAO], "max_fen": 5_000_00, "closes_on": date(2025, 6, 30)}],
    )
    item = notice.items.get()
    actions.add_example(item, label="青岛一家", facts={"region": "370211"}, expected="met", by=None)
    return notice


def test_words_items_and_test_enterprises_come_along(last_year: PolicyNotice) -> None:
    sun = UserFactory(roles=["publisher"])

    draft = actions.draft_like(last_year, by=sun)

    item = draft.items.get()
    assert (draft.title_zh, draft.contact, draft.author, draft.state) == (
        "上云用数申报通知",
        "12345",
        sun,
        State.DRAFT,
    )
    assert (item.criteria, item.max_fen) == ([IN_QINGDAO], 5_000_00)
    assert [(one.label, one.expected) for one in item.examples.all()] == [("青岛一家", "met")]


def test_number_dates_and_text_stay_with_their_document(last_year: PolicyNotice) -> None:
    draft = actions.draft_like(last_year, by=UserFactory(roles=["publisher"]))

    assert (draft.document_number, draft.issued_on, draft.effective_to, draft.body_zh) == ("", None, None, "")
    assert (draft.items.get().closes_on, draft.corrects, draft.version) == (None, None, 0)
    assert draft.slug != last_year.slug


def test_at_the_desk_the_publisher_goes_on_with_the_draft(client: Client, last_year: PolicyNotice) -> None:
    sign_in(client, UserFactory(roles=["publisher"]))
    page = reverse("admin:policies_policynotice_draft_like", args=[last_year.pk])

    answer = client.post(page, {"form_token": client.get(page).context["form_token"]})

    draft = PolicyNotice.objects.latest("pk")
    assert draft.title_zh == last_year.title_zh
    assert answer.url == reverse("admin:policies_policynotice_change", args=[draft.pk])


def test_looking_at_what_it_would_do_leaves_nothing(client: Client, last_year: PolicyNotice) -> None:
    sign_in(client, UserFactory(roles=["publisher"]))

    client.get(reverse("admin:policies_policynotice_draft_like", args=[last_year.pk]))

    assert PolicyNotice.objects.filter(title_zh=last_year.title_zh).count() == 1


@pytest.mark.parametrize("role", ["reviewer", "auditor", "policymaker"])
def test_only_who_may_add_notices_is_offered_it(client: Client, last_year: PolicyNotice, role: str) -> None:
    sign_in(client, UserFactory(roles=[role]))
    page: Any = reverse("admin:policies_policynotice_draft_like", args=[last_year.pk])

    assert client.post(page).status_code in {403, 404}
    assert PolicyNotice.objects.filter(title_zh=last_year.title_zh).count() == 1
