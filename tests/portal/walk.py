"""Walk the resolver: every address the portal answers, with the names of its parameters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

_PARAMETER = re.compile(r"<(?:(?P<converter>[^>:]+):)?(?P<name>[^>]+)>")


@dataclass(frozen=True)
class Door:
    """One address pattern of the resolver, in the default language."""

    route: str
    name: str
    parameters: tuple[str, ...]

    def path(self, values: dict[str, str]) -> str:
        """Fill in the parameters; raises KeyError when a value is missing."""
        return "/" + _PARAMETER.sub(lambda found: values[found["name"]], self.route)


def every_door() -> list[Door]:
    """Return all doors, each route once, in the order of the resolver."""
    found = {door.route: door for door in _walk(get_resolver(), "", "")}
    return list(found.values())


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Door]:
    for entry in resolver.url_patterns:
        route = "" if isinstance(entry.pattern, LocalePrefixPattern) else _plain(str(entry.pattern))
        if isinstance(entry, URLResolver):
            inside = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, prefix + route, inside)
        elif isinstance(entry, URLPattern):
            full = prefix + route
            names = tuple(found["name"] for found in _PARAMETER.finditer(full))
            yield Door(full, f"{namespace}{entry.name}" if entry.name else "", names)


def _plain(pattern: str) -> str:
    """Turn the few regular expressions of libraries into the notation of paths."""
    named = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", pattern)
    return named.lstrip("^").replace("\\Z", "").rstrip("$").replace("\\.", ".").replace("\\-", "-")
