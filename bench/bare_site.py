"""The least a web server can answer: a greeting, and a hundred rows of the read API by bare psycopg."""

import json
import os
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg.rows import dict_row

_ROWS = """
SELECT slug, state, kind, level, region_id, title_zh, title_en, issuer_zh, issuer_en, document_number,
  summary_zh, summary_en, issued_on::text, effective_from::text, effective_to::text,
  published_at::text, version
FROM policies_policynotice WHERE state IN ('published', 'superseded', 'repealed')
ORDER BY policies_policynotice.published_at DESC, id DESC LIMIT 100 OFFSET %s
"""
_open: list[psycopg.Connection[dict[str, Any]]] = []


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    is_rows = environ["PATH_INFO"] == "/rows"
    body = _rows(100 if environ["QUERY_STRING"] == "page=2" else 0) if is_rows else b"hello"
    kind = "application/json" if is_rows else "text/plain"
    start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]


def _rows(skipped: int) -> bytes:
    if not _open:
        place = urlsplit(os.environ["DATABASE_URL"])
        _open.append(
            psycopg.connect(
                host=place.hostname,
                port=place.port,
                user=place.username,
                password=unquote(place.password or ""),
                dbname=place.path[1:],
                autocommit=True,
                row_factory=dict_row,
            )
        )
    return json.dumps(_open[0].execute(_ROWS, [skipped]).fetchall(), ensure_ascii=False).encode()
