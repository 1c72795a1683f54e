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

from notifications import addresses, wording
from notifications.models import Notification, TextVersion

FOLDER = "notifications/texts"


@dataclass(frozen=True)
class Words:
    """What one notification says in the active language; `in_mail`: its link also reads it in the inbox."""

    notification: Notification
    in_mail: bool = False

    @cached_property
    def context(self) -> dict[str, Any]:
        notification = self.notification
        url = addresses.from_mail(notification) if self.in_mail else notification.url
        return {
            **notification.context,
            "site_name": site_name(),
            "link": addresses.absolute(url, translation.get_language() or settings.LANGUAGE_CODE),
            "reader": str(notification.recipient) if notification.recipient else "",
        }

    @property
    def version(self) -> TextVersion | None:
        """Return the wording of the desk this was written with, if it is in the active language."""
        version = self.notification.text_version
        return version if version and version.language == translation.get_language() else None

    @property
    def subject(self) -> str:
        if self.version:
            return " ".join(wording.render(self.version.subject, self.context).split())
        return " ".join(plain(f"{FOLDER}/{self.notification.kind}/subject.txt", self.context).split())

    @property
    def body(self) -> str:
        if self.version:
            return wording.render(self.version.body, self.context)
        return plain(f"{FOLDER}/{self.notification.kind}/body.txt", self.context).strip()

    @property
    def html(self) -> str:
        """Return the kind's own HTML, escaped and safe to print; '' when it has none."""
        if self.version:
            return ""
        try:
            template = get_template(f"{FOLDER}/{self.notification.kind}/body.html")
        except TemplateDoesNotExist:
            return ""
        return template.render(self.context)


def names_of(kind: str) -> set[str]:
    """Return the names a wording of the desk may use: what the release's own texts of the kind mention."""
    found = set(wording.ALWAYS)
    for part in ("subject.txt", "body.txt"):
        found |= wording.mentioned(_engine().get_template(f"{FOLDER}/{kind}/{part}").template.source)
    return found


def preview(notification: Notification) -> tuple[str, str]:
    """Return subject and text of a notification in its own language."""
    with translation.override(notification.language):
        words = Words(notification)
        return words.subject, words.body


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
