"""Figures as people type them: full-width digits are digits, underscores are refused, in every form."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.urls import get_resolver
from django.utils import translation

from accounts.models import User
from core import money, text
from core.fields import DecimalField, IntegerField
from services.cloud.forms.market import EstimateForm
from tests import source

FIGURES = (forms.IntegerField, forms.FloatField, forms.DecimalField)


@pytest.mark.parametrize(("typed", "read"), [("1000", 1000), ("１０００", 1000), (" 1000 ", 1000)])
def test_a_whole_number_is_read_in_any_width(typed: str, read: int) -> None:
    assert IntegerField().clean(typed) == read


@pytest.mark.parametrize("field", [IntegerField(), DecimalField()])
@pytest.mark.parametrize("typed", ["1_000", "1_0", "１_０００"])
def test_underscores_are_refused_in_the_readers_words(field: forms.Field, typed: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError, match="without underscores"):
        field.clean(typed)
    with translation.override("zh-hans"), pytest.raises(ValidationError, match="不要下划线"):
        field.clean(typed)


def test_underscores_are_refused_wherever_a_figure_is_read() -> None:
    assert text.decimal("１，２００") == Decimal(1200)
    with pytest.raises(InvalidOperation):
        text.decimal("1_000")
    with pytest.raises(ValueError, match="not an amount"):
        money.fen_from_yuan("1_000")


def test_what_was_typed_with_underscores_stays_in_the_form() -> None:
    form = EstimateForm({"count": "1_0", "years": "1"})

    assert (list(form.errors), form["count"].value()) == (["count"], "1_0")


def test_every_field_for_a_figure_is_ours() -> None:
    """Django's own take 1_000 for a thousand, as Python does."""
    _load(get_resolver())

    assert sorted({*_of_forms(), *_of_the_desk()}) == []


def _of_forms() -> Iterator[str]:
    for form in _below(forms.BaseForm):
        if form.__module__.partition(".")[0] in source.ROOMS:
            for name, field in getattr(form, "declared_fields", {}).items():
                if _is_foreign(field):
                    yield f"{form.__module__}.{form.__name__}.{name}"


def _of_the_desk() -> Iterator[str]:
    request = RequestFactory().get("/")
    request.user = User(pk=1, is_staff=True, is_superuser=True)
    for model, desk in admin.site._registry.items():
        # A page nobody can change has no form.
        if desk.has_change_permission(request) or desk.has_add_permission(request):
            forms_of = [desk.get_form(request), *_rows_within(desk, request)]
            for form in forms_of:
                for name, field in form.base_fields.items():
                    if _is_foreign(field):
                        yield f"{model._meta.label}: {form.__name__}.{name}"


def _rows_within(desk: Any, request: Any) -> list[Any]:
    return [
        within.get_formset(request).form
        for within in desk.get_inline_instances(request)
        if within.has_change_permission(request) or within.has_add_permission(request, None)
    ]


def _is_foreign(field: Any) -> bool:
    return isinstance(field, FIGURES) and not isinstance(field, IntegerField | DecimalField)


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _load(resolver: Any) -> None:
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            _load(pattern)
