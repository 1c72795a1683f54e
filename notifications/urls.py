"""Addresses of this room."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read-all/", views.read_all, name="read_all"),
    path("preferences/", views.preferences, name="preferences"),
    path("stop/<str:token>/", views.stop, name="stop"),
    path("<int:number>/", views.detail, name="detail"),
    path("<int:number>/open/", views.open_one, name="open"),
]
