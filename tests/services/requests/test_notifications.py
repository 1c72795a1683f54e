from datetime import timedelta

import pytest
from django.utils import timezone, translation

from accounts.models import User
from enterprises.models import Membership
from notifications import texts
from notifications.kinds import find
from notifications.models import Notification
from services.requests import actions
from services.requests.actions import Question
from services.requests.models import ServiceRequest
from tests.factories.enterprises import Cast
from tests.factories.requests import in_state, officer, submitted

pytestmark = pytest.mark.django_db


def everything_said(cast: Cast, chen: User, lead: User) -> None:
    """Let every kind of this room be posted once at least."""
    zhou = officer("Zhou")
    row = submitted(cast.li, cast.enterprise)
    actions.route_new()
    actions.assign(row, to=zhou, by=lead)
    actions.ask_for_papers(row, ["营业执照照片", "设备清单"], "请补充", by=zhou)
    row = actions.supply(row, "已寄出", by=cast.li)
    actions.reply(row, "您好。", by=zhou)
    row = actions.resolve(row, "已联网。", by=zhou)
    actions.rate(row, 1, "没有解决", by=cast.li)
    ServiceRequest.objects.filter(pk=row.pk).update(resolved_at=timezone.now() - timedelta(days=190))
    actions.ask_effects()
    shared = in_state("in_progress", cast.li, cast.enterprise, chen)
    actions.add_follower(shared, cast.wang, by=cast.li)
    actions.ask_to_share(shared, by=chen)
    actions.agree_to_share(shared, ["words", "contact", "identity", "files"], by=cast.li)
    actions.revoke_sharing(shared, by=cast.li)
    actions.refuse(submitted(cast.li, cast.enterprise), "不在范围。", by=chen)
    actions.withdraw(in_state("in_progress", cast.li, cast.enterprise, chen), by=cast.li)
    actions.ask_question(Question("补贴", "怎么申请？", contact_email="owner@works.example"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_kind_has_a_short_subject_and_a_text_with_link(
    cast: Cast, chen: User, lead: User, language: str
) -> None:
    everything_said(cast, chen, lead)
    kinds = set()

    for letter in Notification.objects.all():
        with translation.override(language):
            words = texts.Words(letter)
            kinds.add(letter.kind)
            assert 0 < len(words.subject) <= 60, letter.kind
            assert words.context["link"] in words.body, letter.kind
            assert str(letter.context["reference"]) in words.subject, letter.kind
            assert "{" not in words.body, letter.kind

    assert sorted(kinds) == [
        "requests.answered",
        "requests.asked",
        "requests.assigned",
        "requests.effect",
        "requests.following",
        "requests.low_rating",
        "requests.new",
        "requests.received",
        "requests.refused",
        "requests.replied",
        "requests.resolved",
        "requests.share_asked",
        "requests.shared",
        "requests.sharing_revoked",
        "requests.taken",
        "requests.withdrawn",
    ]


def due(kind: str) -> list[str]:
    """Return who would still get a letter of this kind if it were sent now."""
    letters = Notification.objects.filter(kind=kind).select_related("recipient").order_by("pk")
    return [str(letter.recipient or letter.address) for letter in letters if find(kind).still_due(letter)]


def test_nothing_is_sent_to_a_member_who_has_been_removed(cast: Cast, chen: User) -> None:
    in_state("in_progress", cast.li, cast.enterprise, chen)
    assert due("requests.taken") == ["Li"]

    Membership.objects.filter(user=cast.li).update(ended_at=timezone.now())

    assert due("requests.taken") == []


def test_the_alert_is_dropped_once_somebody_has_it(cast: Cast, chen: User) -> None:
    row = submitted(cast.li, cast.enterprise)
    actions.route_new()
    assert due("requests.new") == ["Chen"]

    actions.take(row, by=chen)

    assert due("requests.new") == []


def test_papers_are_not_asked_for_once_they_are_there(cast: Cast, chen: User) -> None:
    row = in_state("waiting", cast.li, cast.enterprise, chen)
    assert due("requests.asked") == ["Li"]

    actions.supply(row, "已寄出", by=cast.li)

    assert due("requests.asked") == []


def test_staff_who_have_left_get_nothing(cast: Cast, chen: User) -> None:
    submitted(cast.li, cast.enterprise)
    actions.route_new()

    User.objects.filter(pk=chen.pk).update(is_active=False)

    assert due("requests.new") == []


def test_a_letter_links_to_the_very_message(cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    actions.note(row, "内部", by=chen)

    actions.reply(row, "您好", by=chen)

    letter = Notification.objects.get(kind="requests.replied")
    assert letter.url == f"/requests/{row.reference}/#message-2"


def test_staff_are_led_to_the_very_message_notes_counted(cast: Cast, chen: User) -> None:
    row = in_state("in_progress", cast.li, cast.enterprise, chen)
    actions.note(row, "先看看设备清单。", by=chen)
    actions.write(row, "清单已补充。", by=cast.li)

    letter = Notification.objects.get(kind="requests.answered")

    assert letter.url == f"/admin/service_requests/servicerequest/{row.pk}/change/#message-3"
