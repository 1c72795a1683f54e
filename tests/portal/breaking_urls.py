"""The portal's own addresses, and a few views that fail, so that each error page can be seen."""

from contextlib import suppress

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal import urls as portal_urls
from portal.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]


@login_not_required
def fall(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


@login_not_required
def wait_too_long(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 1")
        cursor.execute("SELECT pg_sleep(1)")
    return HttpResponse()


@login_not_required
def lose_database(request: HttpRequest) -> HttpResponse:
    """Change the session, and lose the database before it is stored."""
    request.session["seen"] = "now"
    with connection.cursor() as cursor, suppress(OperationalError):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    return HttpResponse("done")


@login_not_required
def forbid(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("只有负责人可以邀请成员。")


@login_not_required
def empty(request: HttpRequest, status: int) -> HttpResponse:
    return HttpResponse(status=status, headers={"Retry-After": "600"})


urlpatterns = [
    *i18n_patterns(
        path("fall/", fall),
        path("wait/", wait_too_long),
        path("lose/", lose_database),
        path("accounts/wait/", wait_too_long),
        path("forbid/", forbid),
        path("empty/<int:status>/", empty),
        prefix_default_language=False,
    ),
    *portal_urls.urlpatterns,
]
