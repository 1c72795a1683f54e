"""The board of those who make policy: who sees which part, and that small numbers are not told."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import misses
from services.policies import actions
from services.policies.models import Barrier, NoticeMeasure
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.enterprises import cast
from tests.factories.policies import AT_MOST_300, gate, published
from tests.factories.requests import in_state, officer

pytestmark = pytest.mark.django_db
FEW = "不足 5 家"
PARTS = ("opinions", "barriers", "funnels", "wishes", "searches")


def board(client: Client, *roles: str) -> Any:
    return sign_in(client, UserFactory(roles=list(roles))).get(reverse("admin:policy_board"))


def counted(slug: str, *, matched: int = 40, told: int = 4, alone: int = 312) -> None:
    notice = published(slug=slug, items=[{"criteria": [AT_MOST_300], "title_zh": f"补贴 {slug}"}])
    NoticeMeasure.objects.create(
        notice=notice,
        measured_at=timezone.now(),
        matched=matched,
        told=told,
        **dict.fromkeys(("opened", "asked", "saved", "applied", "obtained"), 0),
    )
    Barrier.objects.create(item=notice.items.get(), place=1, gate=AT_MOST_300, alone=alone)


def test_the_policymaker_sees_everything_at_one_place(client: Client) -> None:
    people = cast()
    in_state("refused", people.li, people.enterprise, officer("Chen"))
    counted("lathes")
    counted("small", matched=2, alone=4)
    actions.give_opinion(
        published(slug="said"), people.enterprise, topic="time", text="时间太短。", by=people.li
    )
    for _ in range(3):
        misses.note("policies", "氢能补贴")

    page = board(client, "policymaker")

    assert [(line.label, line.note, line.figures) for line in page.context["barriers"]] == [
        ("从业人员：不超过 300人", "补贴 lathes", ("312",))
    ]
    assert [line.figures[:3] for line in page.context["funnels"]] == [("40", FEW, "0"), (FEW, FEW, "0")]
    assert page.context["opinions"]["waiting"] == 1
    assert [wish.returned for wish in page.context["wishes"]] == [1]
    assert [one.words for one in page.context["searches"]] == ["氢能补贴"]
    assert "时间太短。" not in page.text


@pytest.mark.parametrize(
    ("role", "parts"),
    [
        ("policymaker", PARTS),
        ("reviewer", ("barriers", "funnels")),
        ("triage_lead", ("wishes", "searches")),
        ("auditor", PARTS),
    ],
)
def test_each_role_sees_its_parts(client: Client, role: str, parts: tuple[str, ...]) -> None:
    page = board(client, role)

    assert tuple(part for part in PARTS if page.context[part] is not None) == parts


@pytest.mark.parametrize("role", ["triage_officer", "county_reviewer", "administrator"])
def test_others_do_not_see_it(client: Client, role: str) -> None:
    assert board(client, role).status_code == 403


def test_a_condition_that_cannot_be_read_breaks_nothing(client: Client) -> None:
    counted("lathes")
    Barrier.objects.update(gate=gate("nonsense", "at_least", 1))

    assert [line.figures for line in board(client, "policymaker").context["barriers"]] == [("312",)]


def test_the_board_of_the_day_leads_there(client: Client) -> None:
    page = sign_in(client, UserFactory(roles=["policymaker"])).get(reverse("admin:index"))

    assert {counter.code: counter.url for counter in page.context["counters"]} == {
        "opinions": reverse("admin:policies_opinion_changelist") + "?state__exact=new",
        "unmet": reverse("admin:policy_board"),
        "activity": reverse("admin:activity"),
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_the_board_asks_as_often_for_three_as_for_one(
    client: Client, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        counted(f"n{number}")
    meng = UserFactory(roles=["policymaker"])
    sign_in(client, meng).get(reverse("admin:policy_board"))

    with django_assert_num_queries(12):
        client.get(reverse("admin:policy_board"))
