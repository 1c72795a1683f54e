"""Which answer counts when several people have answered, where they disagree, and what was said last time.

In a section with an owner the owner's answer counts; otherwise the newest one does. The others stay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from core import calendar
from services.assessments import conditions, scoring, wording
from services.assessments.frameworks.schema import UNSURE, Framework, Section
from services.assessments.models import Answer, Assessment


@dataclass(frozen=True)
class Collected:
    """The answers of a draft: what counts for each item, and everything that was said."""

    framework: Framework
    counting: dict[str, Answer] = field(default_factory=dict)
    said: dict[str, list[Answer]] = field(default_factory=dict)
    barred: frozenset[str] = frozenset()

    @property
    def answers(self) -> dict[str, list[str]]:
        """Return the counting answers in the form that is scored."""
        return {item: list(answer.options) for item, answer in self.counting.items()}

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Name the items that are not asked, as the answers and the facts stand; answers to them are kept."""
        return scoring.hidden_items(self.framework, self.answers, self.barred)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Return the sections as they are asked; one of which nothing is asked is left out."""
        asked = (section.without(self.hidden) for section in self.framework.sections)
        return tuple(section for section in asked if section.items)

    @cached_property
    def items(self) -> list[str]:
        """Name the items that are asked, in their order."""
        return [item for item in self.framework.items if item not in self.hidden]

    def is_answered(self, item: str) -> bool:
        """Tell whether an item is settled; 'not sure' leaves it open."""
        answer = self.counting.get(item)
        return answer is not None and UNSURE not in answer.options

    def open_items(self) -> list[str]:
        return [item for item in self.items if not self.is_answered(item)]

    def answered_in(self, section: Section) -> int:
        return sum(self.is_answered(item.id) for item in section.items)

    def first_open_section(self) -> Section | None:
        """Return the section of the first open item, in the order of the questions."""
        return next((one for one in self.sections if self.answered_in(one) < len(one.items)), None)

    def section(self, id: str) -> Section | None:
        """Return a section as it is asked; None when there is none, or nothing of it is asked."""
        return next((section for section in self.sections if section.id == id), None)

    def after(self, section: Section) -> Section | None:
        """Return the section that is asked next; None after the last."""
        names = [one.id for one in self.framework.sections]
        later = names[names.index(section.id) + 1 :]
        return next((one for one in self.sections if one.id in later), None)

    def others(self, item: str, user: Any) -> list[Answer]:
        """Return what colleagues answered to an item where it differs from what `user` or the count says."""
        mine = next((one.options for one in self.said.get(item, []) if one.respondent_id == user.pk), None)
        return [
            one
            for one in self.said.get(item, [])
            if one.respondent_id != user.pk and (mine is None or sorted(one.options) != sorted(mine))
        ]

    def disputed(self) -> list[str]:
        """Return the items to which people gave different answers."""
        return [
            item
            for item in self.items
            if len({tuple(sorted(one.options)) for one in self.said.get(item, [])}) > 1
        ]


def collect(assessment: Assessment) -> Collected:
    """Gather the answers of a draft in two queries; of a finished round, use `assessment.answers`.

    One query more where the question bank asks by the facts of the enterprise.
    """
    framework = assessment.framework
    owners = dict(assessment.section_owners.values_list("section", "user_id"))
    deciding = {item.id: owners.get(section.id) for section in framework.sections for item in section.items}
    rows = assessment.answer_rows.select_related("respondent").order_by("answered_at", "pk")
    said: dict[str, list[Answer]] = {}
    for row in rows:
        if row.item in framework.items:
            said.setdefault(row.item, []).append(row)
    counting = {item: _counting(rows_of_item, deciding[item]) for item, rows_of_item in said.items()}
    barred = conditions.barred(framework, assessment.enterprise, calendar.today())
    return Collected(framework, counting, said, barred)


def _counting(rows: list[Answer], owner_id: int | None) -> Answer:
    return next((row for row in rows if row.respondent_id == owner_id), rows[-1])


@dataclass(frozen=True)
class LastTime:
    """The answers of the newest finished round, asked for by the items of the present edition."""

    row: Assessment
    replaces: dict[str, str]

    @property
    def hidden(self) -> list[str]:
        """Name what was not asked then, though an answer may have been kept."""
        return list((self.row.result or {}).get("hidden", []))

    def words(self, item: str) -> str:
        """Say what was answered to an item, or to the one it takes the place of; '' where it is new."""
        name = self.replaces.get(item, item)
        asked = self.row.framework.items.get(name)
        chosen = [] if name in self.hidden else self.row.answers.get(name, [])
        return wording.answer(asked, chosen).replace("\n", "; ") if asked and chosen else ""


def last_time(assessment: Assessment) -> LastTime | None:
    """Return what the enterprise answered in the round before a draft; None in a first round. One query."""
    newest = Assessment.objects.newest().filter(enterprise=assessment.enterprise_id, code=assessment.code)
    row = newest.select_related("version").first()
    return LastTime(row, assessment.framework.replaces) if row is not None else None
