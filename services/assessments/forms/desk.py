"""The forms of the desk: an expert's visit, and a new edition of a question bank."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import calendar
from core.confidential import WarnsOfPasswords
from core.fields import LineField
from services.assessments import evidence, wording
from services.assessments.frameworks import loader
from services.assessments.models import Assessment


class VisitForm(WarnsOfPasswords):
    """The day of a visit, and a level with its reason for every scene that was seen."""

    visited_on = forms.DateField(
        label=gettext_lazy("Day of the visit"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def prepare(self, row: Assessment, by: Any) -> None:
        """Add two fields for each scene of the question bank."""
        self.scene_ids = [scene.id for scene in row.framework.scenes]
        self.watched = [f"reason_{scene}" for scene in self.scene_ids]
        self.fields["visited_on"].initial = calendar.today()
        beside = evidence.linked(row)
        for scene in row.framework.scenes:
            own = wording.answer(scene, row.answers.get(scene.id, []))
            options = [(one.id, f"{one.id} {wording.say(one.label)}") for one in scene.options]
            self.fields[f"level_{scene.id}"] = forms.ChoiceField(
                label=wording.say(scene.title),
                help_text=_help(own, beside.get(scene.id)),
                choices=[("", _("not looked at")), *options],
                required=False,
            )
            self.fields[f"reason_{scene.id}"] = LineField(
                label=_("Reason: %(scene)s") % {"scene": wording.say(scene.title)},
                max_length=300,
                required=False,
                widget=forms.TextInput(attrs={"class": "vTextField"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        scenes = {}
        for scene in self.scene_ids:
            level, reason = cleaned.pop(f"level_{scene}", ""), cleaned.pop(f"reason_{scene}", "")
            if level and not reason:
                self.add_error(f"reason_{scene}", _("Give a reason for every level."))
            elif level:
                scenes[scene] = {"level": level, "reason": reason}
        return {**cleaned, "scenes": scenes}


def _help(own: str, beside: SafeString | None) -> str:
    said = _("The enterprise says: %(answer)s") % {"answer": own}
    return format_html("{}<br>{} {}", said, _("Evidence:"), beside) if beside else said


class UploadForm(forms.Form):
    """A file, or the text that was just tried out."""

    file = forms.FileField(label=gettext_lazy("YAML file"), required=False)
    text = forms.CharField(
        label=gettext_lazy("or its text"),
        required=False,
        strip=False,
        max_length=loader.LONGEST,
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        if file:
            cleaned["text"] = _text_of(file)
        if not self.errors and not cleaned.get("text", "").strip():
            raise ValidationError(_("Choose a file or paste its text."))
        return cleaned


def _text_of(file: Any) -> str:
    if file.size > loader.LONGEST * 3:
        raise ValidationError(_("The file is larger than any question bank."))
    try:
        return str(file.read().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValidationError(_("The file is not text in UTF-8.")) from error
