from typing import Any

import pytest
from django.db.models import OuterRef

from core import nested
from enterprises.models import Enterprise
from services.requests.models import ServiceRequest
from tests.factories.enterprises import cast
from tests.factories.requests import submitted

pytestmark = pytest.mark.django_db


def test_rows_come_back_with_what_was_gathered_of_them_and_of_those_beside(
    django_assert_num_queries: Any,
) -> None:
    people = cast()
    rows = [submitted(people.li, people.enterprise) for _number in range(2)]
    asked = ServiceRequest.objects.filter(enterprise=OuterRef("pk")).order_by("pk")
    columns = (
        "id",
        "subject",
        "submitted_at",
        "offering__id",
        "offering__name_zh",
        "holder__id",
        "holder__name",
    )

    with django_assert_num_queries(1):
        found = Enterprise.objects.values(asked=nested.gathered(asked, *columns)).get(pk=people.enterprise.pk)
        read = nested.rows(ServiceRequest, found["asked"])
        shown = [(row, row.subject, row.submitted_at, row.offering.name_zh, row.holder) for row in read]

    assert shown == [(row, row.subject, row.submitted_at, row.offering.name_zh, None) for row in rows]
    assert [row.reference for row in read] == [row.reference for row in rows]


def test_without_rows_there_are_none() -> None:
    assert nested.rows(ServiceRequest, None) == []
