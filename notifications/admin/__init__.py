"""Notifications at the desk."""

from notifications.admin import reach, told

__all__ = ["reach", "told"]
