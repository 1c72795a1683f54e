"""The forms for an opinion on a policy: the enterprise's, and the desk's for its public answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.confidential import WarnsOfPasswords
from core.fields import WordsField
from services.policies.models import Opinion, Topic

LONGEST = 2000


class OpinionForm(WarnsOfPasswords):
    """What the opinion is about, and the opinion itself."""

    watched = ("text",)

    topic = forms.ChoiceField(label=_("What is it about?"), choices=Topic.choices)
    text = WordsField(
        label=_("What do you think, and what would help?"),
        help_text=_("Examples and figures from your works help most."),
        max_length=LONGEST,
        rows=6,
    )
    form_token = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)


def _words(label: Any, *, required: bool = True, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})
    return forms.CharField(label=label, required=required, max_length=LONGEST, widget=area, **more)


class AnswerForm(forms.Form):
    """What is published: what was said, summed up without names, and the answer; English may follow later."""

    said_zh = _words(
        _("What was said, summed up in Chinese"),
        help_text=_("In your own words. Name no enterprise and no person: this is public."),
    )
    answer_zh = _words(_("The answer in Chinese"))
    said_en = _words(_("What was said, in English"), required=False)
    answer_en = _words(_("The answer in English"), required=False)
    with_others = forms.BooleanField(label=_("Answer the others of this topic with it"), required=False)

    def prepare(self, opinion: Opinion, by: Any) -> None:
        """Offer to answer the other waiting ones of the same topic, where there are any."""
        others = Opinion.objects.beside(opinion).count()
        if not others:
            del self.fields["with_others"]
            return
        many = ngettext(
            "%(count)s other opinion of this topic waits.",
            "%(count)s other opinions of this topic wait.",
            others,
        )
        self.fields["with_others"].help_text = many % {"count": others}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("said_en")) != bool(cleaned.get("answer_en")):
            missing = "answer_en" if cleaned.get("said_en") else "said_en"
            self.add_error(missing, gettext("Please give both in English, or neither."))
        return cleaned
