"""What the roof tells: that the background is in trouble, whom to call, and what was done in a month."""

import hashlib
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from core import calendar
from notifications import outbox
from notifications.kinds import STAFF, Kind, declare, name_topic
from notifications.models import ContactTask, Notification
from notifications.outbox import Letter
from portal.indicators import activity
from services.requests import parties

name_topic("portal", _("The portal itself"))

ALARM = declare(Kind("portal.alarm", _("The background is in trouble"), audience=STAFF, can_be_stopped=False))


def is_still_to_be_made(notification: Notification) -> bool:
    """Tell whether nobody has made the call yet, and the reader may still make it."""
    reader = notification.recipient
    is_open = ContactTask.objects.filter(pk=notification.context.get("call"), state=ContactTask.State.OPEN)
    return reader is not None and reader.has_perm("notifications.settle_contact") and is_open.exists()


CALL = declare(
    Kind("portal.call", _("Someone is to be called"), audience=STAFF, still_due=is_still_to_be_made)
)


def leads_still(notification: Notification) -> bool:
    """Tell whether the reader may still see the report."""
    reader = notification.recipient
    return reader is not None and reader.is_active and reader.has_perm(activity.VIEW)


LINK = declare(Kind("portal.link", _("A link to a file you asked for"), in_inbox=False, can_be_stopped=False))


def mail_link(path: str, name: str, *, to: Any) -> None:
    """Mail somebody the link to a file; asked for again within a minute it is sent once.

    `name` is that of its address, one of `portal.mailed_links.FILES`.
    """
    digest = hashlib.sha256(path.encode()).hexdigest()[:20]
    key = f"{digest}-{calendar.now():%Y%m%d%H%M}"
    outbox.post(LINK, Letter(key, to, url=path, context={"file": name}))


ACTIVITY = declare(Kind("portal.activity", _("The report of a month"), audience=STAFF, still_due=leads_still))


def tell_activity(month: date) -> int:
    """Tell whoever leads what was done in a month, each within their first scope; return how many were told.

    Each is told of a month once, however often this is called.
    """
    letters = []
    for person in parties.staff_with("view_measurement", label="indicators"):
        cut = activity.cuts_of(person)[0]
        figures = activity.totals(month, cut)
        query = urlencode({"month": f"{month:%Y-%m}", "city": cut.city, "group": cut.group})
        facts = {
            "month": f"{month:%Y-%m}",
            "received": figures.received,
            "resolved": figures.resolved,
            "on_time": None if figures.on_time_percent is None else f"{figures.on_time_percent}",
            "median_days": figures.median_days,
        }
        url = f"{reverse('admin:activity')}?{query}"
        letters.append(Letter(key=f"{month:%Y-%m}", recipient=person, url=url, context=facts))
    return outbox.post_many(ACTIVITY, letters)


def tell_of_call(task: ContactTask, people: list[Any], *, enterprise: str) -> None:
    """Tell staff whom mail does not reach, leading to the call at the desk."""
    url = reverse("admin:notifications_contacttask_change", args=[task.pk])
    facts = {
        "call": task.pk,
        "enterprise": enterprise,
        "unopened": task.cause == ContactTask.Cause.UNOPENED,
        "code": task.subject_code,
    }
    key = f"call {task.pk}"
    outbox.post(CALL, *(Letter(key=key, recipient=one, url=url, context=facts) for one in people))


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
