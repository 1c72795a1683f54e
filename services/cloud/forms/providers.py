"""What a provider types: its application, an appeal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.fields import EmailField, LineField, PhoneField, WordsField
from enterprises.classification import uscc
from services.catalogue.models import Provider
from services.cloud.actions.listings import Application
from services.cloud.models import Listing, ListingState

KINDS = (
    Provider.Kind.CLOUD_PROVIDER,
    Provider.Kind.TELECOM_CARRIER,
    Provider.Kind.PLATFORM_OPERATOR,
    Provider.Kind.SOLUTION_PROVIDER,
)


class ApplicationForm(forms.Form):
    """The application of a provider; what is public later is said beside each field."""

    use_required_attribute = False
    name_zh = LineField(label=_("Chinese name"), max_length=200)
    name_en = LineField(label=_("English name"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in KINDS])
    credit_code = LineField(
        label=_("Unified social credit code"),
        max_length=60,
        help_text=_("18 characters on the business licence."),
    )
    about_zh = WordsField(
        label=_("What you do (Chinese)"), max_length=1000, rows=4, help_text=_("Everybody reads it.")
    )
    about_en = WordsField(label=_("What you do (English)"), max_length=1500, rows=4, required=False)
    phone = PhoneField(label=_("Phone for customers"), required=False)
    email = EmailField(label=_("E-mail address"), help_text=_("Only our staff see it."))
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    def __init__(self, *args: Any, listing: Listing | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listing = listing

    def clean_credit_code(self) -> str:
        """Refuse a code that cannot be one (GB 32100), or under which a provider stands already."""
        found = uscc.check(self.cleaned_data["credit_code"])
        if found.errors:
            raise ValidationError(_("This is no credit code. Copy all 18 characters from the licence."))
        code = found.code
        others = Listing.objects.filter(credit_code=code).exclude(state=ListingState.DECLINED)
        if self.listing:
            others = others.exclude(pk=self.listing.pk)
        if others.exists():
            raise ValidationError(
                _("A provider with this code has applied already. Ask us if you speak for it.")
            )
        return code

    def application(self) -> Application:
        return Application(**self.cleaned_data)

    @staticmethod
    def typed_before(listing: Listing) -> dict[str, Any]:
        """Return what the first application said, to be put right."""
        own = ("credit_code", "about_zh", "about_en", "phone", "website")
        provider = listing.provider
        return {
            **{name: getattr(listing, name) for name in own},
            "name_zh": provider.name_zh,
            "name_en": provider.name_en,
            "kind": provider.kind,
            "email": provider.contact_email,
        }


class AppealForm(forms.Form):
    use_required_attribute = False
    text = WordsField(
        label=_("Why the sanction is wrong"),
        max_length=4000,
        help_text=_("Our staff read it, and nobody else. Write no passwords."),
    )
