"""The desk's form for a sheet of notices."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 5_000_000


class SheetForm(forms.Form):
    """A filled template."""

    sheet = forms.FileField(
        label=_("The filled template (xlsx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("Choose the file first."), "empty": _("This file is empty.")},
    )

    def clean_sheet(self) -> object:
        sheet = self.cleaned_data["sheet"]
        if sheet.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 5 MB. Split it into smaller ones."))
        return sheet
