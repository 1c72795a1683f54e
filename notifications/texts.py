"""Put a notification into words: subject, text and, where the kind has one, HTML, in the reader's language.

The texts of a kind are templates; their context is the letter's own plus `site_name`, `link` (absolute
address of the page) and `reader` (the person's name, '' without an account). Plain texts are rendered
without HTML escaping, in an engine that knows nothing else.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.backends.django import DjangoTemplates
from django.template.loader import get_template
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from notifications import addresses
from notifications.models import Notification

FOLDER = "notifications/texts"


@dataclass(frozen=True)
class Words:
    """What one notification says in the language that is active."""

    notification: Notification

    @cached_property
    def context(self) -> dict[str, Any]:
        notification = self.notification
        return {
            **notification.context,
            "site_name": site_name(),
            "link": addresses.absolute(
                notification.url, translation.get_language() or settings.LANGUAGE_CODE
            ),
            "reader": str(notification.recipient) if notification.recipient else "",
        }

    @property
    def subject(self) -> str:
        return " ".join(plain(f"{FOLDER}/{self.notification.kind}/subject.txt", self.context).split())

    @property
    def body(self) -> str:
        return plain(f"{FOLDER}/{self.notification.kind}/body.txt", self.context).strip()

    @property
    def html(self) -> str:
        """Return the kind's own HTML, escaped and safe to print; '' when it has none."""
        try:
            template = get_template(f"{FOLDER}/{self.notification.kind}/body.html")
        except TemplateDoesNotExist:
            return ""
        return template.render(self.context)


def site_name() -> str:
    return _("SME Digital Transformation Service Platform")


def language_of(notification: Notification) -> str:
    """Return the reader's own language, else the one the letter was written for."""
    return getattr(notification.recipient, "language", "") or notification.language


def plain(name: str, context: dict[str, Any]) -> str:
    """Render a plain-text template; nothing is escaped, so never put the result into a page unescaped."""
    return _engine().get_template(name).render(context)


_engines: list[DjangoTemplates] = []


def _engine() -> DjangoTemplates:
    if not _engines:
        parameters = {
            "NAME": "plain",
            "DIRS": settings.TEMPLATES[0]["DIRS"],
            "APP_DIRS": False,
            "OPTIONS": {"autoescape": False},
        }
        _engines.append(DjangoTemplates(parameters))
    return _engines[0]
