"""Addresses of this room."""

from django.urls import URLPattern

app_name = "cloud"
urlpatterns: list[URLPattern] = []
