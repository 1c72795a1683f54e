"""What a reader of the market types: how many units for how many years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.fields import IntegerField
from services.cloud.estimating import LONGEST_YEARS, MOST_UNITS, Wanted
from services.cloud.forms.vouchers import PlainForm


class EstimateForm(PlainForm):
    """Read from the address, so that a sum can be sent to a colleague; what is wrong is said and kept."""

    count = IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=MOST_UNITS,
        help_text=_("Accounts, servers, machines: what the price is for."),
    )
    years = IntegerField(label=_("For how many years"), min_value=1, max_value=LONGEST_YEARS)

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> EstimateForm:
        """Bind to an address that asks for a sum; any other shows the plain one."""
        plain = Wanted()
        initial = {"count": plain.count, "years": plain.years}
        if "count" not in query and "years" not in query:
            return cls(initial=initial)
        return cls({**initial, **{name: query[name] for name in initial if name in query}})

    @property
    def wanted(self) -> Wanted:
        """Return what was asked for; one unit for three years where that cannot be read."""
        if not self.is_bound or not self.is_valid():
            return Wanted()
        return Wanted(self.cleaned_data["count"], self.cleaned_data["years"])
