"""The outbox: what must be told is a row in the same transaction as its cause.

One statement writes the notifications and their deliveries, whether for one reader or a million. What was
posted before under the same key is left out by the database itself.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from core import wake
from notifications import robots, ways
from notifications.kinds import Kind
from notifications.timing import DUE

DELIVER = "notifications.deliver_pending"
WEBHOOK = "webhook"
# From here on a post is bulk: mails to single people overtake it.
BULK = 50

# `kind` is constants to the planner: for what is told at once and by mail alone it leaves out the joins to
# preferences, quiet hours and people.
_WRITE = """
WITH source AS ({source}),
written AS (
    INSERT INTO notifications_notification
        (kind, recipient_id, address, language, subject_code, enterprise_id, url, context, in_inbox,
         dedupe_key, text_version_id)
    SELECT kind.code, recipient_id, address, source.language, subject_code, enterprise_id, url, context,
           kind.in_inbox AND recipient_id IS NOT NULL, dedupe_key, worded.id
    FROM source
    CROSS JOIN (SELECT %s::text AS code, %s AS in_inbox) AS kind
    LEFT JOIN notifications_textversion AS worded
           ON worded.kind = kind.code AND worded.language = source.language AND worded.state = 'active'
    ON CONFLICT (dedupe_key) DO NOTHING
    RETURNING id, recipient_id
), way AS (
    SELECT written.id, channel.name AS channel, statement_timestamp() AS moment,
           CASE WHEN kind.waits THEN coalesce(preference.frequency, 'instant')
                ELSE 'instant' END AS frequency,
           CASE WHEN NOT kind.waits AND NOT (kind.texts AND channel.name = 'sms') THEN NULL
                WHEN quiet.user_id IS NOT NULL THEN quiet.begins
                WHEN reader.is_staff OR channel.name = 'sms' THEN kind.begins END AS begins,
           CASE WHEN NOT kind.waits AND NOT (kind.texts AND channel.name = 'sms') THEN NULL
                WHEN quiet.user_id IS NOT NULL THEN quiet.ends
                WHEN reader.is_staff OR channel.name = 'sms' THEN kind.ends END AS ends
    FROM written
    CROSS JOIN (SELECT %s::text AS code, %s AS can_be_stopped, %s AS waits, %s AS texts,
                       %s::time AS begins, %s::time AS ends) AS kind
    CROSS JOIN unnest(%s::text[]) AS channel (name)
    LEFT JOIN notifications_preference AS preference
           ON preference.user_id = written.recipient_id AND preference.kind = kind.code
          AND preference.channel = channel.name
    LEFT JOIN notifications_quiethours AS quiet ON quiet.user_id = written.recipient_id
    LEFT JOIN accounts_user AS reader ON reader.id = written.recipient_id
    WHERE CASE WHEN kind.texts AND channel.name = 'sms' THEN preference.wanted
               ELSE NOT kind.can_be_stopped OR preference.wanted IS NOT FALSE END
), sent AS (
    INSERT INTO notifications_delivery
        (notification_id, channel, state, attempts, is_bulk, message_id, error, due_at)
    SELECT way.id, way.channel, CASE way.frequency WHEN 'instant' THEN 'pending' ELSE 'held' END,
           0, %s, '', '', due.at
    FROM way {due}
    ORDER BY way.id
)
SELECT count(*) FROM written
"""

_LETTERS = """
SELECT * FROM jsonb_to_recordset(%s::jsonb) AS letter (
    recipient_id bigint, address text, language text, subject_code text, enterprise_id bigint, url text,
    context jsonb, dedupe_key text)
"""

_SELECTED = """
SELECT recipient_id, ''::text AS address, language, subject_code, enterprise_id, url, context,
       %s || ':' || key || ':u' || recipient_id AS dedupe_key
