"""F-01: pool children and whole workers are killed at five points while notifications run."""

import time

import pytest

from tests.faults.points import POINTS
from tests.faults.rig import FIGURES, eventually, kill_group

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
KILLS = [(point, victim) for point in POINTS for victim in ("child", "worker")]


def run(portal, kills, letters):
    """Kill once at every point, restart what is gone, and return the portal when all should be delivered."""
    worker = portal.worker()
    portal.beat()
    for number, (point, victim) in enumerate(kills):
        portal.arm(point, victim)
        portal.stage("letters", first=number * letters, count=letters)
        eventually(portal.is_disarmed, FIGURES.tick + 30, f"nobody came by {point}")
        if victim == "worker":
            kill_group(worker)
            time.sleep(1 if FIGURES.lease < 60 else 5)
            worker = portal.worker()
    eventually(lambda: portal.open_deliveries() == 0, FIGURES.lease + 60, "deliveries were lost")


def test_nothing_is_lost_and_hardly_anything_repeated(portal):
    letters = FIGURES.letters // len(KILLS)
    with portal() as p:
        run(p, KILLS, letters)

        ids = p.mailbox.ids
        assert len(ids) == letters * len(KILLS)
        assert ids.total() - len(ids) <= 5
        assert p.number("select count(*) from notifications_delivery where state = 'sent'") == len(ids)


def test_without_a_lease_that_lapses_deliveries_are_lost(portal, monkeypatch):
    with portal(without="lease") as p:
        p.worker()
        p.beat()
        p.arm("after claim", "child")
        p.stage("letters", first=0, count=6)
        eventually(p.is_disarmed, FIGURES.tick + 30, "nobody came by")

        with pytest.raises(AssertionError, match="deliveries were lost"):
            eventually(lambda: p.open_deliveries() == 0, FIGURES.lease + 10, "deliveries were lost")
