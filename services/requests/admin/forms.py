"""What the desk fills in beside the words of a reply: to whom, which rule, who is away."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import calendar
from core.criteria import CriteriaError
from core.fields import IntegerField, LineField, WordsField
from enterprises import facts
from enterprises.classification.qualifications import QUALIFICATIONS
from enterprises.criteria import SIZES, read_criteria
from enterprises.models import Enterprise
from enterprises.wording import qualification_name, size_name
from services.catalogue.models import Group, Offering
from services.requests import parties, sharing, staffing, triage
from services.requests.forms import NoteForm
from services.requests.models import Absence, RoutingRule, ServiceRequest, WorkloadCap
from services.requests.staffing import Load


class PersonField(forms.ModelChoiceField):
    """A member of staff, with what they carry and whether they are away."""

    loads: dict[int, Load] = {}

    def offer(self, people: list[Any]) -> None:
        """Offer these people."""
        self.loads = {load.person.pk: load for load in staffing.loads(people, calendar.today())}
        self.queryset = parties.staff_with("triage").filter(pk__in=list(self.loads))

    def label_from_instance(self, obj: Any) -> str:
        load = self.loads.get(obj.pk)
        return load_in_words(load) if load else str(obj)


def load_in_words(load: Load) -> str:
    """Say what one person carries: "Chen · 12 open of 30 · away until 2026-11-30, Sun stands in"."""
    if load.limit is None:
        words = _("%(who)s · %(open)s open") % {"who": load.person, "open": load.open}
    else:
        words = _("%(who)s · %(open)s open of at most %(limit)s") % {
            "who": load.person,
            "open": load.open,
            "limit": load.limit,
        }
    if load.tasks:
        words = f"{words} · " + ngettext("%(count)s task", "%(count)s tasks", load.tasks) % {
            "count": load.tasks
        }
    if load.away_until is None:
        return words
    away = _("away until %(day)s") % {"day": load.away_until}
    stands_in = _("%(who)s stands in") % {"who": load.stand_in} if load.stand_in else _("nobody stands in")
    return f"{words} · {away}, {stands_in}"


class AssignForm(forms.Form):
    to = PersonField(label=gettext_lazy("To whom"), queryset=None, empty_label=None)
    anyway = forms.BooleanField(
        label=gettext_lazy("Give it all the same"),
        required=False,
        help_text=gettext_lazy("Also when this person is away or has no room for more."),
    )

    def prepare(self, row: ServiceRequest, by: Any) -> None:
        """Offer the triage officers of its region and group but who has it; first the one with room."""
        others = [one for one in parties.may_hold(row) if one != row.holder]
        self.fields["to"].offer(others)  # type: ignore[attr-defined]  # a field of choices
        free = staffing.next_with_room(row, calendar.today(), besides=row.holder)
        self.fields["to"].initial = free.person.pk if free else None


class InvolveForm(forms.Form):
    to = PersonField(label=gettext_lazy("To whom"), queryset=None, empty_label=None)
    task = WordsField(
        label=gettext_lazy("What they are asked for"),
        max_length=1000,
        rows=4,
        help_text=gettext_lazy("Only staff see this."),
    )
    due_on = forms.DateField(
        label=gettext_lazy("By which day"),
        required=False,
        help_text=gettext_lazy("For example 2026-12-01; left empty, it is due with the request."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def prepare(self, row: ServiceRequest, by: Any) -> None:
        """Offer every other officer: knowledge does not follow region and group."""
        people = [one for one in parties.staff_with("triage") if one not in (by, row.holder)]
        self.fields["to"].offer(people)  # type: ignore[attr-defined]  # a field of choices


class AnswerForm(forms.Form):
    text = WordsField(
        label=gettext_lazy("What you tell your colleague"),
        max_length=4000,
        rows=8,
        help_text=gettext_lazy("Only staff see this. Whoever has the request writes to the enterprise."),
    )


class BulkAssignForm(forms.Form):
    to = PersonField(label=gettext_lazy("To whom"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].offer(list(parties.staff_with("triage")))  # type: ignore[attr-defined]  # a field of choices


class PostponeForm(forms.Form):
    due_on = forms.DateField(
        label=gettext_lazy("New date"),
        help_text=gettext_lazy("A working day, for example 2026-12-01."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = WordsField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        rows=3,
        help_text=gettext_lazy("The enterprise will see this, and gets it by mail."),
    )


class MergeForm(forms.Form):
    other = forms.CharField(
        label=gettext_lazy("Reference of the other one"),
        max_length=40,
        help_text=gettext_lazy("For example QD-260922-0417; this one here is kept."),
    )

    def prepare(self, row: ServiceRequest, by: Any) -> None:
        """Look for the other one only among what this person may see."""
        self.scope = ServiceRequest.objects.in_scope_of(by)

    def clean_other(self) -> ServiceRequest:
        reference = triage.tidy_reference(self.cleaned_data["other"])
        found = self.scope.filter(reference=reference).first() if reference else None
        if found is None:
            raise ValidationError(_("There is no request with this reference among yours."))
        return found


class SplitForm(forms.Form):
    subject = LineField(label=gettext_lazy("Subject of the part"), max_length=120)
    body = WordsField(label=gettext_lazy("What this part is about"), max_length=4000)
    offering = forms.ModelChoiceField(
        label=gettext_lazy("Service"),
        queryset=Offering.objects.none(),
        required=False,
        empty_label=gettext_lazy("none: it is a question"),
    )

    def prepare(self, row: ServiceRequest, by: Any) -> None:
        """Offer what this enterprise may ask for; a question without one can only become a question."""
        services = Offering.objects.can_be_requested() if row.enterprise else Offering.objects.none()
        if row.enterprise and row.enterprise.proof_level != Enterprise.Proof.STAFF:
            services = services.filter(needs_proof=False, is_free=True)
        self.fields["offering"].queryset = services.order_by("group", "position")  # type: ignore[attr-defined]  # a field of choices


class ReclassifyForm(forms.Form):
    """What the request is really about: a service, or a question of a group."""

    offering = forms.ModelChoiceField(
        label=gettext_lazy("Service"),
        queryset=Offering.objects.none(),
        required=False,
        empty_label=gettext_lazy("none: it is a question"),
    )
    group = forms.ChoiceField(
        label=gettext_lazy("Queue of the question"),
        required=False,
        choices=[("", gettext_lazy("as it is")), *Group.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = Offering.objects.can_be_requested().order_by("group", "position")
        self.fields["offering"].queryset = services  # type: ignore[attr-defined]  # a field of choices

    def prepare(self, row: ServiceRequest, by: Any) -> None:
        """Begin with what it is now."""
        self.fields["offering"].initial = row.offering_id
        self.fields["group"].initial = row.group


class StaffChoices:
    """Offers the members of staff who triage, wherever a form names one."""

    fields: dict[str, Any]

    def offer_staff(self, *names: str) -> None:
        for name in names:
            if name in self.fields:  # whoever may only read gets a form without fields
                self.fields[name].queryset = parties.staff_with("triage")


class AbsenceForm(StaffChoices, forms.ModelForm):
    """Days away; the delegate is someone else."""

    class Meta:
        model = Absence
        fields = ("user", "from_on", "to_on", "delegate")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_staff("user", "delegate")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_on"), cleaned.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", _("The last day lies before the first."))
        if cleaned.get("user") and cleaned.get("user") == cleaned.get("delegate"):
            self.add_error("delegate", _("Choose another person to stand in."))
        return cleaned


class WorkloadForm(StaffChoices, forms.ModelForm):
    class Meta:
        model = WorkloadCap
        fields = ("user", "limit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_staff("user")

    def clean_limit(self) -> int:
        limit: int = self.cleaned_data["limit"]
        if limit < 1:
            raise ValidationError(_("At least one."))
        return limit


class RuleForm(StaffChoices, forms.ModelForm):
    """A routing rule; what it asks of the enterprise is typed field by field and stored as criteria."""

    sizes = forms.MultipleChoiceField(
        label=gettext_lazy("Size class"), required=False, widget=forms.CheckboxSelectMultiple
    )
    industry = forms.CharField(
        label=gettext_lazy("Industry code"),
        required=False,
        max_length=5,
        help_text=gettext_lazy("GB/T 4754-2017, for example 344; everything below it counts."),
    )
    qualifications = forms.MultipleChoiceField(
        label=gettext_lazy("Holds one of"), required=False, widget=forms.CheckboxSelectMultiple
    )
    employees_from = IntegerField(
        label=gettext_lazy("Employees at least"), required=False, min_value=0, max_value=10_000_000
    )
    employees_to = IntegerField(
        label=gettext_lazy("Employees at most"), required=False, min_value=0, max_value=10_000_000
    )
    level_from = IntegerField(
        label=gettext_lazy("Digital level at least"), required=False, min_value=1, max_value=4
    )

    class Meta:
        model = RoutingRule
        fields = (
            "position",
            "name",
            "is_active",
            "group",
            "offering",
            "words",
            "region",
            "to_group",
            "officer",
            "team",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_staff("officer", "team")
        if "officer" not in self.fields:
            return
        self.fields["sizes"].choices = [(str(size), size_name(size)) for size in SIZES]
        self.fields["qualifications"].choices = [(code, qualification_name(code)) for code in QUALIFICATIONS]
        for name, value in _typed(self.instance.criteria).items():
            self.initial.setdefault(name, value)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("to_group") or cleaned.get("officer") or cleaned.get("team")):
            self.add_error("to_group", _("Say where it goes: into a queue, to a person, or to a team."))
        if self.errors:
            return cleaned
        self.instance.criteria = _written(cleaned)
        try:
            read_criteria(self.instance.criteria)
        except CriteriaError:
            self.add_error("industry", _("There is no industry with this code."))
        return cleaned


def _written(typed: dict[str, Any]) -> list[dict[str, Any]]:
    """Give what was typed as criteria."""
    asked = (
        (facts.SIZE, "one_of", typed["sizes"]),
        (facts.INDUSTRY, "within", [typed["industry"].strip()] if typed["industry"].strip() else []),
        (facts.QUALIFICATION, "has_any", typed["qualifications"]),
        (facts.EMPLOYEES, "at_least", _one(typed["employees_from"])),
        (facts.EMPLOYEES, "at_most", _one(typed["employees_to"])),
        (facts.DIGITAL_LEVEL, "at_least", _one(typed["level_from"])),
    )
    return [{"fact": fact, "op": op, "values": list(values)} for fact, op, values in asked if values]


def _one(value: int | None) -> list[int]:
    return [] if value is None else [value]


def _typed(criteria: list[dict[str, Any]]) -> dict[str, Any]:
    """Give stored criteria as they were typed."""
    names = {
        (facts.SIZE, "one_of"): "sizes",
        (facts.QUALIFICATION, "has_any"): "qualifications",
        (facts.INDUSTRY, "within"): "industry",
        (facts.EMPLOYEES, "at_least"): "employees_from",
        (facts.EMPLOYEES, "at_most"): "employees_to",
        (facts.DIGITAL_LEVEL, "at_least"): "level_from",
    }
    found: dict[str, Any] = {}
    for row in criteria or []:
        name = names.get((row["fact"], row["op"]))
        if name:
            found[name] = row["values"] if name in ("sizes", "qualifications") else row["values"][0]
    return found


class PassOnForm(NoteForm):
    """A note on what goes to the provider, beside what the enterprise agreed to."""

    def prepare(self, row: ServiceRequest, by: Any) -> None:
        found = sharing.standing(row)
        if found is not None:
            told = _("The enterprise agreed to hand over: %(parts)s. Nothing else.")
            self.fields["text"].help_text = told % {"parts": " · ".join(found.words)}
        elif not sharing.is_agreed(row):
            self.fields["text"].help_text = _("The enterprise has not agreed yet: ask it first.")
