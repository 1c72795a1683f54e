"""Take question banks in: those that come with the portal, and new editions staff upload."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from core import audit
from services.assessments import conditions, scoring
from services.assessments.frameworks import loader
from services.assessments.frameworks.loader import FrameworkError
from services.assessments.frameworks.schema import Framework
from services.assessments.frameworks.values import Fault
from services.assessments.models import FrameworkVersion

# Facts an assessment may write; another name in an uploaded file is refused.
FACTS = ("", "digital_level", "cloud_readiness")


@dataclass(frozen=True)
class DryRun:
    """What publishing a text would mean. It may be published when `is_sound`."""

    framework: Framework | None = None
    faults: tuple[Fault, ...] = ()
    wrong_vectors: tuple[str, ...] = ()
    is_taken: bool = False
    unknown_fact: bool = False
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    present: FrameworkVersion | None = field(default=None, compare=False)

    @property
    def is_sound(self) -> bool:
        blocked = self.faults or self.wrong_vectors or self.is_taken or self.unknown_fact
        return self.framework is not None and not blocked


def try_out(text: str) -> DryRun:
    """Read a text, run its worked examples, and compare it with the version in use; writes nothing."""
    try:
        framework = loader.load(text)
    except FrameworkError as error:
        return DryRun(faults=tuple(error.faults))
    if wrong := tuple(conditions.faults(framework)):
        return DryRun(faults=wrong)
    present = FrameworkVersion.objects.current().filter(code=framework.code).first()
    before = set(present.framework.items) if present else set()
    return DryRun(
        framework=framework,
        wrong_vectors=tuple(vector.id for vector in framework.vectors if _differs(framework, vector)),
        is_taken=FrameworkVersion.objects.filter(code=framework.code, edition=framework.edition).exists(),
        unknown_fact=framework.fact not in FACTS,
        added=tuple(item for item in framework.items if item not in before),
        dropped=tuple(sorted(before - set(framework.items) - set(framework.replaces.values()))),
        present=present,
    )


def _differs(framework: Framework, vector: Any) -> bool:
    try:
        found = scoring.score(framework, vector.answers)
    except scoring.AnswerError:
        return True
    return found.total != vector.score or found.level != vector.level


def publish(text: str, *, by: Any) -> FrameworkVersion:
    """Publish a new edition; assessments begun from now on use it, earlier ones keep theirs.

    Raises ValueError unless `try_out` finds the text sound.
    """
    found = try_out(text)
    if found.framework is None or not found.is_sound:
        raise ValueError("this question bank cannot be published; see try_out")
    with transaction.atomic():
        version = FrameworkVersion.objects.create(
            code=found.framework.code,
            edition=found.framework.edition,
            text=text,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            published_by=by,
        )
        audit.record(version, "publish", by=by, data={"code": version.code, "edition": version.edition})
    return version


def load_shipped() -> int:
    """Publish the editions that come with the portal and are not there yet; return how many."""
    texts = [text for text in loader.shipped() if not _is_there(loader.load(text))]
    for text in texts:
        publish(text, by=None)
    return len(texts)


def _is_there(framework: Framework) -> bool:
    return FrameworkVersion.objects.filter(code=framework.code, edition=framework.edition).exists()
