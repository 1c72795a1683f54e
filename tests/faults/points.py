"""The five places of a delivery at which a process may be killed."""

import os
import signal
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from notifications import delivery
from notifications.channels.email import Email

POINTS = ["before claim", "after claim", "before SMTP", "after SMTP", "after commit"]


def set_up() -> None:
    """Put the points around the steps of a delivery."""
    delivery.claim = around(delivery.claim, "before claim", "after claim")
    Email.send = around(Email.send, "before SMTP", "after SMTP")
    delivery.finish = around(delivery.finish, "", "after commit")


def around(step: Callable[..., Any], before: str, after: str) -> Callable[..., Any]:
    @wraps(step)
    def with_points(*args: Any, **kwargs: Any) -> Any:
        pass_by(before)
        result = step(*args, **kwargs)
        # A claim that found nothing is no claim.
        if result is not None or after != "after claim":
            pass_by(after)
        return result

    return with_points


def pass_by(point: str) -> None:
    """Die here when a trigger says so; whoever takes the trigger away is the one."""
    for victim in ("child", "worker"):
        trigger = Path(os.environ["FAULT_TRIGGERS"]) / f"{point}.{victim}"
        try:
            trigger.unlink()
        except FileNotFoundError:
            continue
        if victim == "worker":
            os.killpg(os.getpgid(0), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
