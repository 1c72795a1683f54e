"""Addresses of the open book."""

from django.urls import path

from portal.indicators import views

app_name = "indicators"
urlpatterns = [
    path("", views.open_book, name="open"),
    path("data/<slug:table>.csv", views.as_csv, name="csv"),
    path("data/<slug:table>.xlsx", views.as_xlsx, name="xlsx"),
]
