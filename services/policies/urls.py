"""Addresses of this room."""

from django.urls import path

from services.policies import views

app_name = "policies"
urlpatterns = [
    path("", views.notices, name="list"),
    path("check/", views.check, name="check"),
    path("<slug:slug>/", views.notice, name="detail"),
]
