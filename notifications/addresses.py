"""Links in messages: absolute, in the reader's language, and signed where they work without sign-in."""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.translation import get_language_from_path

from notifications.models import Notification

STOP = "notifications.stop"
STOP_LINK_LIVES = 400 * 24 * 3600
# In the address of a page opened from a mail: which message led there.
TOLD = "told"


def absolute(url: str, language: str) -> str:
    """Return the absolute address of a path in the given language; '' stays ''."""
    if not url or "://" in url:
        return url
    return settings.PUBLIC_URL + in_language(url, language)


def from_mail(notification: Notification) -> str:
    """Return the path of a message's page as its mail links to it, so that opening it reads the message too.

    Only what its reader also has in the inbox can be read there; everything else keeps its plain path.
    """
    if not (notification.in_inbox and notification.recipient_id and notification.url.startswith("/")):
        return notification.url
    parts = urlsplit(notification.url)
    query = f"{parts.query}&" if parts.query else ""
    return urlunsplit(parts._replace(query=f"{query}{TOLD}={notification.pk}"))


def in_language(url: str, language: str) -> str:
    """Return a path of the portal as it is called in the given language, whatever language it came in."""
    with translation.override(get_language_from_path(url) or settings.LANGUAGE_CODE):
        return translate_url(url, language)


def stop_link(notification: Notification, language: str) -> str:
    """Return the link that stops mails of this kind to this reader; it serves no other purpose."""
    token = signing.dumps(notification.pk, salt=STOP)
    with translation.override(language):
        return settings.PUBLIC_URL + reverse("notifications:stop", args=[token])


def read_stop_token(token: str) -> int:
    """Return the number of the notification a stop link came with; raise signing.BadSignature."""
    number: int = signing.loads(token, salt=STOP, max_age=STOP_LINK_LIVES)
    return number


def preferences_link(language: str) -> str:
    with translation.override(language):
        return settings.PUBLIC_URL + reverse("notifications:preferences")
