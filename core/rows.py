"""Words put in a row with the marks of the reader's language, in Chinese "、" and "；"."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(words: Iterable[object]) -> str:
    """Join the items of a list."""
    return pgettext("between items of a list", ", ").join(map(str, words))


def clauses(parts: Iterable[object]) -> str:
    """Join parts of a sentence that stand for themselves."""
    return pgettext("between clauses", "; ").join(map(str, parts))
