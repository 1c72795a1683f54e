"""Text messages: only what somebody has chosen, and a few a day; the provider is `texting`."""

import secrets
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation

from core import limits
from notifications import texting
from notifications.channels import Never, NotNow, NotWanted, posting
from notifications.kinds import Kind
from notifications.models import Delivery
from notifications.texting import Account
from notifications.texts import language_of

A_DAY = 10


class Sms:
    """One drain's use of the provider; holds nothing open."""

    name = "sms"

    def send(self, delivery: Delivery, kind: Kind) -> None:
        """Hand one message to the provider; raise NotNow, Never or NotWanted when it was not taken."""
        to = texting.account(settings.SMS_URL)
        if to is None:
            raise NotWanted("text messages are switched off")
        number = number_of(delivery)
        if delivery.attempts <= 1 and not limits.allow(f"sms:{number}", times=A_DAY, seconds=86400):
            raise NotWanted("enough text messages to this number today")
        language = language_of(delivery.notification)
        with translation.override(language):
            words = texting.query(
                to, number, language, reference=delivery.notification.subject_code, what=str(kind.label)
            )
        self._hand_over(to, words)

    def close(self) -> None:
        """Nothing is open between two messages."""

    def _hand_over(self, to: Account, words: dict[str, str]) -> None:
        line, headers = texting.signed(
            urlsplit(to.base).netloc,
            words,
            key_id=to.key_id,
            secret=to.secret,
            at=datetime.now(UTC),
            nonce=secrets.token_hex(16),
        )
        answer = posting.post(f"{to.base}/?{line}", headers=headers)
        code = texting.code_of(answer.body)
        if code == "OK":
            return
        reason = f"{code} {answer.body.get('Message', '')}".strip()
        if texting.is_account_in_trouble(code):
            raise NotNow(reason, channel_is_down=True)
        if texting.is_for_now(code) or posting.is_for_now(answer.status):
            raise NotNow(reason)
        raise Never(reason)


def number_of(delivery: Delivery) -> str:
    """Return the reader's mobile number; raise NotWanted when there is none, or all data are samples."""
    reader = delivery.notification.recipient
    number = texting.mobile(getattr(reader, "phone", "") or "")
    if not number:
        raise NotWanted("no mobile number")
    if settings.SAMPLE_DATA:
        raise NotWanted("sample data")
    return number
