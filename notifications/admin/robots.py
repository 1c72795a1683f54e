"""Robots of group chats at the desk: which group is told what, and whether its robot can be reached."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from core.admin import AuditedAdmin
from notifications import actions, robots
from notifications.kinds import every_kind
from notifications.models import Robot

TRY = "notifications.try_robot"


class RobotForm(forms.ModelForm):
    """The address is typed as the provider shows it; of it only the key is kept, and never shown again."""

    address = forms.CharField(
        label=_("Address of the robot"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    secret = forms.CharField(
        label=_("Signing secret"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=_(
            "DingTalk and Feishu, where the robot asks for signatures. Left empty, it stays as it is."
        ),
    )
    drops_secret = forms.BooleanField(label=_("No signatures any more"), required=False)
    kinds = forms.MultipleChoiceField(label=_("What it tells"), widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Robot
        fields = ("name", "provider", "language", "kinds", "people", "is_active")
        help_texts = {
            "people": _(
                "Each matter is told once when one of them is told. Without anybody: whoever is told."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "people" not in self.fields:  # whoever may only read gets a form without fields
            return
        told = [kind for kind in every_kind() if kind.for_teams]
        self.fields["kinds"].choices = [(kind.code, str(kind.label)) for kind in told]  # type: ignore[attr-defined]  # a field of choices
        staff = get_user_model()._default_manager.filter(is_staff=True, is_active=True).order_by("name", "pk")
        self.fields["people"].queryset = staff  # type: ignore[attr-defined]  # a field of choices
        shown = ", ".join(robots.example(provider) for provider in Robot.Provider.values)
        self.fields["address"].help_text = gettext(
            "As the group shows it: %(examples)s. It is not shown again."
        ) % {"examples": shown}
        self.fields["address"].required = not self.instance.pk

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        typed, provider = cleaned.get("address"), cleaned.get("provider")
        if provider and not typed and self.instance.pk and "provider" in self.changed_data:
            self.add_error("address", gettext("Another provider needs its own address."))
        if typed and provider:
            try:
                cleaned["key"] = robots.key_in(provider, typed)
            except robots.NotAnAddress:
                words = gettext("This is not the address of such a robot. It begins like this: %(example)s")
                self.add_error(
                    "address", ValidationError(words % {"example": robots.example(provider)}, "address")
                )
        return cleaned


@admin.register(Robot)
class RobotAdmin(AuditedAdmin):
    """A robot is switched off, never deleted: what it has told leads here."""

    may_add = True
    form = RobotForm
    list_display = ("name", "provider", "is_active", "failed_at", "error")
    list_filter = ("provider", "is_active")
    change_form_template = "admin/notifications/robot/change_form.html"
    filter_horizontal = ()
    fieldsets = (
        (
            None,
            {"fields": ("name", "provider", "address", "secret", "drops_secret", "language", "is_active")},
        ),
        (_("What it tells"), {"fields": ("kinds", "people")}),
        (_("How it went"), {"fields": ("error", "failed_at")}),
    )
    readonly_fields = ("error", "failed_at")
    verb_labels = {"try": _("trial message")}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        return (
            (None, {"fields": ("name", "provider", "language", "is_active", "people", "error", "failed_at")}),
        )

    def save_model(self, request: HttpRequest, obj: Robot, form: Any, change: bool) -> None:
        """Seal key and secret; an empty secret stays what it was unless it is to go."""
        secret = form.cleaned_data["secret"] or None
        if form.cleaned_data["drops_secret"]:
            secret = ""
        actions.keep_robot(obj, key=form.cleaned_data.get("key", ""), secret=secret)
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:number>/try/",
                self.admin_site.admin_view(require_POST(self.try_view)),
                name="notifications_robot_try",
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
        mine = {"may_try": request.user.has_perm(TRY)}
        return super().change_view(request, object_id, form_url, {**mine, **(extra_context or {})})

    def try_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Have the robot tell a trial message."""
        robot = self.get_object(request, str(number))
        if robot is None:
            raise Http404
        actions.try_robot(robot, by=request.user)
        words = gettext(
            "A trial message is on its way to %(group)s. Whether it arrived stands below in a minute."
        )
        messages.success(request, words % {"group": robot.name})
        return HttpResponseRedirect(reverse("admin:notifications_robot_change", args=[robot.pk]))
