"""A desk page whose buttons come from a lifecycle table and whose state nobody types."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.checks import ModelAdminChecks
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.views.main import ChangeList
from django.core import checks
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.forms import BaseForm, Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit, once, rehearsal
from core.admin.audited import AuditedAdmin
from core.lifecycle import Lifecycle, Transition, TransitionRefused
from core.rehearsal import Rehearsal
from core.verbs import ReasonForm, Verb, blame, prepared, refusal, said, state_label


@dataclass(frozen=True)
class Button:
    """One verb as the page shows it."""

    name: str
    label: str | Promise
    url: str
    danger: bool


class LifecycleAdminChecks(ModelAdminChecks):
    """Refuse to start with a verb of the table that has no action, or an action that has no verb."""

    def check(self, admin_obj: Any, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(admin_obj, **kwargs), *verb_errors(admin_obj)]


def verb_errors(admin_obj: "LifecycleAdmin") -> Iterator[checks.Error]:
    name = type(admin_obj).__name__
    if admin_obj.lifecycle is None:
        yield checks.Error(f"{name} names no lifecycle.", id="core.E001", obj=admin_obj)
        return
    table = set(admin_obj.lifecycle.transitions)
    answered = set(admin_obj.verbs) | set(admin_obj.without_button)
    for verb in sorted(table - answered):
        yield checks.Error(
            f"{name}: the verb “{verb}” of the lifecycle is neither in verbs nor in without_button.",
            id="core.E002",
            obj=admin_obj,
        )
    for verb in sorted(answered - table):
        yield checks.Error(f"{name}: the lifecycle has no verb “{verb}”.", id="core.E003", obj=admin_obj)
    for verb, entry in admin_obj.extra_verbs.items():
        if verb in table or not entry.label:
            yield checks.Error(
                f"{name}: extra verb “{verb}” needs a label and a name of its own.",
                id="core.E004",
                obj=admin_obj,
            )


class DeskStateFilter(admin.ChoicesFieldListFilter):
    """Narrow a list by state, in the words of `LifecycleAdmin.desk_words`."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        desk: Any = changelist.model_admin
        words = {str(label): desk.word_of(value) for value, label in self.field.flatchoices}
        for choice in super().choices(changelist):
            label, bracket, count = str(choice["display"]).partition(" (")
            yield {**choice, "display": f"{words.get(label, label)}{bracket}{count}"}


