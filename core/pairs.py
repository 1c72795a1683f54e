"""Find words anywhere in a short text by an index: both are cut into pairs of neighbouring characters.

Trigrams would not do: most Chinese words are of two characters, and such an index cannot find them.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.lookups import DataContains
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import StrIndex, Upper
from django.db.models.lookups import GreaterThan


class Pairs(Func):
    """The pairs of a text, in capitals; index a column by `GinIndex(Pairs("name"), name=…)`."""

    function = "core_pairs"
    output_field = ArrayField(TextField())


def holds(field: str, words: str, *, often: bool = False) -> Q:
    """Return the condition that a column holds these words, case not counting: the same rows as `icontains`.

    By the index where the column has one; a single character, having no pair, is looked for in every row.
    Say `often` where many rows hold them and only the first in some order are wanted: the database, which
    takes words for rare, then walks in that order instead of gathering all of them.
    """
    if often or len(words) < 2:
        # Of a position the database knows nothing and takes it for usual.
        return Q(GreaterThan(StrIndex(Upper(F(field)), Upper(Value(words))), Value(0)))
    return Q(DataContains(Pairs(F(field)), Pairs(Value(words))), **{f"{field}__icontains": words})
