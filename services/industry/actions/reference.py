"""Bring in what the directory starts with; what staff have entered or changed stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from core import audit, calendar
from services.industry.models import Park, Place, Platform, PublicationState, Solution

DATA = Path(__file__).parent.parent / "data"
TEXTS = ("name", "summary", "steps", "needs")


@transaction.atomic
def load_directory() -> int:
    """Add the platforms, parks and solutions that are missing, as published by the system.

    Returns their number. The regions and industries must be loaded.
    """
    places = _read("places.yaml")
    return (
        _load(Platform, places["platforms"])
        + _load(Park, places["parks"])
        + _load_solutions(_read("solutions.yaml"))
    )


def _read(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def _load_solutions(rows: list[dict[str, Any]]) -> int:
    known = set(Solution.objects.values_list("slug", flat=True))
    missing = [(number, row) for number, row in enumerate(rows, start=1) if row["slug"] not in known]
    for number, row in missing:
        solution = Solution.objects.create(
            slug=row["slug"],
            **{f"{name}_{code}": row[name][code] for name in TEXTS for code in ("zh", "en")},
            **{name: row[name] for name in ("effort", "capabilities", "scenes")},
            position=number * 10,
            state=PublicationState.PUBLISHED,
            published_at=calendar.now(),
        )
        solution.industries.set(row["industries"])
        audit.record(solution, "import", by=None)
    return len(missing)


def _load(model: type[Any], rows: list[dict[str, Any]]) -> int:
    known = set(model.objects.values_list("slug", flat=True))
    missing = [
        _place(model, row, position * 10)
        for position, row in enumerate(rows, start=1)
        if row["slug"] not in known
    ]
    for place in model.objects.bulk_create(missing):
        audit.record(place, "import", by=None)
    return len(missing)


def _place(model: type[Any], row: dict[str, Any], position: int) -> Place:
    fields = {name: value for name, value in row.items() if name != "region"}
    place: Place = model(
        **fields,
        region_id=row["region"],
        position=position,
        state=PublicationState.PUBLISHED,
        published_at=calendar.now(),
    )
    return place
