"""Carry out an action for a page of this room and say in words what refused it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import Form
from django.http import HttpRequest

from core import files
from core.lifecycle import Lifecycle, TransitionRefused
from core.verbs import blame, refusal, state_label


def attempt(form: Form, act: Callable[[], Any], *, moved_on: str) -> Any:
    """Act; a refusal becomes an error of the form, `moved_on` where the row has moved on. None then."""
    try:
        return act()
    except ValidationError as error:
        blame(form, error)
    except files.FileRefused as refused:
        form.add_error(None, refused.message)
    except TransitionRefused:
        form.add_error(None, moved_on)
    return None


def carry_out(
    request: HttpRequest, row: Model, act: Callable[[], Any], *, lifecycle: Lifecycle, done: str
) -> None:
    """Act and leave a message on the next page: `done`, or why not."""
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except TransitionRefused as refused:
        messages.error(request, refusal(refused, row, state_label(row, lifecycle, refused.state)))
    else:
        messages.success(request, done)
