"""Files beside a form: kept as soon as they come, whatever becomes of the rest of the form."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core import limits, once
from core.files import FileRefused
from services.requests import actions, papers
from services.requests.forms import WithFiles
from services.requests.models import ServiceRequest

UPLOADS = {"times": 100, "seconds": 3600}
TOKEN_LENGTH = 64


@dataclass
class Received:
    """A form as it was sent: whether it may be acted on now, and the status of its page when not."""

    form: Any
    basket: str
    is_to_be_sent: bool
    status: int = HTTPStatus.OK


def basket_of(request: HttpRequest) -> str:
    """Return the basket of the form sent: its own one-time token."""
    return request.POST.get("form_token", "")[:TOKEN_LENGTH] or once.new_token()


def receive(
    request: HttpRequest, row: ServiceRequest, make_form: Callable[..., WithFiles], basket: str
) -> Received:
    """Keep the files of a form sent, then judge the form with what waits beside it.

    The buttons “add” and “remove” change the files only and leave the words unjudged. A file that is refused
    becomes an error of its field, and the form is shown again with all that was typed and kept.
    """
    removed = request.POST.get("remove", "")
    if removed:
        actions.remove_paper(row, removed, basket=basket, by=_person(request))
    refused = _keep_files(request, row, make_form(), basket)
    form = make_form(request.POST, held=papers.waiting(row, basket))
    if removed or "add" in request.POST:
        form.unjudged()
        is_to_be_sent = False
    else:
        is_to_be_sent = form.is_valid()
    for name, message in refused.messages:
        form.add_error(name, message)
    return Received(form, basket, is_to_be_sent and not refused.messages, refused.status)


@dataclass
class _Refusals:
    messages: list[tuple[str, str]]
    status: int = HTTPStatus.OK


def _keep_files(request: HttpRequest, row: ServiceRequest, form: WithFiles, basket: str) -> _Refusals:
    found = _Refusals([])
    for name, item in form.upload_fields():
        for upload in request.FILES.getlist(name):
            allowed = limits.allow(f"uploads:{_uploader(request)}", **UPLOADS)
            if not allowed:
                found.messages.append((name, _too_often(allowed)))
                found.status = HTTPStatus.TOO_MANY_REQUESTS
                return found
            try:
                actions.add_paper(row, upload, basket=basket, by=_person(request), item=item)
            except FileRefused as refused:
                found.messages.append((name, refused.message))
                if refused.code == "no_space":
                    found.status = HTTPStatus.SERVICE_UNAVAILABLE
    return found


def _too_often(allowed: limits.Allowed) -> str:
    at = timezone.localtime(allowed.retry_at) if allowed.retry_at else timezone.localtime()
    return _("A hundred files an hour are taken. Send the next one after %(time)s.") % {"time": f"{at:%H:%M}"}


def _uploader(request: HttpRequest) -> str:
    person = _person(request)
    return str(person.pk) if person else limits.client_address(request)


def _person(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None
