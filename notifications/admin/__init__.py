"""Notifications at the desk."""

from notifications.admin import reach, robots, told, wording

__all__ = ["reach", "robots", "told", "wording"]
