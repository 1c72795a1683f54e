"""Run one of the portal's programs with the faults of an experiment built in.

    python -m tests.faults.child celery -A portal.celery worker …

The product itself carries no switch: what is changed is changed here, in this process and its children.
"""

import os
import runpy
import sys

import django

if __name__ == "__main__":
    django.setup()
    from tests.faults import daily, points, unsafe

    daily.schedule()
    points.set_up()
    unsafe.switch_off(os.environ["FAULT_WITHOUT"])
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