class LifecycleAdmin(AuditedAdmin):
    """Subclass it with `lifecycle` and `verbs`; each verb gets its page at `<pk>/<verb>/`.

    `verbs` maps every verb of the table to its `Verb`, except those in `without_button` (the owner's and
    the system's own). `extra_verbs` are actions that change no state, such as a note. A verb's page
    says what will happen and who is told word for word (rehearsed, see `core.rehearsal`), and carries the
    action out on POST only, once per shown form. Its
    address is named `admin:<app>_<model>_<verb>`.
    """

    lifecycle: Lifecycle | None = None
    verbs: dict[str, Verb] = {}
    without_button: Sequence[str] = ()
    extra_verbs: dict[str, Verb] = {}
    # States whose words speak to the owner ("waiting for you"), as staff read them.
    desk_words: Mapping[str, Any] = {}
    checks_class = LifecycleAdminChecks
    change_form_template = "admin/lifecycle/change_form.html"
    verb_template = "admin/lifecycle/verb.html"

    @property
    def table(self) -> Lifecycle:
        """The lifecycle, which the start-up check has made sure of."""
        if self.lifecycle is None:
            raise TypeError(f"{type(self).__name__} names no lifecycle")
        return self.lifecycle

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = list(super().get_readonly_fields(request, obj))
        return fields if self.table.field in fields else [*fields, self.table.field]

    def get_urls(self) -> list[URLPattern]:
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(
                f"<path:object_id>/{verb}/",
                self.admin_site.admin_view(self.verb_view_of(verb)),
                name=f"{prefix}_{verb}",
            )
            for verb in {**self.verbs, **self.extra_verbs}
        ]
        return [*own, *super().get_urls()]

    def verb_view_of(self, verb: str) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            return self.verb_view(request, object_id, verb)

        return view

    def verb_url(self, row: models.Model, verb: str) -> str:
        """Return the address of a verb's page, for links from other pages of the desk."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{verb}", args=[quote(row.pk)])

    def row_url(self, row: models.Model) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[quote(row.pk)])

    def buttons(self, request: HttpRequest, row: models.Model) -> list[Button]:
        """Return the verbs open to this person on this row, transitions first, in table order."""
        open_now = [
            (transition.verb, transition.label, self.verbs[transition.verb])
            for transition in self.table.allowed(row, request.user)
            if transition.verb in self.verbs
        ]
        extras = [
            (verb, entry.label, entry)
            for verb, entry in self.extra_verbs.items()
            if entry.is_open_to(request.user, row)
        ]
        return [
            Button(verb, label, self.verb_url(row, verb), entry.danger)
            for verb, label, entry in open_now + extras
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        mine = {"buttons": self.buttons(request, row), **self.row_context(request, row)} if row else {}
        return super().change_view(request, object_id, form_url, {**mine, **(extra_context or {})})

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Override to give the change page and the verb pages more to show beside the form."""
        return {}

    def verb_context(self, request: HttpRequest, row: Any, verb: str) -> dict[str, Any]:
        """Override to give one verb's page more to show."""
        return {}

    def verb_initial(self, request: HttpRequest, row: Any, verb: str) -> dict[str, Any]:
        """Override to fill in the form of a verb when its page is opened."""
        return {}

    def verb_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Show a verb's page, or carry it out when the page is sent."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        closed = self.why_closed(request, row, verb)
        if closed:
            messages.error(request, closed)
            return HttpResponseRedirect(self.row_url(row))
        return VerbPage(self, request, row, verb).answer()

    def why_closed(self, request: HttpRequest, row: models.Model, verb: str) -> str:
        """Say why a verb is not open now ('' when it is); raise PermissionDenied when the role lacks it."""
        if verb in self.extra_verbs:
            entry = self.extra_verbs[verb]
            if entry.permission and not request.user.has_perm(entry.permission):
                raise PermissionDenied
            return "" if entry.offered(row, request.user) else _("This is not possible at present.")
        transition = self.table.transitions[verb]
        if not transition.may_be_used_by(request.user):
            raise PermissionDenied
        state = getattr(row, self.table.field)
        if state in transition.sources:
            return ""
        return refusal(TransitionRefused("state", verb, state), row, self.word_of(state))

    def verb_label(self, verb: str) -> str:
        if verb in self.table.transitions:
            return str(self.table.transitions[verb].label)
        if verb in self.extra_verbs:
            return str(self.extra_verbs[verb].label)
        return super().verb_label(verb)

    def word_of(self, value: str) -> str:
        return str(self.desk_words.get(value) or state_label(self.model(), self.table, value))

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_words(self, row: Any) -> str:
        """Show the state in a list or on a page as staff read it."""
        return self.word_of(getattr(row, self.table.field))


