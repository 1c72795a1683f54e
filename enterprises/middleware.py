"""For which enterprise this person is acting, read anew at every request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from enterprises.access import current_membership, memberships_of
from enterprises.models import Membership

# Addresses without language: nobody acts for an enterprise there, and health must not need the database.
WITHOUT_ENTERPRISE = ("/admin/", "/api/", "/livez", "/readyz", "/statusz", settings.STATIC_URL)


class CurrentEnterprise:
    """Set `request.enterprise`, `request.membership` (or None) and `request.memberships`.

    A signed-in person costs one query a page, a visitor none. Only current memberships count, so one who
    has been removed stands outside at the next request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _set(request, None, [])
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        if request.path.startswith(WITHOUT_ENTERPRISE) or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        if request.user.is_authenticated:
            memberships = memberships_of(request.user)
            _set(request, current_membership(memberships, request.session), memberships)


def _set(request: HttpRequest, membership: Membership | None, memberships: list[Membership]) -> None:
    vars(request).update(
        membership=membership,
        enterprise=membership.enterprise if membership else None,
        memberships=memberships,
    )
