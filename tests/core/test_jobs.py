import pytest

from core import jobs
from core.models import JobRun

pytestmark = pytest.mark.django_db


def test_a_run_is_noted_with_its_time():
    with jobs.recorded("room.task"):
        pass

    run = JobRun.objects.get()
    assert (run.name, run.failed_at, run.error) == ("room.task", None, "")
    assert run.ran_at is not None
    assert 0 <= run.seconds < 5


def test_a_failure_is_noted_and_stays_the_caller_s_own():
    with pytest.raises(LookupError), jobs.recorded("room.task"):
        raise LookupError("nothing there")

    run = JobRun.objects.get()
    assert (run.ran_at, run.error) == (None, "LookupError: nothing there")
    assert run.failed_at is not None


def test_the_next_good_run_clears_the_error_and_keeps_when_it_failed():
    with pytest.raises(LookupError), jobs.recorded("room.task"):
        raise LookupError
    with jobs.recorded("room.task"):
        pass

    run = JobRun.objects.get()
    assert (run.error, run.ran_at is not None, run.failed_at is not None) == ("", True, True)


def test_a_database_that_does_not_answer_adds_no_trouble(monkeypatch):
    monkeypatch.setattr(jobs, "_DONE", "SELECT nonsense FROM nowhere WHERE %s = %s")

    with jobs.recorded("room.task"):
        pass

    assert JobRun.objects.count() == 0
