"""How a visitor wants to read: a cookie, set by a form that works without script.

Three ways: as drawn; larger text (大字版); the senior edition (关怀版), with larger text and targets and a
menu of the few things most people come for. Nothing is taken away: every page stays within reach.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import addresses
from portal.errors import csrf_failure

A_YEAR = 365 * 24 * 3600
NORMAL, LARGE, SENIOR = "normal", "large", "senior"


def way_of_reading(request: HttpRequest) -> str:
    """Return how this visitor reads: NORMAL, LARGE or SENIOR; a cookie of another content is as drawn."""
    chosen = request.COOKIES.get(settings.TEXT_SIZE_COOKIE_NAME, NORMAL)
    return chosen if chosen in {LARGE, SENIOR} else NORMAL


# Every page carries this form, and a token in it would put a cookie on every first visit. Where the
# post comes from is checked instead; nothing but the way of reading can be changed here.
@csrf_exempt
@login_not_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the way of reading in a cookie and go back to the page the form stood on."""
    if not _posted_from_here(request):
        return csrf_failure(request)
    response = HttpResponseRedirect(addresses.way_back(request))
    chosen = request.POST.get("text")
    if chosen in {LARGE, SENIOR}:
        response.set_cookie(
            settings.TEXT_SIZE_COOKIE_NAME,
            chosen,
            max_age=A_YEAR,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(settings.TEXT_SIZE_COOKIE_NAME, samesite="Lax")
    return response


def _posted_from_here(request: HttpRequest) -> bool:
    """Say whether the browser itself vouches that one of our own pages sent this."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(source).netloc == request.get_host()
