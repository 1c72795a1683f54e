"""The desk's forms: a notice, its items with their conditions as plain fields, and the verbs' questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core import calendar, money, richtext
from core.criteria import CriteriaError
from core.fields import DecimalField, IntegerField
from enterprises import wording as fact_wording
from enterprises import zones
from enterprises.classification import industries, regions
from enterprises.classification.qualifications import QUALIFICATIONS
from enterprises.criteria import SIZES, read_criteria
from services.policies import addresses, editing, handing
from services.policies.models import CLAIMABLE_KINDS, PolicyItem, PolicyNotice

_PASTED = _("Pasted with its headings, lists and tables, without its styles. See it in the preview.")


class NoticeForm(forms.ModelForm):
    """A draft; whatever is missing can still be saved, the checks come with "send to review"."""

    class Meta:
        model = PolicyNotice
        fields = (
            "title_zh", "title_en", "issuer_zh", "issuer_en", "document_number", "issued_on",
            "issued_precision", "level", "region", "kind", "summary_zh", "summary_en", "contact",
            "effective_from", "effective_from_precision", "effective_to", "is_ended", "body_zh", "sources",
            "source_quality", "slug", "correction_note_zh", "correction_note_en",
        )  # fmt: skip
        widgets = {
            "sources": forms.Textarea(attrs={"rows": 3, "cols": 80}),
            "body_zh": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 12, "data-pasted": _PASTED}),
        }
        help_texts = {
            "body_zh": _(
                "May be empty: readers are sent to the issuer. What is pasted from Word keeps its headings,"
                " lists and tables and loses its styles; plain text becomes paragraphs."
            )
        }

    class Media:
        js = ("desk-paste.js",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "sources" in self.fields:
            # Django would write a second, hidden field that refers to the hint of the first.
            self.fields["sources"].show_hidden_initial = False
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Left empty, it is made of the English title.")

    def clean_slug(self) -> str:
        """Refuse an address at which a page of the portal stands already."""
        slug: str = self.cleaned_data["slug"]
        if slug and addresses.is_a_page(slug):
            raise forms.ValidationError(_("A page of the portal stands at this address. Choose another one."))
        return slug

    def clean_body_zh(self) -> str:
        return richtext.typed(self.cleaned_data["body_zh"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("effective_from"), cleaned.get("effective_to")
        if begins and ends and ends < begins:
            self.add_error("effective_to", _("“In force until” lies before “in force from”."))
        return cleaned


class WanField(forms.CharField):
    """An amount in 10,000 yuan, as offices write it; the value is whole fen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "help_text": _("in 10,000 yuan"), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return money.in_wan(value).replace(",", "") if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return money.fen_from_wan(typed)
        except ValueError as error:
            raise ValidationError(_("Write the amount in figures, for example 50 or 12.5.")) from error


def region_choices() -> list[tuple[str, str]]:
    """Give all regions, and at the end those that are no more: a condition may name one still."""
    present = [(code, f"{code} {fact_wording.region_name(code)}") for code in regions.REGIONS]
    former = [
        (code, f"{code} {fact_wording.region_name(code)} (–{row.ended_in})")
        for code, row in regions.FORMER.items()
    ]
    return [*present, *former]


def industry_choices() -> list[tuple[str, str]]:
    english = get_language() == "en"
    return [
        (row.code, f"{row.code} {row.name_en if english else row.name_zh}")
        for row in industries.INDUSTRIES.values()
    ]


def zone_choices() -> list[tuple[str, str]]:
    return [(code, f"{fact_wording.zone_name(code)} ({code})") for code in zones.table()]


def size_choices() -> list[tuple[str, str]]:
    return [(size.value, fact_wording.size_name(size)) for size in SIZES]


def qualification_choices() -> list[tuple[str, str]]:
    return [(code, fact_wording.qualification_name(code)) for code in QUALIFICATIONS]


def _count(label: Any, **kwargs: Any) -> IntegerField:
    return IntegerField(label=label, required=False, min_value=0, **kwargs)


def _wan(label: Any) -> DecimalField:
    return DecimalField(
        label=label,
        required=False,
        min_value=0,
        decimal_places=4,
        max_digits=14,
        help_text=_("in 10,000 yuan"),
    )


