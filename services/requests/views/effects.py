"""Half a year later: the page that asks what came of a service."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import parking
from services.requests import actions, parties
from services.requests.effect_form import FIGURES, EffectForm
from services.requests.models import Effect, ServiceRequest


@parking.keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def effect(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask, or keep the answer; what was said before stands in the fields. Owners and editors may."""
    rows = ServiceRequest.objects.for_member(request.user).filter(effect__isnull=False)
    row = get_object_or_404(rows.select_related("offering"), reference=reference)
    if not parties.may_write(row, request.user):
        raise PermissionDenied
    back = reverse("requests:detail", args=[reference])
    form = EffectForm(
        initial={**_begun(Effect.objects.get(service_request=row)), **parking.typed(request, request.path)}
    )
    if request.method == "POST":
        form = EffectForm(request.POST)
        if form.is_valid():
            given = {name: form.cleaned_data[name] for name in FIGURES}
            actions.answer_effect(row, by=request.user, **given)
            messages.success(request, _("Thank you. It helps to see which services are worth it."))
            return HttpResponseRedirect(back)
    context = {"row": row, "form": form, "back_url": back, "nav": "enterprise"}
    return render(request, "requests/effect.html", context)


def _begun(effect: Effect) -> dict[str, object]:
    others = {name: getattr(effect, name) for name in FIGURES[1:]}
    return {"obtained_fen": effect.obtained, **others}
