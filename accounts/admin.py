"""The desk's page for people: who works here with which roles, and who may no longer sign in."""

from collections.abc import Callable
from typing import Any

# It registers pages that would show sign-in secrets and set rights one by one; they are taken off below.
import django.contrib.auth.admin  # noqa: F401 - for what it registers
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import actions, roles
from accounts.models import User
from core.admin import AuditedAdmin

for model in (Group, EmailAddress, EmailConfirmation, Authenticator, UserSession):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class PersonForm(forms.ModelForm):
    """A person with roles; the address is fixed once it is known, the password is never shown or set."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        required=False,
        choices=lambda: [(role.code, role.label) for role in roles.ROLES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who has a role works at the desk and needs a second factor. Effective at once."),
    )

    class Meta:
        model = User
        fields = ("email", "name", "phone", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["roles"] = roles.of(self.instance)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is already a person with this address."), code="unique")
        return email


@admin.register(User)
class PersonAdmin(AuditedAdmin):
    """People and their roles. Nobody is deleted, becomes a superuser or changes their own roles."""

    form = PersonForm
    may_add = True
    verb_labels = {
        "signed_up": _("signed up"),
        "invited": _("invited to the desk"),
        "privacy_agreed": _("agreed to a new privacy text"),
        "details_changed": _("details changed"),
        "roles_changed": _("roles changed"),
        "deactivated": _("account closed"),
        "reactivated": _("account opened again"),
        "password_link_sent": _("link for a new password sent"),
        "second_factor_reset": _("second factor taken away"),
        "act_begin": _("staff began to look as this person"),
        "act_look": _("staff opened a page as this person"),
        "act_end": _("staff stopped looking as this person"),
    }
    list_display = ("email", "name", "role_names", "is_active", "last_login", "is_sample")
    list_filter = ("is_active", "is_staff", "groups", "is_sample")
    search_fields = ("email", "name")
    ordering = ("email",)
    fieldsets = (
        (None, {"fields": ("email", "name", "phone", "language")}),
        (_("Rights"), {"fields": ("roles", "is_active", "is_staff", "is_superuser")}),
        (_("Background"), {"fields": ("date_joined", "last_login", "privacy_version", "is_sample")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "phone", "language", "roles")}),)
    readonly_fields = (
        "is_active", "is_staff", "is_superuser", "date_joined", "last_login", "privacy_version", "is_sample",
    )  # fmt: skip
    actions = ("deactivate", "reactivate", "send_password_link", "reset_second_factor")

    @admin.display(description=_("Roles"))
    def role_names(self, person: User) -> str:
        """Name the roles in the reader's language."""
        held = {group.name for group in person.groups.all()}
        return ", ".join(str(role.label) for role in roles.ROLES if role.code in held) or "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, person: User | None = None) -> tuple:
        return self.fieldsets if person else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, person: User | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "email") if person else self.readonly_fields

    def has_change_permission(self, request: HttpRequest, person: User | None = None) -> bool:
        """Keep a superuser's page to superusers."""
        is_above = person is not None and person.is_superuser and not request.user.is_superuser
        return not is_above and super().has_change_permission(request, person)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Record nothing more: the action did."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Record nothing more: the actions did."""

    def save_model(self, request: HttpRequest, person: User, form: PersonForm, change: bool) -> None:
        """Save through the actions, which record who changed what."""
        wanted = form.cleaned_data["roles"]
        if not change:
            actions.invite_staff(person, roles=wanted, by=request.user)
            return
        given = {field: form.cleaned_data[field] for field in ("name", "phone", "language")}
        actions.change_details(person, **given, by=request.user)
        if person != request.user:
            actions.set_roles(person, roles=wanted, by=request.user)

    @admin.action(description=_("Close the chosen accounts"), permissions=["change"])
    def deactivate(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Close accounts and end their sessions."""
        self._each(request, people, actions.deactivate)

    @admin.action(description=_("Open the chosen accounts again"), permissions=["change"])
    def reactivate(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Open closed accounts."""
        self._each(request, people, actions.reactivate)

    @admin.action(description=_("Mail a link to choose a new password"), permissions=["change"])
    def send_password_link(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Mail the chosen people a one-time link."""
        self._each(request, people, actions.send_password_link)

    @admin.action(description=_("Take away a lost second factor"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Let the chosen people set up a new one."""
        self._each(request, people, actions.reset_second_factor)

    def _each(self, request: HttpRequest, people: QuerySet[User], act: Callable[..., User]) -> None:
        """Do it for each person but oneself and those above."""
        within = [p for p in people if p != request.user and self.has_change_permission(request, p)]
        for person in within:
            act(person, by=request.user)
        count = len(within)
        done = ngettext("Done for %(count)d person.", "Done for %(count)d people.", count) % {"count": count}
        self.message_user(request, done, messages.SUCCESS if count else messages.WARNING)
        if len(people) > count:
            self.message_user(request, _("Your own account and superusers were left out."), messages.WARNING)
