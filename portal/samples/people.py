"""The people of the sample data: a small cast of owners, and one member of staff per role."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Person:
    """Someone who can sign in; `role` is a staff role, empty for an enterprise's own people."""

    key: str
    name: str
    role: str = ""
    note: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@portal.example"


OWNERS = (
    Person("li", "李敏", note="owner of two enterprises"),
    Person("wang", "王强", note="editor, colleague of Li"),
    Person("sun", "孙悦", note="viewer, colleague of Li"),
    Person("zhao", "赵磊", note="owner of another enterprise"),
)
STAFF = (
    Person("chen", "陈静", "triage_officer"),
    Person("zhou", "周涛", "triage_officer"),
    Person("lead", "吴芳", "triage_lead"),
    Person("publisher", "郑洁", "publisher"),
    Person("reviewer", "冯刚", "reviewer"),
    Person("county", "许诺", "county_reviewer"),
    Person("city", "何平", "city_reviewer"),
    Person("checker", "韩雪", "city_reviewer", "checks claims that the other has issued"),
    Person("finance", "吕梅", "finance_officer"),
    Person("policymaker", "施远", "policymaker"),
    Person("auditor", "孔正", "auditor"),
    Person("administrator", "严实", "administrator"),
)


@dataclass(frozen=True)
class SignIn:
    """What someone needs to sign in as a sample person."""

    person: Person
    password: str
    totp_secret: str = ""


def new_sign_ins(new_secret: Callable[[], str]) -> list[SignIn]:
    """Draw a random password for everyone, and a second-factor secret for staff."""
    owners = [SignIn(person, secrets.token_urlsafe(12)) for person in OWNERS]
    return owners + [SignIn(person, secrets.token_urlsafe(16), new_secret()) for person in STAFF]


def write_sign_ins(sign_ins: list[SignIn]) -> Path:
    """Write the sign-ins to a file that only its owner can read, and return its path."""
    path = settings.STATE_DIR / "sample-sign-ins.txt"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("\n".join(_line(sign_in) for sign_in in sign_ins) + "\n")
    return path


def _line(sign_in: SignIn) -> str:
    person = sign_in.person
    code = f"   code: manage.py sample_code {person.email}" if sign_in.totp_secret else ""
    return f"{person.role or person.note:<28}{person.email:<30}{sign_in.password}{code}"
