"""Addresses of one's own data, beside those of the account."""

from django.urls import path

from portal.personal_data import views

app_name = "personal_data"

urlpatterns = [
    path("", views.home, name="home"),
    path("export/", views.export, name="export"),
    path("export/<uuid:key>/", views.download, name="download"),
    path("close/", views.close, name="close"),
    path("close/undo/", views.undo, name="undo"),
]
