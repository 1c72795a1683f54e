"""What may be some seconds old: a process reads it once for all who ask within that time.

For sums over many rows and tables that hardly change. Whoever must see a change at once asks by a mark
(`core.drawn`).
"""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import caches

_T = TypeVar("_T")


def read(name: str, make: Callable[[], _T], *, seconds: int) -> _T:
    """Return what `make` gave under this name in this process, at most `seconds` ago; it gives no None.

    A name has no blanks.
    """
    found: _T | None = caches["pages"].get(name)
    if found is None:
        found = make()
        caches["pages"].set(name, found, seconds)
    return found


def forget(name: str) -> None:
    """Let this process read it anew."""
    caches["pages"].delete(name)
