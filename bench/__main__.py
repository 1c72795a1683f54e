"""Run the benchmark: the environment first, then Django, then the story in `command`."""

import sys

import django

from bench import environment

environment.prepare()
django.setup()

from bench.command import main  # noqa: E402 - models can be imported only now

if __name__ == "__main__":
    sys.exit(main())
