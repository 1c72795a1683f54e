"""What an enterprise and a provider type into plans, proofs of use and ratings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from core import calendar
from core.fields import IntegerField, LineField, WordsField
from core.uploads import FilesField
from enterprises.models import Membership
from services.cloud import plans, shelf
from services.cloud.actions.use import PURPOSE
from services.cloud.models import CloudProduct, Onboarding, OnboardingStep, WaitsOn


class BeginForm(forms.Form):
    """From where the enterprise sets out, and with which product, if it knows."""

    use_required_attribute = False
    starting_point = forms.ChoiceField(
        label=_("Where do you stand today?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where you stand today.")},
    )
    product = forms.ModelChoiceField(
        label=_("Product"),
        queryset=CloudProduct.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("not chosen yet"),
        error_messages={"invalid_choice": _("This product is no longer offered. Choose another one.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points: Any = self.fields["starting_point"]
        points.choices = [
            (point.code, f"{point.title} ({point.hint})") for point in plans.load().starting_points.values()
        ]
        _offer(self.fields["product"])


class ChooseForm(forms.Form):
    use_required_attribute = False
    product = forms.ModelChoiceField(
        label=_("Product"),
        queryset=CloudProduct.objects.none(),
        to_field_name="slug",
        empty_label=None,
        error_messages={
            "required": _("Choose a product."),
            "invalid_choice": _("This product is no longer offered. Choose another one."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["product"])


class StepForm(forms.Form):
    """Who of the enterprise sees to a step, and until when."""

    use_required_attribute = False
    owner = forms.ModelChoiceField(
        label=_("Who sees to it"),
        queryset=get_user_model().objects.none(),
        required=False,
        empty_label=_("nobody yet"),
    )
    due_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Type a date, for example 2026-12-01."),
            "invalid": _("Type a date, for example 2026-12-01."),
        },
    )

    def __init__(self, step: OnboardingStep, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Membership.objects.current().filter(
            enterprise=step.onboarding.enterprise_id, user__is_active=True
        )
        field: Any = self.fields["owner"]
        field.queryset = get_user_model().objects.filter(pk__in=people.values("user")).order_by("pk")


class DoneForm(forms.Form):
    note = LineField(label=_("Note"), max_length=300, required=False)


class StopForm(forms.Form):
    use_required_attribute = False
    reason = WordsField(
        label=_("Why you stop"),
        max_length=1000,
        rows=3,
        error_messages={"required": _("Say in a few words why you stop.")},
    )


class ProofForm(forms.Form):
    """The proof of real use; the files are kept before the rest is judged."""

    use_required_attribute = False
    people = IntegerField(
        label=_("How many people worked with it in the last 30 days"),
        min_value=0,
        max_value=100_000,
        error_messages={
            "required": _("Write how many people, 0 if nobody."),
            "invalid": _("Write a whole number, for example 12."),
        },
    )
    words = WordsField(
        label=_("What it is used for"),
        max_length=2000,
        rows=4,
        error_messages={"required": _("Say in a few words what it is used for.")},
    )
    evidence = FilesField(
        label=_("Files that show real use"),
        purpose=PURPOSE,
        help_text=_(
            "For example a usage report or a screenshot. Cover or cut out passwords and names of customers."
        ),
    )


class RatingForm(forms.Form):
    use_required_attribute = False
    score = forms.TypedChoiceField(
        label=_("How was the provider?"),
        coerce=int,
        choices=[(5, _("5, very good")), (4, "4"), (3, "3"), (2, "2"), (1, _("1, very bad"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a rating from 1 to 5.")},
    )
    words = WordsField(
        label=_("In words"),
        max_length=1000,
        rows=4,
        required=False,
        help_text=_("Everybody reads it, without the name of your enterprise. The provider may reply."),
    )


class ReplyForm(forms.Form):
    use_required_attribute = False
    text = WordsField(
        label=_("Your reply"),
        max_length=1000,
        rows=3,
        help_text=_("Everybody reads it below the rating. You can reply once."),
        error_messages={"required": _("Write your reply.")},
    )


class VisitForm(forms.Form):
    """What staff found on site."""

    visited_on = forms.DateField(label=_("Visited on"), widget=forms.DateInput(attrs={"type": "date"}))
    visit_note = WordsField(label=_("What the visit found"), max_length=2000, rows=4)


class StaffStepForm(forms.Form):
    """Which open step of a plan staff have done."""

    step = forms.ModelChoiceField(label=_("Step"), queryset=OnboardingStep.objects.none(), empty_label=None)
    note = LineField(label=_("Note"), max_length=300, required=False, help_text=_("The enterprise reads it."))

    def prepare(self, row: Onboarding, by: Any) -> None:
        """Offer the open steps, first those that wait for staff."""
        field: Any = self.fields["step"]
        field.queryset = row.steps.filter(done_on=None)
        waiting = row.steps.filter(done_on=None, waits_on=WaitsOn.STAFF).first()
        field.initial = waiting.pk if waiting else None


def _offer(field: Any) -> None:
    shown = shelf.on_sale(calendar.today())
    field.queryset = CloudProduct.objects.filter(pk__in=[row.product.pk for row in shown]).order_by("slug")
