"""Writing, reviewing, publishing, taking out of force."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.lifecycle import TransitionRefused
from notifications.models import Notification
from services.policies import actions, tasks
from services.policies.forms.desk import NoticeForm
from services.policies.models import ItemCriteria, NoticeSearch, PolicyNotice, State
from tests.factories.accounts import UserFactory
from tests.factories.policies import IN_QINGDAO, ItemFactory, NoticeFactory, approved, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def sun(db: None) -> Any:
    return UserFactory(name="Sun", email="sun@desk.example", roles=["publisher"])


@pytest.fixture
def qin(db: None) -> Any:
    return UserFactory(name="Qin", email="qin@desk.example", roles=["reviewer"])


def told() -> list[tuple[str, str]]:
    rows = Notification.objects.order_by("pk").select_related("recipient")
    return [(row.kind, row.recipient.email) for row in rows if row.recipient]


def test_a_draft_gets_an_author_and_an_address_of_its_own(sun: Any) -> None:
    first = actions.create_draft(NoticeFactory.build(slug="", title_en="Lathe rules"), by=sun)
    second = actions.create_draft(NoticeFactory.build(slug="", title_en="Lathe rules"), by=sun)

    assert (first.slug, second.slug, second.author) == ("lathe-rules", "lathe-rules-2", sun)


def test_no_notice_hides_behind_a_page_of_the_portal(sun: Any) -> None:
    made = actions.create_draft(NoticeFactory.build(slug="", title_en="Calendar"), by=sun)
    typed = NoticeForm({"slug": "fitting"})

    assert made.slug == "calendar-2"
    assert "slug" in typed.errors
    assert "slug" not in NoticeForm({"slug": "fitting-out"}).errors


def test_saving_takes_out_what_could_do_harm_and_keys_the_number() -> None:
    notice = NoticeFactory(body_zh="<p>第一条</p><script>x</script>", document_number="青政发[2026] 3 号")

    assert (notice.body_zh, notice.document_number_key) == ("<p>第一条</p>", "青政发〔2026〕3号")


def test_the_whole_way_tells_reviewers_and_author(sun: Any, qin: Any) -> None:
    notice = actions.create_draft(NoticeFactory.build(), by=sun)

    actions.submit_for_review(notice, by=sun)
    actions.approve(notice, by=qin)
    actions.publish(notice, by=qin)

    assert told() == [
        ("policies.in_review", "qin@desk.example"),
        ("policies.approved", "sun@desk.example"),
        ("policies.published", "sun@desk.example"),
    ]
    assert [event.verb for event in audit.history(notice)] == ["publish", "approve", "submit", "create"]


def test_nobody_approves_what_they_wrote(qin: Any, settings: Any) -> None:
    notice = NoticeFactory(state=State.IN_REVIEW, author=qin)

    with pytest.raises(ValidationError):
        actions.approve(notice, by=qin)
    assert PolicyNotice.objects.get(pk=notice.pk).state == State.IN_REVIEW

    settings.REVIEWER_MAY_BE_AUTHOR = True

    assert actions.approve(notice, by=qin).state == State.APPROVED


def test_a_publisher_cannot_approve_or_publish(sun: Any, qin: Any) -> None:
    with pytest.raises(TransitionRefused):
        actions.approve(NoticeFactory(state=State.IN_REVIEW, author=qin), by=sun)
    with pytest.raises(TransitionRefused):
        actions.publish(approved(), by=sun)


def test_a_missing_summary_blocks_review_approval_and_publication(sun: Any, qin: Any) -> None:
    for act, state, by in (
        (actions.submit_for_review, State.DRAFT, sun),
        (actions.approve, State.IN_REVIEW, qin),
        (actions.publish, State.APPROVED, qin),
    ):
        notice = NoticeFactory(state=state, summary_zh=" ")
        with pytest.raises(ValidationError):
            act(notice, by=by)
        assert PolicyNotice.objects.get(pk=notice.pk).state == state


def test_a_return_needs_a_reason_and_tells_it(sun: Any, qin: Any) -> None:
    notice = approved(author=sun, publish_at=timezone.now(), approved_by=qin, approved_at=timezone.now())
    with pytest.raises(TransitionRefused):
        actions.return_to_author(notice, reason=" ", by=qin)

    returned = actions.return_to_author(notice, reason="金额写错了", by=qin)

    assert (returned.state, returned.publish_at, returned.approved_by) == (State.RETURNED, None, None)
    assert Notification.objects.get().context["reason"] == "金额写错了"


def test_changes_are_refused_once_the_notice_is_out_of_the_authors_hands(sun: Any) -> None:
    notice = NoticeFactory(state=State.DRAFT, author=sun)
    PolicyNotice.objects.filter(pk=notice.pk).update(state=State.IN_REVIEW)
    notice.title_zh = "偷偷改的"

    with pytest.raises(TransitionRefused):
        actions.change_draft(notice, by=sun)


def test_publishing_keeps_a_snapshot_and_makes_the_notice_findable(qin: Any) -> None:
    notice = approved()
    item = ItemFactory(notice=notice, criteria=[IN_QINGDAO], max_fen=2_000_000)

    notice = actions.publish(notice, by=qin)

    version = notice.versions.get()
    assert (version.number, version.published_by) == (1, qin)
    assert version.snapshot["items"][0]["max_fen"] == 2_000_000
    assert NoticeSearch.objects.filter(notice=notice).exists()
    assert ItemCriteria.objects.get(item=item).regions == [(370200, 370299)]


def test_a_version_number_is_taken_once() -> None:
    notice = published()

    with pytest.raises(IntegrityError), transaction.atomic():
        notice.versions.create(number=1, snapshot={})


def test_publishing_twice_is_refused(qin: Any) -> None:
    notice = approved()
    actions.publish(notice, by=qin)

    with pytest.raises(TransitionRefused):
        actions.publish(notice, by=qin)
    assert notice.versions.count() == 1


def test_the_tick_publishes_what_is_due_once_and_late(qin: Any) -> None:
    due = approved(publish_at=timezone.now() - timedelta(days=3))
    later = approved(publish_at=timezone.now() + timedelta(hours=1))

    assert [tasks.publish_scheduled(), tasks.publish_scheduled()] == [1, 0]

    assert PolicyNotice.objects.get(pk=due.pk).state == State.PUBLISHED
    assert PolicyNotice.objects.get(pk=later.pk).state == State.APPROVED


def test_a_scheduled_notice_that_became_unfit_goes_back_and_blocks_no_other(sun: Any) -> None:
    bad = approved(publish_at=timezone.now() - timedelta(days=2), summary_zh="", author=sun)
    good = approved(publish_at=timezone.now() - timedelta(days=1))

    tasks.publish_scheduled()

    assert PolicyNotice.objects.get(pk=bad.pk).state == State.RETURNED
    assert PolicyNotice.objects.get(pk=good.pk).state == State.PUBLISHED


def test_a_time_that_has_passed_cannot_be_planned(qin: Any) -> None:
    with pytest.raises(ValidationError):
        actions.schedule(approved(), publish_at=timezone.now() - timedelta(minutes=1), by=qin)


def test_superseding_and_repealing_close_the_items(qin: Any) -> None:
    old, new = published(items=[{}]), published()
    actions.supersede(old, successor=new, by=qin)

    old.refresh_from_db()
    assert (old.state, old.superseded_by) == (State.SUPERSEDED, new)
    assert not ItemCriteria.objects.get(item=old.items.get()).is_open
    assert NoticeSearch.objects.get(notice=old).is_ended

    assert actions.repeal(old, reason="文件废止", by=qin).state == State.REPEALED


def test_a_notice_cannot_replace_itself_or_be_replaced_by_a_draft(qin: Any) -> None:
    notice = published()

    for successor in (notice, NoticeFactory()):
        with pytest.raises(ValidationError):
            actions.supersede(notice, successor=successor, by=qin)


def test_a_look_at_the_issuer_takes_off_the_mark(qin: Any) -> None:
    notice = PolicyNotice.objects.get(slug="cn-tax-rd")

    actions.verify(notice, by=qin)

    assert not PolicyNotice.objects.get(slug="cn-tax-rd").to_be_verified


def test_an_item_cannot_close_before_it_opens() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemFactory(opens_on=date(2026, 2, 2), closes_on=date(2026, 2, 1))