class ItemForm(forms.ModelForm):
    """One item: what it gives, until when, and who qualifies; empty conditions ask for nothing."""

    max_fen = WanField(label=_("At most per enterprise"))
    pool_fen = WanField(label=_("Total budget"))
    apply_url = forms.URLField(label=_("Where to apply"), required=False, assume_scheme="https")
    regions = forms.MultipleChoiceField(
        label=_("In one of these regions, or below"), required=False, choices=region_choices
    )
    zones = forms.MultipleChoiceField(
        label=_("In one of these zones"),
        required=False,
        choices=zone_choices,
        help_text=_("Zones are kept under “Zones”. Beside a region, both must be met."),
    )
    industries = forms.MultipleChoiceField(
        label=_("In one of these industries"), required=False, choices=industry_choices
    )
    sizes = forms.MultipleChoiceField(
        label=_("Of one of these sizes"),
        required=False,
        choices=size_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    quals_any = forms.MultipleChoiceField(
        label=_("Holds at least one of these"),
        required=False,
        choices=qualification_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    quals_all = forms.MultipleChoiceField(
        label=_("Holds all of these"),
        required=False,
        choices=qualification_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    handed = forms.MultipleChoiceField(
        label=_("Data the authority needs"),
        required=False,
        choices=handing.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Only for what is granted without application: owners are asked to agree that exactly these are"
            " handed over. Name and credit code always are. With none chosen, nobody is asked."
        ),
    )
    employees_min = _count(_("Employees, at least"))
    employees_max = _count(_("Employees, at most"))
    revenue_min = _wan(_("Annual revenue, at least"))
    revenue_max = _wan(_("Annual revenue, at most"))
    years_min = _count(_("Years since founding, at least"), max_value=100)
    years_max = _count(_("Years since founding, at most"), max_value=100)
    digital_level_min = _count(_("Digital level, at least"), max_value=4)
    unstated = forms.BooleanField(
        label=_("Who qualifies is not stated"),
        required=False,
        help_text=_("Shown as “may fit, ask”; nobody is told."),
    )
    discretion_zh = forms.CharField(
        label=_("What the authority decides (Chinese)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text=_("One condition a line. Shown, but never a reason to leave someone out."),
    )
    discretion_en = forms.CharField(
        label=_("What the authority decides (English)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
    )

    class Meta:
        model = PolicyItem
        fields = (
            "position", "kind", "title_zh", "title_en", "max_fen", "rate_percent", "pool_fen",
            "amount_note_zh", "amount_note_en", "delivery", "handed", "is_open_all_year", "opens_on",
            "closes_on", "window_note_zh", "window_note_en", "steps_zh", "steps_en", "apply_url",
        )  # fmt: skip
        widgets = {name: forms.Textarea(attrs={"rows": 3, "cols": 80}) for name in ("steps_zh", "steps_en")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: list[dict[str, Any]] = []
        kinds = [("", "---------"), *((kind.value, kind.label) for kind in CLAIMABLE_KINDS)]
        kind: Any = self.fields["kind"]
        kind.choices = kinds
        if self.instance.criteria:
            found, self.kept = editing.to_fields(read_criteria(self.instance.criteria))
            self.initial = {**found, **self.initial}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_window(cleaned)
        if cleaned.get("handed") and cleaned.get("delivery") != PolicyItem.Delivery.NO_APPLICATION:
            self.add_error("handed", _("Data are handed over only for what is granted without application."))
        for name in ("employees", "revenue", "years"):
            self._check_order(cleaned, f"{name}_min", f"{name}_max")
        if not self.errors:
            cleaned["criteria"] = self._criteria(cleaned)
        return cleaned

    def _check_window(self, cleaned: dict[str, Any]) -> None:
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("The last day lies before the day it opens."))
        if closes and cleaned.get("is_open_all_year"):
            self.add_error("is_open_all_year", _("It has a last day, so it is not open all year."))

    def _check_order(self, cleaned: dict[str, Any], low: str, high: str) -> None:
        least, most = cleaned.get(low), cleaned.get(high)
        if least is not None and most is not None and most < least:
            self.add_error(high, _("This is less than the lower limit: nobody could qualify."))

    def _criteria(self, cleaned: dict[str, Any]) -> list[dict[str, Any]]:
        raw = editing.to_raw(cleaned, self.kept)
        try:
            read_criteria(raw)
        except CriteriaError as error:
            told = gettext("Condition %(position)s cannot be used: %(code)s.")
            self.add_error(None, told % {"position": error.position, "code": error.code})
        return raw

    def save(self, commit: bool = True) -> PolicyItem:
        self.instance.criteria = self.cleaned_data["criteria"]
        return super().save(commit)


class ScheduleForm(forms.Form):
    """When to publish."""

    publish_at = forms.SplitDateTimeField(label=_("Publish at"), widget=AdminSplitDateTime)


class SupersedeForm(forms.Form):
    """Which published notice replaces this one."""

    successor = forms.ModelChoiceField(label=_("Replaced by"), queryset=PolicyNotice.objects.none())

    def prepare(self, row: PolicyNotice, by: Any) -> None:
        field: Any = self.fields["successor"]
        field.queryset = (
            PolicyNotice.objects.published().exclude(pk=row.pk).defer("body_zh").order_by("title_zh")
        )


class PoolForm(forms.Form):
    """How much of an item's budget was left on a day."""

    item = forms.ModelChoiceField(label=_("Item"), queryset=PolicyItem.objects.none())
    pool_left_fen = WanField(label=_("Left of the budget"), required=True)
    pool_left_on = forms.DateField(label=_("On the day"), widget=AdminDateWidget)

    def prepare(self, row: PolicyNotice, by: Any) -> None:
        field: Any = self.fields["item"]
        field.queryset = row.items.all()
        self.initial.setdefault("pool_left_on", calendar.today())
        if len(field.queryset) == 1:
            self.initial.setdefault("item", field.queryset[0])