FROM ({select}) AS selected
"""


@dataclass(frozen=True)
class Letter:
    """One notification to be written: to a `recipient` (user), or to an `address` without one.

    `key` names the cause within the kind (a reference plus an event number, say); the triple
    kind + key + reader is unique for ever. `context` holds JSON values for the texts. `url` is the path of
    the page to open, in any language: readers get it in theirs.
    """

    key: str
    recipient: Any = None
    address: str = ""
    language: str = ""
    subject_code: str = ""
    enterprise_id: int | None = None
    url: str = ""
    context: dict[str, Any] = field(default_factory=dict)

    def columns(self, kind: Kind) -> dict[str, Any]:
        """Return the letter as the row to be written; raise ValueError when it has no reader."""
        if self.recipient is None and not self.address:
            raise ValueError(f"a letter of kind {kind.code} has no reader")
        reader = f"u{self.recipient.pk}" if self.recipient else self.address.lower()
        return {
            "recipient_id": self.recipient.pk if self.recipient else None,
            "address": "" if self.recipient else self.address,
            "language": self.language or getattr(self.recipient, "language", "") or "zh-hans",
            "subject_code": self.subject_code,
            "enterprise_id": self.enterprise_id,
            "url": self.url,
            "context": self.context,
            "dedupe_key": _fitting(f"{kind.code}:{self.key}:{reader}"),
        }


def post(kind: Kind, *letters: Letter) -> int:
    """Write the letters and their deliveries; return how many were new.

    Call it inside the business transaction. A letter whose key was posted before is left out in
    silence: posting twice tells once. Robots of groups are told beside the people they stand for, and are not
    counted. What the reader has stopped is written to the inbox only; what they
    want in a digest, or not in their quiet hours, waits. A worker is knocked after the commit.
    """
    return post_many(kind, letters)


def post_many(kind: Kind, letters: Iterable[Letter]) -> int:
    """Like `post`, for any number of letters at hand."""
    letters = list(letters)
    _write_letters(kind, robots.letters(kind, letters), (WEBHOOK,))
    return _write_letters(kind, letters, kind.channels)


def _write_letters(kind: Kind, letters: Sequence[Letter], channels: Sequence[str]) -> int:
    if not letters:
        return 0
    rows = json.dumps([letter.columns(kind) for letter in letters], cls=DjangoJSONEncoder)
    return _write(kind, _LETTERS, [rows], channels, is_bulk=len(letters) >= BULK)


def post_select(kind: Kind, rows: models.QuerySet[Any, Any] | str, params: Sequence[Any] = ()) -> int:
    """Like `post`, for readers the database itself finds; no row passes through Python.

    `rows` is a `values()` QuerySet, or SQL with `params`, whose columns are named `key` (text, at most 100
    characters), `recipient_id`, `enterprise_id` (bigint or NULL), `language`, `subject_code`, `url` (text)
    and `context` (jsonb). Give all seven; every row needs a recipient.
    """
    if isinstance(rows, models.QuerySet):
        select, given = rows.query.sql_with_params()
    else:
        select, given = rows, tuple(params)
    return _write(kind, _SELECTED.format(select=select), [kind.code, *given], kind.channels, is_bulk=True)


def _write(kind: Kind, source: str, params: Sequence[Any], channels: Sequence[str], *, is_bulk: bool) -> int:
    used = ways.in_use(channels)
    values = [
        *params,
        kind.code,
        kind.in_inbox,
        kind.code,
        kind.can_be_stopped,
        kind.waits,
        ways.SMS in used,
        *settings.STAFF_QUIET_HOURS,
        used,
        is_bulk,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(source=source, due=DUE), values)
        written: int = cursor.fetchone()[0]
    if written:
        wake.knock(DELIVER)
    return written


def _fitting(key: str) -> str:
    """Keep a key within its column; a long one ends in its hash, so that it stays one of a kind."""
    if len(key) <= 200:
        return key
    return f"{key[:130]}~{hashlib.sha256(key.encode()).hexdigest()}"
