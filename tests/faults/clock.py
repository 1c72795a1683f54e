"""A machine whose clock is wrong by so many seconds: what it shows, not how fast it runs."""

from datetime import UTC, datetime, timedelta

import time_machine


def put_wrong(seconds: int) -> None:
    """Set the clock of this process, and of those it forks, ahead or back."""
    if seconds:
        time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds), tick=True).start()
