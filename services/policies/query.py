"""What was asked of the public list: words, chosen values, order, page. Pure; `search` answers it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from services.policies import terms

PAGE_SIZE = 20
SOON_DAYS = 30
# "Issued since": so many days back, or a day itself.
DAYS_BACK = ("30", "90", "365")


class Sort(StrEnum):
    NEWEST = "newest"
    CLOSING = "closing"
    BEST = "best"


class Status(StrEnum):
    """How a notice stands today; what closes within 30 days is open too."""

    OPEN = "open"
    CLOSING = "closing"
    ENDED = "ended"


class Fit(StrEnum):
    """How the best item of a notice stands to the reader: every gate met, or not all can be told yet."""

    MET = "met"
    MAY = "may"


@dataclass(frozen=True)
class Query:
    """Words, and for each filter the chosen values (any of them); empty means no filter.

    `areas` are region codes: 000000, the province, or a city that stands for its districts too. `issuers` are
    Chinese names of leading agencies. `since` is one of DAYS_BACK or a day as YYYY-MM-DD. `fits` says
    something only of a reader of whom facts are known.
    """

    text: str = ""
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    since: str = ""
    fits: tuple[str, ...] = ()
    sort: str = Sort.NEWEST
    page: int = 1

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        return {
            "fit": self.fits,
            "area": self.areas,
            "kind": self.kinds,
            "level": self.levels,
            "state": self.states,
            "since": (self.since,) if self.since else (),
            "issuer": self.issuers,
        }

    @property
    def is_empty(self) -> bool:
        return not terms.read(self.text) and not any(self.filters.values())

    def without(self, name: str) -> Query:
        """Drop one condition: "text", or the filter of that name."""
        return replace(self, text="", page=1) if name == "text" else self.narrowed(name, ())

    def narrowed(self, name: str, values: tuple[str, ...]) -> Query:
        """Choose other values in one filter."""
        if name == "since":
            return replace(self, page=1, since=values[0] if values else "")
        return replace(self, page=1, **{f"{name}s": values})  # type: ignore[arg-type]  # filters are tuples

    def for_nobody(self) -> Query:
        """Leave out what can only be said of a reader of whom something is known."""
        return replace(self, fits=())

    def of_what_comes(self) -> Query:
        """Leave out what says nothing of a notice still to come: the day of issue, and whom it fits today."""
        return replace(self, since="", fits=(), page=1)

    def since_day(self, on: date) -> date | None:
        """Return the first day that counts, seen from the day `on`; None without that filter."""
        if not self.since:
            return None
        return days_back(self.since, on) if self.since in DAYS_BACK else date.fromisoformat(self.since)


def days_back(days: str, on: date) -> date:
    return on - timedelta(days=int(days))
