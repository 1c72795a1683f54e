"""Every successful look of the staff at an enterprise is noted, whatever page of the desk it was."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.personal_data import looking

OPENED = 200


class NoteLooks:
    """After the answer: only what was really shown counts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "GET" and response.status_code == OPENED:
            looking.note(request, shown=(getattr(response, "context_data", None) or {}).get("original"))
        return response
