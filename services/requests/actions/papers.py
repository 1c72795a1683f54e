"""The verbs of files: add one beside a form, take it away again, tell of blocked ones."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from core import calendar, files
from services.requests import notifications, papers
from services.requests.models import Attachment, ServiceRequest

LEFT = timedelta(days=1)


def add_paper(
    service_request: ServiceRequest, upload: Any, *, basket: str, by: Any, item: int | None = None
) -> Attachment:
    """Keep a file beside the form of `basket` until the form is sent; raise FileRefused with words.

    '' is the basket of a draft: its files go with the first message.
    """
    papers.check_room(service_request, basket, upload)
    stored = files.accept(upload, purpose=papers.PAPER, by=by)
    return Attachment.objects.create(
        service_request=service_request, basket=basket, item=item, file=stored, added_by=by
    )


@transaction.atomic
def remove_paper(service_request: ServiceRequest, key: str, *, basket: str, by: Any) -> None:
    """Take a file away that is not sent yet; one that is sent, or another's, stays."""
    paper = service_request.attachments.in_basket(basket).filter(file__key=key).first()
    if paper is not None:
        stored = paper.file
        paper.delete()
        files.discard(stored)


def clear_baskets() -> int:
    """Delete what waits for a day beside forms that were never sent; return how many files."""
    left = Attachment.objects.left_before(calendar.now() - LEFT).order_by("id").values_list("pk", flat=True)
    return sum(_clear(number) for number in list(left[:500]))


@transaction.atomic
def _clear(number: int) -> bool:
    # Locked and asked again: the form may be sent at this very moment.
    rows = Attachment.objects.left_before(calendar.now() - LEFT).select_for_update(skip_locked=True)
    paper = rows.filter(pk=number).first()
    if paper is None:
        return False
    stored = paper.file
    paper.delete()
    files.discard(stored)
    return True


def tell_blocked() -> int:
    """Tell the enterprise's side of every file the scanner has blocked, once; return how many."""
    numbers = list(Attachment.objects.blocked().order_by("id").values_list("pk", flat=True)[:200])
    return sum(_tell(number) for number in numbers)


@transaction.atomic
def _tell(number: int) -> bool:
    rows = Attachment.objects.blocked().select_for_update(of=("self",), skip_locked=True)
    paper = rows.select_related("file", "service_request").filter(pk=number).first()
    if paper is None:
        return False
    paper.told_at = calendar.now()
    paper.save(update_fields=["told_at"])
    if paper.message_id is not None:
        notifications.tell_owner(
            notifications.FILE_BLOCKED, paper.service_request, f"file {paper.pk}", name=paper.file.name
        )
    return True
