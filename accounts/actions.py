"""Everything that changes a person: sign-up, own details, roles, deactivation, second factor."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts import acting, notifications, second_factor, sessions
from accounts import roles as role_table
from accounts.models import User
from core import audit
from notifications import outbox
from notifications.kinds import Kind
from notifications.outbox import Letter


def complete_sign_up(user: User, *, name: str, language: str, privacy_version: str) -> User:
    """Store what the sign-up form asked besides address and password: the accepted privacy text, too."""
    user.name, user.language = name, language
    user.privacy_version, user.privacy_accepted_at = privacy_version, timezone.now()
    with transaction.atomic():
        user.save(update_fields=["name", "language", "privacy_version", "privacy_accepted_at"])
        audit.record(user, "signed_up", by=user, data={"privacy_version": privacy_version})
    return user


def agree_to_privacy(user: User, *, version: str, by: Any) -> bool:
    """Keep that a person agrees to this privacy text; say whether that is new. The person alone may."""
    with transaction.atomic():
        kept = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if kept.privacy_version == version:
            return False
        before, kept.privacy_version, kept.privacy_accepted_at = kept.privacy_version, version, timezone.now()
        kept.save(update_fields=["privacy_version", "privacy_accepted_at"])
        audit.record(kept, "privacy_agreed", by=by, before=before, after=version)
    return True


def change_details(user: User, *, name: str, phone: str, language: str, by: Any) -> User:
    """Store a person's own name, phone and language; the event names only which of them changed."""
    with transaction.atomic():
        kept = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        given = {"name": name, "phone": phone, "language": language}
        changed = [field for field, value in given.items() if getattr(kept, field) != value]
        for field in changed:
            setattr(user, field, given[field])
        if changed:
            user.save(update_fields=changed)
            audit.record(user, "details_changed", by=by, data={"fields": changed})
    return user


def send(
    kind: Kind,
    address: str,
    *,
    user: User | None = None,
    path: str = "",
    context: dict[str, Any] | None = None,
) -> None:
    """Post one mail about an account to `address`, in the language of `user` or else of the page.

    `path` may be a full address: only its path counts, the host is always ours. Every call is a mail of
    its own, so the key is random.
    """
    is_own = user is not None and user.email.lower() == address.lower()
    link = f"{settings.PUBLIC_URL}{urlsplit(path).path}" if path else ""
    outbox.post(
        kind,
        Letter(
            key=secrets.token_urlsafe(16),
            recipient=user if is_own else None,
            address=address,
            language=user.language if user else translation.get_language() or settings.LANGUAGE_CODE,
            context={"secret_link": link, "security_link": _absolute("accounts:home"), **(context or {})},
        ),
    )


def invite_staff(user: User, *, roles: Iterable[str], by: Any) -> User:
    """Save a new person of the staff with these roles and mail them a link to choose a password."""
    with transaction.atomic():
        user.email = user.email.strip().lower()
        user.set_unusable_password()
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        audit.record(user, "invited", by=by)
        set_roles(user, roles=roles, by=by)
        send(notifications.INVITED, user.email, user=user, path=password_path(user))
    return user


def set_roles(user: User, *, roles: Iterable[str], by: Any) -> User:
    """Give a person exactly these roles; who has one works at the desk. Takes effect at the next request.

    Raises ValueError for a role that does not exist. Only an administrator may call it, not for himself.
    """
    wanted = sorted(set(roles))
    found = role_table.groups(wanted)
    with transaction.atomic():
        before = sorted(role_table.of(user))
        user.groups.set(found)
        user.is_staff = bool(found) or user.is_superuser
        user.save(update_fields=["is_staff"])
        if before != wanted:
            audit.record(user, "roles_changed", by=by, data={"before": before, "after": wanted})
    return user


def deactivate(user: User, *, by: Any, reason: str = "") -> User:
    """Close an account: nobody can sign in to it and its open sessions end now. Nothing is deleted."""
    return _switch(user, active=False, verb="deactivated", by=by, reason=reason)


def reactivate(user: User, *, by: Any, reason: str = "") -> User:
    """Open a closed account again; the 90 days of an unused one begin anew."""
    return _switch(user, active=True, verb="reactivated", by=by, reason=reason)


