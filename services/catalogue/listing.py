"""Which offerings a visitor sees.

A self-service is listed once its page exists; until then it is live, and counted, but leads nowhere.
"""

from collections import Counter
from collections.abc import Collection

from django.urls import NoReverseMatch, reverse

from enterprises.models import Enterprise
from services.catalogue import eligibility
from services.catalogue.models import Offering, Provider


def page_url(offering: Offering) -> str:
    """Return the address of a self-service's page in the present language, or '' while it is not built."""
    if not offering.page:
        return ""
    try:
        return reverse(offering.page)
    except NoReverseMatch:
        return ""


def is_reachable(offering: Offering) -> bool:
    return not offering.is_self_service or page_url(offering) != ""


def listed() -> list[Offering]:
    """Return every offering a visitor sees, in catalogue order, with its provider; one query."""
    return [row for row in Offering.objects.listed().select_related("provider") if is_reachable(row)]


def counts_by_group() -> dict[str, int]:
    """Return how many listed offerings each group has, for the module cards of other pages."""
    return dict(Counter(offering.group for offering in listed()))


def helping_with(capabilities: Collection[str]) -> list[Offering]:
    """Return what can be requested now and has one of these capabilities, free ones first; one query."""
    found = Offering.objects.can_be_requested().filter(capabilities__code__in=capabilities).distinct()
    return list(found.select_related("provider").order_by("-is_free", "position", "slug"))


def of_provider(provider: Provider) -> list[Offering]:
    """Return what a visitor sees of one provider, in catalogue order; one query."""
    rows = Offering.objects.listed().filter(provider=provider).select_related("provider")
    return [row for row in rows if is_reachable(row)]


def next_best(
    offering: Offering | None, group: str = "", *, enterprise: Enterprise | None = None
) -> Offering | None:
    """Suggest what to offer instead: the first other offering of the same group that can be requested.

    What is known to be closed to `enterprise` is passed over; at most one query more.
    """
    others = Offering.objects.can_be_requested().in_group(offering.group if offering else group)
    if offering is not None:
        others = others.exclude(pk=offering.pk)
    others = others.order_by("-is_free", "position")
    if enterprise is None:
        return others.first()
    known = enterprise.facts.known()
    return next((row for row in others if not eligibility.is_closed_to(row, enterprise, known)), None)
