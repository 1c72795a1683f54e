"""A fault that a test plants behind every page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PLANTED = "planted fault with a secret in it"


class FailAfterTheView:
    """Let the view do its work, then fail as a bug would."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.get_response(request)
        raise RuntimeError(PLANTED)
