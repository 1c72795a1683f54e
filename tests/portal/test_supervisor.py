import os
import signal
import time

import pytest

from portal.servers.files import ServerError
from portal.supervisor import Household, Part

SLEEP = ["http.server", "0", "--bind", "127.0.0.1"]


@pytest.fixture(autouse=True)
def _signals_as_before():
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def part(tmp_path):
    return Part("sleeper", SLEEP, environment=os.environ, log=tmp_path / "sleeper.log")


def watch_briefly(household, monkeypatch, rounds=4):
    left = iter([0.2] * rounds)

    def nap(seconds):
        if next(left, None) is None:
            raise KeyboardInterrupt
        pause(0.2)

    pause = time.sleep
    monkeypatch.setattr(time, "sleep", nap)
    with pytest.raises(KeyboardInterrupt):
        household.watch()
    monkeypatch.setattr(time, "sleep", pause)


def test_leaving_the_house_leaves_no_process(part):
    with Household(print) as household:
        household.add(part)
        pid = part.process.pid

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_request_to_end_is_treated_like_ctrl_c():
    with Household(print), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)


def test_what_dies_is_started_again(part, monkeypatch):
    said = []
    with Household(said.append) as household:
        household.add(part)
        first = part.process.pid
        part.process.kill()

        watch_briefly(household, monkeypatch)

        assert part.process.pid != first
        assert [line.split(";")[0] for line in said] == ["sleeper has died"]


def test_what_keeps_dying_ends_the_house_with_its_log(tmp_path):
    broken = Part("broken", ["no_such_module"], environment=os.environ, log=tmp_path / "broken.log")

    with Household(lambda line: None) as household:
        household.add(broken)
        with pytest.raises(ServerError, match="No module named no_such_module"):
            household.watch()


def test_what_ends_before_we_are_ready_is_told_at_once(tmp_path):
    broken = Part("broken", ["no_such_module"], environment=os.environ, log=tmp_path / "broken.log")

    with Household(print) as household:
        household.add(broken)
        broken.process.wait()
        with pytest.raises(ServerError, match="broken ended at once"):
            household.check()
