"""Run the benchmark: the environment first, then Django, then the story in `command`."""

import signal
import sys

import django

from bench import environment
from portal.supervisor import interrupt

# Asked to end, it drops its databases and stops its servers as after Ctrl-C.
signal.signal(signal.SIGTERM, interrupt)
environment.prepare()
django.setup()

from bench.command import main  # noqa: E402 - models can be imported only now

if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Ended before its time; its databases and servers are gone.")
