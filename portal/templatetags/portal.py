"""Template tags of the frame and the components."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField, Form
from django.template import Context
from django.template.defaultfilters import capfirst
from django.templatetags.static import static
from django.urls import reverse
from django.utils.dateformat import format as date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from core import calendar
from portal.menu import address, section_label

register = template.Library()

# Colour groups of status words (design language, section 4); every tag also carries its word.
TONES = {
    "ok": {"resolved", "closed", "active", "published", "met", "done", "sent", "verified", "staff"},
    "soon": {"waiting", "returned", "unknown", "in_review", "claim_pending"},
    "hot": {"overdue", "failed"},
    "info": {"submitted", "in_progress", "approved", "pending", "document"},
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one icon of the sprite; it is decoration, a word stands beside it."""
    return _icon(static("icons.svg"), name)


@lru_cache(maxsize=200)
def _icon(sprite: str, name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        sprite,
        name,
    )


# A list has twenty rows and sixty boxes to tick. What stands in each of them is written here in one turn: a
# template takes several times as long for it.


@register.filter
def with_hits(pieces: Sequence[Any]) -> SafeString | str:
    """Write a text with the searched words marked; each piece has `text` and `is_hit`."""
    if len(pieces) == 1 and not pieces[0].is_hit:
        return str(pieces[0].text)  # as any other variable; the template escapes it
    parts = (format_html("<mark>{}</mark>", one.text) if one.is_hit else one.text for one in pieces)
    return format_html_join("", "{}", ((part,) for part in parts))


@register.simple_tag
def facet_options(group: object) -> SafeString:
    """Write the boxes of one filter; `group` as `components/facets.html` says, a dict or an object."""
    kind, name, options = _said(group, "kind") or "checkbox", _said(group, "name"), _said(group, "options")
    box = format_html('<label class="check"><input type="{}" name="{}"', kind, name)
    written = (_option(box, option) for option in options)
    return format_html_join("\n      ", "{}", ((option,) for option in written))


def _option(box: SafeString, option: object) -> SafeString:
    value, label, count = (_said(option, name) for name in ("value", "label", "count"))
    # A word of ours and a number need no escaping, so they stand in the pattern.
    ticked = " checked" if _said(option, "checked") else ""
    counted = "" if count is None else f' <span class="count">{count:,d}</span>'
    return format_html(f'{{}} value="{{}}"{ticked}> <span>{{}}</span>{counted}</label>', box, value, label)


def _said(thing: object, name: str) -> Any:
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


@register.filter
def instant(moment: date | None) -> str:
    """Return a moment as `<time datetime>` takes it: to the second and with its distance from UTC."""
    if isinstance(moment, datetime):
        return localtime(moment).isoformat(timespec="seconds")
    return moment.isoformat() if moment else ""


@register.simple_block_tag
def page_title(content: str, section: str = "", mistaken: object = None) -> str:
    """Name the page: `page · section · site`, with "Error: " before it when the form was refused."""
    parts = [
        " ".join(content.split()),
        str(section_label(section)),
        gettext("SME Digital Transformation Service Platform"),
    ]
    title = " · ".join(dict.fromkeys(part for part in parts if part))
    return gettext("Error: ") + title if mistaken else title


@register.simple_block_tag
def page_description(content: str) -> str:
    """Put the description of a page on one line."""
    return " ".join(content.split())


@register.simple_block_tag
def breadcrumb(content: SafeString) -> SafeString | str:
    """Put the crumbs of a page behind the link home; a page without crumbs gets no breadcrumb."""
    if not content.strip():
        return ""
    return format_html(
        '<nav class="crumbs wrap" aria-label="{}"><ol>{}{}</ol></nav>',
        gettext("You are here"),
        crumb("home", gettext("Home")),
        content,
    )


