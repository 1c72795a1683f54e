"""Rows that belong to a row, read in its own query: gathered as JSON by the database, and rows again here."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.functions import JSONObject

M = TypeVar("M", bound=models.Model)


def gathered(rows: models.QuerySet[Any], *columns: str) -> ArraySubquery:
    """Return `columns` of `rows` (which may name the outer query by OuterRef) as one value to annotate.

    A column of a related row is named "relation__column", and the key of that row goes with it. An annotation
    of `rows` is named as it is, without "__"; what it gathered goes with it.
    """
    return ArraySubquery(rows.values(gathered=JSONObject(**{name: name for name in columns})))


def rows(model: type[M], found: Iterable[Mapping[str, Any]] | None) -> list[M]:
    """Return what was gathered as rows; a column that was not gathered is read when somebody asks for it.

    An annotation comes as JSON knows it: a day is text, rows are columns to hand to this function again.
    """
    return [_row(model, columns) for columns in found or []]


def _row(model: type[M], columns: Mapping[str, Any]) -> M:
    fields = [field for field in model._meta.concrete_fields if field.attname in columns]
    values = [field.to_python(columns[field.attname]) for field in fields]
    row = model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], values)
    known = {field.attname for field in fields}
    for name in columns:
        if name not in known and "__" not in name:
            setattr(row, name, columns[name])
    for relation in sorted({name.split("__")[0] for name in columns if "__" in name}):
        setattr(row, relation, _related(model, relation, columns))
    return row


def _related(model: type[models.Model], relation: str, columns: Mapping[str, Any]) -> models.Model | None:
    related: Any = model._meta.get_field(relation).related_model
    start = f"{relation}__"
    own = {name.removeprefix(start): value for name, value in columns.items() if name.startswith(start)}
    return _row(related, own) if own[related._meta.pk.attname] is not None else None
