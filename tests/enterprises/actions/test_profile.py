"""What the enterprise says of itself changes; what others confirmed stays."""

from datetime import date

from enterprises import actions
from enterprises.actions import Statement
from enterprises.models import EnterpriseFacet
from tests.factories.enterprises import Cast

FIGURES = ("employees", "revenue_wan")


def test_only_what_differs_is_written(people: Cast) -> None:
    for figure in ("85", "85", "90"):
        actions.update_profile(
            people.enterprise, [Statement("employees", figure)], covers=FIGURES, by=people.li
        )

    assert list(people.enterprise.facts.order_by("pk").values_list("value", "is_current")) == [
        (85, False),
        (90, True),
    ]


def test_a_figure_left_empty_is_unknown_again(people: Cast) -> None:
    actions.update_profile(people.enterprise, [Statement("employees", "85")], covers=FIGURES, by=people.li)

    actions.update_profile(people.enterprise, [], covers=FIGURES, by=people.li)

    assert people.enterprise.facts.known() == {}
    assert EnterpriseFacet.objects.get().employees is None


def test_what_staff_confirmed_is_neither_changed_nor_withdrawn(people: Cast) -> None:
    on = date(2026, 1, 1)
    actions.record_fact(people.enterprise, "employees", 85, source="staff", on=on, by=None)

    kept = actions.update_profile(
        people.enterprise, [Statement("employees", "12")], covers=FIGURES, by=people.li
    )
    actions.update_profile(people.enterprise, [], covers=FIGURES, by=people.li)

    assert [fact.value for fact in kept] == [12]
    assert people.enterprise.facts.known()["employees"].value == 85


def test_the_contact_changes_once(people: Cast) -> None:
    for _round in range(2):
        actions.update_contact(
            people.enterprise, contact_name="王芳", contact_phone="053285880000", by=people.li
        )

    people.enterprise.refresh_from_db()
    assert (people.enterprise.contact_name, people.enterprise.contact_phone) == ("王芳", "053285880000")
