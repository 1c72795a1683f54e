"""The account page and what belongs to it; signing in itself is allauth's."""

from typing import Any, cast

from allauth.account.views import PasswordChangeView, PasswordResetFromKeyView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import AddWebAuthnView
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from accounts import acting, actions, devices, passwords, roles, second_factor, sessions
from accounts.forms import DetailsForm
from accounts.models import User


def person(request: HttpRequest) -> User:
    """Return who is signed in; every page here needs sign-in."""
    return cast("User", request.user)


def home(request: HttpRequest) -> HttpResponse:
    """Show the person's own account, and where each part of it is changed."""
    user = person(request)
    context = {
        "second_factor": second_factor.is_set_up(user),
        "passkeys": second_factor.passkeys(user),
        "session_count": len(sessions.of(user)),
        "roles": [roles.label(code) for code in roles.of(user)] if user.is_staff else [],
        "language": user.get_language_display(),
    }
    return render(request, "account/home.html", context)


def details(request: HttpRequest) -> HttpResponse:
    """Let a person change name, phone and language; the page goes on in the language chosen."""
    form = DetailsForm(request.POST or None, instance=request.user)
    if request.method != "POST" or not form.is_valid():
        return render(request, "account/details.html", {"form": form})
    user = User.objects.get(pk=person(request).pk)
    actions.change_details(user, **form.cleaned_data, by=user)
    messages.success(request, _("Your details are saved."))
    with override(form.cleaned_data["language"]):
        return redirect("accounts:home")


@require_POST
def agree_to_privacy(request: HttpRequest) -> HttpResponse:
    """Keep that a person agrees to the privacy text in force, and go back to the page they were on."""
    if request.POST.get("version") == settings.PRIVACY_VERSION:
        actions.agree_to_privacy(person(request), version=settings.PRIVACY_VERSION, by=person(request))
        messages.success(request, _("Thank you. Your agreement is kept."))
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if is_ours else reverse("accounts:home"))


class Sessions(ListUserSessionsView):
    """The open sessions; its POST ends all but this one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = sessions.of(person(self.request))
        for session in found:
            session.device = devices.name_of(session.user_agent)
        return {"sessions": found, "others": len(found) - 1, **kwargs}


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the person's own sessions; another person's is a 404."""
    session = get_object_or_404(UserSession, user=request.user, pk=pk)
    is_this_one = session.session_key == request.session.session_key
    session.end()
    if is_this_one:
        return redirect("account_login")
    messages.success(request, _("That session is ended."))
    return redirect("usersessions_list")


class ChangePassword(PasswordChangeView):
    """A new password; every other session of the person ends."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, must_change=self.request.session.get(passwords.MUST_CHANGE, "")
        )

    def get_default_success_url(self) -> str:
        return reverse("accounts:home")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        self.request.session.pop(passwords.MUST_CHANGE, None)
        sessions.end(person(self.request), keep=self.request.session.session_key)
        return response


class ChooseNewPassword(PasswordResetFromKeyView):
    """A new password behind a mailed link; every session of the person ends."""

    def form_valid(self, form: Any) -> HttpResponse:
        sessions.end(self.reset_user)
        return super().form_valid(form)


@method_decorator(never_cache, name="dispatch")
class SetUpSecondFactor(ActivateTOTPView):
    """A new authenticator app; every other session of the person ends, this one has passed."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        second_factor.record_pass(self.request)
        sessions.end(person(self.request), keep=self.request.session.session_key)
        return response


class RemoveSecondFactor(DeactivateTOTPView):
    """The authenticator app is taken away; every other session of the person ends."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponseRedirect = super().form_valid(form)
        second_factor.drop_loose_codes(person(self.request))
        second_factor.forget_pass(self.request)
        sessions.end(person(self.request), keep=self.request.session.session_key)
        return response


@method_decorator(never_cache, name="dispatch")
class AddPasskey(AddWebAuthnView):
    """A new passkey, always one that opens the account by itself; every other session of the person ends."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        options = webauthn.begin_registration(person(self.request), passwordless=True)
        # Not the parent's: it would begin a second registration, without the check of the person.
        return FormView.get_context_data(self, **kwargs) | {"js_data": {"creation_options": options}}

    def get_success_url(self) -> str:
        return reverse("mfa_list_webauthn")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        second_factor.drop_loose_codes(person(self.request))
        sessions.end(person(self.request), keep=self.request.session.session_key)
        return response


@require_POST
def end_acting(request: HttpRequest) -> HttpResponse:
    """Stop looking as somebody else, and go back to where it began."""
    found = request.acting  # type: ignore[attr-defined]  # set by `ActAs`
    acting.forget(request.session)
    if found is None:
        return redirect("admin:index")
    actions.end_acting(found.person, by=found.staff)
    messages.success(request, _("You look as yourself again."))
    return HttpResponseRedirect(found.back)
