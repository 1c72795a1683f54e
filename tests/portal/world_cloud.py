"""The cloud room's part of the world: Li's enterprise uses a product, and Li speaks for its provider."""

from services.cloud.actions import onboarding, ratings, sanctions, use
from services.cloud.models import Conversion, ConversionScheme, ConversionState, Onboarding
from tests.factories import conversions as conversion_factory
from tests.factories.cloud import in_use, staff
from tests.factories.enterprises import Cast
from tests.factories.files import upload
from tests.factories.vouchers import Staff, checked

OF_A_PLAN = ("plan", "choose", "stop", "step", "tick", "untick", "proof", "rate", "evidence")


def build(cast: Cast) -> tuple[dict[str, str], dict[str, int | str]]:
    """Return the values of the room's addresses and the rows of its desk."""
    check = in_use(cast.enterprise, cast.li)
    use.add_evidence(check, [upload("use.pdf")], by=cast.li)
    plan = check.onboarding
    assert plan.product
    listing = plan.product.provider.cloud_listing
    listing.representative = cast.li
    listing.save(update_fields=["representative"])
    sanction = sanctions.warn(listing, reason_zh="迟复", by=staff("city_reviewer"))
    rating = _rating(plan, cast)
    _bring_to_provider(plan, cast)
    reference, file = plan.reference, str(check.evidence.latest("pk").file.key)
    values = {
        **{f"cloud:{name} reference": reference for name in (*OF_A_PLAN, "provider_done")},
        **{f"cloud:{name} code": "contract" for name in ("step", "tick", "untick")},
        "cloud:provider_done code": "quotation",
        "cloud:proof day": "90",
        "cloud:evidence file": file,
        "cloud:desk_evidence file": file,
        "cloud:product slug": plan.product.slug,
        "cloud:provider slug": listing.provider.slug,
        "cloud:appeal key": str(sanction.key),
        "cloud:reply key": str(rating.key),
    }
    return values, {
        "cloud/listing": listing.pk,
        "cloud/sanction": sanction.pk,
        "cloud/cloudproduct": plan.product.pk,
        "cloud/priceversion": plan.product.prices.get().pk,
        "cloud/onboarding": plan.pk,
        "cloud/usecheck": check.pk,
        "cloud/rating": rating.pk,
    }


def _rating(plan: Onboarding, cast: Cast) -> ratings.Rating:
    check = plan.use_checks.get(day=30)
    use.accept(use.hand_in(check, people=5, words="记账", by=cast.li), by=staff("triage_officer"))
    return ratings.rate(plan, score=4, words="还行", by=cast.li)


def _bring_to_provider(plan: Onboarding, cast: Cast) -> None:
    """Tick what comes before the first step that waits for the provider."""
    turn = plan.steps.get(code="quotation").position
    for step in plan.steps.filter(position__lt=turn):
        onboarding.tick(step, by=cast.li)


def conversions(cast: Cast) -> dict[str, str]:
    """Give the values of the project pages: one of Li's in each state a page is about."""
    roles = ("county_reviewer", "city_reviewer", "city_reviewer", "finance_officer", "auditor")
    people = Staff(*map(staff, roles))
    pages = {
        ConversionState.INTENDED: ("assessed", "withdraw"),
        ConversionState.BASELINE: ("contract",),
        ConversionState.IN_PROGRESS: ("invoice",),
        ConversionState.RESULT: ("", "acceptance", "remove", "file", "desk_file"),
        ConversionState.ACCEPTED: ("reward",),
    }
    with checked(cast.enterprise):
        found = {
            state: conversion_factory.in_state(state, people, by=(cast.enterprise, cast.li))
            for state in pages
        }
    listed = found[ConversionState.RESULT].spending.get()
    return {
        **{
            f"cloud:conversion{f'_{page}' if page else ''} reference": found[state].reference
            for state, names in pages.items()
            for page in names
        },
        "cloud:conversion_begin scheme": conversion_factory.scheme(slug="scheme-free").slug,
        "cloud:conversion_remove key": str(listed.key),
        "cloud:conversion_file file": listed.invoice_file.key,
        "cloud:conversion_desk_file file": listed.invoice_file.key,
    }


def conversion_tables() -> dict[str, int | str]:
    """What the desk shows of the projects; built by `conversions` before."""
    return {
        "cloud/conversionscheme": ConversionScheme.objects.latest("pk").pk,
        "cloud/conversion": Conversion.objects.filter(filed_at__isnull=False).latest("pk").pk,
    }
