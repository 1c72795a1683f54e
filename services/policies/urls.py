"""Addresses of this room."""

from django.urls import path

from services.policies.views import (
    calendar,
    checking,
    claiming,
    exporting,
    feed_tokens,
    feeds,
    following,
    reading,
    reporting,
    subscribing,
)

app_name = "policies"
urlpatterns = [
    path("", reading.notices, name="list"),
    path("export.xlsx", exporting.notices, {"kind": "xlsx"}, name="export_xlsx"),
    path("export.csv", exporting.notices, {"kind": "csv"}, name="export_csv"),
    path("export.json", exporting.notices, {"kind": "json"}, name="export_json"),
    path("feed/", feeds.atom, name="feed"),
    path("calendar/", calendar.month, name="calendar"),
    path("calendar.ics", feeds.ics, name="calendar_ics"),
    path("feeds/", feed_tokens.mine, name="feeds"),
    path("feeds/<uuid:key>/revoke/", feed_tokens.revoke, name="feed_revoke"),
    path("feeds/<slug:secret>/policies.ics", feeds.my_ics, name="my_ics"),
    path("feeds/<slug:secret>/policies.atom", feeds.my_atom, name="my_atom"),
    path("check/", checking.check, name="check"),
    path("fitting/", checking.fits, name="fitting"),
    path("quiz/", checking.quiz, name="quiz"),
    path("answer/", checking.answer, name="answer"),
    path("forget/", checking.forget, name="forget"),
    path("saved/", following.saved, name="saved"),
    path("subscriptions/", subscribing.subscriptions, name="subscriptions"),
    path("subscriptions/new/", subscribing.follow, name="follow"),
    path("subscriptions/asked/", subscribing.asked, name="follow_asked"),
    path("subscriptions/topics/", subscribing.topics, name="topics"),
    path("subscriptions/confirm/<str:token>/", subscribing.confirm, name="confirm_search"),
    path("subscriptions/by-mail/<str:token>/", subscribing.by_mail, name="searches_by_mail"),
    path("subscriptions/<uuid:key>/", subscribing.change, name="change_search"),
    path("<slug:slug>/mark/", following.mark, name="mark"),
    path("<slug:slug>/not-for-us/", following.dismiss, name="dismiss"),
    path("combination/", checking.combination, name="combination"),
    path("<slug:slug>/", reading.notice, name="detail"),
    path("<slug:slug>/items/<int:number>/pack.zip", claiming.pack, name="pack"),
    path("<slug:slug>/files/<str:file>/", reading.attachment, name="attachment"),
    path("<slug:slug>/versions/<int:number>/", reading.version, name="version"),
    path("<slug:slug>/report/", reporting.report, name="report"),
]
