"""Addresses of this room."""

from django.urls import path

from services.policies.views import reading

app_name = "policies"
urlpatterns = [
    path("", reading.notices, name="list"),
    path("check/", reading.check, name="check"),
    path("<slug:slug>/", reading.notice, name="detail"),
]
