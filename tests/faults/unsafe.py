"""What the portal would be without one of its protections.

Each experiment first runs against one of these and must then fail: otherwise it would prove nothing.
"""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from core import calendar, once, periods, wake
from notifications import delivery
from notifications.models import Delivery


def switch_off(protection: str) -> None:
    """Take one protection away; an empty name leaves all in place."""
    if protection:
        PROTECTIONS[protection]()


def no_lease() -> None:
    """A claim is a flag: it never lapses."""
    settings.DELIVERY_LEASE_SECONDS = 10**7


def no_lock() -> None:
    """A claim is read first and written afterwards."""
    delivery.claim = claim_by_reading


def claim_by_reading() -> Delivery | None:
    found = Delivery.objects.due().first()
    if found is None:
        return None
    time.sleep(0.02)
    lease = uuid.uuid4()
    Delivery.objects.filter(pk=found.pk).update(
        state=Delivery.State.LEASED,
        lease=lease,
        leased_until=Now() + timedelta(seconds=60),
        due_at=Now() + timedelta(seconds=60),
        message_id=delivery.new_message_id(found.pk),
    )
    return Delivery.objects.select_related("notification__recipient").get(pk=found.pk)


def no_calm_knock() -> None:
    """A task is sent in the request itself, and an error of the broker is the visitor's error."""

    def delay(task: str) -> None:
        transaction.on_commit(lambda: current_app.send_task(task, ignore_result=True))

    wake.knock = delay


def no_token() -> None:
    """A form sent twice is received twice."""

    def every_time(token: str, *, purpose: str, owner: str, act: Callable[[], str]) -> tuple[str, bool]:
        return act(), True

    once.only = every_time


def no_watermark() -> None:
    """A periodic job runs whenever it is asked to."""

    @contextmanager
    def always(job: str, **options: Any) -> Iterator[date]:
        yield calendar.today()

    periods.due = always


PROTECTIONS = {
    "lease": no_lease,
    "lock": no_lock,
    "calm knock": no_calm_knock,
    "token": no_token,
    "watermark": no_watermark,
}
