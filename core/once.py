"""A form is submitted once: the same token always leads to the same result."""

import hashlib
import secrets
from collections.abc import Callable

from django.db import connection, transaction

from core.models import FormToken


def new_token() -> str:
    """Return a token for a form about to be shown; nothing is stored until it is used."""
    return secrets.token_urlsafe(24)


def only(token: str, *, purpose: str, owner: str, act: Callable[[], str]) -> tuple[str, bool]:
    """Run `act` once for this token and return (its result, whether this call ran it).

    A second use, also one at the same instant, waits for the first to commit and returns the first
    one's result. If `act` raises, the token stays unused. `owner` is the user's number, or the
    key of an anonymous visitor; a token of one owner says nothing to another. Any text may be given
    as a token; an empty one protects nothing. The result has at most 200 characters.
    """
    with transaction.atomic():
        if not token:
            return act(), True
        key = {"token": _stored(token), "purpose": purpose, "owner": owner}
        if not _take(**key):
            return FormToken.objects.get(**key).result, False
        result = act()
        FormToken.objects.filter(**key).update(result=result)
        return result, True


def was_used(token: str, *, purpose: str, owner: str) -> bool:
    """Tell whether this token has led to something already."""
    return FormToken.objects.filter(token=_stored(token), purpose=purpose, owner=owner).exists()


def _stored(token: str) -> str:
    """Give every token, also one a stranger made up, the same harmless length."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _take(token: str, purpose: str, owner: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_formtoken (token, purpose, owner, result) VALUES (%s, %s, %s, '')"
            " ON CONFLICT (owner, purpose, token) DO NOTHING",
            [token, purpose, owner],
        )
        return cursor.rowcount == 1
