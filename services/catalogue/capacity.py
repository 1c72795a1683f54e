"""How much room an offering has: what is being worked on, beside what the provider can do at once."""

from __future__ import annotations

from dataclasses import dataclass

from services.catalogue.models import Offering


@dataclass(frozen=True)
class Room:
    """`taken` of `capacity` requests are being worked on; more than the capacity is possible, they wait."""

    taken: int
    capacity: int

    @property
    def is_full(self) -> bool:
        return self.taken >= self.capacity


def room(offering: Offering | None) -> Room | None:
    """Return the room of an offering, None where nobody has said its capacity; one query."""
    if offering is None or offering.capacity is None:
        return None
    return Room(offering.requests.open().count(), offering.capacity)