class VerbPage:
    """One request for one verb of one row."""

    def __init__(self, admin: LifecycleAdmin, request: HttpRequest, row: Any, verb: str) -> None:
        self.admin = admin
        self.request = request
        self.row = self.goes_on_with = row
        self.verb = verb
        self.entry = admin.verbs.get(verb) or admin.extra_verbs[verb]
        self.transition: Transition | None = admin.table.transitions.get(verb)
        self.token = request.POST.get("form_token") or once.new_token()

    def answer(self) -> HttpResponse:
        if self.request.method != "POST":
            return self.open()
        form = self.build(data=self.request.POST, files=self.request.FILES)
        if self.has_moved():
            form.add_error(None, self.moved())
        if not form.is_valid():
            return self.show(form)
        if "preview" in self.request.POST:
            return self.show_before(form)
        try:
            once.only(
                self.token,
                purpose=f"desk.{self.verb}"[:60],
                owner=str(self.request.user.pk),
                act=lambda: self.act(form),
            )
        except ValidationError as error:
            blame(form, error)
            return self.show(form)
        except TransitionRefused as refused:
            return self.refuse(form, refused)
        messages.success(self.request, _("Done: %(verb)s, %(row)s.") % {"verb": self.label, "row": self.row})
        return HttpResponseRedirect(self.next_url())

    def open(self) -> HttpResponse:
        """Show the page; a verb that asks for nothing shows its messages at once."""
        form = self.build(initial=self.admin.verb_initial(self.request, self.row, self.verb))
        if form.fields:
            return self.show(form)
        bare = self.build(data={})
        bare.is_valid()
        return self.show_before(bare)

    def show_before(self, form: BaseForm) -> HttpResponse:
        """Show who would be told what, word for word; nothing is changed and nothing is sent."""
        row = self.admin.get_object(self.request, str(self.row.pk))
        act = self.entry.act
        try:
            found = rehearsal.of(lambda: act(row, by=self.request.user, **form.cleaned_data))
        except ValidationError as error:
            blame(form, error)
            return self.show(form)
        except TransitionRefused as refused:
            return self.refuse(form, refused)
        return self.show(form, found)

    def build(self, **given: Any) -> BaseForm:
        asks_reason = self.transition is not None and self.transition.needs_reason
        form_class = self.entry.form or (ReasonForm if asks_reason else Form)
        return prepared(form_class, self.row, self.request.user, **given)

    def act(self, form: BaseForm) -> str:
        made = self.entry.act(self.row, by=self.request.user, **form.cleaned_data)
        if self.entry.makes_another:
            self.goes_on_with = made
        return self.admin.row_url(self.goes_on_with)[:200]

    def refuse(self, form: BaseForm, refused: TransitionRefused) -> HttpResponse:
        """Keep the page and what was typed: the person must be able to copy it elsewhere."""
        self.row.refresh_from_db()
        form.add_error(None, refusal(refused, self.row, self.admin.word_of(refused.state)))
        return self.show(form)

    @property
    def label(self) -> str:
        return self.admin.verb_label(self.verb)

    def last_event(self) -> int:
        """Return the number of the row's newest event; a page that was shown before it is out of date."""
        return audit.history(self.row).values_list("pk", flat=True).first() or 0

    def has_moved(self) -> bool:
        seen = self.request.POST.get("seen", "")
        return seen.isdecimal() and seen != str(self.last_event()) and not self.was_sent_before()

    def was_sent_before(self) -> bool:
        return once.was_used(self.token, purpose=f"desk.{self.verb}"[:60], owner=str(self.request.user.pk))

    def meanwhile(self) -> list[dict[str, Any]]:
        """Return what happened to the row after the page was shown, newest first."""
        seen = self.request.POST.get("seen", "")
        if not (seen.isdecimal() and len(seen) < 19) or not self.has_moved():
            return []
        return self.admin.history_entries(list(audit.history(self.row).filter(pk__gt=int(seen))[:20]))

    def moved(self) -> str:
        last = audit.history(self.row).first()
        return _("%(who)s changed this while you were writing (%(what)s). Please check, then send again.") % {
            "who": audit.actor_name(last) if last else "",
            "what": self.admin.verb_label(last.verb) if last else "",
        }

    def next_url(self) -> str:
        """Return to the row; to the list when the change has taken the row out of this person's scope."""
        if self.admin.get_queryset(self.request).filter(pk=self.goes_on_with.pk).exists():
            return self.admin.row_url(self.goes_on_with)
        return reverse(f"admin:{self.admin.opts.app_label}_{self.admin.opts.model_name}_changelist")

    def show(self, form: BaseForm, found: Rehearsal | None = None) -> HttpResponse:
        admin, row = self.admin, self.row
        context = {
            **admin.admin_site.each_context(self.request),
            **admin.row_context(self.request, row),
            **admin.verb_context(self.request, row, self.verb),
            "title": capfirst(self.label),
            "subtitle": str(row),
            "opts": admin.opts,
            "original": row,
            "row_url": admin.row_url(row),
            "form": form,
            "media": admin.media + form.media,
            "explains": said(self.entry.explains, row),
            "tells": said(self.entry.tells, row),
            "before": admin.word_of(getattr(row, admin.table.field)),
            "after": admin.word_of(self.transition.target) if self.transition else "",
            "verb_label": self.label,
            "danger": self.entry.danger,
            "form_token": self.token,
            "seen": self.last_event(),
            "rehearsal": found,
            "meanwhile": self.meanwhile() if self.request.method == "POST" else [],
        }
        self.request.current_app = admin.admin_site.name
        return TemplateResponse(self.request, admin.verb_template, context)
