"""Is the portal alive, ready, and on time? For load balancers, watchers and staff."""

from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import wake
from core.models import Watermark
from notifications.models import Delivery
from portal.celery import app

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
    """Show staff what is late: oldest waiting delivery, failed ones, queue depth, last run of each job."""
    if not request.user.is_staff:
        raise PermissionDenied
    return JsonResponse({"deliveries": deliveries(), "broker": broker(), "jobs": jobs()})


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


def deliveries() -> dict[str, Any]:
    """Return how much of the outbox waits, how old the oldest is, and what has failed for good."""
    open_states = [Delivery.State.PENDING, Delivery.State.LEASED]
    waiting = Delivery.objects.filter(state__in=open_states, due_at__lte=timezone.now())
    oldest = waiting.aggregate(oldest=Min("due_at"))["oldest"]
    return {
        "pending": waiting.count(),
        "oldest_pending_seconds": int((timezone.now() - oldest).total_seconds()) if oldest else 0,
        "failed": Delivery.objects.filter(state=Delivery.State.FAILED).count(),
    }


def broker() -> dict[str, Any]:
    """Return the depth of the queue, or that the broker does not answer."""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    try:
        with client:
            depth = client.llen(app.conf.task_default_queue)
    except redis.RedisError:
        return {"answers": False, "queue_depth": None, "unheard_knocks": wake.failures()}
    return {"answers": True, "queue_depth": depth, "unheard_knocks": wake.failures()}


def jobs() -> dict[str, str | None]:
    """Return when each periodic job last ran to its end."""
    return {
        mark.job: mark.ran_at.isoformat() if mark.ran_at else None
        for mark in Watermark.objects.order_by("job")
    }
