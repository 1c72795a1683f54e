"""What is left of a budget: said on the page, and at zero the item is closed."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from core import calendar
from services.policies import actions
from services.policies.models import ItemCriteria, PolicyItem, PolicyNotice
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.policies import ItemFactory, NoticeFactory, published

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 25)


@pytest.fixture
def notice(db: None) -> PolicyNotice:
    return published(items=[{"pool_fen": 1_000_000_00}])


def note(notice: PolicyNotice, left: int) -> PolicyItem:
    return actions.note_pool(notice, item=notice.items.get(), pool_left_fen=left, pool_left_on=ON, by=None)


@pytest.mark.parametrize(("left", "is_open"), [(0, False), (1, True)])
def test_with_nothing_left_nobody_is_matched_or_told(notice: PolicyNotice, left: int, is_open: bool) -> None:
    item = note(notice, left)

    assert ItemCriteria.objects.get(item=item).is_open is is_open
    assert PolicyItem.objects.open_on(calendar.today()).filter(pk=item.pk).exists() is is_open
    waiting = PolicyItem.objects.awaiting_announcement(calendar.today())
    assert waiting.filter(pk=item.pk).exists() is is_open


def test_more_money_opens_it_again(notice: PolicyNotice) -> None:
    note(notice, 0)

    assert ItemCriteria.objects.get(item=note(notice, 5)).is_open


def test_never_noted_is_not_used_up(notice: PolicyNotice) -> None:
    assert ItemCriteria.objects.get(item=notice.items.get()).is_open


def test_no_more_can_be_left_than_there_was(notice: PolicyNotice) -> None:
    with pytest.raises(ValidationError):
        note(notice, 1_000_000_01)


def test_a_draft_has_no_rest() -> None:
    with pytest.raises(ValidationError):
        note(ItemFactory(notice=NoticeFactory()).notice, 0)


@pytest.mark.parametrize(("role", "status"), [("publisher", 302), ("reviewer", 403), ("auditor", 403)])
def test_the_publisher_notes_it_at_the_desk(
    client: Client, notice: PolicyNotice, role: str, status: int
) -> None:
    sign_in(client, UserFactory(roles=[role]))
    page = reverse("admin:policies_policynotice_note_pool", args=[notice.pk])
    fields: Any = {"item": notice.items.get().pk, "pool_left_fen": "12.5", "pool_left_on": "2026-11-25"}

    assert client.post(page, fields).status_code == status
    assert notice.items.get().pool_left_fen == (12_500_000 if status == 302 else None)


@pytest.mark.parametrize("wrong", [{"pool_left_fen": ""}, {"pool_left_fen": "-1"}, {"pool_left_on": "soon"}])
def test_what_cannot_be_read_is_told(client: Client, notice: PolicyNotice, wrong: dict[str, str]) -> None:
    sign_in(client, UserFactory(roles=["publisher"]))
    page = reverse("admin:policies_policynotice_note_pool", args=[notice.pk])
    fields: Any = {"item": notice.items.get().pk, "pool_left_fen": "12.5", "pool_left_on": "2026-11-25"}

    assert client.post(page, fields | wrong).status_code == 200
    assert notice.items.get().pool_left_fen is None


def test_the_public_page_says_what_is_left(client: Client, notice: PolicyNotice) -> None:
    note(notice, 12_500_000)

    page = client.get(reverse("policies:detail", args=[notice.slug]), headers={"accept-language": "en"})

    assert "2026-11-25" in page.content.decode()
