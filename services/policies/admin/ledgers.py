"""What readers follow and what was told of it, to be read by the auditor; nobody changes a ledger."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.admin import ReadOnlyAdmin
from services.policies.models import (
    AlertDue,
    ItemMark,
    Match,
    NoticeTelling,
    Reminder,
    SavedSearch,
    SearchFound,
)


class Ledger(ReadOnlyAdmin):
    """Rows of a ledger, the newest first; every column is shown and none can be typed into."""

    ordering = ("-pk",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        hidden = {"id", "vector", "patterns", "words_mark"}
        return [field.name for field in self.opts.concrete_fields if field.name not in hidden]


@admin.register(Match)
class MatchAdmin(Ledger):
    """Who met every gate of which version, and when."""

    list_display = ("enterprise", "item", "item_version", "matched_at")
    list_select_related = ("enterprise", "item")
    search_fields = ("=enterprise__uscc", "item__title_zh")


@admin.register(ItemMark)
class ItemMarkAdmin(Ledger):
    """What enterprises saved, applied for, obtained or dismissed."""

    list_display = ("enterprise", "notice", "item", "standing", "reason", "marked_at")
    list_filter = ("standing", "reason")
    list_select_related = ("enterprise", "notice", "item")
    search_fields = ("=enterprise__uscc", "notice__title_zh")


@admin.register(SavedSearch)
class SavedSearchAdmin(Ledger):
    """Saved searches of people and of confirmed addresses."""

    list_display = ("name", "user", "address", "frequency", "created_at", "confirmed_at", "stopped_at")
    list_filter = ("frequency",)
    list_select_related = ("user",)
    search_fields = ("name", "=address", "=user__email")


@admin.register(SearchFound)
class SearchFoundAdmin(Ledger):
    """Which search found which version for which address, and when that was told."""

    list_display = ("search", "notice", "notice_version", "address", "due_on", "told_at")
    list_select_related = ("search", "notice")
    search_fields = ("=address", "notice__title_zh")


@admin.register(AlertDue)
class AlertDueAdmin(Ledger):
    """Matches that went, or wait to go, in the letter of a morning."""

    list_display = ("user", "enterprise", "item", "item_version", "due_on", "told_at")
    list_select_related = ("user", "enterprise", "item")
    search_fields = ("=user__email", "=enterprise__uscc", "item__title_zh")


@admin.register(Reminder)
class ReminderAdmin(Ledger):
    """Who was reminded of which last day, how many days before."""

    list_display = ("user", "enterprise", "item", "closes_on", "days", "reminded_at")
    list_select_related = ("user", "enterprise", "item")
    search_fields = ("=user__email", "=enterprise__uscc", "item__title_zh")


@admin.register(NoticeTelling)
class NoticeTellingAdmin(Ledger):
    """Each event of a notice with the letters it led to."""

    list_display = ("notice", "version", "event", "found", "told", "told_at")
    list_filter = ("event",)
    list_select_related = ("notice",)
    search_fields = ("notice__title_zh", "notice__document_number")
