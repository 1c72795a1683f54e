"""Forms about the people who act for an enterprise."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import text
from enterprises.models import Membership

Role = Membership.Role

ROLE_WORDS: list[tuple[str, str | Promise]] = [
    (Role.OWNER, _("Owner: everything, and invites and removes people")),
    (Role.EDITOR, _("Editor: changes the profile, asks for services, answers")),
    (Role.VIEWER, _("Viewer: reads only")),
]


class RoleForm(forms.Form):
    use_required_attribute = False
    role = forms.ChoiceField(
        label=_("What may this person do?"),
        choices=ROLE_WORDS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what this person may do.")},
    )


class InvitationForm(RoleForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("We send the invitation there. An account is not needed yet."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Type the e-mail address of the person."),
            "invalid": _("Type an e-mail address such as name@example.cn."),
        },
    )
    field_order = ["email", "role"]

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(_tidied(data), **kwargs)


def _tidied(data: Any) -> Any:
    """Fold the full-width forms and blanks that Chinese keyboards put into an address."""
    if data is None or "email" not in data:
        return data
    tidy = data.copy()
    tidy["email"] = text.email(data["email"][:300])
    return tidy
