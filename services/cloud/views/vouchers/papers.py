"""The papers of a voucher: who may open which."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import files
from services.cloud.models import Voucher
from services.cloud.views.vouchers.shared import mine


def papers_of(voucher: Voucher, claim: Any) -> list[dict[str, Any]]:
    """List the papers with their addresses; one that may not be opened yet has none."""
    held = [(_("The quotation, unsigned"), voucher.quote_file)] if voucher.quote_file else []
    names = {"invoice": _("The invoice"), "payment": _("Proof of payment"), "usage": _("Record of use")}
    held += [(names[name], stored) for name, stored in (claim.papers if claim else [])]
    return [
        {
            "label": label,
            "name": stored.name,
            "scan": stored.scan,
            "url": reverse("cloud:voucher_file", args=[voucher.reference, stored.key])
            if stored.may_be_opened
            else "",
        }
        for label, stored in held
    ]


@require_safe
def own_file(request: HttpRequest, reference: str, file: str) -> HttpResponseBase:
    """Serve a paper of a voucher to whoever acts for the enterprise."""
    return files.serve(paper_of(mine(request, reference), file))


@require_safe
def desk_file(request: HttpRequest, reference: str, file: str) -> HttpResponseBase:
    """Serve a paper to the staff who decide about vouchers of the region."""
    if not request.user.has_perm("cloud.view_voucherclaim"):
        raise PermissionDenied
    voucher = get_object_or_404(Voucher.objects.in_scope_of(request.user), reference=reference)
    return files.serve(paper_of(voucher, file))


def paper_of(voucher: Voucher, key: str) -> Any:
    """Return the stored file of a voucher with this key; raise Http404 for any other."""
    claim = getattr(voucher, "claim", None)
    held = [voucher.quote_file, *(stored for _name, stored in (claim.papers if claim else []))]
    found = next((stored for stored in held if stored and stored.key == key), None)
    if found is None:
        raise Http404
    return found
