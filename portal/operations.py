"""How the background does, for staff: what waits, what failed, when each job last ran, what is alarming."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import redis
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core import calendar, chain, wake
from core.models import JobRun
from notifications import delivery
from notifications.models import ChannelPause, ContactTask, Delivery, SuppressedAddress
from portal.celery import BEAT, TICK, app

LATE = timedelta(minutes=5)
# A job that has not run for so many of its own turns is late; restarts and deployments take less.
MISSED_TURNS = 5
VIEW = "core.view_jobrun"
START = "core.start_job"


@dataclass(frozen=True)
class Job:
    """One line of the beat table with its last run."""

    name: str
    every: int
    ran_at: datetime | None
    failed_at: datetime | None
    seconds: float
    error: str
    is_late: bool


@dataclass(frozen=True)
class Alarm:
    """Something an administrator has to look at; `code` is for machines, `words` for people."""

    code: str
    words: str


def deliveries() -> dict[str, Any]:
    """Return how much of the outbox waits, how old the oldest is, and what has failed for good."""
    counted = Delivery.objects.filter(state__in=["pending", "leased", "held", "failed"]).aggregate(
        pending=Count("pk", filter=Q(state__in=["pending", "leased"], due_at__lte=Now())),
        later=Count("pk", filter=Q(state="pending", due_at__gt=Now())),
        held=Count("pk", filter=Q(state="held")),
        failed=Count("pk", filter=Q(state="failed")),
    )
    oldest = delivery.oldest_due()
    return {**counted, "oldest_pending_seconds": _seconds_since(oldest)}


def broker() -> dict[str, Any]:
    """Return the depth of the queue, or that the broker does not answer."""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    try:
        with client:
            depth = client.llen(app.conf.task_default_queue)
    except redis.RedisError:
        return {"answers": False, "queue_depth": None, "unheard_knocks": wake.failures()}
    return {"answers": True, "queue_depth": depth, "unheard_knocks": wake.failures()}


def unreachable() -> dict[str, int]:
    """Return how many addresses take no mail and how many calls are to be made."""
    return {
        "suppressed": SuppressedAddress.objects.filter(state=SuppressedAddress.State.SUPPRESSED).count(),
        "calls": ContactTask.objects.filter(state=ContactTask.State.OPEN).count(),
    }


def paused() -> list[ChannelPause]:
    """Return the channels that rest now because their server is in trouble."""
    return list(ChannelPause.objects.filter(until__gt=Now()).order_by("channel"))


def jobs() -> list[Job]:
    """Return every job of the beat table with its last run, in the table's order; one query and the clock."""
    runs = JobRun.objects.in_bulk()
    now = calendar.now()
    return [_job(name, every, runs.get(name), now) for name, every in BEAT.items()]


def last_beat() -> datetime | None:
    """Return when a worker last heard the beat: only the beat asks for the watch."""
    return JobRun.objects.filter(name="portal.watch").values_list("ran_at", flat=True).first()


def alarms() -> list[Alarm]:
    """Return what is wrong now, the worst first; [] when all is well."""
    return list(_alarms())


def start(name: str, *, by: Any) -> None:
    """Ask a worker to run one job now; a job may always run once more. Raises PermissionDenied, KeyError."""
    if not by.has_perm(START):
        raise PermissionDenied
    if name not in BEAT:
        raise KeyError(name)
    wake.knock(name)


def status() -> dict[str, Any]:
    """Return everything the page shows."""
    return {
        "deliveries": deliveries(),
        "broker": broker(),
        "unreachable": unreachable(),
        "paused": paused(),
        "jobs": jobs(),
        "last_beat": last_beat(),
        "chain_head": chain.head(),
        "alarms": alarms(),
    }


def _alarms() -> Iterator[Alarm]:
    waited = _seconds_since(delivery.oldest_due())
    if waited > LATE.total_seconds():
        minutes = waited // 60
        yield Alarm(
            "outbox_late", _("A message has been waiting for %(minutes)s minutes.") % {"minutes": minutes}
        )
    for job in jobs():
        if job.error:
            yield Alarm(
                "job_failed", _("The job %(name)s failed: %(error)s") % {"name": job.name, "error": job.error}
            )
        elif job.is_late:
            yield Alarm(
                "job_late", _("The job %(name)s has not run as often as it should.") % {"name": job.name}
            )
    for pause in paused():
        yield Alarm(
            "channel_rests",
            _("The channel %(channel)s rests: %(error)s") % {"channel": pause.channel, "error": pause.error},
        )


def _job(name: str, every: int, run: JobRun | None, now: datetime) -> Job:
    ran_at = run.ran_at if run else None
    allowed = timedelta(seconds=MISSED_TURNS * max(every, TICK) + 60)
    return Job(
        name=name,
        every=every,
        ran_at=ran_at,
        failed_at=run.failed_at if run else None,
        seconds=run.seconds if run else 0.0,
        error=run.error if run else "",
        # A job that never ran is new.
        is_late=bool(ran_at and now - ran_at > allowed),
    )


def _seconds_since(moment: datetime | None) -> int:
    return max(0, int((calendar.now() - moment).total_seconds())) if moment else 0
