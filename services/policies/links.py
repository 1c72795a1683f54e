"""Try an outside address as a browser would, without ever reaching into a private network.

The name is resolved once and the connection goes to exactly that public address, so a name that answers
differently the second time leads nowhere else. At most three redirects are followed, each looked at anew.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

SECONDS = 8
REDIRECTS = 3
# The site is there, it only does not like programs.
_ANSWERS_ANYWAY = {401, 403, 405, 406, 429}
_MOVED = {301, 302, 303, 307, 308}
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Admit = Callable[[Address], bool]


def is_public(address: Address) -> bool:
    """Tell whether an address lies in the open internet; private, local and reserved ones do not."""
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global and not address.is_multicast


def probe(url: str, *, admit: Admit = is_public) -> str:
    """Return '' when the address answers, else why not.

    Codes: bad_address, not_found (no such name), private, refused, timeout, tls, broken, redirects, or
    "status_404" with the number. Nothing is raised, at most a few headers are read.
    """
    for _ in range(REDIRECTS + 1):
        try:
            status, target = _ask(url, admit)
        except _Unreachable as error:
            return error.code
        if status not in _MOVED or not target:
            return "" if status < 400 or status in _ANSWERS_ANYWAY else f"status_{status}"
        url = urljoin(url, target)
    return "redirects"


class _Unreachable(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _ask(url: str, admit: Admit) -> tuple[int, str]:
    host, port, is_secure, path = _parts(url)
    address = _resolved(host, port, admit)
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    try:
        connection.sock = _connected(address, port, host if is_secure else "")
        connection.request(
            "GET", path, headers={"User-Agent": "link check", "Accept": "*/*", "Range": "bytes=0-0"}
        )
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or ""
    except TimeoutError as error:
        raise _Unreachable("timeout") from error
    except ssl.SSLError as error:
        raise _Unreachable("tls") from error
    except ConnectionError as error:
        raise _Unreachable("refused") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _Unreachable("broken") from error
    finally:
        connection.close()


def _parts(url: str) -> tuple[str, int, bool, str]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise _Unreachable("bad_address") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise _Unreachable("bad_address")
    path = parts.path or "/"
    asked = f"{path}?{parts.query}" if parts.query else path
    # Addresses with Chinese in them are sent as browsers send them.
    return host, port, parts.scheme == "https", "".join(map(_escaped, asked))


def _escaped(character: str) -> str:
    if "!" <= character <= "~":
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode(errors="replace"))


def _resolved(host: str, port: int, admit: Admit) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _Unreachable("not_found") from error
    addresses = [str(row[4][0]).split("%", 1)[0] for row in found]
    if not addresses or not all(admit(ipaddress.ip_address(one)) for one in addresses):
        raise _Unreachable("private")
    return addresses[0]


def _connected(address: str, port: int, name: str) -> Any:
    plain = socket.create_connection((address, port), timeout=SECONDS)
    return ssl.create_default_context().wrap_socket(plain, server_hostname=name) if name else plain
