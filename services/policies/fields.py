"""A column type that Django lacks: PostgreSQL's int4multirange."""

from typing import Any

from django.db import models
from psycopg.types.multirange import Int4Multirange
from psycopg.types.range import Range


class IntegerMultiRangeField(models.Field):
    """A set of whole numbers as ranges; in Python a list of (low, high) pairs, both inclusive."""

    def db_type(self, connection: Any) -> str:
        return "int4multirange"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        return Int4Multirange([Range(low, high, "[]") for low, high in value])

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> list[tuple[int, int]] | None:
        if value is None:
            return None
        return [(part.lower, part.upper - 1) for part in value]
