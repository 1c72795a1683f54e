"""Cloud providers, products with a price, and plans; two people stand behind each entry."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import factory

from accounts.models import User
from core import calendar
from enterprises.models import Enterprise
from services.cloud import clocks
from services.cloud.actions import onboarding
from services.cloud.models import (
    CloudProduct,
    Listing,
    ListingCheck,
    Onboarding,
    PriceVersion,
    TierAward,
    UseCheck,
    UseEvidence,
)
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import ProviderFactory
from tests.factories.files import stored


class ListingFactory(factory.django.DjangoModelFactory):
    """A provider that has applied; it speaks for itself."""

    class Meta:
        model = Listing

    provider = factory.SubFactory(ProviderFactory, kind="cloud_provider")
    representative = factory.SubFactory(UserFactory)
    about_zh = "出租服务器。"


def staff(role: str) -> User:
    return UserFactory(name=role.title(), roles=[role])


def passed(**more: Any) -> dict[str, Any]:
    """Return a check that finds every point in order."""
    return {**dict.fromkeys(ListingCheck.POINTS, "met"), **more}


def listed(**more: Any) -> Listing:
    """Make a listed provider of tier 2, checked by one person and listed by another."""
    today = calendar.today()
    checker, approver = UserFactory(), UserFactory()
    until = clocks.a_year_after(today)
    given = {
        "state": "listed",
        "checked_by": checker,
        "listed_by": approver,
        "listed_on": today,
        "recheck_on": until,
    }
    row = ListingFactory(**{**given, **more})
    ListingCheck.objects.create(listing=row, by=checker, done_on=today, holds_until=until, **passed())
    TierAward.objects.create(
        listing=row, tier="second", awarded_on=today, ends_on=until, reason="首次", by=approver
    )
    return row


class ProductFactory(factory.django.DjangoModelFactory):
    """A draft of a listed provider, with its exit terms."""

    class Meta:
        model = CloudProduct

    slug = factory.Sequence(lambda n: f"product-{n:05}")
    provider = factory.LazyFunction(lambda: listed().provider)
    category = "application"
    needs = factory.LazyFunction(lambda: ["office"])
    name_zh = factory.Sequence(lambda n: f"在线办公{n}")
    name_en = factory.Sequence(lambda n: f"Online office {n}")
    summary_zh = "文档和会议。"
    export_formats = factory.LazyFunction(lambda: ["csv"])
    notice_days = 30
    minimum_months = 12
    keeps_data_days = 30
    exit_fee_fen = 0
    exit_terms_zh = "随时可以导出。"


def priced(product: CloudProduct, fen: int = 120_000, on: date | None = None, **more: Any) -> PriceVersion:
    """Give a product an approved price, from a month ago on when no day is said."""
    given = {
        "unit": "account",
        "period": "year",
        "eligible_percent": Decimal(60),
        "state": "approved",
        "decided_by": UserFactory(),
        "decided_at": calendar.now(),
    }
    return PriceVersion.objects.create(
        product=product,
        price_fen=fen,
        valid_from=on or calendar.today() - timedelta(days=30),
        **{**given, **more},
    )


def on_sale(fen: int = 120_000, **more: Any) -> CloudProduct:
    """Make a product that can be chosen today."""
    moment = calendar.now()
    product = ProductFactory(
        state="listed", reviewed_by=UserFactory(), reviewed_at=moment, listed_at=moment, **more
    )
    priced(product, fen)
    return product


def plan(enterprise: Enterprise, by: User, product: CloudProduct | None = None) -> Onboarding:
    return onboarding.start(enterprise, starting_point="software", product=product, by=by)


def in_use(enterprise: Enterprise, by: User, days: int = 31) -> UseCheck:
    """Make the 30-day check of a plan whose product has been in use for so many days, with one file."""
    row = plan(enterprise, by, on_sale())
    onboarding.tick(row.steps.get(code="live"), by=by)
    check = row.use_checks.get(day=30)
    check.due_on -= timedelta(days=days)
    check.save(update_fields=["due_on"])
    UseEvidence.objects.create(check_of_use=check, file=stored(by))
    return check
