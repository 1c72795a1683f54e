"""Saved searches: begin, confirm, change, stop; hold them against what was published; the morning letters."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.http import QueryDict

from core import audit
from services.policies import alerting, synonyms, telling
from services.policies.models import PolicyNotice, SavedSearch, SearchFound, State
from services.policies.search import Query

MOST_SEARCHES = 20
# Searches of one morning's turn, one transaction each; the next turn takes the rest.
TURN = 200
# An address that was never confirmed is forgotten; so is a stopped search.
UNCONFIRMED_DAYS, STOPPED_DAYS = 7, 30


class SearchRefused(Exception):
    """The search cannot be kept; `code` is too_many."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def follow(
    query: Query, *, written: str, name: str, frequency: str, by: Any = None, address: str = "", language: str
) -> SavedSearch:
    """Keep a search for a person, or for an address, which must then confirm by the link it is sent.

    `written` is the query string of the list. Raises SearchRefused beyond MOST_SEARCHES of one reader.
    """
    reader = {"user": by, "address": "" if by else address}
    if SavedSearch.objects.filter(**reader, stopped_at=None).count() >= MOST_SEARCHES:
        raise SearchRefused("too_many")
    search = SavedSearch.objects.create(
        **reader,
        language=language,
        name=name,
        query=written,
        frequency=frequency,
        confirmed_at=Now() if by else None,
        **alerting.compile_query(query),
    )
    audit.record(search, "follow", by=by, data={"frequency": frequency})
    if by is None:
        telling.ask_to_confirm(search)
    return search


def confirm(search: SavedSearch) -> bool:
    """Let a search of an address count, unless it was stopped; return whether this was the first time."""
    waiting = SavedSearch.objects.filter(pk=search.pk, confirmed_at=None, stopped_at=None)
    return waiting.update(confirmed_at=Now()) == 1


@transaction.atomic
def change_search(search: SavedSearch, *, name: str, frequency: str, at: datetime) -> SavedSearch:
    """Give a search another name or frequency; what waits then goes when something new would."""
    search.name, search.frequency = name, frequency
    search.save(update_fields=["name", "frequency"])
    waiting = SearchFound.objects.filter(search=search, told_at=None)
    waiting.update(due_on=alerting.due_on(frequency, at))
    return search


def recompile_searches() -> int:
    """Compile the words of searches anew that other synonyms were used for; return how many, up to TURN."""
    mark = synonyms.fresh().mark
    stale = SavedSearch.objects.active().exclude(vector=None, patterns=None)
    rows = list(stale.exclude(words_mark=mark).order_by("pk")[:TURN]) if mark else []
    for search in rows:
        words = QueryDict(search.query).get("q", "")
        SavedSearch.objects.filter(pk=search.pk).update(**alerting.compile_text(words))
    return len(rows)


def stop_search(search: SavedSearch) -> None:
    """End a search; nothing more is told of it, what waits neither."""
    SavedSearch.objects.filter(pk=search.pk, stopped_at=None).update(stopped_at=Now())


# --- telling -------------------------------------------------------------------------


def hold_searches(notice: PolicyNotice, *, at: datetime, is_new: bool) -> int:
    """Find the searches a published version meets and tell those who are told at once; return the new rows.

    Call it inside the transaction that marks the version as told.
    """
    found = alerting.find_searches(notice.pk, notice.version, at, is_new=is_new)
    if found:
        until = alerting.letter_day(at)
        telling.tell_found(notice, notice.version, until=until)
        told = SearchFound.objects.filter(notice=notice, notice_version=notice.version, told_at=None)
        told.filter(due_on__lte=until).update(told_at=Now())
    return found


@transaction.atomic
def send_search_digests(*, day: date) -> int:
    """Write the letters of up to TURN searches due by `day`; return for how many searches.

    Rows and letters are one transaction: a crash leaves what the next turn finds. Two at once take different
    searches.
    """
    due = SearchFound.objects.filter(due_on__lte=day, told_at=None)
    waiting = SavedSearch.objects.filter(pk__in=due.values("search")).order_by("pk")
    searches = list(waiting.select_for_update(skip_locked=True, of=("self",))[:TURN])
    rows = due.filter(search__in=searches).select_related("notice").prefetch_related("notice__items")
    by_search: dict[int, list[SearchFound]] = {}
    for row in rows.order_by("pk"):
        if row.notice.state == State.PUBLISHED:
            by_search.setdefault(row.search_id, []).append(row)
    active = [one for one in searches if one.stopped_at is None and one.pk in by_search]
    readers = SavedSearch.objects.select_related("user").in_bulk([one.pk for one in active])
    telling.tell_search_digests({readers[one.pk]: by_search[one.pk] for one in active}, day)
    due.filter(search__in=searches).update(told_at=Now())
    return len(searches)


def sweep_searches() -> int:
    """Forget addresses that never confirmed and searches stopped long ago; return how many."""
    unconfirmed = SavedSearch.objects.filter(
        confirmed_at=None, created_at__lt=Now() - timedelta(days=UNCONFIRMED_DAYS)
    )
    stopped = SavedSearch.objects.filter(stopped_at__lt=Now() - timedelta(days=STOPPED_DAYS))
    return int((unconfirmed | stopped).delete()[0])
