"""What readers and staff do with notifications."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core import audit, calendar, periods, sealing, wake
from core.models import Watermark
from notifications import outbox, suppression, unopened, ways
from notifications.bounces import Bounce
from notifications.kinds import Kind, KindNotKnown, find
from notifications.lifecycle import CONTACT, SUPPRESSION, WORDING
from notifications.models import (
    ContactTask,
    Delivery,
    Frequency,
    Notification,
    Preference,
    QuietHours,
    Robot,
    StoppedAddress,
    SuppressedAddress,
    TextVersion,
)
from notifications.notifications import ROBOT_TRIAL
from notifications.outbox import Letter

UNOPENED = "notifications.call_the_silent"
UNOPENED_UPTO = "notifications.unopened_upto"
# Whoever makes calls finds them at the beginning of the working day.
UNOPENED_AT = time(7, 0)


def mark_read(notification: Notification) -> None:
    """Mark one as read; reading it again keeps the first time. The door has scoped it to its reader."""
    Notification.objects.filter(pk=notification.pk, read_at=None).update(read_at=Now())


def mark_all_read(user: Any) -> int:
    """Mark everything in this person's inbox as read; return how many were unread."""
    return Notification.objects.for_user(user).unread().order_by().update(read_at=Now())


@transaction.atomic
def set_preferences(user: Any, *, choices: Mapping[str, str], channel: str = "email") -> None:
    """Store how often (a Frequency) this person wants each kind (by code) by one channel.

    What the kind does not allow is left out. What was held for a digest and is now wanted at once goes with
    the next tick.
    """
    allowed = {
        code: choice for code, choice in choices.items() if choice in ways.frequencies(channel, find(code))
    }
    rows = [
        Preference(
            user=user,
            kind=code,
            channel=channel,
            wanted=choice != Frequency.NEVER,
            frequency=Frequency.INSTANT if choice == Frequency.NEVER else choice,
        )
        for code, choice in allowed.items()
    ]
    Preference.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "kind", "channel"],
        update_fields=["wanted", "frequency"],
    )
    at_once = [code for code, choice in allowed.items() if choice == Frequency.INSTANT]
    Delivery.objects.filter(
        state=Delivery.State.HELD,
        digest=None,
        channel=channel,
        notification__recipient=user,
        notification__kind__in=at_once,
    ).update(due_at=Now())


def set_quiet_hours(user: Any, *, begins: time | None, ends: time | None) -> None:
    """Store when this person is not to be mailed; None and None: at no time is too early or too late."""
    QuietHours.objects.update_or_create(user=user, defaults={"begins": begins, "ends": ends})


def stop(notification: Notification) -> Kind | None:
    """Stop mails of this notification's kind to its reader; None when the kind cannot be stopped.

    Whoever holds the signed link of the mail may do it, without sign-in.
    """
    kind = stoppable(notification)
    if kind is None:
        return None
    if kind.ends is not None:
        kind.ends(notification)
    elif notification.recipient_id:
        set_preferences(notification.recipient, choices={kind.code: Frequency.NEVER})
    else:
        StoppedAddress.objects.get_or_create(address=notification.address.lower(), kind=kind.code)
    return kind


def stoppable(notification: Notification) -> Kind | None:
    """Return the kind of a notification if its reader may stop it."""
    try:
        kind = find(notification.kind)
    except KindNotKnown:
        return None
    return kind if kind.can_be_stopped else None


def retry(delivery: Delivery, *, by: Any) -> Delivery:
    """Send a failed delivery again; staff with the permission notifications.retry may.

    A delivery that has not failed is left alone; a digest takes its members along, a member goes by itself.
    Raises PermissionDenied.
    """
    if not by.has_perm("notifications.retry"):
        raise PermissionDenied
    with transaction.atomic():
        changed = Delivery.objects.failed().filter(pk=delivery.pk)
        again: dict[str, Any] = {
            "due_at": Now(),
            "attempts": 0,
            "error": "",
            "done_at": None,
            "bounced_at": None,
        }
        if changed.update(state=Delivery.State.PENDING, digest=None, message_id="", **again):
            Delivery.objects.failed().filter(digest=delivery.pk).update(state=Delivery.State.HELD, **again)
            audit.record(delivery, "retry", by=by, before="failed", after="pending")
            wake.knock(outbox.DELIVER)
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def record_bounce(bounce: Bounce) -> bool:
    """Mark what came back as failed, count it against its address; return whether that is news.

    A digest comes back with its members. A report about nothing of ours, about another address, about a mere
    delay, or the second about the same mail changes nothing. The system itself calls this.
    """
    if not bounce.is_final:
        return False
    sent = Delivery.objects.select_for_update(of=("self",)).filter(
        message_id=bounce.message_id, channel="email", bounced_at=None
    )
    rows = [
        row
        for row in sent.select_related("notification__recipient")
        if suppression.address_of(row.notification) == bounce.address
    ]
    if not rows:
        return False
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=Delivery.State.FAILED, error=f"came back: {bounce.reason}"[:300], bounced_at=Now()
    )
    audit.record(rows[0], "bounce", by=None, before=rows[0].state, after="failed")
    suppression.note_refusal(rows[0].notification, reason=bounce.reason or "came back")
    return True


