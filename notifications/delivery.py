"""Deliveries leave one by one: claim, ask whether still due, send, mark.

A claim is a lease. It is taken by updating a row nobody else holds, and only a worker whose lease still
stands may mark the row. A worker that dies leaves a lapsed lease, which the next drain takes up: the mail may
then go out a second time, with the same Message-ID, and never not at all.
"""

import hashlib
import logging
import random
import time
import uuid
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Value
from django.db.models.functions import Now

from core import calendar, limits
from notifications import digest, suppression
from notifications.channels import Never, NotNow, NotWanted
from notifications.channels.email import Email
from notifications.channels.sms import Sms
from notifications.channels.webhook import Webhook
from notifications.kinds import Kind, every_kind, find
from notifications.models import ChannelPause, Delivery, Notification
from notifications.notifications import DIGEST
from notifications.wanted import check_wanted

logger = logging.getLogger(__name__)
State = Delivery.State

GIVE_UP_AFTER = timedelta(hours=24)
PAUSE_SECONDS = 30


class Collected(Exception):
    """The reader has had enough mails this hour: the message goes with others at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"collected until {until}")
        self.until = until


class Channel(Protocol):
    """What a channel module offers; `send` raises NotNow, Never or NotWanted."""

    name: str

    def send(self, delivery: Delivery, kind: Kind) -> None: ...

    def close(self) -> None: ...


CHANNELS: dict[str, type[Channel]] = {"email": Email, "sms": Sms, "webhook": Webhook}


class Drain:
    """One worker's pass over what is due; ends when nothing is due or its time is over."""

    def __init__(self, seconds: float) -> None:
        self.ends_at = time.monotonic() + seconds
        self.open: dict[str, Channel] = {}
        self.handled = 0

    def run(self) -> int:
        """Deliver what is due; return how many deliveries were dealt with, whatever became of them."""
        abandon_hopeless()
        try:
            while time.monotonic() < self.ends_at and self.next_one():
                self.handled += 1
        finally:
            for channel in self.open.values():
                channel.close()
        return self.handled

    def next_one(self) -> bool:
        delivery = claim()
        if delivery is None:
            return False
        try:
            self.deliver(delivery)
        except NotWanted as reason:
            finish(delivery, State.DROPPED, str(reason))
        except Collected as later:
            hold(delivery, later.until)
        except Never as reason:
            logger.warning("delivery %s failed: %s", delivery.pk, reason)
            fail(delivery, str(reason), by_address=reason.by_address)
        except NotNow as reason:
            if reason.channel_is_down:
                pause(delivery.channel, str(reason))
            postpone(delivery, str(reason))
        except Exception as error:
            # A text that cannot be rendered, a rule that raises: one message's trouble, seen by staff.
            logger.exception("delivery %s failed", delivery.pk)
            finish(delivery, State.FAILED, f"{type(error).__name__}: {error}")
        else:
            finish(delivery, State.SENT)
        return True

    def deliver(self, delivery: Delivery) -> None:
        kind = find(delivery.notification.kind)
        check_wanted(delivery, kind)
        check_not_too_many(delivery, kind)
        if kind == DIGEST:
            digest.fill(delivery)
        self.channel(delivery.channel).send(delivery, kind)

    def channel(self, name: str) -> Channel:
        if name not in self.open:
            self.open[name] = CHANNELS[name]()
        return self.open[name]


def claim() -> Delivery | None:
    """Lease the most urgent delivery that is due; None when there is none that this release can send."""
    with transaction.atomic():
        found = (
            Delivery.objects.due()
            .filter(channel__in=CHANNELS, notification__kind__in=[kind.code for kind in every_kind()])
            .exclude(channel__in=ChannelPause.objects.filter(until__gt=Now()).values("channel"))
            .select_for_update(of=("self",), skip_locked=True)
            .values_list("pk", "message_id")
            .first()
        )
        if found is None:
            return None
        number, message_id = found
        lease = uuid.uuid4()
        until = Now() + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
        Delivery.objects.filter(pk=number).update(
            state=State.LEASED,
            lease=lease,
            leased_until=until,
            due_at=until,
            attempts=F("attempts") + 1,
            message_id=message_id or new_message_id(number),
        )
    return Delivery.objects.select_related("notification__recipient", "notification__text_version").get(
        pk=number, lease=lease
    )


def new_message_id(number: int) -> str:
    """Make the Message-ID of a delivery: unique for ever, and silent about how many there are."""
    mark = hashlib.sha256(f"{settings.SECRET_KEY}:delivery:{number}".encode()).hexdigest()[:32]
    return f"<{mark}@{urlsplit(settings.PUBLIC_URL).hostname}>"


