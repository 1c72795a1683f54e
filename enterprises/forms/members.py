"""Forms about the people who act for an enterprise."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import calendar, text
from core.confidential import WarnsOfPasswords
from core.fields import LineField
from enterprises.actions import MANDATE_DAYS, Mandate
from enterprises.forms.fields import CreditCodeField
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


class LastDayForm(forms.Form):
    """Until when an agent may act: from today to a year ahead."""

    use_required_attribute = False
    last_day = forms.DateField(
        label=_("Last day of the mandate"),
        help_text=_("At most a year from today. You can end it earlier at any time."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Give the last day of the mandate."),
            "invalid": _("Give the day as 2026-05-31."),
        },
    )

    def clean_last_day(self) -> Any:
        day, today = self.cleaned_data["last_day"], calendar.today()
        if day < today:
            raise ValidationError(_("This day has passed."))
        if day > today + timedelta(days=MANDATE_DAYS):
            raise ValidationError(_("A mandate lasts at most a year. You can prolong it later."))
        return day


class MandateForm(InvitationForm, LastDayForm):
    """Invite an agent or accountant: they edit or read until a day, and never own."""

    agency = LineField(
        label=_("Agency or accounting firm"),
        max_length=100,
        error_messages={"required": _("Type the name of the firm, or of the person who works alone.")},
    )
    field_order = ["email", "agency", "role", "last_day"]

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["role"].choices = ROLE_WORDS[1:]  # type: ignore[attr-defined]  # a choice field

    def mandate(self) -> Mandate:
        return Mandate(self.cleaned_data["agency"], self.cleaned_data["last_day"])


class JoinForm(WarnsOfPasswords, forms.Form):
    """Which enterprise one wants to act for, and a word for its owners."""

    use_required_attribute = False
    watched = ("note",)
    uscc = CreditCodeField(
        label=_("Credit code of the enterprise"),
        help_text=_("18 characters, on its business licence"),
        error_messages={"required": _("Type the credit code.")},
    )
    note = LineField(
        label=_("Who you are"),
        max_length=200,
        required=False,
        help_text=_("So that the owners recognise you, for example “accounting, second floor”."),
    )


class HeirForm(forms.Form):
    """Who owns the enterprise once its owner leaves."""

    use_required_attribute = False
    heir = forms.ModelChoiceField(
        label=_("Who owns it from now on?"),
        queryset=Membership.objects.none(),
        to_field_name="key",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choose who owns the enterprise from now on."),
            "invalid_choice": _("This person no longer acts for the enterprise."),
        },
    )

    def __init__(self, heirs: Iterable[Membership], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["heir"]
        field.queryset = heirs  # type: ignore[attr-defined]  # a model choice field
        field.label_from_instance = lambda row: f"{row.user} · {row.get_role_display()}"  # type: ignore[attr-defined]  # as above


def _tidied(data: Any) -> Any:
    """Fold the full-width forms and blanks that Chinese keyboards put into an address."""
    if data is None or "email" not in data:
        return data
    tidy = data.copy()
    tidy["email"] = text.email(data["email"][:300])
    return tidy
