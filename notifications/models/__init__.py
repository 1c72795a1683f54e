"""A Notification is what someone should know; a Delivery is its way out by one channel."""

from notifications.models.reach import ContactTask, SuppressedAddress
from notifications.models.robots import Robot
from notifications.models.told import (
    OPEN_STATES,
    ChannelPause,
    Delivery,
    DeliveryQuerySet,
    Notification,
    NotificationQuerySet,
)
from notifications.models.wishes import Frequency, Preference, QuietHours, StoppedAddress
from notifications.models.wording import TextVersion

__all__ = [
    "OPEN_STATES",
    "ChannelPause",
    "ContactTask",
    "Delivery",
    "DeliveryQuerySet",
    "Frequency",
    "Notification",
    "NotificationQuerySet",
    "Preference",
    "QuietHours",
    "Robot",
    "StoppedAddress",
    "SuppressedAddress",
    "TextVersion",
]
