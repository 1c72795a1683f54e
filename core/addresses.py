"""The addresses of pages without parts of their own, remembered for each language."""

from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language


def of(name: str) -> str:
    """Return the address of a page by its URL name, in the reader's language; raises NoReverseMatch."""
    return _of(name, get_language(), settings.ROOT_URLCONF)


@lru_cache(maxsize=500)
def _of(name: str, _language: str | None, _urlconf: str) -> str:
    # The frame of a page has fifty addresses, and to work one out takes as long as several lines of it.
    return reverse(name)
