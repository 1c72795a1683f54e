"""Messages that come back after the mail server has taken them (RFC 3464), read with the standard library.

Who sends a forged one gets nowhere: the Message-ID of a delivery holds 128 bits nobody else knows, and the
address must be the one it was sent to.
"""

import email
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.policy import default

LONGEST = 1_000_000


@dataclass(frozen=True)
class Bounce:
    """One recipient of one message that did not reach them; `is_final` tells 5.x.x from a mere delay."""

    message_id: str
    address: str
    is_final: bool
    reason: str


class NotABounce(ValueError):
    """The message is no delivery report, or does not say which message it is about."""


def read(raw: bytes) -> list[Bounce]:
    """Read a delivery report; raise NotABounce for anything else, also for what is too long or broken."""
    if len(raw) > LONGEST:
        raise NotABounce("longer than any report")
    try:
        message = email.message_from_bytes(raw, policy=default)
        parts = list(message.walk())
        message_id = next(_ids_of(parts), "")
        found = [bounce for part in parts for bounce in _recipients(part, message_id)]
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        raise NotABounce(f"broken: {type(error).__name__}") from error
    if not message_id or not found:
        raise NotABounce("no delivery report with the message it is about")
    return found


def _ids_of(parts: Sequence[Message]) -> Iterator[str]:
    """Yield the Message-IDs of what was sent back, whole or its headers alone."""
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            content = part.get_payload(0)
            found = content["Message-ID"] if isinstance(content, Message) else None
        elif part.get_content_type() == "text/rfc822-headers":
            found = email.message_from_string(str(part.get_payload()), policy=default)["Message-ID"]
        else:
            continue
        if found:
            yield str(found).strip()


def _recipients(part: Message, message_id: str) -> Iterator[Bounce]:
    if part.get_content_type() != "message/delivery-status":
        return
    groups = part.get_payload()
    for group in groups if isinstance(groups, list) else []:
        if not isinstance(group, Message):
            continue
        address = str(group["Final-Recipient"] or group["Original-Recipient"] or "").partition(";")[2].strip()
        if not address:
            continue
        action = str(group["Action"] or "").strip().lower()
        status = re.sub(r"[^0-9.]", "", str(group["Status"] or ""))[:12]
        words = " ".join(str(group["Diagnostic-Code"] or "").split())
        yield Bounce(
            message_id=message_id,
            address=address.strip("<>").lower(),
            is_final=action == "failed" and not status.startswith("4"),
            reason=f"{status} {words}".strip()[:250],
        )
