"""The mails about an account. All go at once, none can be stopped, and what is secret in them is erased."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind, declare, name_topic

name_topic("accounts", _("Your account"))


def _mail(name: str, label: str | Promise, audience: str = "owner") -> Kind:
    return declare(
        Kind(
            f"accounts.mail_{name}",
            label,
            audience=audience,
            channels=("email",),
            in_inbox=False,
            can_be_stopped=False,
            secret=True,
        )
    )


CONFIRM = _mail("confirm", _("Confirm your e-mail address"))
ACCOUNT_EXISTS = _mail("account_exists", _("Sign-up with an address that has an account"))
RESET = _mail("reset", _("Set a new password"))
NO_ACCOUNT = _mail("no_account", _("New password asked for without an account"), audience="visitor")
PASSWORD_CHANGED = _mail("password_changed", _("Password changed"))
ADDRESS_CHANGED = _mail("address_changed", _("E-mail address changed"))
ADDRESS_REMOVED = _mail("address_removed", _("E-mail address removed"))
SECOND_FACTOR_ON = _mail("second_factor_on", _("Sign-in code app set up"))
SECOND_FACTOR_OFF = _mail("second_factor_off", _("Sign-in code app removed"))
RECOVERY_CODES = _mail("recovery_codes", _("New recovery codes made"))
LOGIN_CODE = _mail("login_code", _("Code for signing in"))
PASSKEY_ADDED = _mail("passkey_added", _("Passkey added"))
PASSKEY_REMOVED = _mail("passkey_removed", _("Passkey removed"))
NEW_DEVICE = _mail("new_device", _("Sign-in from a new browser"))
INVITED = _mail("invited", _("Invitation to the service desk"), audience="staff")

LOOKED_AT = declare(Kind("accounts.looked_at", _("Staff look at the portal as you"), can_be_stopped=False))

# What the adapter calls its mails.
BY_TEMPLATE = {
    "account/email/email_confirmation_signup": CONFIRM,
    "account/email/email_confirmation": CONFIRM,
    "account/email/account_already_exists": ACCOUNT_EXISTS,
    "account/email/password_reset_key": RESET,
    "account/email/unknown_account": NO_ACCOUNT,
    "account/email/password_changed": PASSWORD_CHANGED,
    "account/email/password_set": PASSWORD_CHANGED,
    "account/email/password_reset": PASSWORD_CHANGED,
    "account/email/email_changed": ADDRESS_CHANGED,
    "account/email/email_deleted": ADDRESS_REMOVED,
    "mfa/email/totp_activated": SECOND_FACTOR_ON,
    "mfa/email/totp_deactivated": SECOND_FACTOR_OFF,
    "mfa/email/recovery_codes_generated": RECOVERY_CODES,
    "account/email/login_code": LOGIN_CODE,
    "mfa/email/webauthn_added": PASSKEY_ADDED,
    "mfa/email/webauthn_removed": PASSKEY_REMOVED,
    "accounts/email/new_device": NEW_DEVICE,
}
