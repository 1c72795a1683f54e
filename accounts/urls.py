"""Addresses of this room: our own pages, and allauth's under the names allauth expects."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from accounts import views

OWN = (
    [
        path("", views.home, name="home"),
        path("details/", views.details, name="details"),
        path("privacy/agree/", views.agree_to_privacy, name="agree_to_privacy"),
        path("acting/end/", views.end_acting, name="end_acting"),
        path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
    ],
    "accounts",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(OWN)),
    # Ours come first and stand in for allauth's of the same name.
    path("password/change/", views.ChangePassword.as_view(), name="account_change_password"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.ChooseNewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("2fa/totp/activate/", views.SetUpSecondFactor.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", views.RemoveSecondFactor.as_view(), name="mfa_deactivate_totp"),
    path("2fa/webauthn/add/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("sessions/", views.Sessions.as_view(), name="usersessions_list"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
