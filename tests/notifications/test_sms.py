import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notifications import actions, kinds, outbox, texting, ways
from notifications.delivery import Drain
from notifications.kinds import Kind
from notifications.models import ChannelPause, Delivery
from notifications.outbox import Letter
from tests.factories.accounts import UserFactory, sign_in
from tests.notifications import outside
from tests.notifications.kinds import NEWS
from tests.notifications.outside import Service

pytestmark = pytest.mark.django_db
PAPERS = Kind(NEWS.code, "Papers are asked for", channels=("email", "sms"), can_be_stopped=False)


@pytest.fixture(autouse=True)
def _kind_by_phone(monkeypatch: pytest.MonkeyPatch, _own_kinds: None) -> None:
    monkeypatch.setitem(kinds._KINDS, PAPERS.code, PAPERS)


@pytest.fixture
def provider(settings: Any) -> Iterator[Service]:
    with outside.running() as service:
        host = service.base.removeprefix("http://")
        sign = quote("数字化平台")
        settings.SMS_URL = f"aliyun+http://id:se%2Fcret@{host}/?sign={sign}&template=SMS_1&template_en=SMS_2"
        settings.STAFF_QUIET_HOURS = (None, None)
        service.answer = {"Code": "OK", "Message": "OK", "BizId": "9006"}
        yield service


@pytest.fixture
def li() -> User:
    return UserFactory(phone="+86 138-0000-0000", language="en")


def choose(person: User, choice: str = "instant") -> None:
    actions.set_preferences(person, choices={PAPERS.code: choice}, channel="sms")


def tell(person: User, key: str = "1") -> None:
    outbox.post(
        PAPERS, Letter(key=key, recipient=person, subject_code="QD-261130-0001", context={"what": "steel"})
    )


def by(channel: str) -> list[tuple[str, str]]:
    return [(row.state, row.error) for row in Delivery.objects.filter(channel=channel).order_by("pk")]


def test_the_signature_is_the_one_of_the_manual() -> None:
    """The example of 阿里云 “V3 版本请求体和签名机制”, with its fixed key, time and nonce."""
    _line, headers = texting.signed(
        "ecs.cn-shanghai.aliyuncs.com",
        {
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            "RegionId": "cn-shanghai",
        },
        key_id="YourAccessKeyId",
        secret="YourAccessKeySecret",
        at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
        action="RunInstances",
        version="2014-05-26",
    )

    assert headers["Authorization"].rpartition("Signature=")[2] == (
        "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_only_who_has_chosen_it_gets_a_text_message(provider: Service, li: User) -> None:
    choose(li)
    tell(li)
    tell(UserFactory(phone="13900000000"))

    Drain(10).run()

    [asked] = provider.asked
    assert asked.query["PhoneNumbers"] == "13800000000"
    assert (asked.query["SignName"], asked.query["TemplateCode"]) == ("数字化平台", "SMS_2")
    assert json.loads(asked.query["TemplateParam"]) == {
        "reference": "QD-261130-0001",
        "what": "Papers are asked for",
    }
    assert asked.headers["x-acs-action"] == "SendSms"
    assert asked.headers["authorization"].startswith("ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;")
    assert (by("sms"), by("email")) == ([("sent", "")], [("sent", "")] * 2)


def test_without_an_account_nothing_is_written(li: User, settings: Any) -> None:
    settings.SMS_URL = ""
    choose(li)
    tell(li)

    assert by("sms") == []
    assert ways.open_to(li) == ["email"]


@pytest.mark.parametrize(
    ("status", "code", "state", "rests"),
    [
        (200, "isv.BUSINESS_LIMIT_CONTROL", "pending", False),
        (200, "isv.MOBILE_NUMBER_ILLEGAL", "failed", False),
        (200, "isv.AMOUNT_NOT_ENOUGH", "pending", True),
        (400, "SignatureDoesNotMatch", "pending", True),
        (400, "Throttling.User", "pending", False),
        (500, "", "pending", False),
        (200, "", "failed", False),
    ],
)
def test_what_passes_is_tried_again_and_what_does_not_is_seen(
    provider: Service, li: User, status: int, code: str, state: str, rests: bool
) -> None:
    provider.status, provider.answer = status, {"Code": code, "Message": "why"} if code else {}
    choose(li)
    tell(li)

    Drain(10).run()

    [(found, why)] = by("sms")
    assert (found, why.startswith(code or "no code")) == (state, True), why
    assert ChannelPause.objects.filter(channel="sms").exists() is rests


def test_who_changes_their_mind_is_not_written_to(provider: Service, li: User) -> None:
    choose(li)
    tell(li)
    choose(li, "never")

    Drain(10).run()

    assert (provider.asked, by("sms")) == ([], [("dropped", "not chosen by the reader")])


@pytest.mark.parametrize(("phone", "why"), [("0532-85911000", "no mobile number"), ("", "no mobile number")])
def test_only_a_mobile_number_gets_one(provider: Service, phone: str, why: str) -> None:
    person = UserFactory(phone=phone)
    choose(person)
    tell(person)

    Drain(10).run()

    assert (provider.asked, by("sms")) == ([], [("dropped", why)])


def test_samples_are_never_texted(provider: Service, li: User, settings: Any) -> None:
    settings.SAMPLE_DATA = True
    choose(li)
    tell(li)

    Drain(10).run()

    assert (provider.asked, by("sms")) == ([], [("dropped", "sample data")])


def test_there_is_an_end_to_them_in_a_day(provider: Service, li: User) -> None:
    choose(li)
    for number in range(12):
        tell(li, f"{number}")

    Drain(20).run()

    assert len(provider.asked) == 10
    assert by("sms")[-1] == ("dropped", "enough text messages to this number today")


def test_nights_are_quiet_even_for_what_cannot_be_stopped(provider: Service, li: User, settings: Any) -> None:
    hour = timezone.localtime().time().replace(minute=0, second=0, microsecond=0)
    ends = hour.replace(hour=(hour.hour + 2) % 24)
    settings.STAFF_QUIET_HOURS = (hour, ends)
    choose(li)
    tell(li)

    Drain(10).run()

    assert (provider.asked, by("sms")[0][0], by("email")) == ([], "pending", [("sent", "")])


@pytest.mark.parametrize(
    "url",
    ["sms://x", "aliyun://dysmsapi.aliyuncs.com/?sign=a&template=b", "aliyun://a:b@host/?sign=x"],
)
def test_an_account_that_lacks_something_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SMS_URL"):
        texting.account(url)


def test_the_page_of_preferences_offers_it_to_who_has_a_mobile(
    client: Client, provider: Service, li: User
) -> None:
    sign_in(client, li)
    page = client.get("/en/notifications/preferences/")
    fields = [name for name in page.context["form"].fields if name.startswith("sms-")]

    client.post(
        "/en/notifications/preferences/", {f"sms-{PAPERS.code}": "instant", "email-tests.urgent": "instant"}
    )
    tell(li)

    assert fields == [f"sms-{PAPERS.code}"]
    assert page.context["form"].fields[fields[0]].initial == "never"
    assert [row.channel for row in Delivery.objects.order_by("channel")] == ["email", "sms"]
