"""What the robots of group chats tell, and how each provider takes it.

A robot's message is the heading and the link, never the text: the chat is another company's server, and
what an enterprise has written stays here. Sources of addresses, signatures and error codes: the manuals of
the providers (WeCom 群机器人配置说明, DingTalk 自定义机器人接入, Feishu 自定义机器人使用指南).
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from django.conf import settings

from notifications.kinds import DESK, Kind
from notifications.models import Robot
from notifications.models.robots import number_in

if TYPE_CHECKING:
    from notifications.outbox import Letter

Provider = Robot.Provider
# Answered with HTTP 200: these codes pass by themselves, all others do not.
FOR_NOW = {
    Provider.WECOM: {-1, 45009},
    Provider.DINGTALK: {-1, 130101, 410100},
    Provider.FEISHU: {11232},
}
# Each allows a robot about twenty messages a minute.
A_MINUTE = 18


class NotAnAddress(ValueError):
    """This is not the address of a robot of this provider."""


@dataclass(frozen=True)
class Message:
    """One message as it is posted: where to, and what."""

    url: str
    payload: dict[str, Any]


def letters(kind: Kind, told: Iterable["Letter"]) -> list["Letter"]:
    """Return what robots are told of these letters: each matter once for each robot; one query or two."""
    told = [letter for letter in told if letter.recipient is not None]
    if not kind.for_teams or kind.audience not in DESK or not told:
        return []
    found: dict[tuple[int, str], Letter] = {}
    for robot in Robot.objects.telling(kind.code).prefetch_related("people"):
        people = {person.pk for person in robot.people.all()}
        for letter in told:
            if not people or letter.recipient.pk in people:
                found.setdefault((robot.pk, letter.key), _to(robot, letter))
    return list(found.values())


def of(address: str) -> Robot | None:
    """Return the robot that an address stands for."""
    number = number_in(address)
    return Robot.objects.filter(pk=number).first() if number else None


def message(robot: Robot, key: str, secret: str, text: str, *, at: float) -> Message:
    """Return what is posted at a time (seconds since 1970); `key` and `secret` are unsealed."""
    if robot.provider == Provider.FEISHU:
        payload: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if secret:
            stamp = str(int(at))
            payload |= {"timestamp": stamp, "sign": _signed(f"{stamp}\n{secret}", "")}
        return Message(f"{_base(robot.provider)}/{quote(key, safe='')}", payload)
    payload = {"msgtype": "text", "text": {"content": text}}
    if robot.provider == Provider.WECOM:
        return Message(f"{_base(robot.provider)}?{urlencode({'key': key})}", payload)
    query = {"access_token": key}
    if secret:
        stamp = str(int(at * 1000))
        query |= {"timestamp": stamp, "sign": _signed(secret, f"{stamp}\n{secret}")}
    return Message(f"{_base(robot.provider)}?{urlencode(query)}", payload)


def refusal(provider: str, body: dict[str, Any]) -> tuple[int, str] | None:
    """Return code and words of a refusal in an answer; None when the message was taken."""
    code = body.get("errcode", body.get("code", body.get("StatusCode")))
    if code == 0:
        return None
    words = body.get("errmsg") or body.get("msg") or body.get("StatusMessage") or "no answer in its own form"
    return (code if isinstance(code, int) else -2), str(words)


def key_in(provider: str, typed: str) -> str:
    """Return the key in the address a provider shows for a robot; raise NotAnAddress."""
    base, given = urlsplit(_base(provider)), urlsplit(typed.strip())
    if (given.scheme, given.netloc) != (base.scheme, base.netloc):
        raise NotAnAddress(provider)
    if provider == Provider.FEISHU:
        head, _slash, key = given.path.rpartition("/")
        found = key if head == base.path else ""
    else:
        name = "key" if provider == Provider.WECOM else "access_token"
        found = parse_qs(given.query).get(name, [""])[0] if given.path == base.path else ""
    if not found or len(found) > 200:
        raise NotAnAddress(provider)
    return found


def example(provider: str) -> str:
    """Return how an address of this provider begins."""
    ends = {Provider.WECOM: "?key=…", Provider.DINGTALK: "?access_token=…", Provider.FEISHU: "/…"}
    return _base(provider) + ends[Provider(provider)]


def _base(provider: str) -> str:
    base: str = settings.ROBOT_ADDRESSES[provider]
    return base.rstrip("/")


def _to(robot: Robot, letter: "Letter") -> "Letter":
    return replace(letter, recipient=None, address=robot.address, language=robot.language, enterprise_id=None)


def _signed(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()
