"""The files of a request: which are taken, how many, what waits beside a form, what a page shows of them."""

from collections.abc import Callable
from typing import Any

from django.db.models import Sum

from core import filetypes
from core.filetypes import MEGABYTE, FileRefused, Purpose
from services.requests.models import Attachment, ServiceRequest

PAPER = Purpose("requests.paper")
PER_FORM = 10
PER_REQUEST = 40
REQUEST_MEGABYTES = 100


def waiting(row: ServiceRequest, basket: str) -> list[Attachment]:
    """Return what was added beside one form and is not sent yet, oldest first."""
    return list(row.attachments.in_basket(basket).select_related("file"))


def check_room(row: ServiceRequest, basket: str, upload: Any) -> None:
    """Raise FileRefused when a form or a request holds as much as it may."""
    if row.attachments.in_basket(basket).count() >= PER_FORM:
        raise FileRefused("too_many", count=PER_FORM)
    if row.attachments.count() >= PER_REQUEST:
        raise FileRefused("too_many", count=PER_REQUEST)
    held = row.attachments.aggregate(size=Sum("file__size"))["size"] or 0
    if held + upload.size > REQUEST_MEGABYTES * MEGABYTE:
        raise FileRefused("quota", filetypes.clean_name(upload.name or ""), limit=REQUEST_MEGABYTES)


def shown(paper: Attachment, link: Callable[[Attachment], str] | None) -> dict[str, Any]:
    """Return one file as the thread component takes it; an address only where it may be opened."""
    return {
        "name": paper.file.name,
        "size": paper.file.size,
        "item": paper.item,
        "url": link(paper) if link and paper.file.may_be_opened else "",
        "scan": paper.file.scan,
    }
