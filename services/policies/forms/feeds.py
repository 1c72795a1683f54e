"""What is typed to make an address of one's own."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import LineField


class FeedForm(forms.Form):
    """A name by which the address is known again when it shall be revoked."""

    name = LineField(
        max_length=60,
        label=_("What the address is for"),
        help_text=_("For example: calendar on my phone. You see this name when you revoke it."),
    )
    form_token = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
