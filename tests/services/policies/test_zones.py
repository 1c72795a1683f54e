"""A zone as a condition of an item: on the page, in the quiz, in the dry run, at the desk."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core import calendar
from enterprises import actions as enterprise_actions
from enterprises.actions import Statement
from enterprises.models import Zone
from services.policies import answering, fitting, linting, questions, reach, readback, sorting, visitor
from services.policies.forms.desk import ItemForm
from services.policies.matching import match_all
from services.policies.models import ItemCriteria, PolicyItem, PolicyNotice
from services.policies.sorting import Group
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import Cast, EnterpriseFactory, ZoneFactory, cast
from tests.factories.policies import AT_MOST_300, IN_QINGDAO, ItemFactory, NoticeFactory, gate, published

pytestmark = pytest.mark.django_db

IN_ZONE = gate("zone", "has_any", "qd-ftz")


@pytest.fixture(autouse=True)
def free_trade() -> Zone:
    # The real notices ask for other things.
    ItemCriteria.objects.all().delete()
    return ZoneFactory(code="qd-ftz", from_on=date(2019, 8, 31), places=[{"region_id": "370211"}])


@pytest.fixture
def people() -> Cast:
    return cast()


def record(enterprise: Any, values: dict[str, Any]) -> None:
    statements = [Statement(code, value) for code, value in values.items()]
    enterprise_actions.record_facts(enterprise, statements, source="self", on=calendar.today(), by=None)


def lathes(*criteria: dict[str, Any]) -> PolicyNotice:
    return published(slug="lathes", items=[{"criteria": list(criteria) or [IN_ZONE]}])


def test_the_condition_is_read_back_in_both_languages() -> None:
    told = dict(readback.in_both([IN_ZONE, AT_MOST_300]))

    assert told["English"] == "Enterprises in the zone Qingdao free-trade area, with at most 300 people."
    assert "青岛自贸片区" in told["中文"]


def test_the_editor_keeps_a_zone_as_it_was_chosen() -> None:
    item = ItemFactory(criteria=[IN_QINGDAO, IN_ZONE])

    form = ItemForm(instance=item)

    assert (form.initial["zones"], form.kept) == (["qd-ftz"], [])
    assert ("qd-ftz", "青岛自贸片区 (qd-ftz)") in form.fields["zones"].choices


def test_only_those_known_to_lie_in_the_zone_are_matched(people: Cast) -> None:
    item = lathes().items.get()
    record(people.enterprise, {"region": "370211", "zone.qd-ftz": True})
    record(people.other, {"region": "370211"})
    record(EnterpriseFactory(), {"region": "370202"})

    match_all(item, calendar.today())

    assert list(item.matches.values_list("enterprise__name", flat=True)) == [people.enterprise.name]


def test_the_page_of_the_notice_asks_an_owner_of_the_district(client: Client, people: Cast) -> None:
    lathes()
    record(people.enterprise, {"region": "370211"})
    sign_in(client, people.li)

    page = client.get("/en/policies/lathes/").content.decode()

    assert "Lies in: Qingdao free-trade area" in page
    assert reverse("enterprises:profile") in page


def test_the_dry_run_tells_apart_who_is_outside_and_who_may_be_in(people: Cast) -> None:
    item = lathes().items.get()
    record(people.enterprise, {"region": "370211", "zone.qd-ftz": True})
    record(people.other, {"region": "370211"})
    for values in ({"region": "370202"}, {"region": "370211", "zone.qd-ftz": False}, {}):
        record(EnterpriseFactory(), {"employees": 5, **values})

    found = reach.of_item(item, calendar.today())

    [barrier] = found.barriers
    assert (found.total, barrier.alone, barrier.unknown) == (1, 2, 2)


def test_the_quiz_asks_for_the_zone_and_says_what_it_settled(client: Client) -> None:
    lathes()
    reader = visitor.of_answers({"region": "370211"})
    today = calendar.today()
    translation.activate("en")

    plan = questions.plan(reader, today)
    page = client.get("/en/policies/quiz/?ask=zone.qd-ftz")
    after = visitor.of_answers({"region": "370211", "zone.qd-ftz": True})

    assert [one.fact for one in plan.questions] == ["zone.qd-ftz"]
    assert "Does your enterprise lie in Qingdao free-trade area?" in page.content.decode()
    assert answering.settled_by(reader, after, today).startswith("This answer settled 1 item. It fits you:")


def test_who_is_elsewhere_is_not_one_step_away() -> None:
    lathes()

    found = sorting.sort(visitor.of_answers({"region": "370202"}), calendar.today(), limit=5)

    assert (found.count(Group.NEAR), found.count(Group.NOT)) == (0, 1)


def test_what_a_guest_said_of_a_zone_is_shown_again() -> None:
    translation.activate("en")

    given = answering.answers_in_words({"zone.qd-ftz": True, "zone.": True})

    assert [(one.label, one.value) for one in given] == [("Qingdao free-trade area", "lies in it")]


@pytest.mark.parametrize(
    ("criteria", "days", "codes"),
    [
        ([IN_ZONE], {}, []),
        ([IN_ZONE, IN_QINGDAO], {}, []),
        ([IN_ZONE, gate("region", "within", "370100")], {}, ["zone_outside_regions"]),
        ([IN_ZONE], {"until_on": date(2020, 1, 1)}, ["zone_not_there"]),
        ([gate("zone", "has_any", "nowhere")], {}, ["zone_not_there"]),
    ],
)
def test_the_linter_looks_at_zones(
    free_trade: Zone, criteria: list[dict[str, Any]], days: dict[str, date], codes: list[str]
) -> None:
    Zone.objects.update(**days or {"basis": ""})
    notice = NoticeFactory()
    ItemFactory(notice=notice, criteria=criteria)

    found = [one.code for one in linting.warnings(notice, calendar.today())]

    assert [code for code in found if code.startswith("zone")] == codes


def test_a_test_enterprise_can_say_that_it_lies_in_a_zone(client: Client) -> None:
    notice = NoticeFactory(author=UserFactory(roles=["publisher"]))
    item: PolicyItem = ItemFactory(notice=notice, criteria=[IN_ZONE])
    sign_in(client, notice.author)

    page = reverse("admin:policies_policynotice_examples", args=[notice.pk])
    looked = client.get(page)

    assert looked.status_code == 200
    assert "qd-ftz" in looked.content.decode()
    assert item.examples.count() == 0


def test_what_fits_names_the_zone(people: Cast) -> None:
    lathes()
    record(people.enterprise, {"region": "370211", "zone.qd-ftz": True})

    found = fitting.outcome(visitor.of_enterprise(people.enterprise), calendar.today())

    assert [one.url for one in found.met] == ["/policies/lathes/"]
