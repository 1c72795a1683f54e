"""Steps that several tests of this room take."""

import time
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from notifications.models import Notification
from tests.factories.accounts import PASSWORD, sign_in

LI = {"email": "li@works.example", "name": "Li Hua", "password1": PASSWORD, "privacy": "on", "website": ""}


def log_in(client: Client, email: str, password: str = PASSWORD, **more: Any) -> HttpResponse:
    """Post the sign-in form."""
    return client.post(reverse("account_login"), {"login": email, "password": password}, **more)


def mails() -> list[tuple[str, str]]:
    """Return (kind, address) of every mail posted, oldest first."""
    return [
        (mail.kind, mail.recipient.email if mail.recipient else mail.address)
        for mail in Notification.objects.select_related("recipient").order_by("id")
    ]


def last_link() -> str:
    """Return the path of the link in the last mail."""
    return Notification.objects.latest("id").context["secret_link"].removeprefix("http://localhost:8000")


def fresh(client: Client, user: User) -> Client:
    """Sign in with the password given once more a moment ago."""
    sign_in(client, user)
    session = client.session
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        *records, {"method": "password", "at": time.time(), "reauthenticated": True}
    ]  # fmt: skip
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client
