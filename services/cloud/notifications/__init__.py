"""What this room tells, one subject a file."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import name_topic
from services.cloud.notifications import lateness, market, onboarding, vouchers

name_topic("cloud", _("Cloud services and vouchers"))

__all__ = ["lateness", "market", "onboarding", "vouchers"]
