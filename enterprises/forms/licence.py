"""The form that hands in the business licence."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.uploads import FilesField
from enterprises.actions.licence import PURPOSE


class LicenceForm(forms.Form):
    use_required_attribute = False
    licence = FilesField(
        label=_("Business licence"),
        purpose=PURPOSE,
        required=True,
        help_text=_(
            "A photo or scan on which every character can be read: PDF, JPG, PNG or OFD, at most 10 MB each."
        ),
        error_messages={"required": _("Choose a photo or scan of the licence.")},
    )
