"""Forms about an account: allauth's, in our words, and a person's own details."""

from collections.abc import Callable
from typing import Any

from allauth.account import forms as account
from allauth.account.fields import PasswordField
from allauth.account.internal.flows.manage_email import email_already_exists
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm as RecoveryCodesForm
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import actions, passwords
from accounts.models import User
from core import text

MISSING = {
    "email": _("Type your e-mail address."),
    "login": _("Type the e-mail address you signed up with."),
    "password": _("Type your password."),
    "oldpassword": _("Type your present password."),
    "password1": _("Choose a password."),
    "name": _("Type your name."),
    "code": _("Type the code."),
    "language": _("Choose a language."),
}


class Plain(forms.Form):
    """Our labels, no placeholders, and nothing that the browser would check before us."""

    use_required_attribute = False
    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.error_messages |= {"required": MISSING[name]} if name in MISSING else {}
            if isinstance(field, PasswordField):
                field.help_text = ""


class AddressField(forms.EmailField):
    """An e-mail address; blanks, capitals and full-width characters are put right."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("E-mail address"))
        kwargs.setdefault("widget", forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}))
        kwargs.setdefault("error_messages", {"invalid": _("Write the address like name@example.com.")})
        super().__init__(**kwargs)

    def to_python(self, value: str | None) -> str:
        return text.email(value or "")


class SignupForm(Plain, account.SignupForm):
    """Address, name, password and the accepted privacy text."""

    labels = {"password1": _("Password")}
    field_order = ("email", "name", "password1", "privacy")
    account_already_exists: bool

    email = AddressField(help_text=_("We send a link there; you sign in with this address."))
    name = forms.CharField(
        label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    privacy = forms.BooleanField(
        error_messages={"required": _("Please read the privacy text and tick the box to go on.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["password1"].help_text = passwords.hint_for()
        self.fields["privacy"].label = _(
            "I have read the privacy text, version %(version)s, and agree to it"
        ) % {"version": settings.PRIVACY_VERSION}
        trap = self.fields[settings.ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD]
        trap.widget.attrs = {"tabindex": "-1", "autocomplete": "off"}
        trap.label = _("Leave this empty")

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account in one piece; one with a known address takes the same time and the same way."""
        if self.account_already_exists:
            get_user_model()().set_password(self.cleaned_data["password1"])
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:  # the same address was signed up a moment ago
            _address, self.account_already_exists = email_already_exists(self.cleaned_data["email"])
            return super().try_save(request)

    def signup(self, request: HttpRequest, user: User) -> None:
        actions.complete_sign_up(
            user,
            name=self.cleaned_data["name"],
            language=get_language() or settings.LANGUAGE_CODE,
            privacy_version=settings.PRIVACY_VERSION,
        )


