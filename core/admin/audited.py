"""Admin pages that keep our own history: every change is an Event, nothing is deleted."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models.expressions import DatabaseDefault
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import audit, english
from core.fields import DecimalField, IntegerField
from core.models import Event

HISTORY_LENGTH = 200
COUNTED_UP_TO = 1000
# How figures are read at the desk, rows inside another row's form included.
FIGURES: dict[type[Any], dict[str, Any]] = {
    models.IntegerField: {"form_class": IntegerField},
    models.BigIntegerField: {"form_class": IntegerField},
    models.DecimalField: {"form_class": DecimalField},
}


class CappedPaginator(Paginator):
    """Count no further than 1 001: counting a million rows takes longer than showing fifty."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: COUNTED_UP_TO + 1].count())


def refusing(form_class: Any, words: str) -> Any:
    """Return the form class, refusing with these words whatever is typed; what was typed is kept."""

    class Refusing(form_class):
        def clean(self) -> Any:
            cleaned = super().clean()
            self.add_error(None, words)
            return cleaned

    return Refusing


class EnglishBehind(admin.SimpleListFilter):
    """Rows whose Chinese was changed after their English."""

    title = _("English text")
    parameter_name = "english"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("behind", _("older than the Chinese"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return english.only_behind(queryset) if self.value() == "behind" else queryset


class AuditedAdmin(admin.ModelAdmin):
    """A ModelAdmin whose changes are Events and whose history page shows them; rows are never deleted.

    Where a row has texts in Chinese and English, the form says which English has fallen behind, and the list
    can be narrowed to such rows. Adding is off unless `may_add` is set; the permission is asked as well.
    `verb_labels` words the verbs of the history page, beside those the class knows itself.
    """

    may_add = False
    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50
    formfield_overrides = FIGURES
    object_history_template = "admin/lifecycle/history.html"
    verb_labels: dict[str, Any] = {}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Head the list with what it holds; that one of them can be chosen is seen."""
        heading = {"title": capfirst(str(self.opts.verbose_name_plural))}
        return super().changelist_view(request, heading | (extra_context or {}))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add and super().has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Refuse what was typed on a page that is out of date: nobody's change is lost unseen."""
        form = super().get_form(request, obj, change=change, **kwargs)
        changed = self.changed_meanwhile(request, obj) if change and request.method == "POST" else []
        return refusing(form, self.moved_words(changed)) if changed else form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        if row is None:
            _forget_database_defaults(context["adminform"].form.instance)
        if row is not None and self.has_change_permission(request, row):
            changed = self.changed_meanwhile(request, row) if request.method == "POST" else []
            context["seen"] = audit.history(row).values_list("pk", flat=True).first() or 0
            context["meanwhile"] = self.history_entries(changed)
            context["english_behind"] = [self.field_label(name) for name in english.behind(row)]
        return super().render_change_form(request, context, *args, **kwargs)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [
            *super().get_list_filter(request),
            *([EnglishBehind] if english.can_be_narrowed(self.model) else []),
        ]

    def changed_meanwhile(self, request: HttpRequest, row: Any) -> list[Event]:
        """Return what happened to a row after the page that is being sent was shown, newest first."""
        seen = request.POST.get("seen", "")
        if row is None or not (seen.isdecimal() and len(seen) < 19):
            return []
        return list(audit.history(row).filter(pk__gt=int(seen))[:HISTORY_LENGTH])

    def moved_words(self, changed: list[Event]) -> str:
        return gettext(
            "%(who)s changed this while you were writing (%(what)s). Please check, then send again."
        ) % {"who": audit.actor_name(changed[0]), "what": self.verb_label(changed[0].verb)}

    def construct_change_message(
        self, request: HttpRequest, form: BaseForm, formsets: Any, add: bool = False
    ) -> Any:
        """Return the names of the changed fields (never their values: those may be personal)."""
        changed = list(getattr(form, "changed_data", []))
        for formset in formsets or []:
            if formset.has_changed():
                changed.append(formset.model._meta.model_name)
        return changed

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        return audit.record(obj, "add", by=request.user)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        event = audit.record(obj, "change", by=request.user, data={"fields": message}) if message else None
        fitting = english.behind(obj) if request.POST.get(english.FITS) else []
        if fitting:
            audit.record(obj, english.FITS, by=request.user, data={"fields": fitting})
        return event

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        events = list(audit.history(row)[:HISTORY_LENGTH])
        context = {
            **self.admin_site.each_context(request),
            "title": _("What happened: %s") % row,
            "subtitle": None,
            "entries": self.history_entries(events),
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": row,
            "opts": self.opts,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)

    def history_entries(self, events: list[Event], known: Iterable[Any] = ()) -> list[dict[str, Any]]:
        """Return what the history page shows of each event: at, who, what, change, reason, fields.

        `known` are people at hand already (None among them is left out): only others are asked for.
        """
        names = audit.actor_names(events, known=known)
        return [
            {
                "at": event.at,
                "who": names[event.pk],
                "what": self.verb_label(event.verb),
                "before": self.word_of(event.before),
                "after": self.word_of(event.after),
                "reason": audit.detail_of(event).get("reason", ""),
                "fields": [self.field_label(name) for name in event.data.get("fields", [])],
            }
            for event in events
        ]

    def verb_label(self, verb: str) -> str:
        """Word a verb of the history; an unknown one is shown as it is."""
        labels = {
            "add": _("added"),
            "change": _("changed"),
            english.FITS: _("said that the English still fits"),
            **self.verb_labels,
        }
        return str(labels.get(verb, verb))

    def word_of(self, value: str) -> str:
        """Word a before or after value of the history."""
        return value

    def field_label(self, name: str) -> str:
        fields = {field.name: getattr(field, "verbose_name", name) for field in self.opts.get_fields()}
        return str(fields.get(name, name))


class ReadOnlyAdmin(AuditedAdmin):
    """Rows that the desk may read and never write; the view permission decides who."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _forget_database_defaults(row: Any) -> None:
    """Leave empty on the page of a new row what only the database will fill in when it is stored."""
    for field in row._meta.concrete_fields:
        if isinstance(getattr(row, field.attname, None), DatabaseDefault):
            setattr(row, field.attname, None)
