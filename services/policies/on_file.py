"""Files an enterprise has here already, and the forms of a notice: what a claim pack holds beside its lists.

Only what members of the enterprise may open anyway: its licence, what it sent in its own requests, and the
public attachments. What the scanner has not let through is named, never packed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.filetypes import MEGABYTE
from core.models import StoredFile
from enterprises.models import Enterprise
from services.policies.models import PolicyNotice
from services.requests.models import Attachment, Message

# So many papers of requests, the newest first, and so much in all.
MOST_PAPERS = 10
MOST_BYTES = 40 * MEGABYTE
LICENCE, PAPERS, FORMS = "licence", "papers", "forms"


@dataclass(frozen=True)
class OnFile:
    """One file: the folder of the pack it belongs into, its row, and whether it is packed."""

    folder: str
    file: StoredFile
    is_packed: bool

    @property
    def is_checked(self) -> bool:
        return self.file.may_be_opened


def of(enterprise: Enterprise, notice: PolicyNotice) -> list[OnFile]:
    """Give the forms of the notice, the newest licence and the newest own papers; three queries.

    The same bytes go in once. What would make the pack too large is named and not packed.
    """
    found: list[OnFile] = []
    seen: set[str] = set()
    room = MOST_BYTES
    for folder, file in _all(enterprise, notice):
        if file.sha256 in seen:
            continue
        seen.add(file.sha256)
        fits = file.may_be_opened and file.size <= room
        room -= file.size if fits else 0
        found.append(OnFile(folder, file, fits))
    return found


def named(files: Iterable[OnFile]) -> Iterator[tuple[str, StoredFile]]:
    """Give the packed ones with a path for each; the same name twice gets a number."""
    taken: set[str] = set()
    for one in files:
        if not one.is_packed:
            continue
        stem, dot, ending = one.file.name.rpartition(".")
        path, number = f"{one.folder}/{one.file.name}", 1
        while path in taken:
            number += 1
            path = f"{one.folder}/{stem or ending} ({number}){dot}{ending if stem else ''}"
        taken.add(path)
        yield path, one.file


def _all(enterprise: Enterprise, notice: PolicyNotice) -> Iterator[tuple[str, StoredFile]]:
    yield from ((FORMS, row.file) for row in notice.attachments.current())
    licences = list(enterprise.licences.select_related("file")[:5])
    # A paper still being checked gives way to an older one that is not.
    best = next((row for row in licences if row.file.may_be_opened), licences[0] if licences else None)
    if best is not None:
        yield LICENCE, best.file
    papers = Attachment.objects.sent().filter(
        service_request__enterprise=enterprise, message__side=Message.Side.OWNER
    )
    yield from ((PAPERS, row.file) for row in papers.select_related("file").order_by("-pk")[:MOST_PAPERS])