def lift(address: SuppressedAddress, *, reason: str, by: Any) -> SuppressedAddress:
    """Write to an address again; staff with notifications.lift_suppression may, with a reason.

    What was not sent stays as it is: staff send it again where it still matters. Raises TransitionRefused.
    """
    return SUPPRESSION.apply(address, "lift", by=by, reason=reason, refusals=0)


def call_the_silent() -> int:
    """Open a call for whoever opened no deadline of late, looking once a day; return how many are new.

    Each message is judged once, three days after it was written. Safe late, twice, or at once.
    """
    with periods.due(UNOPENED, not_before=UNOPENED_AT) as day:
        return _call_the_silent() if day else 0


def _call_the_silent() -> int:
    mark, _new = Watermark.objects.get_or_create(job=UNOPENED_UPTO)
    after, upto = int(mark.period or 0), unopened.newest_to_judge()
    found = unopened.silent(after=after, upto=upto)
    people = get_user_model()._default_manager.in_bulk([one.recipient_id for one in found])
    before = ContactTask.objects.count()
    ContactTask.objects.bulk_create(
        [
            ContactTask(
                cause=ContactTask.Cause.UNOPENED,
                address=people[one.recipient_id].email.lower(),
                recipient=people[one.recipient_id],
                enterprise_id=one.enterprise_id,
                subject_code=one.codes.partition(", ")[0][:80],
                why=one.codes[:300],
            )
            for one in found
        ],
        ignore_conflicts=True,
    )
    mark.period, mark.ran_at = str(max(after, upto)), calendar.now()
    mark.save(update_fields=["period", "ran_at"])
    return ContactTask.objects.count() - before


def settle(task: ContactTask, *, reason: str, by: Any) -> ContactTask:
    """Mark a call as made; `reason` says what came of it. Staff with notifications.settle_contact may.

    Raises TransitionRefused.
    """
    return CONTACT.apply(task, "settle", by=by, reason=reason, done_at=Now())


def propose_text(version: TextVersion, *, by: Any) -> TextVersion:
    """Propose a draft as it stands; somebody else puts it into use. Raises TransitionRefused."""
    return WORDING.apply(version, "propose", by=by, proposed_by=by)


def give_text_back(version: TextVersion, *, reason: str, by: Any) -> TextVersion:
    """Make a proposed wording a draft again, with a reason. Staff with notifications.use_text may."""
    return WORDING.apply(version, "give_back", by=by, reason=reason)


@transaction.atomic
def use_text(version: TextVersion, *, by: Any) -> TextVersion:
    """Word new messages like this proposal; the version before is retired, what was written keeps its own.

    Staff with notifications.use_text may. Raises ValidationError for one's own proposal unless the setting
    allows it, and TransitionRefused.
    """
    if version.proposed_by_id == by.pk and not settings.WORDING_MAY_BE_RELEASED_BY_PROPOSER:
        raise ValidationError(_("You proposed this wording: someone else must put it into use."), "own_work")
    for before in TextVersion.objects.filter(kind=version.kind, language=version.language, state="active"):
        WORDING.apply(before, "retire", by=by)
    return WORDING.apply(version, "use", by=by)


def retire_text(version: TextVersion, *, by: Any) -> TextVersion:
    """Word new messages as the release does. Staff with notifications.use_text may."""
    return WORDING.apply(version, "retire", by=by)


def next_text_number(version: TextVersion) -> int:
    """Return the number of the next version of a kind in a language."""
    others = TextVersion.objects.filter(kind=version.kind, language=version.language)
    return int(others.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def keep_robot(robot: Robot, *, key: str = "", secret: str | None = None) -> Robot:
    """Seal what reaches a robot; '' keeps the key, None the secret, and '' as secret takes it away."""
    if key:
        robot.sealed_key = sealing.seal(key)
    if secret is not None:
        robot.sealed_secret = sealing.seal(secret) if secret else ""
    robot.error, robot.failed_at = "", None
    return robot


@transaction.atomic
def try_robot(robot: Robot, *, by: Any) -> None:
    """Have a robot tell a trial message; staff with notifications.try_robot may. Raises PermissionDenied."""
    if not by.has_perm("notifications.try_robot"):
        raise PermissionDenied
    event = audit.record(robot, "try", by=by)
    letter = Letter(
        key=f"event {event.pk}", address=robot.address, language=robot.language, context={"group": robot.name}
    )
    outbox.post(ROBOT_TRIAL, letter)
