"""When somebody who tried too often may try again, and the page that says so.

allauth counts the tries (ACCOUNT_RATE_LIMITS, in the database cache); this module only reads its counts.
"""

import math
import time
from datetime import UTC, datetime

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import Rate
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core.limits import client_address

APP = "allauth.account"
# What is counted on which page; a page that is not listed counts nothing of its own.
ACTIONS = {
    "account_login": ("login", "login_failed", "login_failed_account"),
    "account_signup": ("signup",),
    "account_reset_password": ("reset_password",),
    "account_reset_password_from_key": ("reset_password_from_key",),
    "account_change_password": ("change_password",),
    "account_email": ("manage_email",),
    "account_reauthenticate": ("reauthenticate", "login_failed", "login_failed_account"),
    "mfa_authenticate": ("login_failed",),
    "mfa_reauthenticate": ("reauthenticate", "login_failed"),
    "mfa_activate_totp": ("login_failed",),
}


def network_address(request: HttpRequest) -> str:
    """Return the visitor's address as the database takes it; IPv6 visitors share that of their network."""
    address = client_address(request).partition("/")[0]
    return "0.0.0.0" if address == "unknown" else address  # noqa: S104 - a value to store, not a socket


def account_and_address(request: HttpRequest, login: str) -> str:
    """Name one account tried from one address: who tries too often locks out only himself."""
    return f"{login.lower()}:{network_address(request)}"


def retry_at(request: HttpRequest) -> datetime:
    """Return when the limits that are used up on this page let the next try through."""
    moments = [
        moment
        for action in _actions_of(request)
        for rate in ratelimit.get_rates(app=APP, action=action)
        for key in _keys(request, action)
        if (moment := _free_again(request, action, rate, key)) is not None
    ]
    return datetime.fromtimestamp(max(moments, default=time.time() + 60), UTC)


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """Answer 429 and say when to try again."""
    moment = retry_at(request)
    seconds = max(1, math.ceil((moment - timezone.now()).total_seconds()))
    minutes = math.ceil(seconds / 60)
    response = render(request, "errors/429.html", {"retry_at": moment, "retry_minutes": minutes}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _actions_of(request: HttpRequest) -> tuple[str, ...]:
    return ACTIONS.get(request.resolver_match.url_name or "", ()) if request.resolver_match else ()


def _keys(request: HttpRequest, action: str) -> list[str]:
    login = (
        (request.POST.get("login") or request.POST.get("email") or _person(request, "email")).strip().lower()
    )
    if action == "login_failed":
        return [account_and_address(request, login), f"mfa-auth-user-{_person(request, 'pk')}"]
    return [login]


def _person(request: HttpRequest, attribute: str) -> str:
    stage = getattr(request, "_login_stage", None)
    return str(getattr(stage.login.user if stage else request.user, attribute, ""))


def _free_again(request: HttpRequest, action: str, rate: Rate, key: str) -> float | None:
    """Return when this one limit lets a try through again, or None when it does so now."""
    if rate.per == "user" and not request.user.is_authenticated:
        return None
    name = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key)
    history = cache.get(name, [])  # the newest try comes first
    if len(history) < rate.amount:
        return None
    free: float = history[rate.amount - 1] + rate.duration
    return free if free > time.time() else None
