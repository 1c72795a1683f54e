"""Addresses of this room."""

from django.urls import include, path

from enterprises.views import home, invitations, joining, licence, members, profile, registration, size

app_name = "enterprises"

register_urls = [
    path("", registration.start, name="register"),
    path("tasks/", registration.tasks, name="register_tasks"),
    path("check/", registration.check, name="register_check"),
    path("done/<str:uscc>/", registration.done, name="register_done"),
    path("industry/<str:division>/", registration.step, {"slug": "industry"}, name="register_group"),
    path("<slug:slug>/", registration.step, name="register_step"),
]

profile_urls = [
    path("", profile.profile, name="profile"),
    path("industry/<str:division>/", profile.edit, {"slug": "industry"}, name="profile_group"),
    path("<slug:slug>/", profile.edit, name="profile_edit"),
]

member_urls = [
    path("", members.members, name="members"),
    path("invite/", members.invite, name="invite"),
    path("invitations/<uuid:key>/revoke/", members.revoke, name="revoke"),
    path("leave/", members.leave, name="leave"),
    path("mandates/new/", members.give_mandate, name="give_mandate"),
    path("requests/<uuid:key>/", joining.answer, name="join_request"),
    path("<uuid:key>/role/", members.change_role, name="change_role"),
    path("<uuid:key>/remove/", members.remove, name="remove_member"),
    path("<uuid:key>/hand-over/", members.hand_over, name="hand_over"),
    path("<uuid:key>/mandate/", members.change_mandate, name="change_mandate"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("switch/", home.switch, name="switch"),
    path("register/", include(register_urls)),
    path("profile/", include(profile_urls)),
    path("size/", size.size, name="size"),
    path("members/", include(member_urls)),
    path("join/", joining.ask, name="join"),
    path("join/<uuid:key>/withdraw/", joining.withdraw, name="withdraw_join"),
    path("licence/", licence.licence, name="licence"),
    path("licence/files/<slug:file>/", licence.own_file, name="licence_file"),
    path("licence/desk/<slug:file>/", licence.desk_file, name="licence_desk_file"),
    path("invitations/mine/<uuid:key>/", invitations.by_key, name="my_invitation"),
    path("invitations/<str:token>/", invitations.by_link, name="invitation"),
]
