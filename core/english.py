"""Which English texts of a row have fallen behind: their Chinese was changed later, and nobody looked since.

Read from the events of the desk, which name the fields a change touched; `x_zh` and `x_en` are a pair.
Nothing is stored beside the events: a text is in step again once it is changed or said to fit still.
"""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from core import audit
from core.models import Event

FITS = "english_fits"
_CHANGE = "change"


def pairs(model: type[models.Model]) -> list[tuple[str, str]]:
    """Return the names of Chinese fields and of their English counterparts."""
    names = {field.name for field in model._meta.get_fields()}
    chinese = [name for name in names if name.endswith("_zh")]
    return sorted((name, f"{name[:-3]}_en") for name in chinese if f"{name[:-3]}_en" in names)


def can_be_narrowed(model: type[models.Model]) -> bool:
    """Tell whether `only_behind` can be asked: events know rows by number, so codes are left out."""
    return bool(pairs(model)) and isinstance(model._meta.pk, models.IntegerField)


def behind(row: models.Model) -> list[str]:
    """Return the English fields of a row that are filled and older than their Chinese; at most one query."""
    waiting = {zh: en for zh, en in pairs(type(row)) if getattr(row, en)}
    found = []
    for event in audit.history(row).filter(verb__in=(_CHANGE, FITS)) if waiting else ():
        touched = set(event.data.get("fields", []))
        for zh, en in list(waiting.items()):
            if en in touched or zh in touched:
                del waiting[zh]
                found += [en] if en not in touched else []
        if not waiting:
            break
    return sorted(found)


def only_behind(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows with at least one such text."""
    asked = Q(pk__in=[])
    for zh, en in pairs(rows.model):
        looked_at = _events(rows.model, en).filter(pk__gt=OuterRef("pk"), subject_id=OuterRef("subject_id"))
        lost = _events(rows.model, zh).exclude(data__fields__contains=[en]).exclude(Exists(looked_at))
        asked |= ~Q(**{en: ""}) & Q(Exists(lost.filter(subject_id=OuterRef("pk"))))
    return rows.filter(asked)


def _events(model: type[models.Model], field: str) -> QuerySet[Event]:
    return Event.objects.order_by().filter(
        subject_type=model._meta.label_lower, verb__in=(_CHANGE, FITS), data__fields__contains=[field]
    )
