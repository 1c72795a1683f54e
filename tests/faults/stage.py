"""Set scenes in the database of an experiment: each line that comes in is JSON, [scene, {arguments}]."""

import json
import sys
from datetime import timedelta

import django

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402

from accounts.models import User  # noqa: E402
from core import calendar  # noqa: E402
from core.models import Watermark  # noqa: E402
from notifications import outbox  # noqa: E402
from notifications.outbox import Letter  # noqa: E402
from services.requests.notifications import RECEIVED  # noqa: E402


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


if __name__ == "__main__":
    for line in sys.stdin:
        scene, arguments = json.loads(line)
        print(json.dumps(globals()[scene](**arguments)), flush=True)  # noqa: T201 - the answer to the rig
