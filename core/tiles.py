"""Where the sixteen cities of Shandong stand as squares: no boundaries, only who lies beside whom.

The map is plain SVG of attributes; the page beside it holds the same numbers as a table or list.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SIDE, GAP = 92, 6
# Code of the city → column and row, west to east and north to south.
PLACES = {
    "371400": (0, 0), "371600": (1, 0), "370500": (2, 0), "370600": (4, 0), "371000": (5, 0),
    "371500": (0, 1), "370100": (1, 1), "370300": (2, 1), "370700": (3, 1), "370200": (4, 1),
    "371700": (0, 2), "370900": (1, 2), "371300": (3, 2), "371100": (4, 2),
    "370800": (1, 3), "370400": (2, 3),
}  # fmt: skip
COLUMNS, ROWS = 6, 4
# Fill and text, faint to strong; text on each has a contrast of 4.5 or more.
SHADES = (("#eef4f8", "#12242f"), ("#a9d0e6", "#12242f"), ("#0b5a8a", "#ffffff"), ("#0d4a6b", "#ffffff"))


@dataclass(frozen=True)
class Tile:
    """One square with its name, what is written in it, and the page it leads to ('' for none)."""

    name: str
    figure: str
    x: int
    y: int
    fill: str
    ink: str
    url: str = ""

    @property
    def middle(self) -> int:
        return self.x + SIDE // 2

    @property
    def name_size(self) -> int:
        """Return the size of the name's letters: the longest English names just fit."""
        return 17 if len(self.name) < 9 else 15

    @property
    def name_y(self) -> int:
        return self.y + 38

    @property
    def figure_y(self) -> int:
        return self.y + 66


@dataclass(frozen=True)
class TileMap:
    """The whole map with its two lines of words, as `components/tile_map.html` draws it."""

    title: str
    unit: str
    tiles: list[Tile]
    width: int = COLUMNS * (SIDE + GAP)
    height: int = ROWS * (SIDE + GAP)
    side: int = SIDE

    @property
    def role(self) -> str:
        """Return the ARIA role: a picture, or a group of links."""
        return "group" if any(tile.url for tile in self.tiles) else "img"


def tile_map(
    numbers: Mapping[str, int | None],
    names: Mapping[str, str],
    *,
    title: str,
    unit: str = "",
    hidden: str = "–",
    urls: Mapping[str, str] | None = None,
) -> TileMap:
    """Lay out the cities by code; a number that is not shown (None) is written as `hidden`, in the faintest
    shade, and a city without a number counts as 0. `urls` gives the cities that lead to a page.
    """
    highest = max((number or 0 for number in numbers.values()), default=0)
    leads = urls or {}
    tiles = [
        _tile(code, numbers.get(code, 0), highest, names.get(code, code), hidden, leads.get(code, ""))
        for code in PLACES
    ]
    return TileMap(title, unit, tiles)


def short_name(name: str) -> str:
    """Return a city's name without its ending, as it fits a square."""
    return name.removesuffix("市").removesuffix(" City")


def _tile(code: str, number: int | None, highest: int, name: str, hidden: str, url: str) -> Tile:
    column, row = PLACES[code]
    fill, ink = SHADES[_shade(number, highest)]
    figure = hidden if number is None else f"{number:,}"
    return Tile(name, figure, column * (SIDE + GAP), row * (SIDE + GAP), fill, ink, url)


def _shade(number: int | None, highest: int) -> int:
    """Give the quarter of the highest number this one falls into; nothing and what is hidden stay faint."""
    if not number:
        return 0
    return min(len(SHADES) - 1, 1 + number * (len(SHADES) - 1) // (highest + 1))
