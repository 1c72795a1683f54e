"""Requests to join at the desk: read by those who read people; the owners of the enterprise answer them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from enterprises.admin.members import PersonalAdmin
from enterprises.models import Enterprise, JoinRequest


@admin.register(JoinRequest)
class JoinRequestAdmin(PersonalAdmin):
    fields = list_display = ("enterprise", "uscc", "asked_by", "note", "state", "asked_at", "expires_at")
    list_filter = ("state",)
    list_select_related = ("enterprise", "asked_by")
    search_fields = ("enterprise__name", "uscc", "asked_by__email")
    ordering = ("-asked_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return JoinRequest.objects.filter(enterprise__in=Enterprise.objects.in_scope_of(request.user))
