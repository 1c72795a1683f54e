"""Which forms a request's page has in its present state, for members and for people without account."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import calendar
from services.requests import actions
from services.requests.forms import MessageForm, RateForm, ReopenForm, supply_form
from services.requests.models import ServiceRequest, State

SENT = {
    "write": gettext_lazy("Your message is sent."),
    "supply": gettext_lazy("Your answer is sent; the clock goes on."),
    "reopen": gettext_lazy("The request is open again."),
    "rate": gettext_lazy("Thank you for your rating."),
}


def open_verbs(row: ServiceRequest) -> dict[str, Callable[..., Any]]:
    """Return the forms of the verbs that are possible now, by verb."""
    if row.state == State.WAITING:
        return {"supply": partial(supply_form, row)}
    if row.is_open:
        return {"write": MessageForm}
    verbs: dict[str, Callable[..., Any]] = {}
    if row.state in (State.RESOLVED, State.CLOSED) and row.rating is None:
        verbs["rate"] = rate_form(row)
    if row.may_be_reopened(calendar.now()):
        verbs["reopen"] = ReopenForm
    return verbs


def rate_form(row: ServiceRequest) -> Callable[..., RateForm]:
    """Return the form that rates, with the box that opens the request again while that is possible."""
    return partial(RateForm, may_reopen=row.may_be_reopened(calendar.now()))


def rate(row: ServiceRequest, form: RateForm, *, by: Any) -> None:
    """Rate, and open the request again with the words of the rating where its owner wants that."""
    given = form.cleaned_data
    with transaction.atomic():
        actions.rate(row, given["rating"], given["words"], by=by)
        if given.get("reopen"):
            actions.reopen(row, given["words"] or _("It is not solved yet."), by=by)
