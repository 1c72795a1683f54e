"""Saved replies at the desk."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin import AuditedAdmin
from core.fields import WordsField
from services.requests import replies
from services.requests.models import SavedReply


class SavedReplyForm(forms.ModelForm):
    text_zh = WordsField(label=gettext_lazy("Chinese text"), max_length=2000)
    text_en = WordsField(label=gettext_lazy("English text"), max_length=3000)

    class Meta:
        model = SavedReply
        fields = (
            "title",
            "purpose",
            "group",
            "offering",
            "text_zh",
            "text_en",
            "position",
            "is_active",
        )
        help_texts = {"title": gettext_lazy("Only staff see this.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "text_zh" in self.fields:
            names = " ".join(f"{{{name}}}" for name in replies.VARIABLES)
            self.fields["text_zh"].help_text = _("Variables: %(names)s") % {"names": names}

    def clean_text_zh(self) -> str:
        return _known(self.cleaned_data["text_zh"])

    def clean_text_en(self) -> str:
        return _known(self.cleaned_data["text_en"])


def _known(text: str) -> str:
    unknown = replies.unknown_variables(text)
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in unknown)
        raise ValidationError(_("Nothing fills %(names)s.") % {"names": names})
    return text


@admin.register(SavedReply)
class SavedReplyAdmin(AuditedAdmin):
    """Each text is kept in both languages; one not in use is offered no longer."""

    may_add = True
    form = SavedReplyForm
    list_display = ("title", "purpose", "group", "offering", "is_active")
    list_filter = ("purpose", "group", "is_active")
    list_select_related = ("offering",)
