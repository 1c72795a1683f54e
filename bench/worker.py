"""Peak memory of a real worker that matches and tells the whole province."""

import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from bench import announcing, databases
from bench.rounds import Result
from core import wake
from notifications.models import ChannelPause
from portal.supervisor import Part
from services.policies.models import PolicyItem

MEGABYTES = 300
PATIENCE = 600
_WORKER = (
    "celery -A portal.celery worker -c 1 -l WARNING --without-gossip --without-mingle --without-heartbeat"
)


def results() -> list[Result]:
    """Let a worker announce an item that everybody meets, and read the peak of its resident memory."""
    announcing.empty_tables()
    item = announcing.new_item([])
    # What is written need not leave the house: the letters stay where they are.
    ChannelPause.objects.create(channel="email", until=timezone.now() + timedelta(days=1))
    worker = Part(
        "worker",
        _WORKER.split(),
        environment=databases.environment(settings="portal.settings"),
        log=settings.STATE_DIR / "worker.log",
    )
    began = time.monotonic()
    worker.start()
    try:
        wake.knock("policies.announce_published")
        told = _wait_until_announced(item, worker)
        peak = max(map(_peak, family(worker.process.pid)))
    finally:
        worker.stop()
        ChannelPause.objects.all().delete()
    print(f"     a worker told {told:,} in {time.monotonic() - began:.0f} s, its start included")
    return [Result("mem", f"peak memory of a worker, {told:,} matched and told", peak, MEGABYTES, "MB")]


def _wait_until_announced(item: PolicyItem, worker: Part) -> int:
    deadline = time.monotonic() + PATIENCE
    while not PolicyItem.objects.filter(pk=item.pk, announced_at__isnull=False).exists():
        if worker.has_died or time.monotonic() > deadline:
            raise SystemExit(f"The worker did not announce the item. {worker.log.read_text()[-2000:]}")
        time.sleep(1)
    return announcing.ask("SELECT count(*) FROM notifications_notification")


def family(pid: int) -> list[int]:
    """Return a process and all it has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(number for child in children for number in family(int(child)))]


def _peak(pid: int) -> float:
    """Return the most memory the process ever held, in megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    return int(kilobytes) / 1024
