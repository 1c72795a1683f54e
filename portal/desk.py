"""The landing board of the desk: what is urgent, from every room, for this member of staff."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import board
from core.board import Counter
from core.charts import BarChart, bar_chart
from enterprises import board as of_enterprises
from notifications import board as of_notifications
from notifications import mail_files
from portal import operations, policy_board
from portal.indicators import activity
from services.catalogue.share import free_share
from services.cloud import board as of_cloud
from services.industry import board as of_industry
from services.policies import board as of_policies
from services.requests import board as requests_board
from services.requests import saved_views, unmet
from services.requests.board import Day

URGENT = 8
ROOMS = (of_policies, of_enterprises, of_cloud, of_industry, of_notifications)


def landing(user: Any) -> dict[str, Any]:
    """Return counters, urgent requests, two weeks in figures and alarms, as far as `user` may see them."""
    sees_requests = user.has_perm("service_requests.view_servicerequest")
    days = requests_board.two_week_figures(user) if sees_requests else []
    return {
        "counters": [*(_of_requests(user) if sees_requests else []), *_other_counters(user)],
        "urgent": requests_board.most_urgent(user, URGENT) if sees_requests else [],
        "sees_requests": sees_requests,
        "two_weeks": two_week_chart(days) if sees_requests else None,
        "yesterday": days[-2] if days else None,
        "free_share": free_share(),
    }


def _of_requests(user: Any) -> list[Counter]:
    return [*requests_board.counters(user), *saved_views.counters(user)]


def two_week_chart(days: Sequence[Day]) -> BarChart:
    """Draw what was received and done in the last fourteen days, today the last of them."""
    return bar_chart(
        [(f"{day.day.month}/{day.day.day}", (day.received, day.resolved)) for day in days],
        series=(pgettext("chart", "Received"), pgettext("chart", "Completed")),
        title=_("Received and done in the last two weeks"),
        unit=_("Unit: requests"),
        label_heading=_("Day"),
    )


def _other_counters(user: Any) -> list[Counter]:
    """Count the work of the other rooms, each for those who may do it."""
    work = (one for room in ROOMS for one in room.work(user))
    return [
        *board.counted(work, user),
        *_unmet(user),
        *_activity(user),
        *_written_mails(user),
        *_alarms(user),
    ]


def _unmet(user: Any) -> list[Counter]:
    """Lead to what could not be met, for those who make policy."""
    if not user.has_perm("service_requests.view_unmet"):
        return []
    plain, whole = "admin:service_requests_servicerequest_unmet", "admin:policy_board"
    url = reverse(whole if user.has_perm(policy_board.REACH) else plain)
    return [Counter("unmet", _("What we could not meet"), unmet.returned(timezone.now()), url)]


def _activity(user: Any) -> list[Counter]:
    """Lead to the report of the month that is over, with what was completed in it, for those who lead."""
    if not user.has_perm(activity.VIEW):
        return []
    month, cut = activity.last_month(), activity.cuts_of(user)[0]
    label = _("Completed in %(month)s") % {"month": f"{month:%Y-%m}"}
    return [Counter("activity", label, activity.totals(month, cut).resolved or 0, reverse("admin:activity"))]


def _written_mails(user: Any) -> list[Counter]:
    """Lead to the mails that go to files on this machine, for those who may read them."""
    if not mail_files.are_kept() or not user.has_perm("notifications.read_mail_files"):
        return []
    url = reverse("admin:notifications_mail")
    return [Counter("mails", _("Mails written to files"), len(mail_files.newest()), url)]


def _alarms(user: Any) -> list[Counter]:
    """Lead to the operations page, with the number of alarms, those who may see it."""
    if not user.has_perm(operations.VIEW):
        return []
    number = len(operations.alarms())
    return [Counter("alarms", _("Alarms"), number, reverse("admin:operations"), "hot" if number else "")]
