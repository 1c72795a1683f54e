"""The drains of files: scan what waits, sweep what nothing points at."""

from datetime import time

from celery import shared_task

from core import files, periods, scanning


@shared_task(name="core.scan_pending")
def scan_pending() -> int:
    """Scan files that wait, and again those found clean a month ago; return how many got a verdict."""
    return scanning.scan_pending()


@shared_task(name="core.sweep_files")
def sweep_files() -> int:
    """Once a day, after 03:00, delete rows and bytes that belong to nothing; return how many."""
    with periods.due("core.sweep_files", not_before=time(3, 0)) as day:
        return files.sweep() if day else 0
