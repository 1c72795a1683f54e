"""Enterprises from a sheet: the template, the dry run with the errors of each row, the file to put right."""

from enterprises.forms.intake.reading import Entry, Sheet, again, read, with_errors
from enterprises.forms.intake.rows import COLUMNS, MOST_ROWS
from enterprises.forms.intake.workbook import returned, template

__all__ = ["COLUMNS", "MOST_ROWS", "Entry", "Sheet", "again", "read", "returned", "template", "with_errors"]