def erase(user: User, *, by: Any) -> User:
    """Take the name, the addresses and every way in from an account; its number stays, without a person.

    For the closing of an account, once what hangs on it is settled; nobody can undo it. What an event of
    this person said in words goes too: the events themselves hold numbers and codes only.
    """
    with transaction.atomic():
        sessions.end(user)
        EmailAddress.objects.filter(user=user).delete()
        second_factor.remove(user)
        user.groups.clear()
        audit.forget_details(user)
        user.email = f"closed-{user.pk}@account.invalid"
        user.name = user.phone = ""
        user.set_unusable_password()
        user.is_active = user.is_staff = False
        user.closed_at = timezone.now()
        user.save(
            update_fields=[
                "email", "name", "phone", "password", "password_set_at", "is_active", "is_staff", "closed_at"
            ]
        )  # fmt: skip
        audit.record(user, "account_closed", by=by)
    return user


def send_password_link(user: User, *, by: Any) -> User:
    """Mail a person a link to choose a new password; the old one keeps working until then."""
    with transaction.atomic():
        audit.record(user, "password_link_sent", by=by)
        send(notifications.RESET, user.email, user=user, path=password_path(user))
    return user


def reset_second_factor(user: User, *, by: Any) -> User:
    """Take away a lost authenticator: the person signs in with the password and must set up a new one."""
    with transaction.atomic():
        second_factor.remove(user)
        sessions.end(user)
        audit.record(user, "second_factor_reset", by=by)
        send(notifications.SECOND_FACTOR_OFF, user.email, user=user, context=_when(timezone.now()))
    return user


def make_first_administrator(email: str) -> str:
    """Make (or find) an administrator and return the path of a one-time page to choose a password.

    Nobody becomes a superuser. The second factor is asked for at the first sign-in. Raises ValueError when
    the address belongs to a person who is not of the staff.
    """
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user and not user.is_staff:
        raise ValueError(f"{user.email} has an account that does not belong to the staff")
    with transaction.atomic():
        if user is None:
            user = User.objects.create_user(email)
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        if not user.is_active:
            reactivate(user, by=None)
        set_roles(user, roles={*role_table.of(user), "administrator"}, by=None)
    return password_path(user)


def create_sample_user(
    email: str,
    name: str,
    *,
    roles: Iterable[str] = (),
    password: str,
    totp_secret: str = "",
    language: str = "zh-hans",
) -> User:
    """Make a sample person who can sign in at once; staff get a second factor with this secret."""
    with transaction.atomic():
        user = User.objects.create_user(
            email,
            password,
            name=name,
            language=language,
            is_sample=True,
            privacy_version=settings.PRIVACY_VERSION,
            privacy_accepted_at=timezone.now(),
        )
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        if roles:
            set_roles(user, roles=roles, by=None)
            second_factor.set_up(user, totp_secret)
    return user


def password_path(user: User) -> str:
    """Return the path of the page where this person may choose a password once, within three days."""
    return reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )


def _switch(user: User, *, active: bool, verb: str, by: Any, reason: str) -> User:
    with transaction.atomic():
        changes = {"is_active": active, **({"last_login": timezone.now()} if active else {})}
        moved = User.objects.filter(pk=user.pk, is_active=not active).update(**changes)
        user.is_active = active
        if moved:
            sessions.end(user)
            audit.record(user, verb, by=by, detail={"reason": reason} if reason else None)
    return user


def _absolute(name: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name)}"


def _when(moment: datetime) -> dict[str, str]:
    return {"when": timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")}


@transaction.atomic
def begin_acting(person: User, reason: str, *, by: Any) -> datetime:
    """Let a member of staff look at the portal as `person`, who is told who looks, why and until when.

    Returns when it ends. The door remembers it in the session. Raises PermissionDenied without the
    permission accounts.act_as, and for a person of the staff.
    """
    if not (by.has_perm(acting.PERMISSION) and acting.may_be_looked_at(person)):
        raise PermissionDenied
    until = timezone.now() + timedelta(minutes=settings.ACT_AS_MINUTES)
    event = audit.record(person, "act_begin", by=by, data={"until": until}, detail={"reason": reason})
    context = {"who": str(by), "reason": reason, "until": f"{timezone.localtime(until):%Y-%m-%d %H:%M}"}
    letter = Letter(
        key=f"event {event.pk}", recipient=person, url=reverse("enterprises:home"), context=context
    )
    outbox.post(notifications.LOOKED_AT, letter)
    return until


def note_look(person: User, path: str, *, by: Any) -> None:
    """Record one page that a member of staff opened as `person`."""
    audit.record(person, "act_look", by=by, data={"path": path[:200]})


def end_acting(person: User, *, by: Any) -> None:
    """Record that a member of staff looks as `person` no longer."""
    audit.record(person, "act_end", by=by)
