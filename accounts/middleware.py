"""Sessions end when idle, staff carry a second factor, the desk speaks its reader's language."""

import time
from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import acting, actions, passwords, second_factor
from core import limits

GetResponse = Callable[[HttpRequest], HttpResponse]

STARTED, SEEN = "started_at", "seen_at"
LONGEST_SECONDS = 12 * 3600
WRITE_EVERY_SECONDS = 60
IDLE, TOO_LONG = "idle", "long"
ENDED = "portal.session_ended"

# What a person of the staff needs in order to get a second factor, or out again.
BEFORE_SECOND_FACTOR = {
    "account_logout",
    "account_reauthenticate",
    "account_change_password",
    "mfa_activate_totp",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}


# While looking as somebody else: to stop it, and to sign out.
ALWAYS_ONESELF = {"end_acting", "account_logout"}


class _Middleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class SessionLimits(_Middleware):
    """End a session after 15 idle minutes (staff) or 30 (others), and after 12 hours in any case.

    The visitor is then signed out; a page that needs sign-in sends to it, says why, and comes back.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ended = _why_ended(request) if request.user.is_authenticated else ""
        if ended:
            logout(request)
        elif request.user.is_authenticated:
            _note_visit(request)
        request.META[ENDED] = ended
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, *_args: object) -> HttpResponse | None:
        if not request.META[ENDED] or not needs_sign_in(request, view):
            return None
        query = urlencode({"ended": request.META[ENDED], REDIRECT_FIELD_NAME: _place_of(request)})
        return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{query}")


class DeskNetworks(_Middleware):
    """Open the desk only from the networks it is meant for (DESK_NETWORKS), where there are any."""

    def process_view(self, request: HttpRequest, view: Callable, *_args: object) -> HttpResponse | None:
        if settings.DESK_NETWORKS and is_desk(request) and not _is_from(request, settings.DESK_NETWORKS):
            raise PermissionDenied
        return None


class SecondFactorForStaff(_Middleware):
    """Show a person of the staff public pages only until this session has passed a second factor."""

    def process_view(self, request: HttpRequest, view: Callable, *_args: object) -> HttpResponse | None:
        name = name_of(request)
        if (
            name in BEFORE_SECOND_FACTOR
            or not request.user.is_authenticated
            or not needs_sign_in(request, view)
        ):
            return None
        if request.session.get(passwords.MUST_CHANGE):
            return _detour(request, "account_change_password")
        if not request.user.is_staff or second_factor.passed(request):
            return None
        is_set_up = second_factor.is_set_up(request.user)
        return _detour(request, "mfa_reauthenticate" if is_set_up else "mfa_activate_totp")


class ActAs(_Middleware):
    """Show the pages of the portal as another person sees them, to the staff who began that at the desk.

    Only looking: what would change something is refused, sign-in and security stay closed, and at the desk
    one is oneself. `request.acting` says who looks as whom, or None.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acting = None  # type: ignore[attr-defined]  # set here, like request.user
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, *_args: object) -> HttpResponse | None:
        if not request.user.is_authenticated or acting.KEY not in request.session:
            return None
        found = acting.read(request.session, request.user)
        if found is None or found.is_over:
            return _end_acting(request, found)
        request.acting = found  # type: ignore[attr-defined]  # as above
        if is_desk(request) or name_of(request) in ALWAYS_ONESELF:
            return None
        if request.method not in ("GET", "HEAD") or _is_about_the_account(request):
            return render(request, "account/only_looking.html", {"journey": True}, status=403)
        request.user = found.person
        if needs_sign_in(request, view):
            actions.note_look(found.person, request.path, by=found.staff)
        return None


class DeskLanguage(_Middleware):
    """Show the desk, whose addresses name no language, in the language of the person."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_desk(request) or not request.user.is_authenticated:
            return self.get_response(request)
        with translation.override(request.user.language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        return response


def _end_acting(request: HttpRequest, found: "acting.Acting | None") -> HttpResponse | None:
    """Go on as oneself; whoever was on a page of the other person comes back to the desk."""
    acting.forget(request.session)
    if found is None:
        return None
    actions.end_acting(found.person, by=found.staff)
    return None if is_desk(request) else HttpResponseRedirect(found.back)


def _is_about_the_account(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("accounts:home"))


def name_of(request: HttpRequest) -> str:
    """Return the URL name of the page asked for, without its room."""
    return (request.resolver_match.url_name or "") if request.resolver_match else ""


def is_desk(request: HttpRequest) -> bool:
    """Tell whether this address belongs to the desk."""
    return request.path.startswith(reverse("admin:index"))


def needs_sign_in(request: HttpRequest, view: Callable) -> bool:
    """Tell whether this page is closed to the public (the desk checks for itself, and so is closed too)."""
    if is_desk(request):
        return name_of(request) not in {"login", "jsi18n"}
    return getattr(view, "login_required", True)


def _is_from(request: HttpRequest, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    try:
        here = ip_network(limits.client_address(request))
    except ValueError:
        return False
    return any(here.version == network.version and here.subnet_of(network) for network in networks)  # type: ignore[arg-type]  # of one version


def _why_ended(request: HttpRequest) -> str:
    now = time.time()
    minutes = settings.STAFF_IDLE_MINUTES if request.user.is_staff else settings.ENTERPRISE_IDLE_MINUTES
    if now - request.session.get(SEEN, now) > minutes * 60:
        return IDLE
    if now - request.session.get(STARTED, now) > LONGEST_SECONDS:
        return TOO_LONG
    return ""


def _note_visit(request: HttpRequest) -> None:
    now = int(time.time())
    request.session.setdefault(STARTED, now)
    if now - request.session.get(SEEN, 0) >= WRITE_EVERY_SECONDS:
        request.session[SEEN] = now


def _place_of(request: HttpRequest) -> str:
    """Return where to come back to: this page, or for a POST the page its form stood on."""
    if request.method == "GET":
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    ):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _detour(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({REDIRECT_FIELD_NAME: _place_of(request)})}")
