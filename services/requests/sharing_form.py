"""Which parts of a request its provider may be given."""

from django import forms
from django.utils.translation import gettext_lazy as _

from services.requests.models import Part


class SharingForm(forms.Form):
    """The parts that may be handed over."""

    use_required_attribute = False

    parts = forms.MultipleChoiceField(
        label=_("The provider may be given"),
        choices=Part.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one of the parts.")},
    )
