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
from django.db import connection, transaction
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Now
from django.utils import timezone

from core import audit, calendar, files, once, periods, wake
from core.lifecycle import Lifecycle
from notifications import delivery, kinds
from notifications.kinds import Kind
from notifications.models import Delivery, told
from services.cloud import ledger
from services.cloud.actions import reviewing
from services.cloud.models import Fund, LedgerEntry, Voucher
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


def no_ledger() -> None:
    """The budget is read first and taken from afterwards, by Python, without a constraint behind it."""
    _run(
        "DROP TRIGGER cloud_ledger_book ON cloud_ledgerentry",
        "DROP TRIGGER cloud_fund_moves_by_entries ON cloud_fund",
        "ALTER TABLE cloud_fund DROP CONSTRAINT fund_never_negative",
        "ALTER TABLE cloud_fund DROP CONSTRAINT fund_adds_up_to_its_budget",
    )
    ledger._book = book_by_reading


def book_by_reading(
    fund: int, move: str, origin: str, target: str, fen: int, *, by: Any, reason: str, voucher: Any = None
) -> LedgerEntry:
    read = Fund.objects.get(pk=fund)
    if read.balance(origin) < fen:
        raise ledger.BudgetExhausted(read.pk)
    time.sleep(0.05)
    entry = LedgerEntry.objects.create(
        fund_id=fund, voucher=voucher, move=move, from_account=origin, to_account=target, amount_fen=fen
    )
    taken, given = f"{origin}_fen", f"{target}_fen"
    Fund.objects.filter(pk=fund).update(**{taken: F(taken) - fen, given: F(given) + fen})
    return entry


def no_row_lock() -> None:
    """A voucher is read without lock, and moved as it was read; nothing counts how often it was issued."""
    _run(
        "DROP INDEX ledger_once_per_voucher",
        "DROP TRIGGER cloud_ledger_book ON cloud_ledgerentry",
    )
    reviewing.lock = read_only
    Lifecycle.apply = apply_as_read


def read_only(voucher: Voucher, *, only: Any = ()) -> Voucher:
    rows = Voucher.objects.select_related("programme", "enterprise", "fund", "product__provider", "price")
    return rows.get(pk=voucher.pk)


def apply_as_read(self: Lifecycle, row: Any, verb: str, *, by: Any, reason: str = "", **changes: Any) -> Any:
    changes.pop("data", None)
    state = row.state
    self._check(self.transitions[verb], state, by, reason)
    time.sleep(0.05)
    changes[self.field] = self.transitions[verb].target
    type(row).objects.filter(pk=row.pk).update(**changes)
    audit.record(row, verb, by=by, before=state, after=changes[self.field])
    row.refresh_from_db()
    return row


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


PROTECTIONS = {
    "ledger": no_ledger,
    "row lock": no_row_lock,
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
