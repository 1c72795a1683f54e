"""Carry something out, look at what it would tell people, and take all of it back.

What is shown is exact because it was done: the same action, the same rows, the same texts. A mechanism that
can say what would be told registers itself with `listen`; there is one, the outbox.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

_running: ContextVar[bool] = ContextVar("rehearsal", default=False)


@dataclass(frozen=True)
class Told:
    """One letter that would be sent: to whom, in which language, by which ways, with which words.

    `ways` names the channels; without any the letter stands in the inbox only. `stopped` says that the
    address asked not to be written to. `not_before` is set while the letter waits (quiet hours, a digest).
    """

    reader: str
    address: str
    language: str
    subject: str
    body: str
    ways: tuple[str, ...] = ()
    stopped: bool = False
    not_before: datetime | None = None


@dataclass
class Rehearsal:
    """What would be told, the first letters of `count`."""

    told: list[Told] = field(default_factory=list)
    count: int = 0


Mark = Callable[[], int]
Hear = Callable[[int], Rehearsal]
_listeners: list[tuple[Mark, Hear]] = []


def listen(mark: Mark, hear: Hear) -> None:
    """Register who says what would be told: `mark` before the act, `hear` (given the mark) after it."""
    _listeners[:] = [(mark, hear)]


def of(act: Callable[[], Any]) -> Rehearsal:
    """Call `act`, return what it would have told, and take back everything it wrote; errors pass through."""
    found = Rehearsal()
    with _all_taken_back():
        marks = [(hear, mark()) for mark, hear in _listeners]
        act()
        for hear, mark in marks:
            heard = hear(mark)
            found = Rehearsal(found.told + heard.told, found.count + heard.count)
    return found


def is_on() -> bool:
    """Tell whether what is written now will be taken back."""
    return _running.get()


@contextmanager
def _all_taken_back() -> Iterator[None]:
    token = _running.set(True)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        _running.reset(token)
