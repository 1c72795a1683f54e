"""The working calendar that the portal starts with: the State Council's notices for 2025 and 2026."""

import csv
from pathlib import Path

from core.models import CalendarDay, CalendarYear

TABLE = Path(__file__).parent / "data" / "calendar_cn.csv"


def load_calendar() -> None:
    """Add the days and years that are missing; what staff have entered or changed stays."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        days = [
            CalendarDay(day=row["date"], kind=row["kind"], name=row["name"]) for row in csv.DictReader(table)
        ]
    CalendarDay.objects.bulk_create(days, ignore_conflicts=True)
    years = sorted({int(str(day.day)[:4]) for day in days})
    CalendarYear.objects.bulk_create([CalendarYear(year=year) for year in years], ignore_conflicts=True)
