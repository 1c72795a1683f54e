"""Set scenes in the database of an experiment: each line that comes in is JSON, [scene, {arguments}]."""

import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Now, Replace
from django.test import Client

from accounts.models import User
from bench.generator import enterprises
from core import calendar, chain
from core.models import Watermark
from enterprises.models import Enterprise
from notifications import outbox
from notifications.models import Delivery
from notifications.outbox import Letter
from services.policies import actions
from services.policies.models import PolicyNotice
from services.requests.models import ServiceRequest
from services.requests.notifications import RECEIVED
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import MembershipFactory
from tests.factories.policies import approved, published
from tests.factories.requests import officer, submitted


def letters(first: int, count: int) -> int:
    """Post receipts to visitors, as one transaction after another would; return how many are new."""
    facts = {"reference": "QD-261125-0001", "subject": "A question"}
    return sum(
        outbox.post(RECEIVED, Letter(key=f"n{n}", address=f"reader{n}@visitor.test", url="/", context=facts))
        for n in range(first, first + count)
    )


def owner(email: str, password: str) -> int:
    """Make somebody who can sign in."""
    user = User.objects.create_user(email=email, password=password)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user.pk


def missed_days(job: str, days: int) -> int:
    """Set the watermark of a job back, as if nobody had asked for that many days."""
    last = (calendar.today() - timedelta(days=days)).isoformat()
    Watermark.objects.update_or_create(job=job, defaults={"period": last})
    return days


def later_letters(first: int, count: int, seconds: int) -> int:
    """Post letters that may leave in so many seconds by the database's clock."""
    letters(first, count)
    later = Delivery.objects.filter(
        notification__address__in=[f"reader{first + n}@visitor.test" for n in range(count)]
    )
    return later.update(due_at=Now() + timedelta(seconds=seconds))


def scheduled(seconds: int) -> str:
    """Make a notice that is to be published in so many seconds by the database's clock."""
    return approved(publish_at=calendar.now() + timedelta(seconds=seconds)).slug


def announced(count: int) -> str:
    """Publish a notice that fits everybody, with so many enterprises to hear of it (made the first time)."""
    if not Enterprise.objects.exists():
        enterprises.fill(count)
        User.objects.update(email=Replace("email", Value("works.example"), Value("works.test")))
    return published(items=[{"criteria": []}]).slug


def repeal(slug: str) -> str:
    """Take a notice out of force."""
    return actions.repeal(PolicyNotice.objects.get(slug=slug), reason="Issued by mistake.", by=None).state


def works(email: str, password: str) -> int:
    """Make the owner of an enterprise."""
    owner(email, password)
    return MembershipFactory(user=User.objects.get(email=email)).enterprise.pk


def desk(requests: int, enterprises: int) -> dict[str, Any]:
    """Let the owners of some enterprises submit requests, and staff come in.

    Returns for each person of the staff [number, session], and of each request [number, reference, owner].
    """
    staff = {
        name: officer(name, role=role)
        for name, role in (("Zhou", "triage_lead"), ("Chen", "triage_officer"), ("Sun", "triage_officer"))
    }
    reachable = Replace("email", Value("desk.example"), Value("desk.test"))
    User.objects.filter(is_staff=True).update(email=reachable)
    offering = OfferingFactory()
    owners = [MembershipFactory(user=UserFactory(email=f"owner{n}@works.test")) for n in range(enterprises)]
    rows = [
        submitted(member.user, member.enterprise, offering)
        for member in owners
        for _one in range(requests // enterprises)
    ]
    key = settings.SESSION_COOKIE_NAME
    return {
        "staff": {name: [one.pk, sign_in(Client(), one).cookies[key].value] for name, one in staff.items()},
        "rows": [[row.pk, row.reference, row.requester.email] for row in rows],
    }


def grow_late(numbers: list[int], days: int) -> int:
    """Let requests have been due so many days ago."""
    due_at = calendar.end_of(calendar.today() - timedelta(days=days))
    return ServiceRequest.objects.filter(pk__in=numbers).update(due_at=due_at, warn_at=due_at)


def broken_chain() -> list[str]:
    """Seal what has happened and return where the chain of events is broken."""
    while chain.seal():
        pass
    return [str(finding) for finding in chain.check()]


if __name__ == "__main__":
    for line in sys.stdin:
        scene, arguments = json.loads(line)
        print(json.dumps(globals()[scene](**arguments)), flush=True)  # noqa: T201 - the answer to the rig
