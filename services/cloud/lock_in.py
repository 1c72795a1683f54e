"""How hard it is to leave a product, 0 (easy) to 100, and what makes it so: a rule of this platform, pure.

Five points, each judged by what the provider has put in writing. What is not stated counts in full: an
enterprise cannot rely on it.
"""

from dataclasses import dataclass

# Our own starter weights; they add up to 100 and are no claim about any official scheme.
EXPORT, NOTICE, MINIMUM, KEEPS, FEE = "export", "notice", "minimum", "keeps_data", "fee"
WEIGHTS = {EXPORT: 40, NOTICE: 15, MINIMUM: 15, KEEPS: 15, FEE: 15}
# A whole copy can be loaded elsewhere; tables alone lose what hangs together.
WHOLE = frozenset({"dump", "image", "api"})
EASY_UP_TO, HARD_FROM = 30, 60


@dataclass(frozen=True)
class Point:
    """One point: its code, what it adds (0 up to its weight), and whether the provider said anything."""

    code: str
    adds: int
    weight: int
    is_stated: bool


@dataclass(frozen=True)
class Reckoning:
    """The score with its points, in the order of the weights."""

    points: tuple[Point, ...]

    @property
    def score(self) -> int:
        return sum(point.adds for point in self.points)

    @property
    def level(self) -> str:
        """Return easy, middle or hard: easy up to and including 30, hard from 60."""
        if self.score <= EASY_UP_TO:
            return "easy"
        return "hard" if self.score >= HARD_FROM else "middle"


def reckon(
    *,
    export_formats: frozenset[str],
    notice_days: int | None,
    minimum_months: int | None,
    keeps_data_days: int | None,
    exit_fee_fen: int | None,
) -> Reckoning:
    """Reckon the lock-in of one product; None is not stated."""
    return Reckoning(
        (
            _point(EXPORT, _export_share(export_formats), is_stated=bool(export_formats)),
            _point(NOTICE, _share(notice_days, 30, 90), is_stated=notice_days is not None),
            _point(MINIMUM, _share(minimum_months, 1, 12), is_stated=minimum_months is not None),
            _point(
                KEEPS,
                100 if keeps_data_days is None else 100 - _share(keeps_data_days, 0, 30),
                is_stated=keeps_data_days is not None,
            ),
            _point(FEE, 0 if exit_fee_fen == 0 else 100, is_stated=exit_fee_fen is not None),
        )
    )


def _point(code: str, share: int, *, is_stated: bool) -> Point:
    return Point(code, WEIGHTS[code] * share // 100, WEIGHTS[code], is_stated)


def _export_share(formats: frozenset[str]) -> int:
    if not formats:
        return 100
    return 0 if formats & WHOLE else 50


def _share(value: int | None, free_up_to: int, full_from: int) -> int:
    """Return 0 to 100: nothing up to `free_up_to`, all from `full_from`, in a straight line between."""
    if value is None or value >= full_from:
        return 100
    if value <= free_up_to:
        return 0
    return (value - free_up_to) * 100 // (full_from - free_up_to)
