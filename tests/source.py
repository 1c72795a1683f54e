"""The project's own files, read as text and as syntax trees by the tests of the house."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parent.parent
ROOMS = ("core", "accounts", "notifications", "enterprises", "services", "portal")
NOT_OURS = {"__pycache__", "node_modules", "vendor"}
TEXT = {
    ".py",
    ".html",
    ".txt",
    ".md",
    ".css",
    ".js",
    ".toml",
    ".yml",
    ".yaml",
    ".sh",
    ".po",
    ".json",
    ".csv",
    "",
}


def files(*places: str, suffix: str = "") -> Iterator[Path]:
    """Walk over our files below `places` (everything when none is named), in order."""
    for place in places or (".",):
        for directory, folders, names in os.walk(PROJECT / place):
            folders[:] = sorted(filter(is_ours, folders))
            yield from (Path(directory, name) for name in sorted(names) if name.endswith(suffix))


def is_ours(folder: str) -> bool:
    """Say whether people write in a folder of this name; the dotted ones are made by tools, but for .ci."""
    return folder == ".ci" or not (folder.startswith(".") or folder in NOT_OURS)


def texts() -> Iterator[tuple[str, str]]:
    """Return the name and the content of every text file of the project."""
    for path in files():
        if path.suffix in TEXT:
            yield name_of(path), path.read_text(encoding="utf-8")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Return the name and the syntax tree of every module of the rooms."""
    for path in files(*ROOMS, suffix=".py"):
        yield name_of(path), tree(path)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))
