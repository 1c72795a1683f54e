"""What a reviewer looks at before a notice goes on: changes, findings, tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import cached_property

from core.criteria import CriteriaError
from enterprises.criteria import read_criteria
from services.policies import comparing, examples, linting, panel, reach, readback, remarks, versions
from services.policies.comparing import Change
from services.policies.examples import Outcome
from services.policies.linting import Finding, Severity
from services.policies.models import NoticeVersion, PolicyItem, PolicyNotice


@dataclass(frozen=True)
class Review:
    """One notice on one day; each part asks the database once, when it is first read."""

    notice: PolicyNotice
    on: date

    @cached_property
    def items(self) -> list[PolicyItem]:
        return list(self.notice.items.all())

    @cached_property
    def published(self) -> NoticeVersion | None:
        """Give the newest published version of this notice, or of the one it corrects."""
        return published_version(self.notice)

    @cached_property
    def changes(self) -> list[Change]:
        """Give what differs from the published version; empty where there is none."""
        if self.published is None:
            return []
        return comparing.changes(self.published.snapshot, versions.snapshot(self.notice))

    @cached_property
    def findings(self) -> list[Finding]:
        return [
            *linting.findings(self.notice, self.on),
            *reach.findings(self.notice, self.on),
            *examples.findings(self.notice, self.on),
        ]

    @property
    def errors(self) -> list[str]:
        return [remarks.finding(one) for one in self.findings if one.severity is Severity.ERROR]

    @property
    def warnings(self) -> list[str]:
        return [remarks.finding(one) for one in self.findings if one.severity is Severity.WARNING]

    @cached_property
    def tests(self) -> list[tuple[PolicyItem, list[Outcome]]]:
        return examples.of_notice(self.notice, self.on)

    @property
    def readings(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return [(item.title, readback.in_both(item.criteria)) for item in self.items]

    @cached_property
    def losses(self) -> list[tuple[PolicyItem, panel.Difference]]:
        """Give, for every item whose conditions changed, whom of the fixed panel that loses and wins."""
        found = []
        for item in self.items:
            before = before_of(item, self.published)
            if before is None or before == item.criteria:
                continue
            try:
                found.append(
                    (item, panel.difference(read_criteria(before), read_criteria(item.criteria), self.on))
                )
            except CriteriaError:
                continue
        return found


def published_version(notice: PolicyNotice) -> NoticeVersion | None:
    """Return the newest published version of a notice, or of the one it corrects."""
    return NoticeVersion.objects.filter(notice=notice.corrects_id or notice.pk).first()


def before_of(item: PolicyItem, published: NoticeVersion | None) -> Any:
    """Give the stored criteria the item had in the published version; None when it is new."""
    items: Sequence[dict[str, Any]] = published.snapshot.get("items", []) if published else []
    own = item.corrects_id or item.pk
    # Versions from before items were numbered are compared by place.
    same = [one for one in items if one.get("item", own) == own]
    if len(same) > 1:
        same = [one for one in same if one.get("position") == item.position]
    return next((one["criteria"] for one in same if one.get("criteria") is not None), None)
