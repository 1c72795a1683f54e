"""The landing board of the desk: what is urgent, from every room, for this member of staff."""

from typing import Any


def board(user: Any) -> dict[str, Any]:
    """Return counters, the most urgent requests and the two-week figures that `user` may see."""
    return {}
