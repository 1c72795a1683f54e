"""Changes of the words that mean the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from core import audit
from services.policies import indexing, synonyms
from services.policies.models import SynonymSet

STARTER = Path(__file__).parent.parent / "data" / "synonyms.yaml"


@transaction.atomic
def save(row: SynonymSet) -> SynonymSet:
    """Store a set with its words tidied up; searches use it at once. The desk records who did it."""
    row.words = synonyms.tidy(row.words)
    row.save()
    indexing.mark("words")
    return row


@transaction.atomic
def load_starter() -> int:
    """Add the sets the portal starts with, unless the desk has any; return how many."""
    if SynonymSet.objects.exists():
        return 0
    sets: list[list[Any]] = yaml.safe_load(STARTER.read_text(encoding="utf-8"))
    for words in sets:
        audit.record(save(SynonymSet(words=list(map(str, words)))), "import", by=None)
    return len(sets)
