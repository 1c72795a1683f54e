"""Keep some of what was made in this process, as it is: nothing is packed or copied, as a cache would do.

What is put on a shelf must not be changed any more.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """A shelf with so many places; for one more, the one that was longest not asked for falls off."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, name: Hashable) -> T | None:
        with self._lock:
            found = self._kept.get(name)
            if found is not None:
                self._kept.move_to_end(name)
            return found

    def put(self, name: Hashable, thing: T) -> None:
        with self._lock:
            self._kept[name] = thing
            self._kept.move_to_end(name)
            if len(self._kept) > self._places:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
