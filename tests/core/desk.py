"""A desk of the tests' own: deliveries as the rows with a state, on a site beside the real one."""

from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.urls import path

from core import audit
from core.admin import LifecycleAdmin, Verb
from core.lifecycle import Lifecycle, Transition
from notifications.models import Delivery
from portal import urls

TABLE = Lifecycle(
    [
        Transition("send", frozenset({"pending"}), "sent", "send out", permission="notifications.retry"),
        Transition("fail", frozenset({"pending"}), "failed", "give up", needs_reason=True),
        Transition("lapse", frozenset({"leased"}), "pending", "lapse"),
    ]
)


class ErrorForm(forms.Form):
    error = forms.CharField(max_length=20)

    def prepare(self, row: Any, by: Any) -> None:
        self.fields["error"].help_text = f"{row.channel} by {by.name}"


def send(row: Delivery, *, by: Any, error: str) -> Delivery:
    if error == "bad":
        raise ValidationError({"error": "Not this word.", "elsewhere": "Nor that field."})
    return TABLE.apply(row, "send", by=by, error=error)


def fail(row: Delivery, *, by: Any, reason: str) -> Delivery:
    return TABLE.apply(row, "fail", by=by, reason=reason)


def note(row: Delivery, *, by: Any) -> None:
    audit.record(row, "note", by=by)


class DeliveryDesk(LifecycleAdmin):
    lifecycle = TABLE
    fields = ("channel", "error")
    verbs = {
        "send": Verb(
            send, form=ErrorForm, explains="It goes out.", tells=lambda row: f"the {row.channel} reader"
        ),
        "fail": Verb(fail, danger=True),
    }
    without_button = ("lapse",)
    extra_verbs = {
        "note": Verb(note, label="write a note", offered=lambda row, user: row.state != "sent"),
        "hidden": Verb(note, label="hidden", permission="core.add_event"),
    }


site = AdminSite()
site.register(Delivery, DeliveryDesk)
# All of the portal, with this desk in the place of its own.
urlpatterns = [
    path("admin/", site.urls),
    *[pattern for pattern in urls.urlpatterns if str(pattern.pattern) != "admin/"],
]
