"""The form of what a person wants to be mailed about."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.kinds import every_kind
from notifications.models import Preference


class PreferencesForm(forms.Form):
    """One tick per kind that can reach this person and can be stopped."""

    use_required_attribute = False

    kinds = forms.MultipleChoiceField(
        label=_("Send me an e-mail about"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.offered = [kind for kind in every_kind() if kind.concerns(user) and "email" in kind.channels]
        self.stoppable = [kind for kind in self.offered if kind.can_be_stopped]
        stopped = set(
            Preference.objects.filter(user=user, channel="email", wanted=False).values_list("kind", flat=True)
        )
        wanted = [kind.code for kind in self.stoppable if kind.code not in stopped]
        super().__init__(*args, **kwargs)
        field = self.fields["kinds"]
        field.initial = wanted
        field.choices = [(kind.code, kind.label) for kind in self.stoppable]  # type: ignore[attr-defined]

    @property
    def always(self) -> list[Any]:
        """Return the labels of what is always sent; mails about the account (secret kinds) are one matter."""
        kinds = [kind for kind in self.offered if not kind.can_be_stopped and not kind.secret]
        return list(dict.fromkeys(str(kind.label) for kind in kinds))

    @property
    def wanted(self) -> dict[str, bool]:
        """Return each offered kind and whether it is ticked; only of a valid form."""
        ticked = set(self.cleaned_data["kinds"])
        return {kind.code: kind.code in ticked for kind in self.stoppable}
