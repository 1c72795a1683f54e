"""Make the filter panel, the chosen conditions and the sort of the public list from what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from core import addresses
from enterprises.classification import regions
from services.policies import wording
from services.policies.models import Kind, Level
from services.policies.search import Count, Fit, Page, Query, Sort

# The name of each filter in the address of the list.
NAMES = {
    "fit": "fit",
    "area": "region",
    "kind": "kind",
    "level": "level",
    "state": "state",
    "since": "since",
    "issuer": "issuer",
}
# Of the agencies, those that issued most are offered; the chosen ones always are.
_MOST_ISSUERS = 10


@dataclass(frozen=True)
class Drop:
    """The one condition to drop when nothing was found, and how many notices that gives."""

    text: str
    label: str
    url: str


def groups(found: Page) -> list[dict[str, Any]]:
    """Give the filter groups: every option with its count, those with none last, chosen ones always.

    What fits the reader is a group only where something is known of the reader.
    """
    shown = [name for name in NAMES if name != "fit" or found.facets.get("fit")]
    return [_group(name, found) for name in shown]


def _group(name: str, found: Page) -> dict[str, Any]:
    chosen = found.query.filters[name]
    options = _options(name, found.facets.get(name, []), chosen)
    group = {"name": NAMES[name], "legend": wording.filter_name(name), "options": options}
    if name != "since":
        return group
    any_time = {"value": "", "label": gettext("Any time"), "count": None, "checked": not chosen}
    return {**group, "kind": "radio", "options": [any_time, *options]}


def _options(name: str, counts: list[Count], chosen: tuple[str, ...]) -> list[dict[str, Any]]:
    known = {count.value: count for count in _offered(name, counts, chosen)}
    known |= {value: Count(value, 0) for value in chosen if value not in known}
    # Spans of time are read from short to long, whether they hold something or not.
    ordered = sorted(known.values(), key=lambda count: count.count == 0 and name != "since")
    return [
        {
            "value": count.value,
            "label": _label(name, count),
            # A day of one's own is not counted; the number of notices found says it.
            "count": None if name == "since" and "-" in count.value else count.count,
            "checked": count.value in chosen,
        }
        for count in ordered
    ]


def _offered(name: str, counts: list[Count], chosen: tuple[str, ...]) -> list[Count]:
    if name != "issuer":
        return counts
    most = sorted(counts, key=lambda count: (-count.count, count.value))
    return [count for place, count in enumerate(most) if place < _MOST_ISSUERS or count.value in chosen]


def _label(name: str, count: Count) -> str:
    if count.label and wording.is_english():
        return count.label
    return wording.option(name, count.value)


def plain_groups(query: Query, *, knows_reader: bool) -> list[dict[str, Any]]:
    """Give the filter groups of a page that counts nothing: what fits, kind, level, place."""
    places = [regions.COUNTRY, *(code for code in regions.REGIONS if code.endswith("00"))]
    values = {"kind": list(Kind.values), "level": list(Level.values), "area": places}
    if knows_reader:
        values = {"fit": [fit.value for fit in Fit], **values}
    return [
        {
            "name": NAMES[name],
            "legend": wording.filter_name(name),
            "options": [
                {
                    "value": value,
                    "label": wording.option(name, value),
                    "count": None,
                    "checked": value in query.filters[name],
                }
                for value in offered
            ],
        }
        for name, offered in values.items()
    ]


def address(query: Query, given_sort: str = "") -> str:
    """Give the address of the list for a query, its first page."""
    return beside("policies:list", query, given_sort)


def beside(name: str, query: Query, given_sort: str = "") -> str:
    """Give the address of a page, file or feed with the words and filters of a query."""
    pairs = [*kept(query, given_sort), *carried(query)]
    return f"{addresses.of(name)}?{urlencode(pairs)}" if pairs else addresses.of(name)


def take_away(query: Query, given_sort: str) -> list[dict[str, str]]:
    """Give the links to the same list as a file, a feed and a calendar."""
    plain = query.for_nobody()
    return [
        {"label": "Excel", "url": beside("policies:export_xlsx", query, given_sort)},
        {"label": "CSV", "url": beside("policies:export_csv", query, given_sort)},
        {"label": "JSON", "url": beside("policies:export_json", query, given_sort)},
        {"label": gettext("Subscribe (Atom)"), "url": beside("policies:feed", plain)},
        {"label": gettext("Last days as a calendar (.ics)"), "url": beside("policies:calendar_ics", plain)},
        {"label": gettext("Policy calendar"), "url": beside("policies:calendar", query)},
    ]


def conditions(query: Query) -> list[str]:
    """Name what was asked in words: the search words, then every chosen value."""
    words = [gettext("“%(words)s”") % {"words": query.text}] if query.text else []
    return words + [wording.option(name, value) for name, values in query.filters.items() for value in values]


def chips_of(query: Query, to: Callable[[Query], str]) -> list[dict[str, str]]:
    """Give the chosen conditions of a page that counts nothing; `to` gives its address for another query."""
    return [
        {"label": label, "url": to(without)}
        for label, without in zip(conditions(query), _each_without(query), strict=True)
    ]


def _each_without(query: Query) -> Iterator[Query]:
    """Yield the query without each of its conditions, in the order of `conditions`."""
    if query.text:
        yield query.without("text")
    for name, values in query.filters.items():
        for value in values:
            yield query.narrowed(name, tuple(other for other in values if other != value))


def chips(page: Page, given_sort: str) -> list[dict[str, str]]:
    """Give the chosen conditions, each with the address of the list without it."""
    query = page.query
    found = []
    if query.text:
        label = gettext("“%(words)s”") % {"words": query.text}
        found.append({"label": label, "url": address(query.without("text"), given_sort)})
    for name, values in query.filters.items():
        for value in values:
            rest = tuple(other for other in values if other != value)
            without = query.without(name) if not rest else query.narrowed(name, rest)
            label = _label(name, _counted(page, name, value))
            found.append({"label": label, "url": address(without, given_sort)})
    return found


def _counted(page: Page, name: str, value: str) -> Count:
    """Return what was counted of a chosen value, for the sake of its name."""
    return next((count for count in page.facets.get(name, []) if count.value == value), Count(value, 0))


def best_drop(found: Page, given_sort: str) -> Drop | None:
    """Name the condition that hides most, when nothing was found; None when no single one does."""
    if not found.dropping:
        return None
    best = found.dropping[0]
    count = ngettext("%(count)s notice", "%(count)s notices", best.count) % {"count": best.count}
    names = {"condition": _condition(best.value, found.query), "count": count}
    return Drop(
        gettext("Without %(condition)s there are %(count)s.") % names,
        gettext("Drop this condition"),
        address(found.query.without(best.value), given_sort),
    )


def _condition(name: str, query: Query) -> str:
    if name == "text":
        return gettext("the words “%(words)s”") % {"words": query.text}
    values = [wording.option(name, value) for value in query.filters[name]]
    return gettext("the condition “%(condition)s”") % {"condition": " / ".join(values)}


def kept(query: Query, given_sort: str) -> list[tuple[str, str]]:
    """Give what the filter panel carries along: the words and the sort, never the page."""
    found = [("q", query.text)] if query.text else []
    return found + ([("sort", given_sort)] if given_sort else [])


def carried(query: Query) -> list[tuple[str, str]]:
    """Give the chosen filters, for the search box and the sort."""
    return [(NAMES[name], value) for name, values in query.filters.items() for value in values]


def sorts(query: Query) -> list[dict[str, Any]]:
    words = {
        Sort.NEWEST: gettext("Newest first"),
        Sort.CLOSING: gettext("Closing soonest first"),
        Sort.BEST: gettext("Best match first"),
    }
    return [
        {"value": sort.value, "label": label, "chosen": query.sort == sort} for sort, label in words.items()
    ]
