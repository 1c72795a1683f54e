"""One report set as a PDF in a process of its own: what it takes, and the memory that process has held."""

import json
import resource
import subprocess
import sys
import time

import django

from bench import databases


def measure() -> tuple[float, float, float]:
    """Return the seconds of the first report, of the next one, and the megabytes held, in a fresh process."""
    run = subprocess.run(
        [sys.executable, "-m", "bench.printing"],
        env=databases.environment(settings="portal.settings"),
        stdout=subprocess.PIPE,
        check=True,
    )
    first, next_one, megabytes = json.loads(run.stdout)
    return first, next_one, megabytes


def _print_two() -> None:
    from services.assessments import printing  # noqa: PLC0415 - models can be imported only now
    from services.assessments.models import Assessment  # noqa: PLC0415 - as above

    row = Assessment.objects.finished().select_related("version", "enterprise").earliest("pk")
    taken = []
    for _turn in range(2):
        began = time.perf_counter()
        printing.document(row)
        taken.append(time.perf_counter() - began)
    json.dump([*taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024], sys.stdout)


if __name__ == "__main__":
    django.setup()
    _print_two()
