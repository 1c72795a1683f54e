"""Where the frame leads: main menu, footer and the four services.

An entry whose page does not exist yet is left out, so no menu ever holds a dead link.
"""

from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from core import addresses

Words = str | Promise


@dataclass(frozen=True)
class Entry:
    """One link of a menu: `key` is what a view passes as `nav` when it stands there."""

    key: str
    label: Words
    name: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def url(self) -> str:
        """Return the address in the reader's language, or nothing while the page does not exist."""
        return address(self.name, self.query)


def address(name: str, query: tuple[tuple[str, str], ...] = (), **parts: str) -> str:
    """Return the address of a page by its URL name and parts, or '' when there is no such page."""
    try:
        path = reverse(name, kwargs=parts) if parts else addresses.of(name)
    except NoReverseMatch:
        return ""
    return f"{path}?{urlencode(query)}" if query else path


HOME = Entry("home", _("Home"), "home")
POLICIES = Entry("policies", _("Policy services"), "policies:list")
FACTORY = Entry("factory", _("Digital factory"), "assessments:start")
CLOUD = Entry("cloud", _("Cloud onboarding"), "cloud:start")
INDUSTRY = Entry("industry", _("Industrial services"), "industry:start")
HELP = Entry("help", _("Help"), "help")
ENTERPRISE = Entry("enterprise", _("My enterprise"), "enterprises:home")
DESK = Entry("desk", _("Service desk"), "admin:index")

SERVICE_LIST = Entry("services", _("Ask for a service"), "catalogue:list")
TRACK = Entry("track", _("Track a request"), "requests:track")
ASK = Entry("ask", _("Ask a person"), "requests:ask")

MAIN = (HOME, POLICIES, FACTORY, CLOUD, INDUSTRY, HELP)
# What most people come for; the rest is one link away, on the site map.
SENIOR = (HOME, POLICIES, SERVICE_LIST, TRACK, ASK)
SERVICES = (POLICIES, FACTORY, CLOUD, INDUSTRY)
# Every page a visitor can start from, by part of the site, as the site map lists them.
PARTS = (
    (
        POLICIES,
        (
            Entry("check", _("Which policies fit you?"), "policies:check"),
            Entry("quiz", _("A few questions: what fits you?"), "policies:quiz"),
            Entry("fitting", _("What fits, and what is one step away"), "policies:fitting"),
            Entry("calendar", _("Policy calendar"), "policies:calendar"),
            Entry("follow", _("Tell me of new ones"), "policies:follow"),
        ),
    ),
    (
        FACTORY,
        (
            Entry("quick", _("Quick check without an account"), "assessments:quick"),
            Entry("sample", _("Look at a sample report"), "assessments:sample"),
            Entry("verify", _("Check the code of a report"), "assessments:verify"),
        ),
    ),
    (
        CLOUD,
        (
            Entry("readiness", _("Are you ready for the cloud?"), "cloud:readiness"),
            Entry("products", _("Cloud products"), "cloud:products"),
            Entry("providers", _("Cloud providers"), "cloud:providers"),
            Entry("vouchers", _("Cloud vouchers"), "cloud:vouchers"),
            Entry("conversions", _("Conversion projects"), "cloud:conversions"),
            Entry("fund", _("Where the voucher money stands"), "cloud:fund"),
        ),
    ),
    (
        INDUSTRY,
        (
            Entry("solutions", _("Solutions by industry and scene"), "industry:solutions"),
            Entry("places", _("Platforms and parks"), "industry:places"),
            Entry("occasions", _("Training and events"), "industry:occasions"),
            Entry("needs", _("Board of needs"), "industry:needs"),
        ),
    ),
    (
        SERVICE_LIST,
        (
            TRACK,
            ASK,
            Entry("search", _("Search the portal"), "search"),
            Entry("size", _("Enterprise size self-test"), "enterprises:size"),
        ),
    ),
)
ABOUT = (
    Entry("open", _("The open book"), "indicators:open"),
    Entry("open_data", _("Open data"), "open_data"),
    Entry("api_docs", _("Read API"), "api_docs"),
    Entry("about", _("About this site"), "about"),
    Entry("accessibility", _("Accessibility statement"), "accessibility"),
    Entry("privacy", _("Privacy and personal information"), "privacy"),
    Entry("terms", _("Terms of use"), "terms"),
    Entry("sitemap", _("Site map"), "sitemap"),
)


@dataclass(frozen=True)
class Link:
    """An entry in the reader's language."""

    key: str
    label: str
    url: str


def existing(entries: tuple[Entry, ...]) -> list[Link]:
    """Return the entries whose pages exist."""
    links = (Link(entry.key, str(entry.label), entry.url) for entry in entries)
    return [link for link in links if link.url]


def section_label(key: str) -> Words:
    """Return the word for the part of the site a page stands in; '' for home and unknown keys."""
    labels = {entry.key: entry.label for entry in (*MAIN[1:], ENTERPRISE)}
    return labels.get(key, "")


# How the other language calls itself, and the code its pages are marked with.
LANGUAGE_NAMES = {"zh-hans": "中文", "en": "English"}
LANGUAGE_TAGS = {"zh-hans": "zh-Hans", "en": "en"}


def other_language(code: str) -> str:
    """Return the language a reader of `code` can switch to."""
    return "zh-hans" if code == "en" else "en"


def path_in(language: str, path: str) -> str:
    """Return the same address in another language: Chinese at /…, English at /en/…"""
    bare = path.removeprefix("/en") if path == "/en" or path.startswith("/en/") else path
    bare = bare or "/"
    return bare if language == settings.LANGUAGE_CODE else f"/{language}{bare}"
