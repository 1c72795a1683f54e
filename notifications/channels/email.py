"""E-mail: text and simple HTML in the reader's language, one SMTP connection for many messages."""

import smtplib
from email.errors import MessageError
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils import translation

from notifications import addresses
from notifications.channels import Never, NotNow, NotWanted
from notifications.kinds import Kind
from notifications.models import Delivery, Notification
from notifications.texts import Words, language_of, plain, site_name

SMTP = "django.core.mail.backends.smtp.EmailBackend"
# Two messages lost with the connection, one after the other: the server is in trouble, not the message.
LOST_IN_A_ROW = 2


class Email:
    """One drain's use of the mail server; not shared between threads."""

    name = "email"

    def __init__(self) -> None:
        self.connection: Any = None
        self.lost = 0

    def send(self, delivery: Delivery, kind: Kind) -> None:
        """Hand one message to the mail server; raise NotNow, Never or NotWanted when it was not taken."""
        message = compose(delivery, kind)
        self._open()
        try:
            self.connection.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            self._refused(code, words, by_address=True)
        except smtplib.SMTPDataError as error:
            self._refused(error.smtp_code, error.smtp_error)
        except (BadHeaderError, MessageError, UnicodeError) as error:
            raise Never(f"not a message: {error}") from error
        except (smtplib.SMTPServerDisconnected, ConnectionError, TimeoutError) as error:
            self.close()
            self.lost += 1
            raise NotNow(
                _said(error), channel_is_down=_is_silent(error) or self.lost >= LOST_IN_A_ROW
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            # The sender, the sign-in or the server itself is refused: no message would fare better.
            self.close()
            raise NotNow(_said(error), channel_is_down=True) from error
        else:
            self.lost = 0

    def close(self) -> None:
        """End the connection; what the server says to that does not matter."""
        if self.connection is None:
            return
        try:
            self.connection.close()
        except (smtplib.SMTPException, OSError):
            self.connection.connection = None
        self.connection = None

    def _open(self) -> None:
        if self.connection is not None:
            return
        connection = mail.get_connection()
        try:
            connection.open()
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow(_said(error), channel_is_down=True) from error
        self.connection = connection

    def _refused(self, code: int, words: bytes | str, *, by_address: bool = False) -> None:
        """Tell a refusal for now (4xx) from one for good (5xx); 421 means the server is closing."""
        self.lost = 0
        reason = f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
        if code == 421:
            self.close()
            raise NotNow(reason, channel_is_down=True)
        if 400 <= code < 500:
            raise NotNow(reason)
        raise Never(reason, by_address=by_address)


def address_of(notification: Notification) -> str:
    """Return where a notification goes; raise Never for no address and NotWanted for a sample one."""
    address = notification.recipient.email if notification.recipient else notification.address
    try:
        validate_email(address)
    except ValidationError as error:
        raise Never("not an e-mail address") from error
    if address.lower().endswith(".example") and settings.EMAIL_BACKEND == SMTP:
        raise NotWanted("sample address")
    return address


def compose(delivery: Delivery, kind: Kind) -> EmailMultiAlternatives:
    """Build the mail of one delivery; raise Never or NotWanted as `address_of` does."""
    notification = delivery.notification
    address = address_of(notification)
    language = language_of(notification)
    with translation.override(language):
        words = Words(notification, in_mail=True)
        stop = addresses.stop_link(notification, language) if kind.can_be_stopped else ""
        frame = {
            "subject": words.subject,
            "body": words.body,
            "html": words.html,
            "site_name": site_name(),
            "site": settings.SITE,
            "site_url": addresses.absolute("/", language),
            "language": language,
            "sample_data": settings.SAMPLE_DATA,
            "stop_link": stop,
            "preferences_link": addresses.preferences_link(language) if notification.recipient_id else "",
        }
        message = EmailMultiAlternatives(
            subject=plain("notifications/email/subject.txt", frame).strip(),
            body=plain("notifications/email/frame.txt", frame),
            from_email=_sender(site_name()),
            to=[address],
            reply_to=[settings.SITE["email"]] if settings.SITE["email"] else None,
            headers=_headers(delivery, stop),
        )
        message.attach_alternative(render_to_string("notifications/email/frame.html", frame), "text/html")
    return message


def _headers(delivery: Delivery, stop: str) -> dict[str, str]:
    headers = {"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"}
    if stop:
        # RFC 8058: the mail program itself posts to this link when the reader presses its button.
        headers |= {
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return headers


def _sender(name: str) -> str:
    given, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((given or name, address), charset="utf-8")


def _is_silent(error: Exception) -> bool:
    """Tell whether the server left us waiting; smtplib hides that behind a lost connection."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
