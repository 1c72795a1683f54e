"""What runs at night: unused staff accounts are closed, used-up counts and sessions swept away."""

from datetime import time, timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts import actions
from accounts.models import User
from core import limits, periods
from core.models import FormToken

UNUSED = timedelta(days=90)  # MLPS 2.0: surplus accounts are disabled in time
TOKENS_KEPT = timedelta(days=30)


@shared_task(name="accounts.disable_unused_staff")
def disable_unused_staff() -> int:
    """Close staff accounts nobody has signed in to for 90 days; return how many."""
    since = timezone.now() - UNUSED
    unused = User.objects.filter(is_staff=True, is_active=True, is_sample=False).filter(
        Q(last_login__lt=since) | Q(last_login=None, date_joined__lt=since)
    )
    return len([actions.deactivate(user, by=None, reason="not used for 90 days") for user in unused])


@shared_task(name="accounts.sweep_limits")
def sweep_limits() -> int:
    """Sweep once a day, after 03:00; return how many rows went, 0 when the day's sweep is done."""
    with periods.due("accounts.sweep_limits", not_before=time(3, 0)) as day:
        return _sweep() if day else 0


def _sweep() -> int:
    """Delete counts whose time is over, form tokens older than 30 days, ended sessions."""
    gone, _by_model = FormToken.objects.filter(used_at__lt=timezone.now() - TOKENS_KEPT).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    ended = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    return _sweep_cache() + limits.sweep() + gone + ended.delete()[0]


def _sweep_cache() -> int:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM portal_cache WHERE expires < now()")
        return int(cursor.rowcount)
