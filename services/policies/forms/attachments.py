"""The desk's form that adds files to a notice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import LineField
from core.uploads import FilesField
from services.policies.attachments import PURPOSE


class AttachmentForm(forms.Form):
    """Files as the issuer published them, and the title readers see; a title goes with one file."""

    use_required_attribute = False
    upload = FilesField(
        label=_("Files"),
        purpose=PURPOSE,
        required=True,
        help_text=_("PDF, JPG, PNG, Word (docx), Excel (xlsx) or OFD, at most 20 MB each."),
        error_messages={"required": _("Choose at least one file.")},
    )
    title_zh = LineField(
        label=_("Chinese title"),
        max_length=200,
        required=False,
        help_text=_("Left empty, readers see the name of the file."),
    )
    title_en = LineField(label=_("English title"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        has_title = cleaned.get("title_zh") or cleaned.get("title_en")
        if has_title and len(cleaned.get("upload") or []) > 1:
            self.add_error("title_zh", _("A title goes with one file: add titled files one by one."))
        return cleaned
