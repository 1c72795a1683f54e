"""The open sessions of a person, and ending them."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User


def of(user: User) -> list[UserSession]:
    """Return the sessions that are still open, newest first."""
    open_ones = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return list(UserSession.objects.filter(user=user, session_key__in=open_ones).order_by("-created_at"))


def end(user: User, *, keep: str | None = None) -> int:
    """End every session of this person but the one with the key `keep`; return how many."""
    sessions = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    count = 0
    for session in sessions:
        session.end()
        count += 1
    return count
