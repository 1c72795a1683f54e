"""Write notices as JSON in the database itself: a page of a hundred needs no hundred objects here.

The shape is `payloads.Notice`, in the order of its fields; a test compares every one with its schema.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Func, QuerySet, TextField, Value
from django.urls import reverse
from django.utils import translation

from services.policies.models import PolicyNotice

# A date is written no more exactly than it is known, as `wording.day` does.
_NOTICE = """(SELECT row_to_json(notice)::text FROM (SELECT
  %(notices)s.slug,
  replace(%(expressions)s, '{}', %(notices)s.slug) AS url,
  %(notices)s.state,
  %(notices)s.kind,
  %(notices)s.level,
  %(notices)s.region_id AS region,
  nullif(%(notices)s.document_number, '') AS document_number,
  %(notices)s.title_zh,
  nullif(%(notices)s.title_en, '') AS title_en,
  %(notices)s.issuer_zh,
  nullif(%(notices)s.issuer_en, '') AS issuer_en,
  nullif(%(notices)s.summary_zh, '') AS summary_zh,
  nullif(%(notices)s.summary_en, '') AS summary_en,
  left(%(notices)s.issued_on::text,
    CASE %(notices)s.issued_precision WHEN 'year' THEN 4 WHEN 'month' THEN 7 ELSE 10 END) AS issued_on,
  left(%(notices)s.effective_from::text,
    CASE %(notices)s.effective_from_precision WHEN 'year' THEN 4 WHEN 'month' THEN 7 ELSE 10 END)
    AS effective_from,
  %(notices)s.effective_to,
  %(notices)s.is_ended,
  %(notices)s.to_be_verified,
  (SELECT later.slug FROM %(notices)s later WHERE later.id = %(notices)s.superseded_by_id) AS superseded_by,
  %(notices)s.sources,
  %(notices)s.version,
  to_char(%(notices)s.published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS published_at,
  %(notices)s.is_sample
) notice)"""


class _Notice(Func):
    """A notice as text, from the table `notices`; the address of its page has {} for the slug."""

    template = _NOTICE
    arity = 1
    output_field = TextField()


def written(rows: QuerySet[PolicyNotice]) -> Iterable[str]:
    """Give the notices of a query set as JSON, in its order; one query."""
    address = Value(settings.PUBLIC_URL + _path())
    return rows.values_list(_Notice(address, notices=PolicyNotice._meta.db_table), flat=True)


def read(rows: QuerySet[PolicyNotice]) -> Iterator[dict[str, Any]]:
    """Give the same as dictionaries."""
    return map(json.loads, written(rows))


@cache
def _path() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return reverse("policies:detail", args=["slug"]).replace("slug", "{}")
