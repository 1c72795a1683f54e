"""The form that closes an account: what becomes of each enterprise, and that one means it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Membership
from portal.personal_data.leaving import Alone

END = "end"


class ExportForm(forms.Form):
    """Whether the enterprise is copied too; offered to owners only."""

    use_required_attribute = False
    with_enterprise = forms.BooleanField(
        required=False, label=gettext_lazy("With everything of the enterprise")
    )


class ClosingForm(forms.Form):
    """One question an enterprise that would be without an owner, and a box to tick."""

    use_required_attribute = False
    sure = forms.BooleanField(
        label=gettext_lazy("I understand that the account cannot be brought back once it is closed"),
        error_messages={"required": gettext_lazy("Tick the box to close the account.")},
    )

    def __init__(self, *args: Any, alone: list[Alone], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alone = alone
        sure = self.fields.pop("sure")
        for one in alone:
            self.fields[one.field] = forms.ChoiceField(
                label=_("What becomes of %(name)s?") % {"name": one.enterprise.name},
                choices=_choices(one),
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose who goes on, or that the enterprise ends here.")},
                help_text=_help(one),
            )
        self.fields["sure"] = sure

    def heirs(self) -> dict[int, Membership | None]:
        """Return who goes on with each enterprise, None where it ends; for a form that is valid."""
        found = {}
        for one in self.alone:
            chosen = self.cleaned_data[one.field]
            found[one.enterprise.pk] = next((heir for heir in one.heirs if str(heir.key) == chosen), None)
        return found


def _choices(one: Alone) -> list[tuple[str, str]]:
    heirs = [(str(heir.key), _("%(person)s becomes its owner") % {"person": heir.user}) for heir in one.heirs]
    ends = [(END, _("It ends here: nobody acts for it any more"))] if one.may_end else []
    return heirs + ends


def _help(one: Alone) -> str:
    if not one.may_end:
        return _("It has an open voucher and cannot end now.")
    if one.open_requests:
        return _("If it ends: %(count)s open requests are withdrawn.") % {"count": one.open_requests}
    return ""
