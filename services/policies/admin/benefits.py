"""Benefits without application at the desk: what was agreed, the batches for the authority, its answers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from core import once, sheets
from core.admin import LifecycleAdmin, ReadOnlyAdmin, Verb
from services.policies import actions, handing
from services.policies.forms.benefits import BatchForm, GrantBatchForm, GrantForm
from services.policies.lifecycle import BENEFIT, HAND_OVER
from services.policies.models import Benefit, BenefitBatch


@admin.register(Benefit)
class BenefitAdmin(LifecycleAdmin):
    """Offers, consents and answers of the enterprises in one's regions; finance officers enter the answers.

    What is agreed to is shown as it was agreed; nobody edits it.
    """

    lifecycle = BENEFIT
    change_list_template = "admin/policies/benefits.html"
    list_display = ("enterprise", "item", "state", "offered_at", "agreed_at", "batch", "settled_on")
    list_filter = ("state",)
    list_select_related = ("enterprise", "item", "batch__item")
    search_fields = ("enterprise__name", "enterprise__uscc", "item__title_zh")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "enterprise", "item", "item_version", "state", "offered_at", "agreed_at", "agreed_by", "agreed_list",
        "batch", "settled_on", "granted_fen", "published_url", "refusal", "key",
    )  # fmt: skip
    # Consent and its revocation are the owner's alone; handing over is done for a whole item.
    without_button = ("consent", "decline", "revoke", "renew", "send")
    verbs = {
        "grant": Verb(
            actions.grant,
            form=GrantForm,
            explains=_("The authority has granted it and published that it did."),
            tells=_("owners and editors of the enterprise"),
        ),
        "refuse": Verb(
            actions.refuse,
            explains=_("The enterprise is told the reason the authority gives."),
            tells=_("owners and editors of the enterprise"),
            danger=True,
        ),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Benefit]:
        mine = Benefit.objects.in_scope_of(request.user)
        return mine.select_related("enterprise", "item__notice", "batch__item").order_by("-pk")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.hand_over))
        return [path("hand-over/", view, name="policies_benefit_hand_over"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may = {"may_hand_over": request.user.has_perm(HAND_OVER)}
        return super().changelist_view(request, {**may, **(extra_context or {})})

    @admin.display(description=_("what is handed over"))
    def agreed_list(self, benefit: Benefit) -> str:
        return format_html_join(
            "",
            "<p>{}{}{}</p>",
            ((one.label, gettext(": "), one.value) for one in handing.shown(benefit.agreed)),
        )

    def hand_over(self, request: HttpRequest) -> HttpResponse:
        """Show what waits for each item; POST makes a batch of one. Needs the permission to hand over."""
        if not request.user.has_perm(HAND_OVER):
            raise PermissionDenied
        form = BatchForm(request.POST or None, by=request.user)
        if request.method == "POST" and form.is_valid():
            made = self._make(request, form)
            if made:
                return HttpResponseRedirect(made)
        return self._page(request, form)

    def _make(self, request: HttpRequest, form: BatchForm) -> str:
        """Make the batch once for a shown form, and return where it stands; '' with an error in the form."""

        def act() -> str:
            batch = actions.hand_over(form.cleaned_data["item"], by=request.user)
            return reverse("admin:policies_benefitbatch_change", args=[batch.pk])

        try:
            made, is_new = once.only(
                request.POST.get("form_token", ""),
                purpose="policies.hand_over",
                owner=str(request.user.pk),
                act=act,
            )
        except ValidationError as error:
            form.add_error(None, error)
            return ""
        if is_new:
            messages.success(request, gettext("The batch is made. Take its list along to the authority."))
        return made

    def _page(self, request: HttpRequest, form: BatchForm) -> HttpResponse:
        waiting = Count("benefits", filter=Q(benefits__in=Benefit.objects.ready().in_scope_of(request.user)))
        items: Any = form.fields["item"]
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Hand over to the authority"),
            "opts": self.opts,
            "items": items.queryset.select_related("notice").annotate(waiting=waiting),
            "form": form,
            "form_token": request.POST.get("form_token") or once.new_token(),
        }
        return TemplateResponse(request, "admin/policies/hand_over.html", context)


@admin.register(BenefitBatch)
class BenefitBatchAdmin(ReadOnlyAdmin):
    """What was handed over when: its list as xlsx, and one button when the authority granted all of it."""

    change_form_template = "admin/policies/batch.html"
    list_display = ("id", "item", "size", "sent_by", "sent_at")
    list_display_links = ("id", "item")
    list_select_related = ("item", "sent_by")
    search_fields = ("item__title_zh", "item__title_en")
    ordering = ("-pk",)
    fields = readonly_fields = ("item", "size", "sent_by", "sent_at")
    verb_labels = {"hand_over": _("handed over")}

    def get_queryset(self, request: HttpRequest) -> Any:
        """Show batches in which an enterprise of one's regions stands."""
        mine = Benefit.objects.in_scope_of(request.user).filter(batch__isnull=False)
        return super().get_queryset(request).filter(pk__in=mine.values("batch"))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<int:pk>/list.xlsx",
                self.admin_site.admin_view(require_safe(self.table)),
                name="policies_benefitbatch_table",
            ),
            path(
                "<int:pk>/grant/",
                self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.grant)),
                name="policies_benefitbatch_grant",
            ),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        counts: dict[str, Any] = {}
        if object_id.isdecimal() and len(object_id) < 18:
            rows = self._rows(request, int(object_id))
            counts = {
                "states": [
                    (state.label, count)
                    for state in Benefit.State
                    if (count := rows.filter(state=state).count())
                ],
                "is_open": rows.filter(state=Benefit.State.SENT).exists(),
                "may_hand_over": request.user.has_perm(HAND_OVER),
            }
        return super().change_view(request, object_id, form_url, {**counts, **(extra_context or {})})

    def table(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give the list handed over, with exactly what each enterprise agreed to; who may hand over."""
        batch = self._batch(request, pk)
        rows = list(self._rows(request, pk))
        codes = handing.fields(one["code"] for row in rows for one in row.agreed)
        table = [[str(row.key), *_values(row, codes)] for row in rows]
        heads = [gettext("Receipt"), *(handing.label(code) for code in codes)]
        answer = HttpResponse(sheets.xlsx(batch.item.title, heads, table), content_type=sheets.XLSX)
        answer["Content-Disposition"] = f'attachment; filename="batch-{batch.pk}.xlsx"'
        answer["Cache-Control"] = "private, no-store"
        return answer

    def grant(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Enter that all of a batch that is not decided yet was granted; who may hand over."""
        batch = self._batch(request, pk)
        form = GrantBatchForm(request.POST or None)
        here = reverse("admin:policies_benefitbatch_change", args=[pk])
        if request.method == "POST" and form.is_valid():
            try:
                count = actions.grant_batch(batch, **form.cleaned_data, by=request.user)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                said = ngettext(
                    "%(count)s is entered as granted.", "%(count)s are entered as granted.", count
                )
                messages.success(request, said % {"count": count})
                return HttpResponseRedirect(here)
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Enter the rest of the batch as granted"),
            "opts": self.opts,
            "original": batch,
            "row_url": here,
            "waiting": self._rows(request, pk).filter(state=Benefit.State.SENT).count(),
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/policies/grant_batch.html", context)

    def _batch(self, request: HttpRequest, pk: int) -> BenefitBatch:
        if not request.user.has_perm(HAND_OVER):
            raise PermissionDenied
        batch: BenefitBatch | None = self.get_queryset(request).filter(pk=pk).first()
        if batch is None:
            raise Http404
        return batch

    def _rows(self, request: HttpRequest, pk: int) -> QuerySet[Benefit]:
        return Benefit.objects.in_scope_of(request.user).filter(batch=pk).order_by("pk")


def _values(row: Benefit, codes: list[str]) -> list[str]:
    """Give the agreed values in the order of the columns, in the language of the table."""
    held = dict(zip((one["code"] for one in row.agreed), handing.shown(row.agreed), strict=True))
    return [held[code].value if code in held else "" for code in codes]
