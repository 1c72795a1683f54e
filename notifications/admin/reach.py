"""Who cannot be reached by mail, at the desk: addresses that take none, and the calls to make."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import LifecycleAdmin, Verb
from notifications import actions
from notifications.lifecycle import CONTACT, SUPPRESSION
from notifications.models import ContactTask, SuppressedAddress


@admin.register(SuppressedAddress)
class SuppressedAddressAdmin(LifecycleAdmin):
    """Addresses that refused mail for good; written to again only with a reason."""

    lifecycle = SUPPRESSION
    without_button = ("suppress",)
    verbs = {
        "lift": Verb(
            actions.lift,
            explains=_("From now on mail goes to this address again. What was not sent stays unsent."),
        )
    }
    list_display = ("address", "state", "refusals", "since", "reason")
    list_filter = ("state",)
    search_fields = ("=address",)
    search_help_text = _("A whole e-mail address")
    ordering = ("-id",)
    fields = readonly_fields = ("address", "state", "refusals", "since", "reason")
    verb_labels = {"suppress": _("suppressed")}


@admin.register(ContactTask)
class ContactTaskAdmin(LifecycleAdmin):
    """People to be called because mail does not reach them, or is not opened; the oldest first."""

    lifecycle = CONTACT
    verbs = {
        "settle": Verb(actions.settle, explains=_("Say what came of the call, such as the new address."))
    }
    list_display = ("reader", "phone", "cause", "subject_code", "state", "opened_at", "why")
    list_filter = ("state", "cause")
    list_select_related = ("recipient",)
    ordering = ("-state", "opened_at")  # open before done
    search_fields = ("=address", "=subject_code")
    search_help_text = _("A reference or a whole e-mail address")
    fields = readonly_fields = (
        "reader",
        "phone",
        "address",
        "cause",
        "subject_code",
        "why",
        "state",
        "opened_at",
        "done_at",
    )

    @admin.display(description=_("reader"))
    def reader(self, task: ContactTask) -> str:
        return str(task.recipient or task.address)

    @admin.display(description=_("phone"))
    def phone(self, task: ContactTask) -> str:
        return task.recipient.phone if task.recipient else ""
