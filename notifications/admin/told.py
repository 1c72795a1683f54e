"""Notifications at the desk: what was told, what is on its way, what failed."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from core.admin import ReadOnlyAdmin
from notifications import actions, mail_files, suppression
from notifications.delivery import CHANNELS
from notifications.kinds import KindNotKnown, find
from notifications.models import ChannelPause, Delivery, Notification


def kind_label(code: str) -> str:
    """Word a kind; an unknown one is shown as it is."""
    try:
        return str(find(code).label)
    except KindNotKnown:
        return code


class ChannelFilter(admin.SimpleListFilter):
    """The channels this release knows, without asking the table which occur in it."""

    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in CHANNELS]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(channel=self.value()) if self.value() else queryset


class DeliveryInline(admin.TabularInline):
    """How one notification went out."""

    model = Delivery
    extra = 0
    can_delete = False
    fields = readonly_fields = ("channel", "state", "attempts", "due_at", "done_at", "error")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """Who was told what and when; the words themselves are the reader's and are not shown."""

    list_display = ("created", "kind_words", "recipient", "subject_code", "language", "is_read")
    list_display_links = ("created", "kind_words")
    list_select_related = ("recipient",)
    search_fields = ("=subject_code", "=recipient__email", "=address")
    search_help_text = _("A reference or a whole e-mail address")
    ordering = ("-id",)
    fields = readonly_fields = (
        "kind_words",
        "recipient",
        "address",
        "language",
        "subject_code",
        "url",
        "text_version",
        "created_at",
        "read_at",
    )
    inlines = (DeliveryInline,)

    @admin.display(description=_("created at"), ordering="id")
    def created(self, notification: Notification) -> Any:
        return notification.created_at

    @admin.display(description=_("kind"))
    def kind_words(self, notification: Notification) -> str:
        return kind_label(notification.kind)

    @admin.display(description=_("read"), boolean=True)
    def is_read(self, notification: Notification) -> bool:
        return notification.read_at is not None


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Each way out; failed ones are sent again by a button, one by one or chosen in the list."""

    list_display = (
        "number",
        "state",
        "channel",
        "kind_words",
        "reader",
        "attempts",
        "due_at",
        "done_at",
        "error",
    )
    list_select_related = ("notification__recipient",)
    list_filter = ("state", ChannelFilter)
    search_fields = ("=notification__subject_code", "=notification__recipient__email", "=message_id")
    search_help_text = _("A reference, a whole e-mail address or a Message-ID")
    ordering = ("-id",)
    actions = ("send_again",)
    change_form_template = "admin/notifications/delivery/change_form.html"
    change_list_template = "admin/notifications/delivery/change_list.html"
    fields = readonly_fields = (
        "kind_words",
        "reader",
        "channel",
        "state",
        "attempts",
        "due_at",
        "leased_until",
        "done_at",
        "message_id",
        "digest",
        "bounced_at",
        "error",
    )
    verb_labels = {"retry": _("sent again"), "bounce": _("came back")}

    @admin.display(description=_("number"), ordering="id")
    def number(self, delivery: Delivery) -> int:
        return delivery.pk

    @admin.display(description=_("kind"))
    def kind_words(self, delivery: Delivery) -> str:
        return kind_label(delivery.notification.kind)

    @admin.display(description=_("reader"))
    def reader(self, delivery: Delivery) -> str:
        notification = delivery.notification
        if notification.is_for_robot:
            return gettext("robot %(number)s") % {"number": notification.address.partition(":")[2]}
        return str(notification.recipient) if notification.recipient else notification.address

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.retry")

    @admin.action(description=_("Send failed ones again"), permissions=["retry"])
    def send_again(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Show what would be sent to whom; send it once that is confirmed."""
        failed = list(queryset.failed().select_related("notification__recipient"))
        if failed and "confirmed" not in request.POST:
            return self.preview(request, failed)
        for delivery in failed:
            actions.retry(delivery, by=request.user)
        text = ngettext("%(count)s message is sent again.", "%(count)s messages are sent again.", len(failed))
        self.message_user(request, text % {"count": len(failed)}, messages.SUCCESS)
        return None

    def preview(self, request: HttpRequest, failed: list[Delivery]) -> HttpResponse:
        closed = suppression.suppressed(suppression.address_of(one.notification) for one in failed)
        lines = [
            {
                "delivery": one,
                "kind": kind_label(one.notification.kind),
                "reader": self.reader(one),
                "is_suppressed": suppression.address_of(one.notification) in closed,
            }
            for one in failed
        ]
        context = {"title": gettext("Send failed ones again"), "lines": lines}
        return self.show(request, "admin/notifications/delivery/again.html", context)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("mail/", wrap(require_GET(self.mail_list)), name="notifications_mail"),
            path("mail/<str:key>/", wrap(require_GET(self.mail_page)), name="notifications_mail_page"),
            path(
                "<path:object_id>/retry/",
                wrap(require_POST(self.retry_view)),
                name="notifications_delivery_retry",
            ),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        may_retry = self.has_retry_permission(request)
        return super().change_view(
            request, object_id, form_url, {"may_retry": may_retry, **(extra_context or {})}
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"mail_url": self.mail_url(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def retry_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send one failed delivery again."""
        delivery = self.get_object(request, unquote(object_id))
        if delivery is None:
            raise Http404
        actions.retry(delivery, by=request.user)
        self.message_user(request, gettext("The message is sent again."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:notifications_delivery_change", args=[delivery.pk]))

    def mail_url(self, request: HttpRequest) -> str:
        """Return where mails written to files are read, '' where there are none or this person may not."""
        may = mail_files.are_kept() and request.user.has_perm("notifications.read_mail_files")
        return reverse("admin:notifications_mail") if may else ""

    def mail_list(self, request: HttpRequest) -> HttpResponse:
        """List the mails written to files, newest first."""
        self.check_mail_files(request)
        context = {"title": gettext("Mails written to files"), "mails": mail_files.newest()}
        return self.show(request, "admin/notifications/mail_list.html", context)

    def mail_page(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show one mail written to a file."""
        self.check_mail_files(request)
        mail = mail_files.find(key)
        if mail is None:
            raise Http404
        return self.show(request, "admin/notifications/mail_page.html", {"title": mail.subject, "mail": mail})

    def check_mail_files(self, request: HttpRequest) -> None:
        if not mail_files.are_kept():
            raise Http404
        if not request.user.has_perm("notifications.read_mail_files"):
            raise PermissionDenied

    def show(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "subtitle": None}
        return TemplateResponse(request, template, {**frame, **context})


@admin.register(ChannelPause)
class ChannelPauseAdmin(ReadOnlyAdmin):
    """Channels whose server was in trouble, until when they rest and why."""

    list_display = ("channel", "until", "error")
