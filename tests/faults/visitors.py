"""Visitors of the portal over real HTTP, who keep what they were answered."""

import http.client
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

REFERENCE = re.compile(r"QD-\d{6}-\d{4,}")
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
BOUNDARY = "between-the-parts-of-a-form"
ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


@dataclass
class Answer:
    status: int
    location: str
    text: str
    seconds: float


@dataclass
class Visitor:
    """One browser with its cookies and its own address."""

    port: int
    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def post(self, path: str, fields: dict[str, str], *, hang_up: bool = False) -> Answer | None:
        """Send a form; with `hang_up` close the line without listening to the answer."""
        return self.call("POST", path, urlencode(fields), hang_up=hang_up)

    def upload(self, path: str, fields: dict[str, str], **files: bytes) -> Answer:
        """Send a form with files, each under the name of its field."""
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ] + [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.pdf"\r\n'
            f"Content-Type: application/pdf\r\n\r\n".encode()
            + content
            + b"\r\n"
            for name, content in files.items()
        ]
        body = b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])
        return self.call("POST", path, body, kind=f"multipart/form-data; boundary={BOUNDARY}")

    def sign_in(self, email: str, password: str) -> None:
        answer = self.post(
            "/accounts/login/", self.open_form("/accounts/login/") | {"login": email, "password": password}
        )
        assert answer.status == 302, answer.status

    def call(
        self,
        method: str,
        path: str,
        body: str | bytes = "",
        *,
        kind: str = "application/x-www-form-urlencoded",
        hang_up: bool = False,
    ) -> Answer | None:
        began = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Host": f"localhost:{self.port}",
            "X-Forwarded-For": self.address,
            "Origin": f"http://localhost:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept-Language": "zh-CN",
        }
        if body:
            headers["Content-Type"] = kind
        try:
            line.request(method, path, body or None, headers)
            if hang_up:
                return None
            response = line.getresponse()
            text = response.read().decode(errors="replace")
        finally:
            line.close()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, response.headers.get("Location", ""), text, time.monotonic() - began)

    def open_form(self, path: str) -> dict[str, str]:
        """Open a page and return the hidden fields of its forms."""
        page = self.get(path)
        assert page.status == 200, f"{path}: {page.status}"
        fields = {}
        for tag in HIDDEN.findall(page.text):
            given = dict(ATTRIBUTE.findall(tag))
            if "name" in given:
                fields[given["name"]] = unescape(given.get("value", ""))
        return fields

    def question(self, number: int) -> dict[str, str]:
        """Open the question form and fill it in."""
        return self.open_form("/requests/ask/") | {
            "subject": f"Question {number}",
            "body": "How does one begin?",
            "contact_email": f"visitor{number}@visitor.test",
            "send": "1",
        }

    def reference_after(self, answer: Answer) -> str:
        """Follow an answer to its confirmation and return the reference shown there; empty when none is."""
        if answer.status != 302:
            return ""
        found = REFERENCE.search(self.get(answer.location).text)
        return found.group() if found else ""


def visitor(port: int, number: int) -> Visitor:
    return Visitor(port, f"203.0.{number // 250}.{number % 250 + 1}")


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run all acts at the same instant, each in a thread of its own, and return their results in order."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        barrier.wait()
        results[place] = act()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
