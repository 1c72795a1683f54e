"""Where the sixteen cities of Shandong stand as squares: no boundaries, only who lies beside whom."""

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
    """One square with its name and what is written in it."""

    name: str
    figure: str
    x: int
    y: int
    fill: str
    ink: str

    @property
    def middle(self) -> int:
        return self.x + SIDE // 2

    @property
    def name_y(self) -> int:
        return self.y + 38

    @property
    def figure_y(self) -> int:
        return self.y + 66


def tiles(numbers: Mapping[str, int | None], names: Mapping[str, str], hidden: str) -> list[Tile]:
    """Lay out the cities; a number that is not shown (None) is written as `hidden`, in the faintest shade."""
    highest = max((number or 0 for number in numbers.values()), default=0)
    return [_tile(code, numbers.get(code, 0), highest, names.get(code, code), hidden) for code in PLACES]


def _tile(code: str, number: int | None, highest: int, name: str, hidden: str) -> Tile:
    column, row = PLACES[code]
    fill, ink = SHADES[_shade(number, highest)]
    figure = hidden if number is None else f"{number:,}"
    return Tile(name, figure, column * (SIDE + GAP), row * (SIDE + GAP), fill, ink)


def _shade(number: int | None, highest: int) -> int:
    """Give the quarter of the highest number this one falls into; nothing and what is hidden stay faint."""
    if not number:
        return 0
    return min(len(SHADES) - 1, 1 + number * (len(SHADES) - 1) // (highest + 1))
