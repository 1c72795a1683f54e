"""Forms of benefits without application: the owner's consent, the authority's answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.translation import gettext_lazy as _

from core import calendar
from services.policies.forms.desk import WanField
from services.policies.models import Benefit, PolicyItem


class ConsentForm(forms.Form):
    """Yes to the list above the button; `seen` marks which list that was."""

    use_required_attribute = False
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    agrees = forms.BooleanField(
        label=_("I agree for the enterprise that exactly the data listed above are handed over."),
        error_messages={"required": _("Tick the box if you agree; otherwise nothing is handed over.")},
    )


class BatchForm(forms.Form):
    """Which item's consents are handed over now."""

    item = forms.ModelChoiceField(
        label=_("Item"),
        queryset=PolicyItem.objects.none(),
        error_messages={"required": _("Choose an item.")},
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ready = Benefit.objects.ready().in_scope_of(by)
        field: Any = self.fields["item"]
        field.queryset = PolicyItem.objects.filter(pk__in=ready.values("item")).order_by("pk")


class GrantBatchForm(forms.Form):
    """When the authority granted, and where it published that."""

    settled_on = forms.DateField(label=_("Decided on"), widget=AdminDateWidget)
    published_url = forms.URLField(
        label=_("Where it was published"), required=False, max_length=300, assume_scheme="https"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("settled_on", calendar.today())


class GrantForm(GrantBatchForm):
    """The same for one enterprise, with what it was granted."""

    granted_fen = WanField(label=_("Granted"))
