"""Is the portal alive, ready, and on time? For load balancers, watchers and staff."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import operations

_tables = {"complete": False}


@login_not_required
@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """Answer at all: this process works. Asks nobody else, so a slow database restarts no web server."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when requests can be served: the database answers and every migration has been applied.

    The broker is not asked, because every page works without it.
    """
    try:
        ready = tables_are_complete()
    except DatabaseError:
        return HttpResponse("database does not answer", status=503, content_type="text/plain")
    if not ready:
        return HttpResponse("migrations are missing", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def statusz(request: HttpRequest) -> HttpResponse:
    """Show staff what is late: oldest waiting delivery, failed ones, queue depth, last runs, alarms."""
    if not request.user.is_staff:
        raise PermissionDenied
    return JsonResponse(
        {
            "deliveries": operations.deliveries(),
            "broker": operations.broker(),
            "unreachable": operations.unreachable(),
            "jobs": watched(),
            "alarms": [alarm.code for alarm in operations.alarms()],
        }
    )


def tables_are_complete() -> bool:
    """Say whether the database carries every migration of this code.

    What is applied stays applied, so after the first yes only the database itself is asked.
    """
    if _tables["complete"]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    executor = MigrationExecutor(connection)
    _tables["complete"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _tables["complete"]


def watched() -> dict[str, Any]:
    """Return the last run of each job, for machines."""
    return {
        job.name: {"ran_at": job.ran_at and job.ran_at.isoformat(), "late": job.is_late, "error": job.error}
        for job in operations.jobs()
    }
