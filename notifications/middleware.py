"""A page opened from a mail reads its message in the inbox too: one row, one state."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from notifications import actions
from notifications.addresses import TOLD
from notifications.models import Notification

GetResponse = Callable[[HttpRequest], HttpResponse]


class ReadFromMail:
    """Mark what led here as read, and go on to the plain address.

    Stands after whatever asks for sign-in: a visitor signs in first and comes back to the same link. Only
    one's own messages are marked, never those of a person whose pages a member of staff looks at. Programs
    that try the links of a mail are not signed in and mark nothing.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        number = request.GET.get(TOLD)
        if number is None or request.method not in ("GET", "HEAD"):
            return None
        if request.user.is_authenticated and getattr(request, "acting", None) is None:
            _read(request, number)
        query = request.GET.copy()
        del query[TOLD]
        return HttpResponseRedirect(f"{request.path}?{query.urlencode()}" if query else request.path)


def _read(request: HttpRequest, number: str) -> None:
    if number.isdecimal() and len(number) < 19:
        own = Notification.objects.for_user(request.user).filter(pk=number).first()
        if own is not None:
            actions.mark_read(own)
