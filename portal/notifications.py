"""What the roof tells: that the background is in trouble."""

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import calendar
from notifications import outbox
from notifications.kinds import STAFF, Kind, declare
from notifications.outbox import Letter

ALARM = declare(Kind("portal.alarm", _("The background is in trouble"), audience=STAFF, can_be_stopped=False))


def tell_alarm(codes: list[str]) -> int:
    """Tell the administrators that something is wrong, at most once an hour; return how many were told."""
    people = get_user_model().objects.filter(is_active=True, is_staff=True, groups__name="administrator")
    hour = calendar.now().astimezone(calendar.zone()).strftime("%Y-%m-%dT%H")
    return outbox.post_many(
        ALARM,
        [
            Letter(key=hour, recipient=person, url=reverse("admin:operations"), context={"codes": codes})
            for person in people.order_by("pk")
        ],
    )
