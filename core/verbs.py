"""What a button of the desk needs to know: the action behind it, its form, what it will do and whom it tells.

Used by `core.admin.LifecycleAdmin`. A form may have a method `prepare(row, by)`: it is called before the
form is shown or validated, to set choices, initial values and texts that depend on the row or the person.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core import audit
from core.lifecycle import Lifecycle, TransitionRefused

Words = str | Promise | Callable[[Any], str | Promise]


def anyone_any_time(row: Any, user: Any) -> bool:
    return True


@dataclass(frozen=True)
class Verb:
    """One button: `act(row, by=user, **cleaned_data)` is called when its page is sent.

    `explains` says what will happen, `tells` who is told by mail; both are a text or a function of the
    row. `label`, `permission` and `offered` are for verbs that are no transition (a note, a reply): a
    transition brings its own label, permission and sources. `danger` draws the button in red. With
    `makes_another` the action returns another row of the same kind, and the person goes on with that one.
    """

    act: Callable[..., Any]
    form: type[forms.BaseForm] | None = None
    explains: Words = ""
    tells: Words = ""
    label: str | Promise = ""
    permission: str = ""
    offered: Callable[[Any, Any], bool] = anyone_any_time
    danger: bool = False
    makes_another: bool = False

    def is_open_to(self, user: Any, row: Any) -> bool:
        """Tell whether a verb that is no transition is offered to `user` on `row`."""
        return (not self.permission or user.has_perm(self.permission)) and self.offered(row, user)


class ReasonForm(forms.Form):
    """Ask for the reason of a transition that needs one; it is kept with the event. Rooms may extend it."""

    reason = forms.CharField(
        label=_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
    )


def said(words: Words, row: Any) -> str:
    """Put a text that may depend on the row into words."""
    return str(words(row)) if callable(words) else str(words)


def prepared(form_class: type[forms.BaseForm], row: Any, by: Any, **given: Any) -> forms.BaseForm:
    """Build a verb's form and let it fit itself to the row and the person."""
    form = form_class(use_required_attribute=False, **given)
    prepare = getattr(form, "prepare", None)
    if prepare:
        prepare(row, by)
    return form


def blame(form: forms.BaseForm, error: ValidationError) -> None:
    """Show what an action refused in the form; a field the form does not have is said at its top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields else None, ValidationError(errors))


def refusal(refused: TransitionRefused, row: models.Model, state: str) -> str:
    """Say in the reader's language why a transition was refused, and who changed the row last and when.

    `state` is the word of the state it was refused in.
    """
    if refused.code == "reason":
        return _("Please give a reason.")
    if refused.code == "permission":
        return _("Your role may not do this.")
    last = audit.history(row).first()
    if last is None:
        return _("This is no longer possible: it is now “%(state)s”.") % {"state": state}
    return _("This is no longer possible: it is now “%(state)s” (%(who)s, %(when)s).") % {
        "state": state,
        "who": audit.actor_name(last),
        "when": date_format(localtime(last.at), "Y-m-d H:i"),
    }


def state_label(row: models.Model, lifecycle: Lifecycle, state: str) -> str:
    """Give the word of a state as the model's choices have it."""
    choices: Mapping[Any, Any] = dict(row._meta.get_field(lifecycle.field).flatchoices)  # type: ignore[union-attr]  # a state is a field with choices
    return str(choices.get(state, state))
