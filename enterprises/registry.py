"""Ask the business registry about a credit code; without a connection people type everything themselves.

A deployment that has one gives its address in REGISTRY_URL; the adapter is `enterprises.qichacha`, or another
class with `look_up` that the setting ENTERPRISE_REGISTRY names by its dotted path. An adapter answers within
seconds or raises RegistryUnavailable, and registration goes on by hand.
"""

import logging
from dataclasses import dataclass, field
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


class RegistryUnavailable(Exception):
    """The registry did not answer."""


@dataclass(frozen=True)
class Entry:
    """What the registry says: the registered name, and facts as `enterprises.facts.read` takes them."""

    uscc: str
    name: str
    facts: dict[str, str] = field(default_factory=dict)


class Registry(Protocol):
    def look_up(self, uscc: str) -> Entry | None:
        """Return the entry of a canonical credit code, None when there is none; raise RegistryUnavailable."""


class ByHand:
    """The default: no registry is connected, so nothing is known beforehand."""

    def look_up(self, uscc: str) -> Entry | None:
        return None


def look_up(uscc: str) -> Entry | None:
    """Ask the configured registry; a registry that is down is the same as one that knows nothing."""
    path = settings.ENTERPRISE_REGISTRY
    try:
        return cast(Registry, import_string(path)()).look_up(uscc)
    except RegistryUnavailable as trouble:
        logger.warning("the business registry did not answer: %s", trouble)
        return None
