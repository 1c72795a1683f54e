"""Run one of the portal's programs with the faults of an experiment built in.

    python -m tests.faults.child celery -A portal.celery worker …

The product itself carries no switch: what is changed is changed here, in this process and its children.
"""

import os
import runpy
import sys

import django

from tests.faults import clock

if __name__ == "__main__":
    clock.put_wrong(int(os.environ["FAULT_CLOCK"]))
    django.setup()
    from tests.faults import daily, haste, points, releases, unsafe

    daily.schedule()
    points.set_up()
    haste.hurry(int(os.environ["FAULT_HASTE"]))
    releases.set_up(os.environ["FAULT_RELEASE"])
    unsafe.switch_off(os.environ["FAULT_WITHOUT"])
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
