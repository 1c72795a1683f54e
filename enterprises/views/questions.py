"""One page of questions, whoever asks it: registration saves it in a draft, the profile as facts."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from core import calendar
from enterprises import facts, wording
from enterprises.classification import industries
from enterprises.classification.qualifications import QUALIFICATIONS
from enterprises.forms.fields import found_industries
from enterprises.forms.topics import DivisionForm, GroupForm, QualificationsForm, Topic, TopicForm

# What is kept of a field that was typed wrong: enough to go on from, not enough to fill a disk.
KEPT_LENGTH = 300


class Question:
    """The form of a topic for this request, over the answers so far.

    The industry is asked in two steps: first the division (a search finds groups too), then the group.
    """

    def __init__(
        self, request: HttpRequest, topic: Topic, answers: dict[str, str], *, division: str = ""
    ) -> None:
        self.request = request
        self.topic = topic
        self.answers = answers
        self.division = division
        self.query = request.GET.get("q", "").strip()[:60] if self.is_industry and not division else ""
        self.found = found_industries(self.query)
        self.form = self._form()

    @property
    def is_industry(self) -> bool:
        return self.topic.slug == "industry"

    def _form(self) -> TopicForm:
        given: dict[str, Any] = {"initial": self.answers}
        if self.request.method == "POST":
            given["data"] = self.request.POST
        if self.division:
            return GroupForm(division=self.division, **given)
        if self.is_industry:
            return DivisionForm(choices=self.found or None, **given)
        return self.topic.form(**given)

    def typed(self) -> dict[str, str]:
        """Return what was typed into the fields of this form, as strings for a draft."""
        return {name: self.request.POST.get(name, "")[:KEPT_LENGTH] for name in self.form.fields}

    def group_url(self, name: str) -> str:
        """Return the page that asks for the group, '' when the answer is fine enough already."""
        code = self.form.cleaned_data.get("industry", "") if self.is_industry and not self.division else ""
        return reverse(name, args=[code]) if has_groups(code) else ""

    def context(self) -> dict[str, Any]:
        """Return what the page shows."""
        current = self.answers.get("industry", "") if self.is_industry else ""
        known = current if current.isdecimal() and industries.is_known(current) else ""
        return {
            "form": self.form,
            "topic": self.topic,
            "is_industry": self.is_industry and not self.division,
            "query": self.query,
            "found": self.found,
            "current_industry": f"{known} {wording.industry_name(known)}" if known else "",
        }


def has_groups(code: str) -> bool:
    """Tell whether the table names the groups of this division."""
    return code.isdecimal() and bool(industries.children(code))


def answers_in_words(slug: str, form: TopicForm, change_url: str) -> list[dict[str, Any]]:
    """Give the rows of a summary list for one topic: label, value in words, address to change it."""
    if isinstance(form, QualificationsForm):
        rows = _certificates(form)
    else:
        rows = [(_label(form, name), _in_words(form, name)) for name in form.fields]
    return [{"label": label, "value": value, "url": change_url} for label, value in rows]


def _label(form: forms.Form, name: str) -> str:
    """Name an answer; where the field asks a question, by the name of the fact."""
    return str(facts.kind_of(name).label if name in facts.VOCABULARY else form.fields[name].label)


def _in_words(form: forms.Form, name: str) -> str:
    """Say a clean answer; a wrong one is shown as it was typed."""
    if name not in form.cleaned_data:
        return str(form.data.get(name, ""))
    value = form.cleaned_data[name]
    if not value or name not in facts.VOCABULARY:
        return str(value)
    return wording.fact_in_words(name, facts.read(name, value))


def _certificates(form: QualificationsForm) -> list[tuple[str, str]]:
    held = [
        (wording.qualification_name(code), certificate_in_words(form.cleaned_data.get(f"until_{code}")))
        for code in QUALIFICATIONS
        if form.cleaned_data.get(f"holds_{code}")
    ]
    if form.cleaned_data.get("no_others"):
        label = gettext("Other certificates") if held else gettext("Certificates and recognitions")
        return [*held, (label, gettext("None"))]
    return held or [(gettext("Certificates and recognitions"), "")]


def certificate_in_words(until: date | None) -> str:
    """Say how long a certificate is valid; the last day counts."""
    if until is None:
        return gettext("Held, last valid day not given")
    words = {"day": until.isoformat()}
    if until < calendar.today():
        return gettext("Expired: valid until %(day)s") % words
    return gettext("Valid until %(day)s") % words
