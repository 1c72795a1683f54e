"""Notices from a sheet: the template, the dry run with the errors of each row, the file to put right.

Nothing is written here; `actions.imports` makes drafts of the rows that are right.
"""

from services.policies.intake.columns import COLUMNS, MOST_ROWS
from services.policies.intake.reading import Entry, Sheet, again, grouped, item_key, present, read
from services.policies.intake.workbook import returned, template

__all__ = [
    "COLUMNS",
    "MOST_ROWS",
    "Entry",
    "Sheet",
    "again",
    "grouped",
    "item_key",
    "present",
    "read",
    "returned",
    "template",
]
