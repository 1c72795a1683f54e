"""Pages of words: help, about, accessibility, privacy, terms, site map.

Each text is written twice, once for each language, in `templates/portal/pages/`; a text of its own reads
better than a translation sentence by sentence.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from enterprises.classification import sizes
from portal import menu


@dataclass(frozen=True)
class Text:
    """One page of words: address part, title, one line about it, and the day it was last read through."""

    slug: str
    title: str | Promise
    summary: str | Promise
    reviewed_on: str = "2026-11-25"

    @property
    def template(self) -> str:
        """Return the fragment in the reader's language."""
        language = "en" if get_language() == "en" else "zh"
        return f"portal/pages/{self.slug}.{language}.html"


ABOUT = Text("about", _("About this site"), _("What this platform is for and who runs it."))
ACCESSIBILITY = Text(
    "accessibility",
    _("Accessibility statement"),
    _("What works without a mouse, in large text and with a screen reader."),
    reviewed_on="2026-11-30",
)
PRIVACY = Text(
    "privacy",
    _("Privacy and personal information"),
    _("Which personal information is kept, why, how long, and your rights."),
    reviewed_on="2026-11-30",
)


@dataclass(frozen=True)
class Edition:
    """One version of the privacy text: since when, and what it changed. An older text keeps its fragments."""

    version: str
    since: str
    changes: str | Promise

    def fragment(self) -> Text:
        """Return the text: the newest is `privacy`, an older one `privacy-<version>`."""
        if self.version == settings.PRIVACY_VERSION:
            return PRIVACY
        return replace(PRIVACY, slug=f"{PRIVACY.slug}-{self.version}", reviewed_on=self.since)


# Newest first; PRIVACY_VERSION is the first of these.
EDITIONS = (
    Edition(
        "2026-11-30",
        "2026-11-30",
        _(
            "Says more of agents, of what a provider gets only with your agreement, of the question half a "
            "year later, of passkeys and codes, and where you see who looked at your data."
        ),
    ),
    Edition("2026-11", "2026-11-25", _("The first version.")),
)
TERMS = Text("terms", _("Terms of use"), _("What you may rely on and what you are responsible for."))


@dataclass(frozen=True)
class Topic:
    """Help pages about one thing, under one heading of the help page."""

    title: str | Promise
    texts: tuple[Text, ...]


SME = Text(
    "sme", _("What counts as an SME?"), _("The size table by industry, and how the class is worked out.")
)
VOUCHER = Text(
    "voucher",
    _("How is a cloud voucher redeemed?"),
    _("From choosing a product to being paid, with the dates to watch."),
    reviewed_on="2026-11-30",
)
ANSWERS = Text(
    "answers",
    _("Who sees my answers?"),
    _("What colleagues, staff, experts and others see of an assessment."),
    reviewed_on="2026-11-30",
)

TOPICS = (
    Topic(
        _("To begin with"),
        (
            Text(
                "register",
                _("How to register an enterprise"),
                _("What to have at hand, the four steps, and what happens next."),
            ),
            SME,
            Text(
                "signin",
                _("How to sign in"),
                _("Password, a code by mail or a passkey, and what to do when it fails."),
                reviewed_on="2026-11-30",
            ),
            Text(
                "members",
                _("How colleagues and agents work together"),
                _("Three rights, invitations, mandates, and what to do when somebody leaves."),
                reviewed_on="2026-11-30",
            ),
        ),
    ),
    Topic(
        _("Policies"),
        (
            Text(
                "matching",
                _("How policies are matched"),
                _("What is compared, what is never decided by a machine, and how to opt out."),
            ),
            Text(
                "benefits",
                _("Benefits that need no application"),
                _("What is handed over, to whom, and how to take the consent back."),
                reviewed_on="2026-11-30",
            ),
        ),
    ),
    Topic(
        _("Services and vouchers"),
        (
            Text(
                "services",
                _("How to ask for a service, and what it costs"),
                _("Which services are free, how to ask, what the provider gets, and what happens next."),
                reviewed_on="2026-11-30",
            ),
            Text(
                "track",
                _("How to follow a request"),
                _("The reference number, what each status means, and the dates."),
            ),
            Text(
                "papers",
                _("How to send papers and photos"),
                _("Kinds and sizes of files, good pictures, and what to do when it fails."),
                reviewed_on="2026-11-30",
            ),
            VOUCHER,
        ),
    ),
    Topic(
        _("Your information, and when something is wrong"),
        (
            ANSWERS,
            Text(
                "messages",
                _("Too many mails, or none"),
                _("Choosing what you are told, and how to know a real mail."),
                reviewed_on="2026-11-30",
            ),
            Text(
                "complaint",
                _("If something was handled badly"),
                _("Reopening, objections, errors in policies and complaints about the site."),
                reviewed_on="2026-11-30",
            ),
        ),
    ),
)
HELP = tuple(text for topic in TOPICS for text in topic.texts)
# What people ask most, for the front page.
ASKED_MOST = (SME, VOUCHER, ANSWERS)


@login_not_required
@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """List the help pages by topic, and the ways to reach a person."""
    return render(request, "portal/help.html", {"nav": "help", "topics": TOPICS})


@login_not_required
@require_safe
def help_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one help page."""
    text = next((text for text in HELP if text.slug == slug), None)
    if text is None:
        raise Http404
    return _show(request, text, nav="help", size_rows=_size_rows() if slug == "sme" else ())


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return _show(request, ABOUT)


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return _show(request, ACCESSIBILITY)


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return _show(request, PRIVACY, version=settings.PRIVACY_VERSION, editions=EDITIONS)


@login_not_required
@require_safe
def privacy_edition(request: HttpRequest, version: str) -> HttpResponse:
    """Show the privacy text of one version, as it was agreed to."""
    edition = next((one for one in EDITIONS if one.version == version), None)
    if edition is None:
        raise Http404
    title = _("Privacy text, version %(version)s") % {"version": version}
    return _show(request, replace(edition.fragment(), title=title), version=version)


@login_not_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return _show(request, TERMS)


@login_not_required
@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Show every page a visitor can start from, by part of the site."""
    return render(request, "portal/site_map.html", {"texts": HELP, "parts": menu.PARTS})


def _show(request: HttpRequest, text: Text, **context: Any) -> HttpResponse:
    context |= {
        "text": text,
        "reply_days": settings.FIRST_REPLY_WORKING_DAYS,
        "question_days": settings.QUESTION_WORKING_DAYS,
        "reopen_days": settings.REOPEN_DAYS,
    }
    return render(request, "portal/text.html", context)


INDICATORS = {"employees": _("number of staff"), "revenue_wan": _("revenue"), "assets_wan": _("total assets")}


def _size_rows() -> list[dict[str, Any]]:
    """Return the official table for display: one line per industry and indicator, floors of each class."""
    english = get_language() == "en"
    return [
        {
            "title": row.title_en if english else row.title_zh,
            "indicators": len(row.indicators) if first else 0,
            "indicator": INDICATORS[name],
            "floors": [int(row.floors[size][name]) for size in _SIZES],
        }
        for row in sizes.ROWS.values()
        for first, name in ((index == 0, name) for index, name in enumerate(row.indicators))
    ]


_SIZES = (sizes.SizeClass.SMALL, sizes.SizeClass.MEDIUM, sizes.SizeClass.LARGE)
