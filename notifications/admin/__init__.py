"""Notifications at the desk."""

from notifications.admin import reach, told, wording

__all__ = ["reach", "told", "wording"]
