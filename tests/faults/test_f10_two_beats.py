"""F-10: two beats ask for the same jobs, and one beat comes back after days."""

import time

import pytest

from tests.faults import daily
from tests.faults.rig import FIGURES, eventually

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
DAYS_MISSED = 5


def ask_twice_a_tick(portal):
    """Let two beats ask two workers for several ticks after days of silence; return how often the job ran."""
    portal.stage("missed_days", job=daily.NAME, days=DAYS_MISSED)
    portal.worker("one")
    portal.worker("two")
    portal.beat("first")
    portal.beat("second")
    runs = portal.home / daily.LINES
    eventually(runs.exists, FIGURES.tick + 30, "nobody ran the job")
    time.sleep(4 * FIGURES.tick)
    return len(runs.read_text().splitlines())


def test_missed_days_are_caught_up_once_and_two_beats_do_nothing_twice(portal):
    with portal() as p:
        p.stage("letters", first=0, count=FIGURES.letters)

        assert ask_twice_a_tick(p) == 1
        eventually(lambda: p.open_deliveries() == 0, FIGURES.patience, "not all was delivered")
        assert p.mailbox.ids.total() == len(p.mailbox.ids) == FIGURES.letters


def test_without_the_watermark_the_job_runs_at_every_tick(portal):
    with portal(without="watermark") as p:
        assert ask_twice_a_tick(p) > 1
