"""The open sessions of a person, and ending them."""

from allauth.usersessions.models import UserSession

from accounts.models import User


def of(user: User) -> list[UserSession]:
    """Return the sessions that are still open, newest first; rows of ended ones are cleared away."""
    open_ones = UserSession.objects.purge_and_list(user)
    return sorted(open_ones, key=lambda session: session.created_at, reverse=True)


def end(user: User, *, keep: str | None = None) -> int:
    """End every session of this person but the one with the key `keep`; return how many."""
    sessions = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    count = 0
    for session in sessions:
        session.end()
        count += 1
    return count
