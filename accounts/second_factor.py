"""The second factor: whether a person has one, whether this session has passed it, the picture to scan."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.models import User
from core import qr


def is_set_up(user: User) -> bool:
    """Tell whether this person has an authenticator app."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def passed(request: HttpRequest) -> bool:
    """Tell whether a code was given in this very session; asks the session only, not the database."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def record_pass(request: HttpRequest) -> None:
    """Note that the person of this session has just given a right code (as on setting the app up)."""
    record_authentication(request, request.user, "mfa", type=Authenticator.Type.TOTP)


def forget_pass(request: HttpRequest) -> None:
    """Take the note back, for instance when the authenticator is removed."""
    records = get_authentication_records(request, request.user)
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [r for r in records if r["method"] != "mfa"]


def set_up(user: User, secret: str = "") -> str:
    """Give this person an authenticator (and recovery codes) without asking; return its secret.

    For sample people and tests: everybody else scans the picture.
    """
    secret = secret or totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def passkeys(user: User) -> int:
    """Return how many passkeys this person has."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count()


def drop_loose_codes(user: User) -> None:
    """Delete recovery codes where no code app is: they stand in for its codes and for nothing else."""
    if not is_set_up(user):
        Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()


def remove(user: User) -> int:
    """Delete every authenticator of this person; return how many there were."""
    return Authenticator.objects.filter(user=user).delete()[0]


def current_code(user: User) -> str:
    """Return the six digits the person's app shows now; raise Authenticator.DoesNotExist without an app."""
    authenticator = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    counter = int(time.time()) // 30
    return str(totp.format_hotp_value(totp.hotp_value(decrypt(authenticator.data["secret"]), counter)))


def picture(address: str) -> SafeString:
    """Draw the QR code of an otpauth address as an inline SVG."""
    return qr.svg(address)
