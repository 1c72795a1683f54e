import base64
import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core import audit, sealing
from notifications import actions, kinds, outbox, robots
from notifications.channels.webhook import text_of
from notifications.delivery import Drain
from notifications.kinds import Kind
from notifications.models import Delivery, Notification, Robot
from notifications.notifications import ROBOT_TRIAL
from notifications.outbox import Letter
from tests.factories.accounts import UserFactory, sign_in
from tests.notifications import outside
from tests.notifications.kinds import NEWS
from tests.notifications.outside import Service

pytestmark = pytest.mark.django_db
ADD = "/admin/notifications/robot/add/"
TEAM = Kind(NEWS.code, "News of the works", audience="staff", for_teams=True)


@pytest.fixture(autouse=True)
def _team_kind(monkeypatch: pytest.MonkeyPatch, _own_kinds: None) -> None:
    monkeypatch.setitem(kinds._KINDS, TEAM.code, TEAM)
    monkeypatch.setitem(kinds._KINDS, ROBOT_TRIAL.code, ROBOT_TRIAL)


@pytest.fixture
def chat(settings: Any) -> Iterator[Service]:
    with outside.running() as service:
        settings.ROBOT_ADDRESSES = {name: f"{service.base}/{name}" for name in Robot.Provider.values}
        service.answer = {"errcode": 0, "errmsg": "ok"}
        yield service


@pytest.fixture
def chen() -> User:
    return UserFactory(name="Chen", is_staff=True, language="en")


def robot(provider: str = "wecom", *people: User, secret: str = "", **given: Any) -> Robot:
    row = Robot(name="Triage", provider=provider, language="en", **{"kinds": [TEAM.code], **given})
    actions.keep_robot(row, key="k-1", secret=secret).save()
    row.people.set(people)
    return row


def tell(*people: User, key: str = "1") -> None:
    letters = [
        Letter(key=key, recipient=one, url="/notifications/", context={"what": "steel"}) for one in people
    ]
    outbox.post(TEAM, *letters)


def sent(channel: str = "webhook") -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(channel=channel).order_by("pk")
    return [(row.state, row.error) for row in rows]


def test_each_group_is_told_once_whatever_the_number_of_its_people(chat: Service, chen: User) -> None:
    sun, far = UserFactory(is_staff=True), UserFactory(is_staff=True)
    everybody, theirs = robot(), robot("wecom", chen, sun)
    robot("wecom", UserFactory(is_staff=True))
    robot(is_active=False)
    robot(kinds=["tests.other"])

    tell(chen, sun, far)
    tell(chen, sun, far)

    told = Notification.objects.filter(recipient=None).order_by("pk")
    assert [one.address for one in told] == [everybody.address, theirs.address]
    assert not any(one.in_inbox for one in told)
    assert [
        *map(str, Notification.objects.exclude(recipient=None).values_list("deliveries__channel", flat=True))
    ] == ["email"] * 3


def test_a_group_reads_heading_and_link_and_never_the_text(chat: Service, chen: User) -> None:
    robot()
    tell(chen)

    Drain(10).run()

    [asked] = chat.asked
    text = asked.body["text"]["content"]
    assert (asked.path, asked.query) == ("/wecom", {"key": "k-1"})
    assert text.endswith("steel (en)\nhttp://localhost:8000/en/notifications/")
    assert text == text_of(Notification.objects.get(recipient=None))
    assert sent() == [("sent", "")]


