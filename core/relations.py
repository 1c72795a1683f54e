"""Everything that hangs on a row, by name: for registries that must not forget a table."""

from django.db import models


def leading_to(model: type[models.Model]) -> list[str]:
    """Return every relation that leads to a model, hidden ones included, as "label.model.field"."""
    found = model._meta.get_fields(include_hidden=True)
    return sorted(
        f"{one.related_model._meta.label_lower}.{one.field.name}"  # type: ignore[union-attr]  # relations only
        for one in found
        if one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one)
    )
