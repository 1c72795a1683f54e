"""The registry look-up of Qichacha (企查查): its company search, asked by credit code.

Signed as the provider asks: Token = MD5(key + seconds + secret) in capitals. Only an exact hit of the code
counts, and only the name and the founding date are taken: the rest is no fact of ours.
"""

import hashlib
import json
import time
from datetime import date
from http.client import HTTPException
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from enterprises.registry import Entry, RegistryUnavailable

LONGEST_ANSWER = 256 * 1024
# A person waits for the answer on the page.
TIMEOUT = 4
FOUND, NOTHING = "200", "201"


class _Straight(HTTPRedirectHandler):
    def redirect_request(self, *given: Any) -> None:
        return None


class Qichacha:
    """Configured by REGISTRY_URL: https://KEY:SECRET@host/path of the search."""

    def look_up(self, uscc: str) -> Entry | None:
        answer = self._ask(uscc)
        status = str(answer.get("Status", ""))
        if status == NOTHING:
            return None
        if status != FOUND:
            raise RegistryUnavailable(f"status {status}: {str(answer.get('Message', ''))[:100]}")
        rows = answer.get("Result")
        found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        row = next((row for row in found if str(row.get("CreditCode", "")).upper() == uscc), None)
        name = str(row.get("Name", "")).strip()[:200] if row else ""
        return Entry(uscc, name, _facts(row)) if row and name else None

    def _ask(self, uscc: str) -> dict[str, Any]:
        parts = urlsplit(settings.REGISTRY_URL)
        key, secret = unquote(parts.username or ""), unquote(parts.password or "")
        seconds = str(int(time.time()))
        signed = hashlib.md5(f"{key}{seconds}{secret}".encode(), usedforsecurity=False).hexdigest().upper()
        host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
        address = f"{parts.scheme}://{host}{parts.path}?{urlencode({'key': key, 'searchKey': uscc})}"
        request = Request(address, headers={"Token": signed, "Timespan": seconds})  # noqa: S310 - the operator's
        try:
            with build_opener(_Straight).open(request, timeout=TIMEOUT) as answer:
                body = json.loads(answer.read(LONGEST_ANSWER))
        except (OSError, HTTPException, ValueError) as trouble:
            raise RegistryUnavailable(type(trouble).__name__) from trouble
        return body if isinstance(body, dict) else {}


def _facts(row: dict[str, Any]) -> dict[str, str]:
    """Take the founding date where it is one; times of day are cut off."""
    try:
        return {"founded_on": date.fromisoformat(str(row.get("StartDate", ""))[:10]).isoformat()}
    except ValueError:
        return {}
