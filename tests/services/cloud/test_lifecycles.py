"""The tables of states of the market and the plans, every state with every verb."""

from typing import Any

import pytest

from core import calendar
from core.lifecycle import Lifecycle, TransitionRefused
from services.cloud.lifecycle.listings import APPEAL, LISTING
from services.cloud.lifecycle.onboarding import ONBOARDING, RATING, USE
from services.cloud.lifecycle.products import PRICE, PRODUCT
from services.cloud.models import (
    ListingState,
    OnboardingState,
    PriceVersion,
    ProductState,
    Rating,
    Sanction,
    UseCheck,
)
from tests.factories.accounts import UserFactory
from tests.factories.cloud import ListingFactory, ProductFactory, in_use, listed, plan, priced
from tests.factories.enterprises import Cast

pytestmark = pytest.mark.django_db

LISTING_ARROWS = {
    ("applied", "take_up"): "checking",
    ("applied", "decline"): "declined",
    ("checking", "decline"): "declined",
    ("checking", "approve"): "listed",
    ("declined", "apply_again"): "applied",
    ("listed", "suspend"): "suspended",
    ("suspended", "reinstate"): "listed",
    ("suspended", "lift_suspension"): "listed",
    ("listed", "remove"): "removed",
    ("suspended", "remove"): "removed",
    ("removed", "restore"): "checking",
}
PRODUCT_ARROWS = {
    ("draft", "review"): "reviewed",
    ("reviewed", "return_to_author"): "draft",
    ("delisted", "return_to_author"): "draft",
    ("reviewed", "list"): "listed",
    ("delisted", "list"): "listed",
    ("listed", "delist"): "delisted",
}
PRICE_ARROWS = {("proposed", "approve"): "approved", ("proposed", "refuse"): "refused"}
APPEAL_ARROWS = {("none", "appeal"): "open", ("open", "uphold"): "upheld", ("open", "lift"): "lifted"}
ONBOARDING_ARROWS = {
    ("active", "finish"): "finished",
    ("finished", "reopen"): "active",
    ("active", "stop"): "stopped",
}
USE_ARROWS = {
    ("due", "hand_in"): "handed_in",
    ("returned", "hand_in"): "handed_in",
    ("handed_in", "accept"): "accepted",
    ("handed_in", "give_back"): "returned",
}
RATING_ARROWS = {("shown", "hide"): "hidden", ("hidden", "show"): "shown"}


def try_verb(table: Lifecycle, row: Any, verb: str, target: str | None, **changes: Any) -> None:
    """Apply a verb; it must lead to `target`, or be refused when there is none."""
    if target is None:
        with pytest.raises(TransitionRefused):
            table.apply(row, verb, by=None, reason="有误", **changes)
    else:
        assert getattr(table.apply(row, verb, by=None, reason="有误", **changes), table.field) == target


@pytest.mark.parametrize("verb", LISTING.transitions)
@pytest.mark.parametrize("state", ListingState.values)
def test_every_state_of_a_provider_with_every_verb(state: str, verb: str) -> None:
    try_verb(LISTING, listed(state=state), verb, LISTING_ARROWS.get((state, verb)))


@pytest.mark.parametrize("verb", PRODUCT.transitions)
@pytest.mark.parametrize("state", ProductState.values)
def test_every_state_of_a_product_with_every_verb(state: str, verb: str) -> None:
    product = ProductFactory(state=state, reviewed_by=UserFactory(), reviewed_at=calendar.now())

    try_verb(PRODUCT, product, verb, PRODUCT_ARROWS.get((state, verb)))


@pytest.mark.parametrize("verb", PRICE.transitions)
@pytest.mark.parametrize("state", PriceVersion.State.values)
def test_every_state_of_a_price_with_every_verb(state: str, verb: str) -> None:
    try_verb(PRICE, priced(ProductFactory(), state=state), verb, PRICE_ARROWS.get((state, verb)))


@pytest.mark.parametrize("verb", APPEAL.transitions)
@pytest.mark.parametrize("state", Sanction.Appeal.values)
def test_every_state_of_an_appeal_with_every_verb(state: str, verb: str) -> None:
    row = Sanction.objects.create(
        listing=ListingFactory(), kind="warning", reason_zh="迟", imposed_on=calendar.today(),
        imposed_by=UserFactory(), appeal=state, appeal_text="不对",
    )  # fmt: skip

    try_verb(APPEAL, row, verb, APPEAL_ARROWS.get((state, verb)))


@pytest.mark.parametrize("verb", ONBOARDING.transitions)
@pytest.mark.parametrize("state", OnboardingState.values)
def test_every_state_of_a_plan_with_every_verb(cast: Cast, state: str, verb: str) -> None:
    row = plan(cast.enterprise, cast.li)
    type(row).objects.filter(pk=row.pk).update(
        state=state, ended_at=None if state == "active" else calendar.now()
    )
    ended_at = None if verb == "reopen" else calendar.now()

    try_verb(ONBOARDING, row, verb, ONBOARDING_ARROWS.get((state, verb)), ended_at=ended_at)


@pytest.mark.parametrize("verb", USE.transitions)
@pytest.mark.parametrize("state", UseCheck.State.values)
def test_every_state_of_a_use_check_with_every_verb(cast: Cast, state: str, verb: str) -> None:
    check = in_use(cast.enterprise, cast.li)
    UseCheck.objects.filter(pk=check.pk).update(state=state, people=3, decided_by=UserFactory())

    try_verb(USE, check, verb, USE_ARROWS.get((state, verb)))


@pytest.mark.parametrize("verb", RATING.transitions)
@pytest.mark.parametrize("state", Rating.State.values)
def test_every_state_of_a_rating_with_every_verb(cast: Cast, state: str, verb: str) -> None:
    check = in_use(cast.enterprise, cast.li)
    row = Rating.objects.create(onboarding=check.onboarding, listing=listed(), score=4, state=state)

    try_verb(RATING, row, verb, RATING_ARROWS.get((state, verb)))
