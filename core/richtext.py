"""The only sanitiser: markup from people becomes markup we show.

Keeps headings, paragraphs, lists, tables, quotes and links; drops styles, scripts, pictures and every
attribute that is not named here. Nothing else in the portal marks text as safe.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nh3
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "strong", "b", "em", "i", "u", "s", "sub", "sup", "blockquote",
    "ul", "ol", "li", "dl", "dt", "dd", "a", "abbr",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
# What these hold is no text of the document, so it goes with the tag.
DROPPED_WHOLE = {"script", "style", "title", "xml", "template", "noscript", "iframe", "object", "svg", "math"}
_MARKUP = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)


def clean(markup: str) -> str:
    """Return the markup with everything removed that is not on the list; safe to store and to clean again."""
    return nh3.clean(
        markup,
        tags=TAGS,
        clean_content_tags=DROPPED_WHOLE,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
        strip_comments=True,
    ).strip()


def typed(text: str) -> str:
    """Return what somebody typed as markup: plain text becomes paragraphs, so that its lines stay apart."""
    if not text.strip() or _MARKUP.search(text):
        return text.strip()
    return str(linebreaks(text.strip(), autoescape=True))


def shown(markup: str) -> SafeString:
    """Return stored markup for a template; cleaned once more, so that no row written past us can harm."""
    return mark_safe(clean(markup))  # noqa: S308 - the one place, straight from the allow-list