class LoginForm(Plain, account.LoginForm):
    """Address and password."""

    labels = {"password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"})
        self.fields["login"] = AddressField(widget=widget)
        self.fields["login"].error_messages["required"] = MISSING["login"]
        self.order_fields(["login", "password"])

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in; a password of the staff that is too short or too old must be changed first."""
        why = passwords.why_change(self.user, self.cleaned_data["password"], now=timezone.now())
        if why:
            request.session[passwords.MUST_CHANGE] = why
        return super().login(request, redirect_url)


class ResetPasswordForm(Plain, account.ResetPasswordForm):
    """The address a link goes to."""

    email = AddressField()


class _OneNewPassword(Plain):
    """A new password, asked for once: who mistypes it asks for a link."""

    labels = {"password1": _("New password"), "oldpassword": _("Present password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"].help_text = passwords.hint_for(getattr(self, "user", None))


class ResetPasswordKeyForm(_OneNewPassword, account.ResetPasswordKeyForm):
    """The new password behind a mailed link."""


class ChangePasswordForm(_OneNewPassword, account.ChangePasswordForm):
    """The present and the new password."""

    def clean_password1(self) -> str:
        """Refuse the present password as the new one."""
        chosen: str = self.cleaned_data["password1"]
        if self.user.check_password(chosen):
            raise forms.ValidationError(_("This is your present password. Choose another."), code="same")
        return chosen


class SetPasswordForm(_OneNewPassword, account.SetPasswordForm):
    """The first password of somebody who has none."""


class AddEmailForm(Plain, account.AddEmailForm):
    """The address to change to."""

    email = AddressField(label=_("New e-mail address"))


class ReauthenticateForm(Plain, account.ReauthenticateForm):
    """The password once more."""

    labels = {"password": _("Password")}


class _Code(Plain):
    labels = {"code": _("Sign-in code")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "spellcheck": "false"}
        self.fields["code"].help_text = self.hint

    hint: Any = _("The six digits your app shows now, or one of your recovery codes.")

    def clean_code(self) -> str:
        self.cleaned_data["code"] = text.normal(self.cleaned_data["code"])
        return super().clean_code()  # type: ignore[misc]  # mixed into a form of allauth


class AuthenticateForm(_Code, mfa.AuthenticateForm):
    """The code at sign-in."""


class ReauthenticateByCodeForm(_Code, mfa.ReauthenticateForm):
    """The code once more."""


class ActivateTOTPForm(_Code, totp.ActivateTOTPForm):
    """The first code of a new app."""

    hint = _("The six digits your app shows now.")


class DeactivateTOTPForm(Plain, totp.DeactivateTOTPForm):
    """Nothing but the button."""


class GenerateRecoveryCodesForm(Plain, RecoveryCodesForm):
    """Nothing but the button."""


class RequestLoginCodeForm(Plain, account.RequestLoginCodeForm):
    """The address a code is mailed to."""

    email = AddressField()


class ConfirmLoginCodeForm(_Code, account.ConfirmLoginCodeForm):
    """The mailed code."""

    labels = {"code": _("Code from the mail")}
    hint = _("Eight digits.")

    def clean_code(self) -> str:
        self.cleaned_data["code"] = text.normal(self.cleaned_data["code"]).replace(" ", "")
        try:
            return account.ConfirmLoginCodeForm.clean_code(self)
        except forms.ValidationError as wrong:
            raise forms.ValidationError(
                _("This is not the code of the mail. Look at the newest mail, and type it once more."),
                code="incorrect_code",
            ) from wrong


class _Passkey(Plain):
    """What the browser brings of a passkey; whatever is wrong with it is said in one way."""

    def refusing(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except (forms.ValidationError, TypeError, ValueError, LookupError, AttributeError) as wrong:
            raise forms.ValidationError(
                _("This passkey was not accepted. Try again, or take another way."), code="passkey"
            ) from wrong


class _KnownPasskey(_Passkey):
    def clean_credential(self) -> Any:
        return self.refusing(super().clean_credential)  # type: ignore[misc]  # mixed into a form of allauth


class LoginByPasskeyForm(_KnownPasskey, webauthn.LoginWebAuthnForm):
    """A passkey instead of address and password."""


class AuthenticateByPasskeyForm(_KnownPasskey, webauthn.AuthenticateWebAuthnForm):
    """A passkey instead of the code at sign-in."""


class ReauthenticateByPasskeyForm(_KnownPasskey, webauthn.ReauthenticateWebAuthnForm):
    """A passkey instead of the password once more."""


class AddPasskeyForm(_Passkey, webauthn.AddWebAuthnForm):
    """A new passkey and what it is called; always one that asks who is there."""

    labels = {"name": _("What it is called")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]
        self.fields["name"].help_text = _("So that you know it again, for instance: phone of the office.")

    def clean_name(self) -> str:
        return str(super().clean_name())[:60]

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        return self.refusing(super().clean)


class RenamePasskeyForm(Plain, webauthn.EditWebAuthnForm):
    """What a passkey is called."""

    labels = {"name": _("What it is called")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("What it is called"), max_length=60, error_messages={"required": _("Give it a name.")}
        )


class DetailsForm(Plain, forms.ModelForm):
    """A person's own name, phone and language."""

    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        help_text=_("For questions about your requests only."),
    )

    class Meta:
        model = User
        fields = ("name", "phone", "language")
        labels = {"name": _("Your name"), "language": _("Language of mails and of the desk")}
        widgets = {"language": forms.RadioSelect, "name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True

    def clean_phone(self) -> str:
        digits = text.phone(self.cleaned_data["phone"])
        if digits and not (digits.lstrip("+").isdigit() and 5 <= len(digits) <= 20):
            raise forms.ValidationError(
                _("Write the number in digits, for instance 13800138000 or 0532-85911000."), code="phone"
            )
        return digits
