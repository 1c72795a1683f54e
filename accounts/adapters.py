"""How allauth fits this house: its mails go through the outbox, its limits answer 429, its words are ours."""

from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts import actions, devices, limits, notifications, second_factor
from accounts.models import User
from core import sealing

# What a text says of allauth's context, beside the link.
_WORDS = ("from_email", "to_email", "deleted_email", "code")
# Where allauth puts the one link of each mail.
LINKS = ("activate_url", "password_reset_url", "signup_url")
REFUSED_BY_LIMIT = {"too_many_login_attempts", "rate_limited"}


class AccountAdapter(DefaultAccountAdapter):
    """Mails, limits and hooks around signing in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account has been closed."),
        "duplicate_email": _("This is already your address."),
        "email_password_mismatch": _("The e-mail address and the password do not match. Check both."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _(
            "This code is not right, or it has been used. Wait for the next one in your app."
        ),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link is no longer good."),
        "max_email_addresses": _("You cannot have more than %d addresses."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Post one of allauth's mails to the outbox; KeyError for a mail this house has no text for."""
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        actions.send(
            notifications.BY_TEMPLATE[template_prefix],
            email,
            user=user,
            path=next((context[name] for name in LINKS if name in context), ""),
            context=_plain(context),
        )

    def send_account_already_exists_mail(self, email: str) -> None:
        """Offer a new password to somebody who signs up again."""
        self.send_mail(
            "account/email/account_already_exists",
            email,
            {"password_reset_url": reverse("account_reset_password")},
        )

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Build a form error; a used-up limit is answered with 429 at once instead."""
        if code in REFUSED_BY_LIMIT:
            raise ImmediateHttpResponse(limits.too_many_tries(self.request))
        return super().validation_error(code, *args)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Trust X-Forwarded-For no further than our own proxies wrote it."""
        return limits.network_address(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return limits.account_and_address(request, credentials.get("email", ""))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count this try: per address, per account from this address, and (widely) per account."""
        super().pre_authenticate(request, **credentials)
        usage = ratelimit.consume(
            request, app=limits.APP, action="login_failed_account", key=credentials.get("email", "").lower()
        )
        if usage is None:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage.usage += usage.usage

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Refuse an address that has meanwhile become another person's."""
        if User.objects.filter(email__iexact=email_address.email).exclude(pk=email_address.user_id).exists():
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False
        return bool(super().confirm_email(request, email_address))

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, remembering whether it is the very first time."""
        self._is_first_time = user.last_login is None
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Tell the person when the browser is one we have not seen with them before."""
        response = super().post_login(request, user, **kwargs)
        if not devices.is_known(request, user) and not getattr(self, "_is_first_time", True):
            self.send_notification_mail("accounts/email/new_device", user, email=user.email)
        devices.remember(request, response, user)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):
    """The picture of the secret, and our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": _("Set up the code app first."),
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret before allauth stores it."""
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Read back what `encrypt` sealed."""
        return sealing.unseal(encrypted_text)

    def is_mfa_enabled(self, user: Any, types: Iterable[str] | None = None) -> bool:
        """Tell whether a second step follows the password: the code app's; a passkey is another way in."""
        asked = None if types is None else [one for one in types if one != Authenticator.Type.WEBAUTHN]
        return bool(super().is_mfa_enabled(user, types=asked))

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        """Number the passkeys; people rename them."""
        return _("Passkey %(number)s") % {"number": user.authenticator_set.filter(type=type).count() + 1}

    def build_totp_svg(self, url: str) -> SafeString:
        """Draw the QR code inline: the content policy allows no data: pictures."""
        return second_factor.picture(url)


def _plain(context: dict[str, Any]) -> dict[str, str]:
    """Keep of allauth's context what a text needs, as plain words."""
    agent = context.get("user_agent", "")
    moment = context.get("timestamp") or timezone.now()
    return {
        "when": timezone.localtime(moment).strftime("%Y-%m-%d %H:%M"),
        "network": context.get("ip", ""),
        "device": devices.name_of(agent),
        **{name: context[name] for name in _WORDS if name in context},
    }
