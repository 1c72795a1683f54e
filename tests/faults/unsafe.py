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
from django.db.models import DateTimeField, Value
from django.db.models.functions import Now
from django.utils import timezone

from core import calendar, files, once, periods, wake
from notifications import delivery, kinds
from notifications.kinds import Kind
from notifications.models import Delivery, told
from services.requests.notifications import RECEIVED


def switch_off(protections: str) -> None:
    """Take protections away, commas between them; an empty name leaves all in place."""
    for protection in filter(None, protections.split(",")):
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


def no_patience() -> None:
    """A trouble that may pass is the end of a message."""
    delivery.postpone = lambda one, error: delivery.finish(one, Delivery.State.FAILED, error)


def no_last_word() -> None:
    """A refusal for good is tried again like any other trouble."""
    delivery.fail = lambda one, error, **options: delivery.postpone(one, error)


def no_lasting_name() -> None:
    """Each try of a message has a Message-ID of its own."""
    claim = delivery.claim

    def claim_anew() -> Delivery | None:
        found = claim()
        if found is not None:
            found.message_id = f"<{uuid.uuid4()}@localhost>"
        return found

    delivery.claim = claim_anew


def no_end_of_waiting() -> None:
    """A worker listens to the mail server for as long as it takes."""
    settings.EMAIL_TIMEOUT = None
    delivery.pause = lambda channel, error: None


def no_common_clock() -> None:
    """Each machine goes by its own clock."""
    calendar.now = timezone.now
    told.Now = delivery.Now = lambda: Value(timezone.now(), output_field=DateTimeField())


def no_waiting_kinds() -> None:
    """A kind of message that this release does not know is an error like any other."""
    unknown = Kind(RECEIVED.code, "")
    known = kinds._KINDS.copy()
    deliver = delivery.Drain.deliver

    def only_known(drain: delivery.Drain, one: Delivery) -> None:
        if one.notification.kind not in known:
            raise kinds.KindNotKnown(one.notification.kind)
        deliver(drain, one)

    delivery.Drain.deliver = only_known
    delivery.every_kind = lambda: [*known.values(), unknown]
    delivery.find = lambda code: known.get(code, unknown)


def no_bulk_last() -> None:
    """All wait in one line, in the order they were written."""
    told.DeliveryQuerySet.due = lambda rows: rows.open().filter(due_at__lte=Now()).order_by("id")


def no_last_look() -> None:
    """What was once written is sent, whatever has happened since."""
    delivery.check_wanted = lambda one, kind: None


def no_room_for_trouble() -> None:
    """A disk is never full."""
    settings.FILE_UPLOAD_HANDLERS = [
        "django.core.files.uploadhandler.MemoryFileUploadHandler",
        "django.core.files.uploadhandler.TemporaryFileUploadHandler",
    ]
    files._forget = lambda key: None


PROTECTIONS = {
    "lease": no_lease,
    "lock": no_lock,
    "calm knock": no_calm_knock,
    "token": no_token,
    "watermark": no_watermark,
    "patience": no_patience,
    "last word": no_last_word,
    "lasting name": no_lasting_name,
    "end of waiting": no_end_of_waiting,
    "common clock": no_common_clock,
    "waiting kinds": no_waiting_kinds,
    "bulk last": no_bulk_last,
    "last look": no_last_look,
    "room for trouble": no_room_for_trouble,
}
