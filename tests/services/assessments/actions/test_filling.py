"""A round is filled in together, finished once, and remembered."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.lifecycle import TransitionRefused
from enterprises.models import Fact
from notifications.models import Notification
from services.assessments import actions, benchmark
from services.assessments import answers as answering
from services.assessments.actions import AnotherWindow, AnswersRefused, NotReady, Reply
from services.assessments.models import Assessment, BenchmarkCell, State
from tests.factories.assessments import bank, draft, finished, middling, vector
from tests.factories.enterprises import Cast

pytestmark = pytest.mark.django_db


def section_of(assessment: Assessment, name: str):
    return assessment.framework.section(name)


def test_starting_twice_goes_on_with_the_same_round(cast: Cast) -> None:
    first = actions.start(cast.enterprise, bank(), by=cast.li)

    assert actions.start(cast.enterprise, bank(), by=cast.wang) == first
    assert actions.start(cast.other, bank(), by=cast.zhao) != first


def test_answers_are_kept_page_by_page_and_changed_ones_counted(cast: Cast) -> None:
    assessment = draft(cast.enterprise, cast.li)
    part = section_of(assessment, "results")

    first = actions.save_section(assessment, part, {"q12": Reply(("C",)), "q13": Reply(("B",))}, by=cast.li)
    seen = max(assessment.answer_rows.values_list("answered_at", flat=True))
    second = actions.save_section(
        assessment, part, {"q12": Reply(("C",)), "q13": Reply(())}, by=cast.li, seen=seen
    )

    assert (first, second) == (2, 1)
    assert answering.collect(assessment).answers == {"q12": ["C"]}


def test_an_answer_the_bank_does_not_know_changes_nothing(cast: Cast) -> None:
    assessment = draft(cast.enterprise, cast.li)

    with pytest.raises(AnswersRefused) as refused:
        actions.save_section(
            assessment,
            section_of(assessment, "results"),
            {"q12": Reply(("C",)), "q13": Reply(("Z",)), "q01": Reply(("B",))},
            by=cast.li,
        )

    assert [(one.item, one.code) for one in refused.value.problems] == [
        ("q13", "unknown_option"),
        ("q01", "unknown_item"),
    ]
    assert assessment.answer_rows.count() == 0


def test_what_another_window_has_changed_is_not_overwritten(cast: Cast) -> None:
    assessment = draft(cast.enterprise, cast.li)
    part = section_of(assessment, "results")
    actions.save_section(assessment, part, {"q12": Reply(("C",))}, by=cast.li)
    shown = assessment.answer_rows.get().answered_at

    with pytest.raises(AnotherWindow) as other:
        actions.save_section(
            assessment, part, {"q12": Reply(("A",))}, by=cast.li, seen=shown - timedelta(seconds=1)
        )

    assert other.value.at == shown
    assert answering.collect(assessment).answers == {"q12": ["C"]}
    assert actions.save_section(assessment, part, {"q12": Reply(("A",))}, by=cast.li, seen=shown) == 1


def test_the_newest_answer_counts_and_disagreement_shows(cast: Cast) -> None:
    assessment = draft(cast.enterprise, cast.li)
    part = section_of(assessment, "results")
    actions.save_section(assessment, part, {"q12": Reply(("C",)), "q13": Reply(("B",))}, by=cast.li)
    actions.save_section(assessment, part, {"q12": Reply(("A",)), "q13": Reply(("B",))}, by=cast.wang)

    collected = answering.collect(assessment)

    assert collected.answers == {"q12": ["A"], "q13": ["B"]}
    assert collected.disputed() == ["q12"]
    assert [str(row.respondent) for row in collected.others("q12", cast.li)] == ["Wang"]


def test_the_owner_of_a_part_is_told_and_decides(cast: Cast) -> None:
    assessment = draft(cast.enterprise, cast.li)
    part = section_of(assessment, "results")
    actions.give_section(assessment, part, cast.wang, by=cast.li)
    actions.save_section(assessment, part, {"q12": Reply(("A",))}, by=cast.wang)
    actions.save_section(assessment, part, {"q12": Reply(("C",))}, by=cast.li)

    assert answering.collect(assessment).answers == {"q12": ["A"]}
    assert list(Notification.objects.filter(kind="assessments.section_given").values_list("recipient")) == [
        (cast.wang.pk,)
    ]


@pytest.mark.parametrize("person", ["guo", "zhao"])
def test_a_part_is_given_only_to_who_writes_for_the_enterprise(cast: Cast, person: str) -> None:
    assessment = draft(cast.enterprise, cast.li)

    with pytest.raises(ValueError, match="does not write"):
        actions.give_section(assessment, section_of(assessment, "results"), getattr(cast, person), by=cast.li)


def test_finishing_pins_the_result_records_the_fact_and_tells_who_writes(cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li)

    row.refresh_from_db()
    assert (row.state, row.level, row.score, row.round, row.is_latest) == (
        "finished", 2, Decimal("56.0500"), 1, True,
    )  # fmt: skip
    assert sum(map(Decimal, row.result["dimensions"].values())) == row.score
    fact = Fact.objects.current().get(enterprise=cast.enterprise, code="digital_level")
    assert (fact.value, fact.source) == (2, "assessment")
    told = Notification.objects.filter(kind="assessments.finished").values_list("recipient", flat=True)
    assert sorted(told) == sorted([cast.li.pk, cast.wang.pk])


def test_cloud_readiness_is_recorded_as_its_score(cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li, code="cloud")

    fact = Fact.objects.current().get(enterprise=cast.enterprise, code="cloud_readiness")
    assert fact.value == round(row.score)


def test_it_cannot_be_finished_while_an_answer_is_open(cast: Cast) -> None:
    assessment = draft(cast.enterprise, cast.li, answers={**vector(), "q12": ("?",)})

    with pytest.raises(NotReady) as refused:
        actions.finish(assessment, declared=True, by=cast.li)

    assert refused.value.open == ["q12"]
    assert not Fact.objects.filter(code="digital_level").exists()


def test_it_cannot_be_finished_without_the_declaration(cast: Cast) -> None:
    assessment = draft(cast.enterprise, cast.li, answers=vector())

    with pytest.raises(NotReady) as refused:
        actions.finish(assessment, declared=False, by=cast.li)

    assert refused.value.open == []


@pytest.mark.parametrize("verb", ["answer", "finish", "discard", "give"])
def test_a_finished_round_is_never_changed(cast: Cast, verb: str) -> None:
    row = finished(cast.enterprise, cast.li)
    part = section_of(row, "results")
    acts = {
        "answer": lambda: actions.save_section(row, part, {"q12": Reply(("A",))}, by=cast.li),
        "finish": lambda: actions.finish(row, declared=True, by=cast.li),
        "discard": lambda: actions.discard(row, by=cast.li),
        "give": lambda: actions.give_section(row, part, cast.wang, by=cast.li),
    }

    with pytest.raises(TransitionRefused):
        acts[verb]()


def test_a_second_round_is_the_newest_and_the_first_stays(cast: Cast) -> None:
    first = finished(cast.enterprise, cast.li)
    second = finished(cast.enterprise, cast.wang, answers=vector("v2_all_best"))

    first.refresh_from_db()
    assert (first.round, first.is_latest, second.round, second.is_latest) == (1, False, 2, True)
    assert Fact.objects.current().get(code="digital_level").value == 4


def test_dropping_a_draft_erases_its_answers(cast: Cast) -> None:
    assessment = draft(cast.enterprise, cast.li, answers=vector())

    dropped = actions.discard(assessment, by=cast.li)

    assert (dropped.state, dropped.answer_rows.count()) == (State.DISCARDED, 0)
    assert not Assessment.objects.for_member(cast.li).exists()


def test_a_visitors_check_becomes_a_round_of_the_enterprise(cast: Cast) -> None:
    given = {item: list(chosen) for item, chosen in middling("quick").items()}

    row = actions.take_over_check(cast.enterprise, bank("quick"), given, by=cast.li)

    assert (row.state, row.code, row.answers) == ("finished", "quick", given)


@pytest.mark.parametrize(("change", "error"), [({"k01": ["Z"]}, AnswersRefused), ({"k11": []}, NotReady)])
def test_a_visitors_check_that_was_tampered_with_is_refused(cast: Cast, change: dict, error: type) -> None:
    given = {item: list(chosen) for item, chosen in middling("quick").items()}

    with pytest.raises(error):
        actions.take_over_check(cast.enterprise, bank("quick"), {**given, **change}, by=cast.li)

    assert not Assessment.objects.exists()


def test_only_the_newest_round_counts_in_the_averages(cast: Cast) -> None:
    finished(cast.enterprise, cast.li)
    finished(cast.enterprise, cast.li, answers=vector("v2_all_best"))

    maintained = cells()
    benchmark.rebuild(bank())

    assert maintained == cells()
    assert {part: (many, int(points)) for part, (many, points) in cells().items()} == {
        "": (1, 100),
        "foundation": (1, 50),
        "management": (1, 30),
        "results": (1, 20),
    }


def cells() -> dict[str, tuple[int, Decimal]]:
    return {
        cell.part: (cell.enterprises, cell.points) for cell in BenchmarkCell.objects.filter(enterprises__gt=0)
    }
