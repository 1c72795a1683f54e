"""What an enterprise takes along to claim an item."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core import calendar
from enterprises.access import MemberRequest, needs_enterprise
from services.policies import claim_pack, claiming
from services.policies.models import PolicyNotice


@needs_enterprise
@require_safe
def pack(request: MemberRequest, slug: str, number: int) -> HttpResponse:
    """Send the claim pack of the n-th item of a public notice; every member of the enterprise may."""
    notice = get_object_or_404(PolicyNotice.objects.public(), slug=slug)
    items = list(claiming.with_papers(notice.items.all()))
    if not 1 <= number <= len(items):
        raise Http404
    item = items[number - 1]
    item.notice = notice
    zipped = claim_pack.build(item, request.enterprise, calendar.today())
    response = HttpResponse(zipped, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="claim-{notice.slug}-{number}.zip"'
    response["Cache-Control"] = "private, no-store"
    return response