@register.simple_tag
def crumb(name: str, label: str, *args: Any, **kwargs: Any) -> SafeString:
    """Write one step of the breadcrumb: `{% crumb "policies:list" _("Policy services") %}`."""
    return format_html('<li><a href="{}">{}</a></li>', reverse(name, args=args, kwargs=kwargs), label)


@register.simple_tag
def crumb_here(label: str) -> SafeString:
    """Write the last step of the breadcrumb, the page itself."""
    return format_html('<li aria-current="page">{}</li>', label)


@register.simple_tag
def page_url(name: str, **query: str) -> str:
    """Return the address of a page by URL name, or '' when it does not exist (yet)."""
    return address(name, tuple(query.items()))


@register.filter
def tone(state: object) -> str:
    """Return the colour group of a status code: ok, soon, hot, info, or '' for grey."""
    return next((name for name, states in TONES.items() if str(state) in states), "")


@register.filter
def due_tone(days: int) -> str:
    """Return the colour group of days left: hot up to 7, soon up to 30."""
    return "hot" if days <= 7 else "soon" if days <= 30 else ""


@register.simple_tag
def error_lines(
    form: Form | None = None, errors: list[tuple[str, str]] | None = None
) -> list[tuple[str, str]]:
    """Return (id of the control, message) for everything to be changed; the id is '' for the form itself.

    Where several fields are wrong, a message that does not name its field gets the name in front.
    """
    lines = list(errors or [])
    if form and form.is_bound:
        lines += [("", str(message)) for message in form.non_field_errors()]
        wrong = [field for field in form if field.errors]
        lines += [
            (control_id(field), _named(field, str(message)) if len(wrong) > 1 else str(message))
            for field in wrong
            for message in field.errors
        ]
    return lines


def _named(field: BoundField, message: str) -> str:
    label = str(field.label or "")
    if not label or label.casefold() in message.casefold():
        return message
    return gettext("%(field)s: %(problem)s") % {"field": label.rstrip("?？:："), "problem": message}


@register.filter
def control_id(field: BoundField) -> str:
    """Return the id a link must lead to: the control, or the first of several."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def unit_of(attrs: dict[str, Any]) -> str:
    """Return the unit written after a number field (`data-unit` of its widget)."""
    return attrs.get("data-unit", "")


@register.filter
def phone_number(text: str) -> str:
    """Leave only what a phone can dial."""
    return "".join(character for character in text if character in "+0123456789")


@register.simple_tag
def lang_mark(words: object) -> SafeString | str:
    """Mark Chinese words on an English page: `<a href=…{% lang_mark title %}>`; nothing where they fit."""
    is_chinese = any("\u4e00" <= character <= "\u9fff" for character in str(words))
    return format_html(' lang="{}"', "zh-Hans") if is_chinese and get_language() == "en" else ""


@register.filter
def day_words(day: date) -> str:
    """Write a day in running words: 9月28日, 28 Sep; with its year where that is not the present one."""
    year = "" if day.year == calendar.today().year else str(day.year)
    if get_language() == "en":
        return f"{day.day} {date_format(day, 'M')} {year}".rstrip()
    # A narrow badge breaks at the blank, not inside a month (`.due time`).
    return f"{year}年 {day.month}月{day.day}日".removeprefix("年 ")


@register.filter
def is_kind(field: BoundField, kinds: str) -> bool:
    """Say whether the field's widget is one of the named input types: `{% if field|is_kind:"checkbox" %}`."""
    return getattr(field.field.widget, "input_type", "") in kinds.split(",")


@register.filter
def elided(page: Page) -> list[int | str]:
    """Return the page numbers worth showing, with gaps."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag(takes_context=True)
def paged(context: Context, number: int) -> str:
    """Return this page's query string with another page number; page 1 needs none."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    if number > 1:
        query["page"] = str(number)
    return f"?{query.urlencode()}" if query else context["request"].path


@register.filter
def sentence(words: str) -> str:
    """Write a label as the start of a sentence; Chinese stays as it is."""
    return capfirst(words)
