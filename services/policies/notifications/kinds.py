"""What this room can tell, and until when each is still true."""

from __future__ import annotations

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core import calendar
from enterprises.access import reader_still_acts
from notifications.kinds import Kind, declare, name_topic
from notifications.models import Notification
from services.policies.models import Benefit, ItemCriteria, ItemMark, PolicyNotice, SavedSearch, State

name_topic("policies", _("Policies and deadlines"))


def is_in_force(notification: Notification) -> bool:
    """Tell whether the notice is still published and the reader still acts for the enterprise."""
    still_published = PolicyNotice.objects.published().filter(slug=notification.subject_code).exists()
    return still_published and reader_still_acts(notification)


def waits_for_review(notification: Notification) -> bool:
    return PolicyNotice.objects.filter(slug=notification.subject_code, state=State.IN_REVIEW).exists()


def still_follows(notification: Notification) -> bool:
    """Tell whether the search that found it is still wanted and, of one notice, that is still in force."""
    is_wanted = SavedSearch.objects.active().filter(key=notification.context["search"]).exists()
    slug = notification.subject_code
    return is_wanted and (not slug or PolicyNotice.objects.published().filter(slug=slug).exists())


def end_search(notification: Notification) -> None:
    """End the very search a letter came from: what the stop link of its mail does."""
    SavedSearch.objects.active().filter(key=notification.context["search"]).update(stopped_at=Now())


MATCHED = declare(Kind("policies.matched", _("A new policy fits your enterprise"), still_due=is_in_force))
REMATCHED = declare(
    Kind("policies.rematched", _("Policies that fit after a change"), still_due=reader_still_acts)
)


def still_to_be_done(notification: Notification) -> bool:
    """Tell whether the last day reminded of still stands ahead and nobody has applied or dismissed since."""
    context = notification.context
    is_open = ItemCriteria.objects.filter(
        item=context["item"], is_open=True, closes_on=context["closes_on"], closes_on__gte=calendar.today()
    ).exists()
    settled = ItemMark.objects.filter(item=context["item"], enterprise=notification.enterprise_id)
    is_settled = settled.exclude(standing=ItemMark.Standing.SAVED).exists()
    return is_open and not is_settled and reader_still_acts(notification)


MATCH_DIGEST = declare(
    Kind("policies.match_digest", _("New policies that fit, together"), still_due=reader_still_acts)
)
REMINDER = declare(
    Kind(
        "policies.reminder",
        _("Before the last day of a policy"),
        can_wait=False,
        ends_soon=True,
        still_due=still_to_be_done,
    )
)
CHANGED = declare(Kind("policies.changed", _("A policy you follow has changed"), still_due=reader_still_acts))
SEARCH_CONFIRM = declare(
    Kind(
        "policies.search_confirm",
        _("Confirm that you want to hear of new policies"),
        audience="visitor",
        in_inbox=False,
        can_be_stopped=False,
        secret=True,
    )
)
SEARCH_FOUND = declare(
    Kind(
        "policies.search_found",
        _("A saved search has found something"),
        still_due=still_follows,
        ends=end_search,
    )
)
SEARCH_DIGEST = declare(
    Kind(
        "policies.search_digest",
        _("What a saved search has found since the last mail"),
        still_due=still_follows,
        ends=end_search,
    )
)
IN_REVIEW = declare(
    Kind(
        "policies.in_review", _("A notice waits for review"), audience="publisher", still_due=waits_for_review
    )
)
RETURNED = declare(Kind("policies.returned", _("Your notice came back"), audience="publisher"))
APPROVED = declare(Kind("policies.approved", _("Your notice is approved"), audience="publisher"))
ERROR_REPORTED = declare(
    Kind("policies.error_reported", _("A reader reports an error in a notice"), audience="publisher")
)
REPORT_ANSWERED = declare(
    Kind("policies.report_answered", _("What became of an error you reported"), can_be_stopped=False)
)
OPINION_ANSWERED = declare(
    Kind(
        "policies.opinion_answered",
        _("What became of your opinion on a policy"),
        can_be_stopped=False,
        still_due=reader_still_acts,
    )
)
LINK_DEAD = declare(
    Kind("policies.link_dead", _("A link in your notice does not work"), audience="publisher")
)
LOOK_AGAIN = declare(
    Kind("policies.look_again", _("Please see whether your notice is still right"), audience="publisher")
)
PUBLISHED = declare(Kind("policies.published", _("Your notice is published"), audience="publisher"))


def still_offered(notification: Notification) -> bool:
    """Tell whether the offer still waits for an answer and its reader still acts for the enterprise."""
    waiting = Benefit.objects.filter(key=notification.subject_code, state=Benefit.State.OFFERED)
    return waiting.exists() and reader_still_acts(notification)


BENEFIT_OFFERED = declare(
    Kind("policies.benefit_offered", _("A benefit you need not apply for"), still_due=still_offered)
)
BENEFIT_AGREED = declare(
    Kind(
        "policies.benefit_agreed",
        _("Receipt of your consent to hand over data"),
        can_be_stopped=False,
        still_due=reader_still_acts,
    )
)
BENEFIT_SENT = declare(
    Kind("policies.benefit_sent", _("Your data were handed to the authority"), still_due=reader_still_acts)
)
BENEFIT_SETTLED = declare(
    Kind(
        "policies.benefit_settled",
        _("What the authority decided on a benefit"),
        still_due=reader_still_acts,
    )
)
