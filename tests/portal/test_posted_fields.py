"""C-04: the forms of owners and visitors take their own fields; whatever else is posted changes nothing.

Each form is sent twice to the same world, once plain and once with the names of columns that are not its own;
the rows left behind must be the same.
"""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from enterprises.models import Claim, Enterprise, Fact, Invitation, Membership, StaffScope
from notifications.kinds import every_kind
from notifications.models import Notification
from services.requests import actions
from services.requests.models import Message, ServiceRequest, State
from services.requests.notifications import tracking_key
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast, cast
from tests.factories.requests import in_state, officer

pytestmark = [pytest.mark.django_db, pytest.mark.long]

# What a form must never touch by way of a name that it does not have.
GUARDED: dict[Any, tuple[str, ...]] = {
    ServiceRequest: (
        "state", "reference", "enterprise", "requester", "holder", "priority", "rating", "is_free",
        "is_sample", "offering", "group", "region", "outcome", "refusal_reason", "next_offering",
        "first_reply_due_at", "due_at", "paused_days_left", "clock_days",
    ),
    Message: ("side", "author", "is_internal", "service_request__reference", "text"),
    Enterprise: ("uscc", "name", "proof_level", "is_sample", "region"),
    Membership: ("enterprise", "user", "role"),
    Invitation: ("enterprise", "email", "role", "invited_by"),
    Claim: ("state", "claimant", "enterprise"),
    Fact: ("enterprise", "code", "value", "source", "recorded_by", "is_current"),
    StaffScope: ("user", "region", "group"),
    User: ("email", "name", "phone", "is_staff", "is_superuser", "is_active", "is_sample", "language"),
    EmailAddress: ("user", "email", "verified", "primary"),
    Notification: ("kind", "recipient", "address"),
}  # fmt: skip
OTHERS = {
    "id": "1", "pk": "1", "key": "00000000-0000-4000-8000-000000000000", "by": "1", "owner": "1", "user": "1",
    "user_id": "1", "requester_id": "1", "enterprise_id": "1", "holder_id": "1", "offering_id": "1",
    "is_staff": "1", "is_superuser": "1", "groups": "1", "user_permissions": "1", "permissions": "1",
    "verified": "0", "primary": "0", "source": "registry", "proof": "staff", "state": "closed",
    "proof_level": "staff", "is_internal": "1", "side": "staff", "reference": "QD-010101-0001",
    "role": "owner", "due_at": "2040-01-01", "submitted_at": "2020-01-01", "ended_at": "2020-01-01",
    "email": "zhao@works.example", "uscc": "91370202MA3ABCDE0X", "is_sample": "1", "is_current": "0",
    "is_active": "0", "code": "employees", "value": "9999", "expires_at": "2040-01-01",
    "accepted_at": "2026-01-01", "claimant": "1",
}  # fmt: skip
Form = tuple[str, str, dict[str, Any]]


def guarded() -> dict[str, list[str]]:
    return {
        model.__name__: sorted(str(row) for row in model._default_manager.values_list(*names))
        for model, names in GUARDED.items()
    }


def forms(people: Cast) -> list[Form]:
    """Return who sends what where; each is accepted as it stands."""
    chen = officer()
    rows = {
        state: in_state(state, people.li, people.enterprise, chen)
        for state in (State.DRAFT, State.SUBMITTED, State.IN_PROGRESS, State.WAITING, State.RESOLVED)
    }
    offering = OfferingFactory(slug="diagnosis")
    question = actions.ask_question(
        actions.Question(subject="补贴", body="怎么申请？", contact_email="owner@works.example")
    )
    draft, wang = str(rows[State.DRAFT].key), people.enterprise.memberships.get(user=people.wang).key
    need = {"subject": "新题目", "body": "新内容"}
    contact = {"contact_name": "王敏", "contact_phone": "13900000000"}
    words = {"text": "您好"}
    choices = {f"email-{kind.code}": "instant" for kind in every_kind() if len(kind.frequencies) > 1}
    return [
        ("li", "/requests/new/", {"offering": offering.slug}),
        ("li", f"/requests/drafts/{draft}/need/", need),
        ("li", f"/requests/drafts/{draft}/contact/", contact),
        ("li", f"/requests/drafts/{draft}/submit/", {}),
        ("li", f"/requests/{rows[State.IN_PROGRESS].reference}/write/", words),
        (
            "li",
            f"/requests/{rows[State.WAITING].reference}/supply/",
            {"item_1": "已寄出", "item_2": "见附件"},
        ),
        ("li", f"/requests/{rows[State.SUBMITTED].reference}/withdraw/", {}),
        ("li", f"/requests/{rows[State.RESOLVED].reference}/reopen/", words),
        ("li", f"/requests/{rows[State.RESOLVED].reference}/rate/", {"rating": "4"}),
        ("", "/requests/ask/", {**need, "contact_email": "a@works.example", "send": "1"}),
        ("", f"/requests/track/{tracking_key(question)}/write/", words),
        ("", f"/requests/track/{tracking_key(question)}/withdraw/", {}),
        ("li", "/enterprise/profile/region/", {"region": "370211"}),
        ("li", "/enterprise/profile/industry/", {"industry": "344"}),
        ("li", "/enterprise/profile/figures/", {"employees": "85"}),
        ("li", "/enterprise/profile/qualifications/", {"no_others": "on"}),
        ("li", "/enterprise/profile/contact/", contact),
        ("li", "/enterprise/members/invite/", {"email": "new@works.example", "role": "viewer"}),
        ("li", f"/enterprise/members/{wang}/role/", {"role": "viewer"}),
        ("li", f"/enterprise/members/{wang}/remove/", {}),
        ("li", f"/enterprise/members/{wang}/hand-over/", {}),
        ("wang", "/enterprise/members/leave/", {}),
        ("li", "/enterprise/register/identity/", {"uscc": "91370200163562681G", "name": "新厂"}),
        ("li", reverse("accounts:details"), {"name": "李华", "phone": "13900000000", "language": "en"}),
        ("li", "/notifications/read-all/", {}),
        ("li", "/notifications/preferences/", choices),
    ]


def test_what_is_not_a_forms_own_changes_nothing() -> None:
    people = cast()
    for person, path, fields in forms(people):
        client = Client()
        if person:
            client.force_login(getattr(people, person))
        own = {"form_token": "one form", **fields}

        plain = sent(client, path, own)
        stuffed = sent(client, path, {**OTHERS, **own})

        assert plain[0] == 302, f"{path}: the plain form is refused, so this shows nothing"
        assert stuffed == plain, path


def sent(client: Client, path: str, fields: dict[str, str]) -> tuple[int, dict[str, list[str]]]:
    """Send a form, return the status and the guarded columns, and take everything back."""
    with transaction.atomic():
        status = client.post(path, fields).status_code
        found = guarded()
        transaction.set_rollback(True)
    return status, found


def test_the_names_that_matter_most_are_tried_and_looked_at() -> None:
    looked_at = {name for columns in GUARDED.values() for name in columns}

    most = {
        "state",
        "reference",
        "is_staff",
        "is_superuser",
        "proof_level",
        "role",
        "is_internal",
        "verified",
    }
    assert most <= looked_at & set(OTHERS)
