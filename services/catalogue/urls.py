"""Addresses of this room."""

from django.urls import path

from services.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("", views.offerings, name="list"),
    path("<slug:slug>/", views.offering, name="detail"),
    path("<slug:slug>/tell-me/", views.watch, name="watch"),
]
