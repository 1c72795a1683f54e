"""Codes of this room in words: prices with unit and period, terms, lock-in."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from core import money
from services.cloud import lock_in
from services.cloud.estimating import Wanted
from services.cloud.models import Category, CloudProduct, ExportFormat, Need, PriceVersion, TierAward

CATEGORY_SHORT = {
    Category.INFRASTRUCTURE.value: pgettext_lazy("category of a product", "infrastructure"),
    Category.PLATFORM.value: pgettext_lazy("category of a product", "platform"),
    Category.APPLICATION.value: pgettext_lazy("category of a product", "application"),
}
LEVELS = {
    "easy": pgettext_lazy("lock-in", "easy to leave"),
    "middle": pgettext_lazy("lock-in", "can be left with effort"),
    "hard": pgettext_lazy("lock-in", "hard to leave"),
}
POINTS = {
    lock_in.EXPORT: gettext_lazy("taking your data out"),
    lock_in.NOTICE: gettext_lazy("notice to leave"),
    lock_in.MINIMUM: gettext_lazy("shortest contract"),
    lock_in.KEEPS: gettext_lazy("data kept after the end"),
    lock_in.FEE: gettext_lazy("fee to leave"),
}
_EACH = {
    ("enterprise", "once"): gettext_lazy("¥%(yuan)s per enterprise, once"),
    ("enterprise", "month"): gettext_lazy("¥%(yuan)s per enterprise and month"),
    ("enterprise", "year"): gettext_lazy("¥%(yuan)s per enterprise and year"),
    ("account", "once"): gettext_lazy("¥%(yuan)s per account, once"),
    ("account", "month"): gettext_lazy("¥%(yuan)s per account and month"),
    ("account", "year"): gettext_lazy("¥%(yuan)s per account and year"),
    ("server", "once"): gettext_lazy("¥%(yuan)s per server, once"),
    ("server", "month"): gettext_lazy("¥%(yuan)s per server and month"),
    ("server", "year"): gettext_lazy("¥%(yuan)s per server and year"),
    ("machine", "once"): gettext_lazy("¥%(yuan)s per connected machine, once"),
    ("machine", "month"): gettext_lazy("¥%(yuan)s per connected machine and month"),
    ("machine", "year"): gettext_lazy("¥%(yuan)s per connected machine and year"),
    ("gigabyte", "once"): gettext_lazy("¥%(yuan)s per 100 GB, once"),
    ("gigabyte", "month"): gettext_lazy("¥%(yuan)s per 100 GB and month"),
    ("gigabyte", "year"): gettext_lazy("¥%(yuan)s per 100 GB and year"),
}


def price(row: PriceVersion) -> str:
    """Say a price with its unit and period: "¥1,200 per account and year"."""
    if row.price_fen == 0 and row.setup_fen == 0:
        return _("free of charge")
    return str(_EACH[row.unit, row.period]) % {"yuan": money.in_yuan(row.price_fen)}


def set_up(row: PriceVersion) -> str:
    """Say what is paid once at the beginning."""
    return _("¥%(yuan)s once") % {"yuan": money.in_yuan(row.setup_fen)} if row.setup_fen else _("none")


def first_year(row: PriceVersion) -> str:
    """Say what one unit costs in the first twelve months, set-up included."""
    return _("¥%(yuan)s") % {"yuan": money.in_yuan(row.yearly_fen)}


def listed(words: list[str]) -> str:
    return pgettext("between items of a list", ", ").join(words)


def tier(award: TierAward | None) -> str:
    """Say a tier with its last day, or that there is none."""
    if award is None:
        return pgettext("tier of a provider", "no tier")
    return _("%(tier)s until %(day)s") % {"tier": award.get_tier_display(), "day": award.ends_on.isoformat()}


def lock_in_score(found: lock_in.Reckoning) -> str:
    return _("%(score)s, %(level)s") % {"score": found.score, "level": LEVELS[found.level]}


def needs(product: CloudProduct) -> list[str]:
    return [str(Need(code).label) for code in product.needs if code in Need.values]


def exports(product: CloudProduct) -> str:
    """Say how data can be taken out; "" when the provider has not said."""
    codes = [code for code in product.export_formats if code in ExportFormat.values]
    return listed([str(ExportFormat(code).label) for code in codes])


def days(number: int | None) -> str:
    """Say a number of calendar days; "" when not stated."""
    if number is None:
        return ""
    return ngettext("%(count)s day", "%(count)s days", number) % {"count": number}


def months(number: int | None) -> str:
    """Say a number of months; "" when not stated."""
    if number is None:
        return ""
    if number == 0:
        return _("none")
    return ngettext("%(count)s month", "%(count)s months", number) % {"count": number}


def exit_fee(product: CloudProduct) -> str:
    """Say what leaving costs; "" when not stated."""
    if product.exit_fee_fen is None:
        return ""
    if product.exit_fee_fen == 0:
        return _("none")
    return _("¥%(yuan)s") % {"yuan": money.in_yuan(product.exit_fee_fen)}


def yuan(fen: int) -> str:
    return _("¥%(yuan)s") % {"yuan": money.in_yuan(fen)}


def over_years(wanted: Wanted) -> str:
    """Say what a sum is for: "In all, for 10 over 3 years"."""
    words = ngettext(
        "In all, for %(count)s over %(years)s year",
        "In all, for %(count)s over %(years)s years",
        wanted.years,
    )
    return words % {"count": wanted.count, "years": wanted.years}
