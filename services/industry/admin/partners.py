"""Partners at the desk: which part of the portal they show, and on which sites."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.fields import WordsField
from services.catalogue.models import Group
from services.industry.admin.publishing import PublishableAdmin
from services.industry.models import Partner

# Scheme, host and port as a browser compares them; a path or a star would open it to others.
_ORIGIN = re.compile(r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?")
_MOST = 10


class PartnerForm(forms.ModelForm):
    """Sites one a line; groups are ticked."""

    origins = WordsField(
        label=_("sites that may frame it"),
        required=False,
        rows=3,
        max_length=2000,
        help_text=_("One a line, with https and without a path: https://www.park.example"),
    )
    groups = forms.MultipleChoiceField(
        label=_("kinds of service; none: all"),
        choices=Group.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["origins"] = "\n".join(self.instance.origins)

    def clean_origins(self) -> list[str]:
        """Return the sites in the form browsers compare."""
        lines = [line.strip().lower().rstrip("/") for line in self.cleaned_data["origins"].splitlines()]
        sites = list(dict.fromkeys(filter(None, lines)))
        wrong = [site for site in sites if not _ORIGIN.fullmatch(site)]
        if wrong:
            raise ValidationError(
                _("This is no site with https and without a path: %(site)s") % {"site": wrong[0]}
            )
        if len(sites) > _MOST:
            raise ValidationError(_("At most %(most)s sites.") % {"most": _MOST})
        return sites


@admin.register(Partner)
class PartnerAdmin(PublishableAdmin):
    """Partners, their sub-portal and their widget."""

    form = PartnerForm
    list_display = ("name_zh", "park", "region", "state")
    list_filter = ("state",)
    list_select_related = ("park", "region")
    search_fields = ("name_zh", "name_en")
    raw_id_fields = ("park", "region")
    readonly_fields = ("snippet",)
    fieldsets = (
        (None, {"fields": (("name_zh", "name_en"), ("greeting_zh", "greeting_en"), "slug", "contact_email")}),
        (_("Shown there"), {"fields": (("park", "region"), "groups")}),
        (_("The widget"), {"fields": ("origins", "snippet")}),
        (_("Publication"), {"fields": ("state", ("submitted_by", "published_by", "published_at"))}),
    )

    @admin.display(description=_("for the partner's page"))
    def snippet(self, row: Partner) -> SafeString | str:
        """Show the line a partner puts into its page."""
        if not row.pk:
            return "–"
        address = reverse("widget", args=[row.slug])
        return format_html(
            "<code>&lt;iframe src=&quot;{}{}&quot; title=&quot;{}&quot;&gt;&lt;/iframe&gt;</code>",
            settings.PUBLIC_URL,
            address,
            row.name,
        )
