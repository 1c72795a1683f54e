"""Wordings of messages at the desk: drafted, looked at with real data, proposed, put into use by another."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import LifecycleAdmin, Verb
from notifications import actions, texts, wording
from notifications.admin.told import kind_label
from notifications.kinds import every_kind
from notifications.lifecycle import WORDING
from notifications.models import Notification, TextVersion


class TextVersionForm(forms.ModelForm):
    """Offer the kinds that may be worded anew, and refuse names the kind does not know."""

    kind = forms.ChoiceField(label=_("Kind"))

    class Meta:
        model = TextVersion
        fields = ("kind", "language", "subject", "body")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [kind for kind in every_kind() if not kind.secret]
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in kinds]  # type: ignore[attr-defined]  # a field of choices

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "kind" not in cleaned:
            return cleaned
        allowed = texts.names_of(cleaned["kind"])
        for field in ("subject", "body"):
            for strange in wording.problems(cleaned.get(field) or "", allowed):
                words = gettext("“%(found)s” cannot stand here. These can: %(names)s") % {
                    "found": strange,
                    "names": ", ".join(f"[{name}]" for name in sorted(allowed)),
                }
                self.add_error(field, ValidationError(words))
        return cleaned


@admin.register(TextVersion)
class TextVersionAdmin(LifecycleAdmin):
    """Drafts can be changed; what was proposed or in use once stays as it is."""

    lifecycle = WORDING
    verbs = {
        "propose": Verb(
            actions.propose_text,
            explains=_("It can be changed no longer; somebody else puts it into use or gives it back."),
        ),
        "give_back": Verb(actions.give_text_back, explains=_("It is a draft again, which can be changed.")),
        "use": Verb(
            actions.use_text,
            explains=_("New messages of this kind are worded like this; the version before is retired."),
        ),
        "retire": Verb(
            actions.retire_text, explains=_("New messages are worded as the release words them."), danger=True
        ),
    }
    may_add = True
    form = TextVersionForm
    list_display = ("kind_words", "language", "number", "state", "proposed_by", "made_at", "subject")
    list_select_related = ("proposed_by",)
    list_filter = ("state", "language")
    ordering = ("kind", "language", "-number")
    fields = ("kind", "language", "subject", "body", "state", "proposed_by", "made_at", "preview")
    readonly_fields = ("state", "proposed_by", "made_at", "preview")
    verb_labels = {
        "propose": _("proposed"),
        "give_back": _("given back"),
        "use": _("put into use"),
        "retire": _("taken out of use"),
    }

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_open = obj is None or obj.state == TextVersion.State.DRAFT
        return is_open and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Say a kind in words where it cannot be chosen any more."""
        if self.has_change_permission(request, obj):
            return self.fields
        return ("kind_words", *self.fields[1:])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "kind_words")

    @admin.display(description=_("kind"), ordering="kind")
    def kind_words(self, version: TextVersion) -> str:
        return kind_label(version.kind)

    def save_model(self, request: HttpRequest, obj: TextVersion, form: Any, change: bool) -> None:
        """Give a new draft the next number of its kind and language."""
        if not change or {"kind", "language"} & set(form.changed_data):
            obj.number = actions.next_text_number(obj)
        super().save_model(request, obj, form, change)

    @admin.display(description=_("with the latest real message"))
    def preview(self, version: TextVersion) -> str:
        latest = Notification.objects.filter(kind=version.kind, language=version.language).order_by("-id")
        notification = latest.select_related("recipient").first()
        if not version.pk or notification is None:
            return gettext("There is no message of this kind in this language yet.")
        notification.text_version = version
        subject, body = texts.preview(notification)
        return f"{subject}\n\n{body}"
