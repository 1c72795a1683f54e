"""What a service needs to know of whoever asks for it: the fields of its questions, and what was answered.

An answer is kept with its question in both languages, so that it stays readable when the service asks for
something else one day. A question left open is not among the answers.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.fields import IntegerField, LineField
from services.catalogue.models import Offering, Particular
from services.requests.models import ServiceRequest

MOST = 999_999_999
YES_NO = (("是", "Yes"), ("否", "No"))
Kind = Particular.Kind


def asked_by(offering: Offering | None) -> list[Particular]:
    """Return the questions of a service in their order; none for a question without a service."""
    return list(offering.particulars.all()) if offering else []


def name_of(particular: Particular) -> str:
    """Name the field of a question in a form."""
    return f"particular_{particular.pk}"


def fields(particulars: Iterable[Particular]) -> dict[str, forms.Field]:
    """Return the fields that ask these questions in the language of the page."""
    return {name_of(one): _field(one) for one in particulars}


def initial(answers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what was answered before, by the name of its field."""
    return {f"particular_{answer['particular']}": answer["value"] for answer in answers}


def answers(
    particulars: Iterable[Particular], cleaned: Mapping[str, Any], before: Iterable[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Return the answers to be kept; what was typed wrong leaves the one `before`."""
    kept = {answer["particular"]: dict(answer) for answer in before}
    found = []
    for one in particulars:
        if name_of(one) not in cleaned:
            found += [kept[one.pk]] if one.pk in kept else []
        elif cleaned[name_of(one)] not in ("", None):
            found.append(_answer(one, str(cleaned[name_of(one)])))
    return found


def missing(row: ServiceRequest) -> list[Particular]:
    """Return the questions of the service that must be answered and are not."""
    answered = {answer["particular"] for answer in row.answers}
    return [one for one in asked_by(row.offering) if one.is_required and one.pk not in answered]


def lines(answers: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield question and answer in the language of the page."""
    is_english = translation.get_language() == "en"
    for answer in answers:
        yield ((answer["label_en"], answer["en"]) if is_english else (answer["label_zh"], answer["zh"]))


def said(row: ServiceRequest) -> str:
    """Return the first message of a request: its words, then the answers, in the language it was asked in."""
    with translation.override(row.language):
        answered = [f"{label}\n{value}" for label, value in lines(row.answers)]
    return "\n\n".join([row.body, *answered])


def _field(one: Particular) -> forms.Field:
    told: dict[str, Any] = {"label": one.label, "help_text": one.hint, "required": one.is_required}
    told["error_messages"] = {"required": _("Please answer this question.")}
    if one.kind == Kind.NUMBER:
        return IntegerField(min_value=0, max_value=MOST, **told)
    if one.kind in (Kind.YES_NO, Kind.CHOICE):
        words = [(zh, en if translation.get_language() == "en" else zh) for zh, en in _pairs(one)]
        open_end = [] if one.is_required else [("", _("Leave open"))]
        return forms.ChoiceField(choices=[*words, *open_end], widget=forms.RadioSelect, **told)
    return LineField(max_length=200, **told)


def _pairs(one: Particular) -> Iterable[tuple[str, str]]:
    return YES_NO if one.kind == Kind.YES_NO else one.answers


def _answer(one: Particular, value: str) -> dict[str, Any]:
    """Keep an answer with its question; a chosen one is known by its Chinese words."""
    english = dict(_pairs(one)).get(value, value) if one.kind in (Kind.YES_NO, Kind.CHOICE) else value
    return {
        "particular": one.pk,
        "label_zh": one.label_zh,
        "label_en": one.label_en,
        "value": value,
        "zh": value,
        "en": english,
    }