def signature(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def test_dingtalk_is_signed_in_its_address(chat: Service, chen: User) -> None:
    robot("dingtalk", secret="SECx")
    tell(chen)

    Drain(10).run()

    [asked] = chat.asked
    assert asked.query["access_token"] == "k-1"
    assert len(asked.query["timestamp"]) == 13
    assert asked.query["sign"] == signature("SECx", f"{asked.query['timestamp']}\nSECx")


def test_feishu_is_signed_in_its_body(chat: Service, chen: User) -> None:
    chat.answer = {"code": 0, "msg": "success"}
    robot("feishu", secret="s")
    tell(chen)

    Drain(10).run()

    [asked] = chat.asked
    assert asked.path == "/feishu/k-1"
    assert asked.body["msg_type"] == "text"
    assert asked.body["sign"] == signature(f"{asked.body['timestamp']}\ns", "")
    assert sent() == [("sent", "")]


@pytest.mark.parametrize(
    ("provider", "status", "answer", "state", "error"),
    [
        ("wecom", 200, {"errcode": 45009, "errmsg": "api freq out of limit"}, "pending", "45009 api freq"),
        ("wecom", 200, {"errcode": 93000, "errmsg": "invalid webhook url"}, "failed", "93000 invalid"),
        ("dingtalk", 200, {"errcode": 130101, "errmsg": "too fast"}, "pending", "130101 too fast"),
        ("dingtalk", 200, {"errcode": 310000, "errmsg": "sign not match"}, "failed", "310000 sign"),
        ("feishu", 200, {"code": 19021, "msg": "sign match fail"}, "failed", "19021 sign"),
        ("feishu", 400, {"code": 11232, "msg": "frequency limited"}, "pending", "11232 freq"),
        ("wecom", 503, {}, "pending", "HTTP 503"),
        ("wecom", 404, {}, "failed", "HTTP 404"),
        ("wecom", 302, {}, "failed", "HTTP 302"),
        ("wecom", 200, {}, "failed", "-2 no answer"),
    ],
)
def test_what_passes_is_tried_again_and_what_does_not_is_seen(
    chat: Service, chen: User, provider: str, status: int, answer: dict[str, Any], state: str, error: str
) -> None:
    chat.status, chat.answer = status, answer
    row = robot(provider)
    tell(chen)

    Drain(10).run()

    [(found, why)] = sent()
    assert (found, why.startswith(error)) == (state, True), why
    row.refresh_from_db()
    assert bool(row.error) is (state == "failed")


def test_a_chat_nobody_answers_is_tried_again(chat: Service, chen: User, settings: Any) -> None:
    settings.ROBOT_ADDRESSES = {"wecom": "http://127.0.0.1:1/x"}
    robot()
    tell(chen)

    Drain(10).run()

    assert sent()[0][0] == "pending"
    assert sent("email") == [("sent", "")]


def test_a_robot_switched_off_meanwhile_tells_nothing(chat: Service, chen: User) -> None:
    row = robot()
    tell(chen)
    Robot.objects.filter(pk=row.pk).update(is_active=False)

    Drain(10).run()

    assert (chat.asked, sent()) == ([], [("dropped", "the robot is not in use")])


@pytest.mark.parametrize(
    ("provider", "typed", "key"),
    [
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc-1", "abc-1"),
        ("dingtalk", " https://oapi.dingtalk.com/robot/send?access_token=ff0 ", "ff0"),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/abc", "abc"),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", ""),
        ("wecom", "https://oapi.dingtalk.com/robot/send?access_token=ff0", ""),
        ("wecom", "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc", ""),
        ("wecom", "https://qyapi.weixin.qq.com@evil.example/cgi-bin/webhook/send?key=abc", ""),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/", ""),
        ("feishu", "nonsense", ""),
    ],
)
def test_only_an_address_of_the_provider_is_a_key(provider: str, typed: str, key: str) -> None:
    if key:
        assert robots.key_in(provider, typed) == key
    else:
        with pytest.raises(robots.NotAnAddress):
            robots.key_in(provider, typed)


def filled(**given: Any) -> dict[str, Any]:
    return {
        "name": "Triage", "provider": "wecom", "language": "en", "kinds": [TEAM.code], "is_active": "on",
        "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=very-secret", **given,
    }  # fmt: skip


def test_the_desk_enters_a_robot_whose_key_is_sealed_and_never_shown(client: Client) -> None:
    sign_in(client, UserFactory(roles=["triage_lead"]))
    client.post(ADD, filled(secret="s-1"))
    row = Robot.objects.get()
    page = f"/admin/notifications/robot/{row.pk}/change/"

    shown = client.get(page).text
    client.post(page, filled(address="", name="Team"))

    row.refresh_from_db()
    assert (row.name, sealing.unseal(row.sealed_key), sealing.unseal(row.sealed_secret)) == (
        "Team", "very-secret", "s-1",
    )  # fmt: skip
    assert "very-secret" not in row.sealed_key + shown
    client.post(page, filled(address="", drops_secret="on"))
    row.refresh_from_db()
    assert row.sealed_secret == ""
    assert [event.verb for event in audit.history(row)][-1] == "add"


def test_a_wrong_address_is_refused_in_words_and_kept(client: Client) -> None:
    sign_in(client, UserFactory(roles=["triage_lead"], language="en"))

    page = client.post(ADD, filled(address="https://chat.example/x"))

    assert "address" in page.context["adminform"].form.errors
    assert "https://chat.example/x" in page.text
    assert Robot.objects.count() == 0


def test_another_provider_needs_its_own_address(client: Client) -> None:
    sign_in(client, UserFactory(roles=["triage_lead"]))
    row = robot()

    page = client.post(f"/admin/notifications/robot/{row.pk}/change/", filled(address="", provider="feishu"))

    assert "address" in page.context["adminform"].form.errors


def test_a_trial_goes_to_the_group(client: Client, chat: Service) -> None:
    row = robot()
    sign_in(client, UserFactory(roles=["triage_lead"])).post(f"/admin/notifications/robot/{row.pk}/try/")

    Drain(10).run()

    assert "Trial: messages for Triage arrive here" in chat.asked[0].body["text"]["content"]
    assert sign_in(Client(), UserFactory(roles=["auditor"])).post(
        f"/admin/notifications/robot/{row.pk}/try/"
    ).status_code == 403  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries(client: Client, count: int, django_assert_num_queries: Any) -> None:
    for _number in range(count):
        robot()
    sign_in(client, UserFactory(roles=["auditor"])).get("/admin/notifications/robot/")

    with django_assert_num_queries(6):
        client.get("/admin/notifications/robot/")
