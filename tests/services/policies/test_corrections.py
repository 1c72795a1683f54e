"""A correction: a draft beside the public notice that becomes its next version."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from services.policies import actions
from services.policies.models import ItemCriteria, PolicyItem, PolicyNotice, State
from tests.factories.accounts import UserFactory
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, ItemFactory, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def sun(db: None) -> Any:
    return UserFactory(name="Sun", roles=["publisher"])


@pytest.fixture
def qin(db: None) -> Any:
    return UserFactory(name="Qin", roles=["reviewer"])


def public(**fields: Any) -> PolicyNotice:
    notice = published(
        items=[{"criteria": [IN_QINGDAO], "closes_on": date(2099, 1, 1), "max_fen": 100}], **fields
    )
    notice.items.update(announced_at=timezone.now())
    return notice


def correct(notice: PolicyNotice, sun: Any, qin: Any, **item: Any) -> PolicyNotice:
    draft = actions.begin_correction(notice, by=sun)
    draft.correction_note_zh = "金额写错了。"
    draft.save()
    if item:
        draft.items.update(**item)
    actions.submit_for_review(draft, by=sun)
    actions.approve(draft, by=qin)
    return actions.publish(draft, by=qin)


def test_the_public_page_stays_until_the_correction_is_published(sun: Any, qin: Any) -> None:
    notice = public(title_zh="旧题")
    draft = actions.begin_correction(notice, by=sun)
    PolicyNotice.objects.filter(pk=draft.pk).update(title_zh="新题", correction_note_zh="题目有误。")
    draft.refresh_from_db()

    assert (draft.state, draft.author, draft.corrects) == (State.DRAFT, sun, notice)
    assert PolicyNotice.objects.get(pk=notice.pk).title_zh == "旧题"

    actions.submit_for_review(draft, by=sun)
    actions.approve(draft, by=qin)
    corrected = actions.publish(draft, by=qin)

    assert (corrected.pk, corrected.title_zh, corrected.version, corrected.state) == (
        notice.pk, "新题", 2, State.PUBLISHED,
    )  # fmt: skip
    assert PolicyNotice.objects.get(pk=draft.pk).state == State.MERGED
    assert [(one.number, one.note_zh) for one in notice.versions.all()] == [(2, "题目有误。"), (1, "")]
    assert not PolicyNotice.objects.public().filter(pk=draft.pk).exists()


@pytest.mark.parametrize(
    ("change", "version", "is_told_anew", "is_material"),
    [
        ({"criteria": [AT_MOST_300]}, 2, True, True),
        ({"closes_on": date(2099, 2, 1)}, 2, True, True),
        ({"max_fen": 200}, 1, False, True),
        ({"title_zh": "数控机床补助"}, 1, False, False),
        ({}, 1, False, False),
    ],
)
def test_only_a_changed_rule_makes_a_new_version_of_the_item(
    sun: Any, qin: Any, change: dict[str, Any], version: int, is_told_anew: bool, is_material: bool
) -> None:
    notice = public()
    item = notice.items.get()

    correct(notice, sun, qin, **change)

    item.refresh_from_db()
    assert (item.version, item.announced_at is None) == (version, is_told_anew)
    assert all(getattr(item, name) == value for name, value in change.items())
    newest = notice.versions.first()
    assert newest is not None
    assert newest.is_material is is_material


def test_an_item_keeps_its_number_and_a_removed_one_its_history(sun: Any, qin: Any) -> None:
    notice = public()
    item = notice.items.get()
    draft = actions.begin_correction(notice, by=sun)
    draft.items.all().delete()
    ItemFactory(notice=draft, title_zh="新的一项", criteria=[AT_MOST_300])
    PolicyNotice.objects.filter(pk=draft.pk).update(state=State.APPROVED, correction_note_zh="换一项。")
    draft.refresh_from_db()

    actions.publish(draft, by=qin)

    assert [one.title_zh for one in notice.items.all()] == ["新的一项"]
    assert PolicyItem.every.get(pk=item.pk).withdrawn_at is not None
    assert not ItemCriteria.objects.filter(item=item.pk).exists()
    assert ItemCriteria.objects.filter(item=notice.items.get()).exists()


def test_what_is_still_to_be_verified_is_told_to_nobody(sun: Any, qin: Any) -> None:
    notice = public(to_be_verified=True)

    correct(notice, sun, qin, criteria=[AT_MOST_300])

    item = notice.items.get()
    assert (item.version, item.announced_at is None) == (2, False)


def test_test_enterprises_travel_with_the_correction(sun: Any, qin: Any) -> None:
    notice = public()
    actions.add_example(notice.items.get(), label="甲", facts={"region": "370211"}, expected="met", by=sun)

    draft = actions.begin_correction(notice, by=sun)
    assert [one.label for one in draft.items.get().examples.all()] == ["甲"]
    draft.items.get().examples.update(label="乙")
    PolicyNotice.objects.filter(pk=draft.pk).update(state=State.APPROVED, correction_note_zh="改名。")
    draft.refresh_from_db()
    actions.publish(draft, by=qin)

    assert [one.label for one in notice.items.get().examples.all()] == ["乙"]


def test_a_second_correction_waits_for_the_first(sun: Any) -> None:
    notice = public()
    first = actions.begin_correction(notice, by=sun)

    with pytest.raises(ValidationError):
        actions.begin_correction(notice, by=sun)
    actions.discard(first, by=sun)

    assert actions.begin_correction(notice, by=sun).slug != first.slug


def test_a_correction_says_what_it_corrects(sun: Any) -> None:
    draft = actions.begin_correction(public(), by=sun)

    with pytest.raises(ValidationError):
        actions.submit_for_review(draft, by=sun)


def test_the_author_does_not_approve_their_own_correction(qin: Any) -> None:
    draft = actions.begin_correction(public(), by=UserFactory(is_superuser=True))
    PolicyNotice.objects.filter(pk=draft.pk).update(
        state=State.IN_REVIEW, correction_note_zh="甲", author=qin
    )
    draft.refresh_from_db()

    with pytest.raises(ValidationError):
        actions.approve(draft, by=qin)


def test_a_correction_of_what_was_repealed_meanwhile_is_refused(sun: Any, qin: Any) -> None:
    notice = public()
    draft = actions.begin_correction(notice, by=sun)
    actions.repeal(notice, reason="过时", by=qin)
    PolicyNotice.objects.filter(pk=draft.pk).update(state=State.APPROVED, correction_note_zh="甲")
    draft.refresh_from_db()

    with pytest.raises(ValidationError):
        actions.publish(draft, by=qin)

    assert PolicyNotice.objects.get(pk=draft.pk).state == State.APPROVED


def test_a_planned_correction_is_taken_over_at_its_time(sun: Any) -> None:
    notice = public()
    draft = actions.begin_correction(notice, by=sun)
    PolicyNotice.objects.filter(pk=draft.pk).update(
        state=State.APPROVED, correction_note_zh="甲", publish_at=timezone.now()
    )

    actions.publish_next_scheduled()

    assert PolicyNotice.objects.get(pk=notice.pk).version == 2
