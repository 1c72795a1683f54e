"""Addresses: of pages without parts of their own (remembered by language), of a list, of the way back."""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language


def of(name: str) -> str:
    """Return the address of a page by its URL name, in the reader's language; raises NoReverseMatch."""
    return _of(name, get_language(), settings.ROOT_URLCONF)


@lru_cache(maxsize=500)
def _of(name: str, _language: str | None, _urlconf: str) -> str:
    # The frame of a page has fifty addresses, and to work one out takes as long as several lines of it.
    return reverse(name)


def of_page(request: HttpRequest, number: int) -> str:
    """Return the address of another page of the list that is asked for, narrowed as it is."""
    query = request.GET.copy()
    query.pop("page", None)
    if number > 1:
        query["page"] = str(number)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def way_back(request: HttpRequest) -> str:
    """Return the page of ours that a form names as `next`; the front page for any other."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else of("home")
