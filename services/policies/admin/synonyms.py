"""Words that mean the same, at the desk; every change is in the history and in the next search."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import AuditedAdmin
from core.fields import WordsField
from services.policies import synonyms
from services.policies.actions import synonyms as synonym_actions
from services.policies.models import SynonymSet

_BETWEEN = re.compile(r"[,，、;；\n]+")
_MOST_WORDS = 20
_LONGEST_WORD = 60


class SynonymForm(forms.ModelForm):
    """The words in one box, however they are separated."""

    words = WordsField(
        rows=3,
        max_length=1500,
        label=_("words that mean the same"),
        help_text=_("Two or more, Chinese and English mixed. Separate them with commas or lines."),
    )

    class Meta:
        model = SynonymSet
        fields = ("words", "is_used", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["words"] = "\n".join(self.instance.words)

    def clean_words(self) -> list[str]:
        words = synonyms.tidy(_BETWEEN.split(self.cleaned_data["words"]))
        if len(words) < 2:
            raise ValidationError(_("Give at least two different words."))
        if len(words) > _MOST_WORDS:
            raise ValidationError(_("Give at most %(most)s words.") % {"most": _MOST_WORDS})
        if any(len(word) > _LONGEST_WORD for word in words):
            raise ValidationError(_("A word may have at most %(most)s characters.") % {"most": _LONGEST_WORD})
        return words


@admin.register(SynonymSet)
class SynonymAdmin(AuditedAdmin):
    """Sets are taken out of use, not deleted."""

    form = SynonymForm
    may_add = True
    list_display = ("words_in_line", "is_used", "note")
    list_filter = ("is_used",)
    search_fields = ("words__icontains", "note")
    verb_labels = {"import": _("taken over at the start")}

    @admin.display(description=_("words that mean the same"), ordering="words")
    def words_in_line(self, row: SynonymSet) -> str:
        return str(row)

    def save_model(self, request: HttpRequest, obj: SynonymSet, form: Any, change: bool) -> None:
        synonym_actions.save(obj)
