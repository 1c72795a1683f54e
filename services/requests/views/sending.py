"""What the doors of this room share: a form is sent once, and a verb that came too late says so."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import once
from core.lifecycle import TransitionRefused
from services.requests.models import State

VISITOR = "visitor"


def send_once(request: HttpRequest, purpose: str, act: Callable[[], Any]) -> None:
    """Call `act` once for the token of the form sent; a second sending of the same form does nothing."""
    token = request.POST.get("form_token", "")[:64] or once.new_token()
    once.only(token, purpose=purpose[:60], owner=owner_of(request), act=lambda: str(act() or "")[:200])


def send_once_for(request: HttpRequest, purpose: str, act: Callable[[], str]) -> str:
    """Like `send_once`, and return what the first sending led to."""
    token = request.POST.get("form_token", "")[:64] or once.new_token()
    return once.only(token, purpose=purpose[:60], owner=owner_of(request), act=act)[0]


def was_sent(request: HttpRequest, purpose: str) -> bool:
    """Tell whether this very form was sent before, so that its files are not kept a second time."""
    token = request.POST.get("form_token", "")[:64]
    return bool(token) and once.was_used(token, purpose=purpose[:60], owner=owner_of(request))


def owner_of(request: HttpRequest) -> str:
    """Return whose token it is; a visitor's is known by its own 192 random bits."""
    return str(request.user.pk) if request.user.is_authenticated else VISITOR


def too_late(refused: TransitionRefused) -> str:
    """Say that a verb is no longer possible, with the state the request is in now."""
    return _("This is no longer possible: the request is now “%(state)s”.") % {
        "state": State(refused.state).label
    }


def say_too_late(request: HttpRequest, refused: TransitionRefused) -> None:
    messages.error(request, too_late(refused))
