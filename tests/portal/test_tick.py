from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.celery import BEAT
from portal.management.commands import tick

pytestmark = pytest.mark.django_db


def test_every_job_of_the_table_runs_once_and_deliveries_come_last():
    out = StringIO()

    call_command("tick", stdout=out)

    names = [line.split(":")[0] for line in out.getvalue().splitlines()]
    assert sorted(names) == sorted(BEAT)
    assert names[-1] == "notifications.deliver_pending"


def test_one_job_may_be_named():
    out = StringIO()

    call_command("tick", "notifications.deliver_pending", stdout=out)

    assert out.getvalue() == "notifications.deliver_pending: 0\n"


def test_an_unknown_job_is_refused():
    with pytest.raises(CommandError, match=r"not in the beat table: a\.b"):
        call_command("tick", "a.b")


def test_a_job_that_fails_does_not_stop_the_others(monkeypatch):
    monkeypatch.setattr(tick, "BEAT", {"a.missing": 60, "notifications.deliver_pending": 60})
    out, err = StringIO(), StringIO()

    with pytest.raises(CommandError, match=r"failed: a\.missing"):
        call_command("tick", stdout=out, stderr=err)

    assert err.getvalue() == "a.missing: no such task\n"
    assert out.getvalue() == "notifications.deliver_pending: 0\n"
