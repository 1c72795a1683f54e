"""Proof of real use, and the rating that only a verified order opens."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core import calendar
from core.files import FileRefused
from notifications.models import Notification
from services.cloud import rating, tasks
from services.cloud.actions import ratings, reviewing, use
from services.cloud.models import Listing, Onboarding, Rating, UseCheck
from tests.factories import vouchers
from tests.factories.cloud import in_use, staff
from tests.factories.enterprises import Cast
from tests.factories.files import upload

pytestmark = pytest.mark.django_db


def told(kind: str) -> list[int | None]:
    rows = Notification.objects.filter(kind=f"cloud.{kind}").order_by("pk")
    return [row.recipient_id for row in rows]


def accepted(cast: Cast) -> UseCheck:
    check = use.hand_in(in_use(cast.enterprise, cast.li), people=5, words="记账", by=cast.li)
    return use.accept(check, by=staff("triage_officer"))


def test_a_proof_goes_from_the_enterprise_to_staff_and_back(cast: Cast) -> None:
    chen = staff("triage_officer")
    check = use.hand_in(in_use(cast.enterprise, cast.li), people=5, words="记账", by=cast.li)

    use.give_back(check, reason="截图看不清", by=chen)
    use.hand_in(check, people=6, words="记账", by=cast.wang)
    done = use.accept(check, by=chen)

    assert (done.state, done.people, done.decided_by, done.return_reason) == ("accepted", 6, chen, "")
    assert told("use_decided") == [cast.li.pk, cast.wang.pk] * 2


def test_a_proof_needs_a_file_and_its_time(cast: Cast) -> None:
    early = in_use(cast.enterprise, cast.li, days=0)
    with pytest.raises(ValidationError, match=str(early.due_on)):
        use.hand_in(early, people=5, words="记账", by=cast.li)
    early.due_on = calendar.today()
    early.evidence.all().delete()

    with pytest.raises(ValidationError):
        use.hand_in(early, people=5, words="记账", by=cast.li)


def test_ten_files_are_enough(cast: Cast) -> None:
    check = in_use(cast.enterprise, cast.li)
    use.add_evidence(check, [upload() for _number in range(9)], by=cast.li)

    with pytest.raises(FileRefused):
        use.add_evidence(check, [upload()], by=cast.li)


def test_a_proof_is_asked_for_once_also_by_a_late_run(cast: Cast) -> None:
    in_use(cast.enterprise, cast.li, days=200)

    assert (tasks.follow_plans(), tasks.follow_plans()) == (1, 0)
    assert told("use_due") == [cast.li.pk, cast.wang.pk]


def test_a_visit_is_kept_and_decides_nothing(cast: Cast) -> None:
    check = in_use(cast.enterprise, cast.li)

    use.visit(check, visited_on=calendar.today(), visit_note="五人在用", by=staff("county_reviewer"))

    check.refresh_from_db()
    assert (check.state, check.visit_note) == ("due", "五人在用")
    with pytest.raises(ValidationError):
        use.visit(check, visited_on=calendar.today() + timedelta(days=1), visit_note="x", by=None)


def test_only_a_verified_order_rates_and_only_once(cast: Cast) -> None:
    check = in_use(cast.enterprise, cast.li)
    with pytest.raises(ValidationError):
        ratings.rate(check.onboarding, score=5, words="", by=cast.li)
    use.accept(use.hand_in(check, people=5, words="记账", by=cast.li), by=staff("triage_officer"))

    row = ratings.rate(check.onboarding, score=4, words="还行", by=cast.li)

    assert told("rated") == [row.listing.representative_id]
    with pytest.raises(ValidationError):
        ratings.rate(check.onboarding, score=1, words="", by=cast.wang)


def test_a_confirmed_voucher_claim_makes_the_order_verified_a_mere_claim_does_not() -> None:
    people = vouchers.staff()
    claimed = vouchers.in_state("claimed", people)
    assert claimed.declared_by
    plan = Onboarding.objects.get(enterprise=claimed.enterprise, product=claimed.product)
    with pytest.raises(ValidationError):
        ratings.rate(plan, score=5, words="", by=claimed.declared_by)

    reviewing.verify(claimed, by=people.checker)

    row = ratings.rate(plan, score=5, words="好用", by=claimed.declared_by)
    assert claimed.product
    assert row.listing.provider_id == claimed.product.provider_id


def test_the_provider_replies_once(cast: Cast) -> None:
    row = ratings.rate(accepted(cast).onboarding, score=2, words="慢", by=cast.li)

    ratings.reply(row, text="已加人手", by=row.listing.representative)

    assert told("rating_replied") == [cast.li.pk, cast.wang.pk]
    with pytest.raises(ValidationError):
        ratings.reply(row, text="再说", by=row.listing.representative)


def test_a_hidden_rating_does_not_count(cast: Cast) -> None:
    row = ratings.rate(accepted(cast).onboarding, score=2, words="骂人", by=cast.li)
    listing = Listing.objects.get(pk=row.listing_id)
    assert (str(rating.summary(listing).mean), rating.summary(listing).count) == ("2.0", 1)

    ratings.hide(row, reason="侮辱", by=staff("triage_lead"))

    assert rating.summary(listing) == rating.Summary(None, 0)


@pytest.mark.parametrize("score", [0, 6])
def test_the_database_keeps_ratings_between_1_and_5(cast: Cast, score: int) -> None:
    check = accepted(cast)
    listing = rating.rated_provider(check.onboarding)

    with pytest.raises(IntegrityError, match="rating_1_to_5"), transaction.atomic():
        Rating.objects.create(onboarding=check.onboarding, listing=listing, score=score)
