"""The generated province: the same each time, and such that the portal's own rules agree on it."""

import pytest

from bench.generator import enterprises, items, notices, requests, searches, texts
from bench.generator.rows import FIRST
from core import calendar
from core.criteria import Verdict
from enterprises import eligibility
from enterprises.criteria import read_criteria
from enterprises.models import EnterpriseFacet, Membership
from services.policies import alerting, indexing
from services.policies.matching import items_for
from services.policies.models import NoticeSearch, PolicyItem, PolicyNotice, SavedSearch
from services.requests.models import ServiceRequest

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture
def province():
    enterprises.fill(200)
    notices.fill(40, in_force=items.notices_of(50))
    items.fill(50)


def test_every_enterprise_has_a_facet_and_an_owner(province):
    owned = Membership.objects.owners().order_by("enterprise").values_list("enterprise", flat=True)

    assert list(owned) == list(range(FIRST, FIRST + 200))
    assert EnterpriseFacet.objects.filter(pk__in=owned).count() == 200


def test_the_same_seed_draws_the_same_enterprises():
    def drawn():
        return list(
            enterprises._facets(100, enterprises.districts(), enterprises._groups(), lambda region: None)
        )

    assert drawn() == drawn()


def test_both_evaluators_agree_on_what_was_drawn(province):
    today = calendar.today()
    drawn = PolicyItem.objects.filter(pk__gte=FIRST)

    by_item = {
        (facet.pk, item.pk)
        for item in drawn
        for facet in eligibility.select(read_criteria(item.criteria), today)
        if item.closes_on is None or item.closes_on >= today
    }
    by_enterprise = {
        (facet.pk, fit.item_id)
        for facet in EnterpriseFacet.objects.all()
        for fit in items_for(facet, today, worst=Verdict.MET)
        if fit.item_id >= FIRST
    }

    assert by_item == by_enterprise != set()


def test_the_search_rows_are_what_the_portal_itself_writes():
    notices.fill(20, in_force=5)
    rows = NoticeSearch.objects.filter(pk__gte=FIRST).order_by("pk")
    drawn = list(rows.values())

    for notice in PolicyNotice.objects.filter(pk__gte=FIRST):
        indexing.refresh(notice)

    assert len(drawn) == 20
    assert list(rows.values()) == drawn


def test_each_word_stands_in_its_share_of_the_notices():
    notices.fill(400, in_force=0)

    for words in texts.COMMON[:2]:
        assert 90 < PolicyNotice.objects.search(words).count() < 150


def test_saved_searches_find_a_notice():
    enterprises.fill(200)
    notices.fill(1, in_force=1)
    searches.fill(200)

    found = alerting.find_searches(FIRST, 1, calendar.now(), is_new=True)

    assert (SavedSearch.objects.count(), 0 < found < 200) == (200, True)


def test_only_the_newest_requests_are_open(province):
    requests.fill(30, still_open=10, of_enterprises=200)

    still_open = ServiceRequest.objects.open().order_by("pk").values_list("pk", flat=True)

    assert list(still_open) == list(range(FIRST + 20, FIRST + 30))
