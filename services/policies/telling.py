"""Write the letters to those who follow; set-wise where the database itself knows the readers."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core import signing
from django.urls import reverse

from notifications import addresses, outbox
from notifications.outbox import Letter
from services.policies import notifications, search
from services.policies.models import AlertDue, PolicyNotice, SavedSearch, SearchFound
from services.policies.notifications import LISTED

CONFIRM, MANAGE = "policies.confirm_search", "policies.manage_searches"
CONFIRM_LIVES = 3 * 24 * 3600
MANAGE_LIVES = 400 * 24 * 3600


def confirm_token(search: SavedSearch) -> str:
    return signing.dumps(search.pk, salt=CONFIRM)


def manage_token(search: SavedSearch) -> str:
    """Sign the way of a reader without an account to all searches of the same address."""
    return signing.dumps(search.pk, salt=MANAGE)


def search_of(token: str, purpose: str) -> SavedSearch | None:
    """Return the search a link was signed for; None when it is wrong or too old, or the search gone."""
    lives = {CONFIRM: CONFIRM_LIVES, MANAGE: MANAGE_LIVES}[purpose]
    try:
        number = signing.loads(token, salt=purpose, max_age=lives)
    except signing.BadSignature:
        return None
    return SavedSearch.objects.filter(pk=number).first()


def ask_to_confirm(search: SavedSearch) -> int:
    """Send the link that makes a search of an address count."""
    path = reverse("policies:confirm_search", args=[confirm_token(search)])
    letter = Letter(
        key=f"s{search.pk}",
        address=search.address,
        language=search.language,
        # Nothing that was typed: whoever asked may not be whoever reads.
        context={"secret_link": addresses.absolute(path, search.language)},
    )
    return outbox.post(notifications.SEARCH_CONFIRM, letter)


def tell_found(notice: PolicyNotice, version: int, *, until: date) -> int:
    """Tell what was found of one version of a notice and is due by `until`; return the new letters.

    Readers with an account are written to by one statement, addresses by a second.
    """
    key, page = f"n{notice.pk}v{version}", reverse("policies:detail", args=[notice.slug])
    context = _notice_context(notice, until)
    due = SearchFound.objects.filter(notice=notice, notice_version=version, due_on__lte=until, told_at=None)
    told = outbox.post_select(
        notifications.SEARCH_FOUND,
        _FOUND_READERS,
        [
            key,
            notice.slug,
            page,
            json.dumps(context, ensure_ascii=False),
            _subscriptions("en"),
            _subscriptions("zh-hans"),
            notice.pk,
            version,
            until,
        ],
    )
    letters = [
        Letter(
            key=key,
            address=row.address,
            language=row.search.language,
            subject_code=notice.slug,
            url=page,
            context={**context, **_search_context(row.search)},
        )
        for row in due.filter(search__user=None).select_related("search")
    ]
    return told + outbox.post_many(notifications.SEARCH_FOUND, letters)


_FOUND_READERS = """
SELECT %s::text AS key, reader.id AS recipient_id, NULL::bigint AS enterprise_id, reader.language,
  %s::text AS subject_code, %s::text AS url, %s::jsonb || jsonb_build_object(
    'search', search.key::text, 'name', search.name,
    'manage', CASE reader.language WHEN 'en' THEN %s::text ELSE %s::text END) AS context
FROM policies_searchfound AS found
JOIN policies_savedsearch AS search ON search.id = found.search_id
JOIN accounts_user AS reader ON reader.id = search.user_id
WHERE found.notice_id = %s AND found.notice_version = %s AND found.due_on <= %s AND found.told_at IS NULL
"""


def tell_search_digests(found: dict[SavedSearch, list[SearchFound]], on: date) -> int:
    """Write one letter a search with all it has found; rows come with notice and items loaded."""
    letters = [_digest(saved, rows, on) for saved, rows in found.items()]
    return outbox.post_many(notifications.SEARCH_DIGEST, letters)


def _digest(saved: SavedSearch, found: list[SearchFound], on: date) -> Letter:
    query = f"?{saved.query}" if saved.query else ""
    return Letter(
        key=f"s{saved.pk}:{found[-1].pk}",
        recipient=saved.user,
        address=saved.address,
        language=saved.language,
        url=f"{reverse('policies:list')}{query}",
        context={
            **_search_context(saved),
            "count": len(found),
            "more": max(0, len(found) - LISTED),
            "notices": [_notice_context(row.notice, on) for row in found[:LISTED]],
        },
    )


def _search_context(saved: SavedSearch) -> dict[str, Any]:
    language = getattr(saved.user, "language", "") or saved.language
    manage = _subscriptions(language)
    if saved.address:
        path = reverse("policies:searches_by_mail", args=[manage_token(saved)])
        manage = addresses.absolute(path, language)
    return {"search": str(saved.key), "name": saved.name, "manage": manage}


def _subscriptions(language: str) -> str:
    return addresses.absolute(reverse("policies:subscriptions"), language)


def _notice_context(notice: PolicyNotice, on: date) -> dict[str, Any]:
    closes_on = search.next_closing(notice.items.all(), notice.effective_to, on)
    return {
        "title_zh": notice.title_zh,
        "title_en": notice.title_en or notice.title_zh,
        "issuer_zh": notice.issuer_zh,
        "issuer_en": notice.issuer_en or notice.issuer_zh,
        "closes_on": closes_on.isoformat() if closes_on else "",
        "version": notice.version,
    }


# --- what fits, and last days ----------------------------------------------------------


def tell_match_digests(due: dict[tuple[int, int], list[AlertDue]]) -> dict[tuple[int, int], str]:
    """Write one letter a reader and enterprise with what fits; return the keys the letters are stored under.

    Rows come with reader, enterprise, item and notice loaded.
    """
    letters = {
        pair: Letter(
            key=f"e{pair[1]}:{max(row.pk for row in rows)}",
            recipient=rows[0].user,
            enterprise_id=pair[1],
            url=reverse("policies:list"),
            context=notifications.several(rows[0].enterprise, [row.item for row in rows]),
        )
        for pair, rows in due.items()
    }
    outbox.post_many(notifications.MATCH_DIGEST, letters.values())
    return {
        pair: letter.columns(notifications.MATCH_DIGEST)["dedupe_key"] for pair, letter in letters.items()
    }


def remind(numbers: list[int], on: date) -> int:
    """Write the letters of reminders just entered, in one statement; return the new ones."""
    return outbox.post_select(notifications.REMINDER, _REMINDED, [reverse("policies:list"), on, numbers])


_REMINDED = """
SELECT
  'i' || item.id || 'e' || reminder.enterprise_id || ':' || reminder.closes_on || ':' || reminder.days AS key,
  reader.id AS recipient_id, reminder.enterprise_id, reader.language, notice.slug AS subject_code,
  %s || notice.slug || '/' AS url,
  jsonb_build_object('item', item.id, 'enterprise', enterprise.name, 'closes_on', reminder.closes_on::text,
    'days', reminder.closes_on - %s::date, 'title_zh', item.title_zh,
    'title_en', coalesce(nullif(item.title_en, ''), item.title_zh), 'apply_url', item.apply_url) AS context
FROM policies_reminder AS reminder
JOIN accounts_user AS reader ON reader.id = reminder.user_id
JOIN enterprises_enterprise AS enterprise ON enterprise.id = reminder.enterprise_id
JOIN policies_policyitem AS item ON item.id = reminder.item_id
JOIN policies_policynotice AS notice ON notice.id = item.notice_id
WHERE reminder.id = ANY(%s)
"""
