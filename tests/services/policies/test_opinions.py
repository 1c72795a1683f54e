"""What enterprises think of a policy: who says it, who answers, what becomes public."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core import audit, once
from core.lifecycle import TransitionRefused
from notifications.models import Notification
from services.policies import actions
from services.policies.actions import PublicAnswer
from services.policies.lifecycle import OPINION
from services.policies.models import Opinion, OpinionAnswer, PolicyNotice
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast, cast
from tests.factories.policies import NoticeFactory, published

pytestmark = pytest.mark.django_db
GIVEN = {"topic": "papers", "text": "一份材料要交三次，我们是海塔机床厂。"}
ANSWER = PublicAnswer(
    "同样的材料要交好几次。", "从明年起只交一次。", "The same papers, several times.", "Once, from 2027."
)


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def notice() -> PolicyNotice:
    return published(slug="lathes")


@pytest.fixture
def meng() -> Any:
    return UserFactory(name="Meng", roles=["policymaker"])


def page_of(notice: PolicyNotice) -> str:
    return reverse("policies:opinion", args=[notice.slug])


def given(notice: PolicyNotice, enterprise: Any, by: Any, topic: str = "papers") -> Opinion:
    return actions.give_opinion(notice, enterprise, topic=topic, text="太麻烦。", by=by)


def told() -> list[tuple[Any, bool]]:
    rows = Notification.objects.filter(kind="policies.opinion_answered").order_by("pk")
    return [(row.recipient, bool(row.context["reason"])) for row in rows]


def test_an_owner_gives_an_opinion_once_from_the_page_of_the_notice(
    client: Client, people: Cast, notice: PolicyNotice
) -> None:
    sign_in(client, people.li)
    assert page_of(notice) in client.get(f"/policies/{notice.slug}/").text
    fields = GIVEN | {"form_token": client.get(page_of(notice)).context["form"]["form_token"].value()}

    answers = [client.post(page_of(notice), fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    opinion = Opinion.objects.get()
    assert (opinion.enterprise, opinion.author, opinion.text) == (people.enterprise, people.li, GIVEN["text"])
    assert [(one.verb, one.after) for one in audit.history(opinion)] == [("give", "new")]
    assert GIVEN["text"] in client.get(page_of(notice)).text


def test_the_same_topic_waits_for_its_answer_and_the_text_is_kept(
    client: Client, people: Cast, notice: PolicyNotice
) -> None:
    given(notice, people.enterprise, people.li)
    sign_in(client, people.wang)

    page = client.post(f"/en{page_of(notice)}", GIVEN | {"form_token": once.new_token()})

    assert page.status_code == 200
    assert "it waits for its answer" in page.text
    assert GIVEN["text"] in page.text
    assert Opinion.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"topic": "nonsense"}, {"text": " "}, {"text": "字" * 2001}])
def test_what_cannot_be_taken_is_told_and_kept(
    client: Client, people: Cast, notice: PolicyNotice, wrong: dict[str, str]
) -> None:
    page = sign_in(client, people.li).post(page_of(notice), GIVEN | wrong)

    assert (page.status_code, Opinion.objects.count()) == (200, 0)


def test_a_viewer_reads_and_cannot_write(client: Client, people: Cast, notice: PolicyNotice) -> None:
    given(notice, people.enterprise, people.li)
    sign_in(client, people.guo)

    page = client.get(page_of(notice))

    assert (page.status_code, "<textarea" in page.text) == (200, False)
    assert "太麻烦。" in page.text
    assert client.post(page_of(notice), GIVEN).status_code == 403


def test_another_enterprise_sees_nothing_of_it(client: Client, people: Cast, notice: PolicyNotice) -> None:
    given(notice, people.enterprise, people.li)

    assert "太麻烦。" not in sign_in(client, people.zhao).get(page_of(notice)).text


def test_a_draft_has_no_such_page(client: Client, people: Cast) -> None:
    assert sign_in(client, people.li).get(page_of(NoticeFactory())).status_code == 404


def test_one_answer_for_all_of_a_topic_is_public_and_names_nobody(
    client: Client, people: Cast, notice: PolicyNotice, meng: Any
) -> None:
    first = given(notice, people.enterprise, people.li)
    second = given(notice, people.other, people.zhao)
    other = given(notice, people.other, people.zhao, topic="time")
    sign_in(client, meng)
    verb = reverse("admin:policies_opinion_answer", args=[first.pk])
    assert "with_others" in client.get(verb).context["form"].fields

    client.post(verb, vars(ANSWER) | {"with_others": "on", "form_token": once.new_token()})

    states = {one.pk: one.state for one in Opinion.objects.all()}
    assert states == {first.pk: "answered", second.pk: "answered", other.pk: "new"}
    assert told() == [(people.li, False), (people.zhao, False)]
    assert OpinionAnswer.objects.get().answered_by == meng
    shown = Client().get(f"/policies/{notice.slug}/").text
    assert ANSWER.said_zh in shown
    assert ANSWER.answer_zh in shown
    assert "太麻烦。" not in shown
    english = Client().get(f"/en/policies/{notice.slug}/").text
    assert "Once, from 2027." in english
    assert "said by 2 enterprises" in english


def test_set_aside_with_a_reason_publishes_nothing(
    client: Client, people: Cast, notice: PolicyNotice, meng: Any
) -> None:
    opinion = given(notice, people.enterprise, people.li)
    sign_in(client, meng)

    fields = {"reason": "说的是另一份文件。", "form_token": once.new_token()}
    client.post(reverse("admin:policies_opinion_set_aside", args=[opinion.pk]), fields)

    opinion.refresh_from_db()
    assert (opinion.state, told()) == ("set_aside", [(people.li, True)])
    assert not OpinionAnswer.objects.exists()
    # The same may be said again.
    given(notice, people.enterprise, people.li)


def test_english_comes_whole_or_not_at_all(
    client: Client, people: Cast, notice: PolicyNotice, meng: Any
) -> None:
    opinion = given(notice, people.enterprise, people.li)
    verb = reverse("admin:policies_opinion_answer", args=[opinion.pk])

    page = sign_in(client, meng).post(verb, vars(ANSWER) | {"answer_en": "", "form_token": once.new_token()})

    assert (page.status_code, list(page.context["form"].errors)) == (200, ["answer_en"])
    assert not OpinionAnswer.objects.exists()


def test_without_an_english_answer_the_chinese_is_shown() -> None:
    with translation.override("en"):
        assert OpinionAnswer(said_zh="甲", answer_zh="乙").answer == "乙"


@pytest.mark.parametrize("verb", OPINION.transitions)
@pytest.mark.parametrize("state", Opinion.State.values)
def test_every_state_with_every_verb(people: Cast, notice: PolicyNotice, state: str, verb: str) -> None:
    answer = OpinionAnswer.objects.create(notice=notice, topic="time", said_zh="甲", answer_zh="乙")
    opinion = Opinion.objects.create(
        notice=notice,
        enterprise=people.enterprise,
        topic="time",
        text="甲",
        state=state,
        answer=answer if state == "answered" else None,
        settled_at=None if state == "new" else "2026-11-25T00:00Z",
    )
    moved_to = {"answer": "answered", "set_aside": "set_aside"}[verb]
    with_it = {"settled_at": "2026-11-25T00:00Z"} | ({"answer": answer} if verb == "answer" else {})

    if state == "new":
        assert OPINION.apply(opinion, verb, by=None, reason="看过", **with_it).state == moved_to
    else:
        with pytest.raises(TransitionRefused):
            OPINION.apply(opinion, verb, by=None, reason="看过", **with_it)


def test_one_waits_for_each_topic_of_an_enterprise(people: Cast, notice: PolicyNotice) -> None:
    given(notice, people.enterprise, people.li)

    with pytest.raises(ValidationError):
        given(notice, people.enterprise, people.wang)
    given(notice, people.enterprise, people.li, topic="time")

    assert Opinion.objects.count() == 2


@pytest.mark.parametrize(
    ("role", "status"),
    [("policymaker", 200), ("auditor", 200), ("publisher", 403), ("triage_officer", 403)],
)
def test_who_sees_the_queue(client: Client, role: str, status: int) -> None:
    sign_in(client, UserFactory(roles=[role]))

    assert client.get(reverse("admin:policies_opinion_changelist")).status_code == status


def test_the_auditor_answers_nothing(client: Client, people: Cast, notice: PolicyNotice) -> None:
    opinion = given(notice, people.enterprise, people.li)
    sign_in(client, UserFactory(roles=["auditor"]))

    assert client.get(reverse("admin:policies_opinion_answer", args=[opinion.pk])).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_costs_the_same_for_one_and_three(
    client: Client, people: Cast, notice: PolicyNotice, meng: Any, rows: int, django_assert_num_queries: Any
) -> None:
    for topic in ("papers", "time", "gap")[:rows]:
        given(notice, people.enterprise, people.li, topic=topic)
    queue = reverse("admin:policies_opinion_changelist")
    sign_in(client, meng).get(queue)

    with django_assert_num_queries(6):
        client.get(queue)


@pytest.mark.parametrize("rows", [1, 3])
def test_answers_cost_the_page_of_a_notice_no_query(
    client: Client, people: Cast, notice: PolicyNotice, rows: int, django_assert_num_queries: Any
) -> None:
    bare = published(slug="bare")
    for topic in ("papers", "time", "gap")[:rows]:
        actions.answer_opinion(given(notice, people.enterprise, people.li, topic=topic), ANSWER, by=None)

    for slug in ("bare", "lathes"):
        client.get(f"/policies/{slug}/")
    with django_assert_num_queries(4):
        client.get(f"/policies/{bare.slug}/")
    with django_assert_num_queries(4):
        client.get(f"/policies/{notice.slug}/")
