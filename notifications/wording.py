"""The little language of texts written at the desk: `[name]` and nothing else.

It reads no file, no object and no setting: a name stands for a value of the letter, and a line whose names
are all empty is left out. Lists of words become one line each.
"""

import re
from collections.abc import Mapping
from typing import Any

_NAME = re.compile(r"\[([a-z][a-z0-9_]*)\]")
# Beside names: what somebody used to another language might write, and expect something of.
_TAG = re.compile(r"\[[a-z][a-z0-9_]*\]|\{\{|\}\}|\{%|%\}|\{#")
# What the file texts of a kind mention: {{ name … and name=value of a translated block.
_MENTIONED = re.compile(r"\{\{\s*([a-z]\w*)|(?<=\w)=([a-z]\w*)")
ALWAYS = frozenset({"site_name", "link", "reader"})


def mentioned(source: str) -> set[str]:
    """Return the names that a file text of a kind mentions."""
    return {first or second for first, second in _MENTIONED.findall(source)}


def problems(text: str, allowed: set[str]) -> list[str]:
    """Return what in a text is no known name, as it stands there; [] when the text may be used."""
    return [
        found.group()
        for found in _TAG.finditer(text)
        if not (name := _NAME.fullmatch(found.group())) or name[1] not in allowed
    ]


def render(text: str, values: Mapping[str, Any]) -> str:
    """Put the values into a text; nothing is escaped, and a value is never read as text of the language."""
    lines = []
    for line in text.splitlines():
        names = _NAME.findall(line)
        words = {name: _words(values.get(name)) for name in names}
        if names and not any(words.values()):
            continue
        lines.append(_put_in(line, words))
    return "\n".join(lines).strip()


def _put_in(line: str, words: Mapping[str, str]) -> str:
    return _NAME.sub(lambda found: words[found[1]], line)


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(f"· {_words(one)}" for one in value if isinstance(one, str | int))
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
