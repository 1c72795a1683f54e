"""What every page's frame shows."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import get_language

from notifications.models import Notification
from portal import menu, pages
from portal.preferences import way_of_reading


class Frame:
    """The page's surroundings, worked out only when a template asks.

    Mails, fragments and machine answers use the same context and must not pay for the frame.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.language = "en" if get_language() == "en" else "zh-hans"
        self.other = menu.other_language(self.language)

    @property
    def lang(self) -> str:
        return menu.LANGUAGE_TAGS[self.language]

    @property
    def other_lang(self) -> str:
        return menu.LANGUAGE_TAGS[self.other]

    @property
    def other_name(self) -> str:
        return menu.LANGUAGE_NAMES[self.other]

    @property
    def here(self) -> str:
        """Return the address of this page; after a POST the page its form stood on, for a link is a GET."""
        if self.request.method == "POST":
            came_from = urlsplit(self.request.headers.get("Referer", ""))
            if came_from.netloc == self.request.headers.get("Host") and came_from.path:
                return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
        return self.request.get_full_path()

    @property
    def other_url(self) -> str:
        return menu.path_in(self.other, self.here)

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """Return (language tag, absolute address) of this page in both languages and the default."""
        pairs = [
            (tag, f"{settings.PUBLIC_URL}{menu.path_in(code, self.request.path)}")
            for code, tag in menu.LANGUAGE_TAGS.items()
        ]
        return [*pairs, ("x-default", pairs[0][1])]

    @property
    def canonical(self) -> str:
        return f"{settings.PUBLIC_URL}{self.request.path}"

    @property
    def share_picture(self) -> str:
        """Return the square picture shown when a page is shared; messengers take no SVG."""
        return f"{settings.PUBLIC_URL}{static('share.png')}"

    @cached_property
    def main_menu(self) -> list[menu.Link]:
        return menu.existing(menu.MAIN)

    @cached_property
    def senior_menu(self) -> list[menu.Link]:
        return menu.existing(menu.SENIOR)

    @cached_property
    def services_menu(self) -> list[menu.Link]:
        return menu.existing(menu.SERVICES)

    @cached_property
    def about_menu(self) -> list[menu.Link]:
        return menu.existing(menu.ABOUT)

    @property
    def enterprise(self) -> menu.Entry:
        return menu.ENTERPRISE

    @property
    def desk(self) -> menu.Entry:
        return menu.DESK

    @property
    def search_url(self) -> str:
        return menu.address("search")

    @property
    def policies_url(self) -> str:
        return menu.POLICIES.url

    @property
    def track_url(self) -> str:
        return menu.address("requests:track")

    @property
    def inbox_url(self) -> str:
        return menu.address("notifications:inbox")

    @property
    def account_url(self) -> str:
        return menu.address("accounts:home") or menu.address("account_change_password")

    @property
    def ask_url(self) -> str:
        """Return the question form, told from which page the visitor came."""
        path = self.request.path
        return menu.address("requests:ask", (("source_label", path), ("source_url", path)))

    @property
    def first_reply_days(self) -> int:
        return settings.FIRST_REPLY_WORKING_DAYS

    @property
    def new_privacy(self) -> pages.Edition | None:
        """Return the privacy text in force where this person has agreed to an older one."""
        agreed = getattr(self.request.user, "privacy_version", "")
        if not agreed or agreed == settings.PRIVACY_VERSION or getattr(self.request, "acting", None):
            return None
        return pages.EDITIONS[0]

    @property
    def unread(self) -> int:
        """Count what this person has not read yet; asked once a page."""
        if not hasattr(self, "_unread"):
            self._unread = Notification.objects.for_user(self.request.user).unread().count()
        return self._unread


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give the frame its settings: site facts, sample flag, way of reading."""
    return {
        "site": settings.SITE,
        "sample_data": settings.SAMPLE_DATA,
        "reading": way_of_reading(request),
        "frame": SimpleLazyObject(lambda: Frame(request)),
    }