def check_not_too_many(delivery: Delivery, kind: Kind) -> None:
    """Raise Collected when this would be one mail too many within the hour to one person.

    Kinds that never wait (deadlines, secrets, what cannot be stopped) always go, and are not counted.
    """
    reader = delivery.notification.recipient_id
    if not kind.waits or reader is None or delivery.attempts > 1:
        return
    allowed = limits.allow(f"told:{delivery.channel}:{reader}", times=settings.MAILS_AN_HOUR, seconds=3600)
    if allowed.retry_at is not None:
        raise Collected(allowed.retry_at)


def finish(delivery: Delivery, state: str, error: str = "") -> bool:
    """Mark a delivery as final if the lease is still ours; return whether it was.

    A secret kind's code or link is erased with it; the members of a digest end as it does.
    """
    with transaction.atomic():
        is_ours = _settle(delivery, state=state, error=error[:300], done_at=Now())
        if is_ours and delivery.notification.kind == DIGEST.code:
            digest.follow(delivery, state, error)
        if is_ours and find(delivery.notification.kind).secret:
            Notification.objects.filter(pk=delivery.notification_id).update(context={})
    return is_ours


def fail(delivery: Delivery, error: str, *, by_address: bool) -> None:
    """Mark a delivery as failed for good; an address that refuses is watched, then suppressed."""
    with transaction.atomic():
        if finish(delivery, State.FAILED, error) and by_address:
            suppression.note_refusal(delivery.notification, reason=error)


def postpone(delivery: Delivery, error: str) -> bool:
    """Put a delivery back for later, or give it up a day after it was written."""
    if calendar.now() - delivery.notification.created_at > GIVE_UP_AFTER:
        return finish(delivery, State.FAILED, error)
    wait = timedelta(seconds=wait_seconds(delivery.attempts, random.random()))  # noqa: S311 - no secret
    return _settle(delivery, state=State.PENDING, error=error[:300], due_at=Now() + wait)


def hold(delivery: Delivery, until: datetime) -> bool:
    """Let a delivery wait for the digest of `until`."""
    return _settle(delivery, state=State.HELD, due_at=until, attempts=0, message_id="")


def wait_seconds(attempts: int, chance: float) -> float:
    """Return the pause before the next try: 20 s doubling to one minute, from the 30th try on 15 minutes.

    `chance` in [0, 1) takes up to a quarter off, so that many do not come back at the same instant.
    """
    longest = 60 if attempts < 30 else 900
    return min(20 * 2 ** min(attempts - 1, 10), longest) * (1 - chance / 4)


def _settle(delivery: Delivery, **values: object) -> bool:
    return (
        Delivery.objects.filter(pk=delivery.pk, state=State.LEASED, lease=delivery.lease).update(
            lease=None, leased_until=None, **values
        )
        == 1
    )


def pause(channel: str, error: str) -> None:
    """Let a channel whose server is in trouble rest, in every worker, so that nobody waits for it in turn."""
    logger.warning("channel %s rests: %s", channel, error)
    wait = timedelta(seconds=PAUSE_SECONDS * (0.75 + random.random() / 4))  # noqa: S311 - no secret
    values = {"until": Now() + wait, "error": error[:300]}
    ChannelPause.objects.update_or_create(channel=channel, defaults=values)


def abandon_hopeless() -> int:
    """Fail what has taken its workers down for a day: a lapsed lease on a letter of yesterday."""
    lapsed = Delivery.objects.filter(
        state=State.LEASED, due_at__lte=Now(), notification__created_at__lt=Now() - GIVE_UP_AFTER
    )
    failed: dict[str, Any] = {
        "state": State.FAILED,
        "lease": None,
        "leased_until": None,
        "done_at": Now(),
        "error": Value("no worker came back"),
    }
    number = Delivery.objects.filter(pk__in=lapsed.values("pk"), state=State.LEASED).update(**failed)
    if number:
        Delivery.objects.filter(state=State.HELD, digest__state=State.FAILED).update(**failed)
    return number


def is_anything_due() -> bool:
    """Tell whether a drain that starts now would find something."""
    return (
        Delivery.objects.due()
        .filter(channel__in=CHANNELS, notification__kind__in=[kind.code for kind in every_kind()])
        .exclude(channel__in=ChannelPause.objects.filter(until__gt=Now()).values("channel"))
        .exists()
    )


def oldest_due() -> datetime | None:
    """Return since when the delivery that has waited longest could have been sent; for operations.

    What is held for a digest, or waits for the end of quiet hours or of a pause between tries, is not late.
    """
    return Delivery.objects.open().filter(due_at__lte=Now()).aggregate(at=Min("due_at"))["at"]
