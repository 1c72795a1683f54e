"""Addresses of this room."""

from django.urls import path

from services.requests.views import asking, downloading, drafting, effects, following, sharing, tracking

app_name = "requests"

DRAFTS = [
    path("drafts/<uuid:key>/discard/", drafting.discard, name="discard"),
    path("drafts/<uuid:key>/submit/", drafting.submit, name="submit"),
    path("drafts/<uuid:key>/<slug:step>/", drafting.step, name="draft"),
]
TRACKING = [
    path("track/", tracking.track, name="track"),
    path("track/<str:key>/", tracking.tracked, name="tracked"),
    path("track/<str:key>/done/", tracking.done, name="tracked_done"),
    path("track/<str:key>/write/", tracking.write, name="tracked_write"),
    path("track/<str:key>/withdraw/", tracking.withdraw, name="tracked_withdraw"),
    path("track/<str:key>/rate/", tracking.rate, name="tracked_rate"),
    path("track/<str:key>/reopen/", tracking.reopen, name="tracked_reopen"),
    path("track/<str:key>/files/<slug:file>/", downloading.tracked_file, name="tracked_file"),
]
FOLLOWING = [
    path("", following.requests, name="list"),
    path("<slug:reference>/", following.detail, name="detail"),
    path("<slug:reference>/done/", following.done, name="done"),
    path("<slug:reference>/write/", following.write, name="write"),
    path("<slug:reference>/supply/", following.supply, name="supply"),
    path("<slug:reference>/withdraw/", following.withdraw, name="withdraw"),
    path("<slug:reference>/reopen/", following.reopen, name="reopen"),
    path("<slug:reference>/rate/", following.rate, name="rate"),
    path("<slug:reference>/sharing/", sharing.sharing, name="sharing"),
    path("<slug:reference>/effect/", effects.effect, name="effect"),
    path("<slug:reference>/follow/", following.follow, name="follow"),
    path("<slug:reference>/files/<slug:file>/", downloading.member_file, name="file"),
    path("desk/<slug:reference>/files/<slug:file>/", downloading.desk_file, name="desk_file"),
]
urlpatterns = [
    path("new/", asking.new, name="new"),
    path("ask/", asking.ask, name="ask"),
    *DRAFTS,
    *TRACKING,
    *FOLLOWING,
]
