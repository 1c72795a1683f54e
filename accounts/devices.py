"""Which browser somebody signs in with: its name in words, and whether we have seen it before."""

import re

from django.conf import settings
from django.core import signing
from django.db import models
from django.http import HttpRequest, HttpResponse

COOKIE = f"{settings.SESSION_COOKIE_NAME.removesuffix('session')}device"
KEPT_FOR = 180 * 24 * 3600
PEOPLE_PER_BROWSER = 8
_SIGNER = signing.TimestampSigner(salt="accounts.device")

# The first that fits names it: most browsers also claim to be the ones before them.
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ Browser"),
    ("UCBrowser", "UC Browser"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def name_of(user_agent: str) -> str:
    """Return "Chrome, Windows" or the like; '' when the browser does not say."""
    return ", ".join(filter(None, (_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))))


def is_known(request: HttpRequest, user: models.Model) -> bool:
    """Tell whether this person has signed in with this browser in the last 180 days."""
    return user.pk in _people(request)


def remember(request: HttpRequest, response: HttpResponse, user: models.Model) -> None:
    """Leave a signed cookie that lets this browser be known next time; it opens nothing."""
    people = [user.pk, *(pk for pk in _people(request) if pk != user.pk)][:PEOPLE_PER_BROWSER]
    response.set_cookie(
        COOKIE,
        _SIGNER.sign_object(people),
        max_age=KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _people(request: HttpRequest) -> list[int]:
    try:
        return list(_SIGNER.unsign_object(request.COOKIES.get(COOKIE, ""), max_age=KEPT_FOR))
    except signing.BadSignature:
        return []


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, user_agent)), "")
