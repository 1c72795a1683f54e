from datetime import date

import pytest
from django.db import transaction

from core.models import Counter
from enterprises.models import Region
from services.catalogue.models import Group
from services.requests import actions, triage
from services.requests.actions import Question
from services.requests.models import Priority, ServiceRequest
from tests.factories.catalogue import OfferingFactory
from tests.factories.enterprises import Cast
from tests.factories.requests import submitted

DAY = date(2026, 9, 22)


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("QD-260922-0417", "QD-260922-0417"),
        ("qd 260922 0417", "QD-260922-0417"),
        ("ＱＤ－２６０９２２－０４１７", "QD-260922-0417"),
        ("QD2609220417", "QD-260922-0417"),
        ("QD-260922-10417", "QD-260922-10417"),
        ("260922-0417", ""),
        ("QD-260922-041", ""),
        ("QD-26O922-0417", ""),
        ("", ""),
        ("QD-２６0922-٠٤١٧", ""),
    ],
)
def test_a_reference_is_read_however_it_is_typed(typed: str, reference: str) -> None:
    assert triage.tidy_reference(typed) == reference


@pytest.mark.django_db
def test_references_count_up_within_a_day() -> None:
    given = [triage.next_reference(DAY), triage.next_reference(DAY), triage.next_reference(date(2026, 9, 23))]

    assert given == ["QD-260922-0001", "QD-260922-0002", "QD-260923-0001"]


@pytest.mark.django_db
def test_a_reference_of_a_failed_submission_is_given_again() -> None:
    with transaction.atomic():
        triage.next_reference(DAY)
        transaction.set_rollback(True)

    assert triage.next_reference(DAY) == "QD-260922-0001"


@pytest.mark.django_db
def test_more_than_9999_a_day_get_longer_references() -> None:
    Counter.objects.create(series="requests:260922", last=9999)

    assert triage.next_reference(DAY) == "QD-260922-10000"


@pytest.mark.django_db
def test_a_request_goes_to_the_queue_of_its_group_and_the_region_of_its_enterprise(cast: Cast) -> None:
    cast.enterprise.region = Region.objects.get(code="370202")
    cast.enterprise.save(update_fields=["region"])
    row = submitted(cast.li, cast.enterprise, OfferingFactory(group=Group.CLOUD))

    assert triage.queue(row) == {"group": "cloud", "region_id": "370202"}


@pytest.mark.django_db
def test_a_question_keeps_the_field_that_was_chosen() -> None:
    row = actions.ask_question(Question("补贴", "怎么申请？", contact_email="a@b.example", group="policy"))

    assert triage.queue(row) == {"group": "policy", "region_id": None}


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "priority"), [(0, Priority.HIGH), (2, Priority.HIGH), (3, Priority.NORMAL)])
def test_what_is_promised_within_two_days_stands_in_front(cast: Cast, days: int, priority: Priority) -> None:
    row = submitted(cast.li, cast.enterprise, OfferingFactory(turnaround_days=days))

    assert triage.priority(row) == priority


@pytest.mark.django_db
def test_routing_happens_once(cast: Cast) -> None:
    submitted(cast.li, cast.enterprise)

    assert (actions.route_new(), actions.route_new()) == (1, 0)
    assert ServiceRequest.objects.awaiting_routing().count() == 0
