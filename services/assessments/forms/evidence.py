"""What stands beside an answer: files, a link, and a word about them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.confidential import WarnsOfPasswords
from core.fields import LineField
from core.uploads import FilesField
from services.assessments.actions import EVIDENCE


class EvidenceForm(WarnsOfPasswords):
    """Files, or a link, or both; one of them is expected."""

    use_required_attribute = False
    watched = ("link", "note")

    papers = FilesField(label=_("Files"), purpose=EVIDENCE)
    link = forms.URLField(
        label=_("Link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "spellcheck": "false"}),
        help_text=_("A page the expert can open, for example https://example.com/workshop."),
        error_messages={
            "invalid": _("Type the whole address, for example https://example.com/workshop."),
            "max_length": _("This address is too long. At most 500 characters are kept."),
        },
    )
    note = LineField(
        label=_("What it shows"),
        max_length=200,
        required=False,
        help_text=_("For example: equipment list of workshop 2. Never write a password here."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = {"types": EVIDENCE.labels, "limit": EVIDENCE.max_megabytes}
        self.fields["papers"].help_text = (
            gettext("%(types)s, up to %(limit)s MB each. A screenshot or a photo is enough.") % told
        )

    def clean_link(self) -> str:
        link = str(self.cleaned_data["link"])
        if link and not link.lower().startswith(("http://", "https://")):
            raise ValidationError(gettext("Only addresses that begin with https:// or http:// are kept."))
        return link

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("papers") and not cleaned.get("link"):
            raise ValidationError(gettext("Choose a file or type a link."))
        return cleaned
