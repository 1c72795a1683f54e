"""The kinds of letter this room sends."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind, declare, name_topic
from services.requests.notifications.due import (
    a_task_is_open,
    draft_still_waits,
    effect_still_open,
    follows_still,
    has_a_task,
    is_in_scope_still,
    is_not_agreed_yet,
    is_running_still,
    is_staff_still,
    is_still_held,
    nobody_has_it_yet,
    nobody_holds_it,
    reader_still_acts,
    still_waits,
)

name_topic("requests", _("Requests and questions"))

BY_PHONE_TOO = ("email", "sms")

RECEIVED = declare(
    Kind(
        "requests.received",
        _("Receipt of a request"),
        still_due=reader_still_acts,
        can_be_stopped=False,
    )
)
TAKEN = declare(Kind("requests.taken", _("Someone has taken up a request"), still_due=reader_still_acts))
ASKED = declare(
    Kind(
        "requests.asked",
        _("Papers are asked for"),
        channels=BY_PHONE_TOO,
        still_due=still_waits,
        can_be_stopped=False,
        ends_soon=True,
    )
)
STILL_WAITING = declare(
    Kind(
        "requests.still_waiting",
        _("Reminder: papers are still asked for"),
        channels=BY_PHONE_TOO,
        still_due=still_waits,
    )
)
REPLIED = declare(
    Kind("requests.replied", _("A reply to a request"), channels=BY_PHONE_TOO, still_due=reader_still_acts)
)
RESOLVED = declare(
    Kind("requests.resolved", _("A request is done"), channels=BY_PHONE_TOO, still_due=reader_still_acts)
)
REFUSED = declare(
    Kind(
        "requests.refused",
        _("A request is returned"),
        channels=BY_PHONE_TOO,
        still_due=reader_still_acts,
        can_be_stopped=False,
    )
)
DRAFT_ENDS = declare(
    Kind(
        "requests.draft_ends",
        _("A draft ends soon"),
        can_wait=False,
        ends_soon=True,
        still_due=draft_still_waits,
    )
)
FILE_BLOCKED = declare(
    Kind(
        "requests.file_blocked",
        _("A file is blocked"),
        still_due=reader_still_acts,
        can_be_stopped=False,
    )
)
NEW = declare(
    Kind("requests.new", _("A new request"), audience="staff", for_teams=True, still_due=nobody_has_it_yet)
)
ASSIGNED = declare(
    Kind("requests.assigned", _("A request is assigned to you"), audience="staff", still_due=is_still_held)
)
ANSWERED = declare(
    Kind("requests.answered", _("The enterprise has written"), audience="staff", still_due=is_in_scope_still)
)
WITHDRAWN = declare(
    Kind(
        "requests.withdrawn",
        _("A request is withdrawn"),
        audience="staff",
        for_teams=True,
        still_due=is_in_scope_still,
    )
)
UNHELD = declare(
    Kind(
        "requests.unheld",
        _("A request nobody has"),
        audience="staff",
        for_teams=True,
        still_due=nobody_holds_it,
    )
)
DELAYED = declare(
    Kind(
        "requests.delayed",
        _("A later date, with its reason"),
        channels=BY_PHONE_TOO,
        still_due=reader_still_acts,
    )
)
RECLASSIFIED = declare(
    Kind("requests.reclassified", _("A request goes on as another service"), still_due=reader_still_acts)
)
FOLLOWING = declare(
    Kind("requests.following", _("You follow a colleague's request"), still_due=follows_still)
)
EFFECT = declare(
    Kind("requests.effect", _("Half a year later: what came of it?"), still_due=effect_still_open)
)
SHARE_ASKED = declare(
    Kind("requests.share_asked", _("May the provider have it?"), still_due=is_not_agreed_yet)
)
SHARED = declare(
    Kind(
        "requests.shared",
        _("Receipt: what a provider may be given"),
        still_due=reader_still_acts,
        can_be_stopped=False,
    )
)
SHARING_REVOKED = declare(
    Kind(
        "requests.sharing_revoked",
        _("An agreement is taken back"),
        audience="staff",
        still_due=is_in_scope_still,
    )
)
MERGED = declare(Kind("requests.merged", _("Two requests have been joined"), still_due=reader_still_acts))
UNMERGED = declare(
    Kind("requests.unmerged", _("A joined request goes on by itself"), still_due=reader_still_acts)
)
DUE_SOON = declare(
    Kind(
        "requests.due_soon",
        _("A request is due soon"),
        audience="staff",
        for_teams=True,
        still_due=is_running_still,
    )
)
OVERDUE = declare(
    Kind(
        "requests.overdue",
        _("A request is overdue"),
        audience="staff",
        for_teams=True,
        still_due=is_running_still,
    )
)
LATE = declare(
    Kind(
        "requests.late",
        _("A request is late (lead)"),
        audience="staff",
        for_teams=True,
        still_due=is_running_still,
    )
)
SUMMARY = declare(Kind("requests.summary", _("What waits this morning"), audience="staff"))
LOW_RATING = declare(
    Kind(
        "requests.low_rating",
        _("A low rating"),
        audience="staff",
        for_teams=True,
        still_due=is_in_scope_still,
    )
)


TASK_GIVEN = declare(
    Kind("requests.task_given", _("A task in a colleague's request"), audience="staff", still_due=has_a_task)
)
TASK_ANSWERED = declare(
    Kind(
        "requests.task_answered",
        _("A colleague answers a task"),
        audience="staff",
        still_due=is_in_scope_still,
    )
)
TASK_ENDED = declare(
    Kind("requests.task_ended", _("A task is no longer needed"), audience="staff", still_due=is_staff_still)
)
TASK_LATE = declare(
    Kind("requests.task_late", _("A task is overdue"), audience="staff", still_due=a_task_is_open)
)
