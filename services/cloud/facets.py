"""By what the cloud catalogue can be narrowed."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.facets import Facet
from services.cloud import wording
from services.cloud.models import Need, Tier
from services.cloud.shelf import NO_TIER, Shown

# First year of one unit, set-up included, up to and including so many fen.
_STEPS = (("free", 0), ("1000", 100_000), ("5000", 500_000), ("20000", 2_000_000))


def price_step(row: Shown) -> str:
    """Return the step of price a product stands in."""
    return next((code for code, up_to in _STEPS if row.yearly_fen <= up_to), "more")


FACETS = (
    Facet("need", _("What you want to get done"), dict(Need.choices), lambda row: row.product.needs),
    Facet("category", _("Category"), dict(wording.CATEGORY_SHORT), lambda row: [row.product.category]),
    Facet(
        "price",
        _("First year for one"),
        {
            "free": _("free of charge"),
            "1000": _("up to ¥1,000"),
            "5000": _("over ¥1,000, up to ¥5,000"),
            "20000": _("over ¥5,000, up to ¥20,000"),
            "more": _("over ¥20,000"),
        },
        lambda row: [price_step(row)],
    ),
    Facet("exit", _("Leaving again"), dict(wording.LEVELS), lambda row: [row.lock_in.level]),
    Facet(
        "tier",
        _("Tier of the provider"),
        {**dict(Tier.choices), NO_TIER: pgettext_lazy("tier of a provider", "no tier")},
        lambda row: [row.tier_code],
    ),
)
