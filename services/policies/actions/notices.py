"""Every change of a notice: write, review, publish, tell, take out of force."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from core import audit, calendar, wake
from enterprises.models import Enterprise
from services.policies import indexing, matching, notifications, versions
from services.policies.actions import corrections, upkeep
from services.policies.actions.readiness import check, event_key
from services.policies.lifecycle import NOTICE
from services.policies.models import PolicyItem, PolicyNotice

ANNOUNCE = "policies.announce_published"
# One tick looks at so many enterprises; the next tick takes the rest.
REMATCH_AT_ONCE = 500


def submit_for_review(notice: PolicyNotice, *, by: Any) -> PolicyNotice:
    """Send a notice to review and tell the reviewers; raises ValidationError while something is missing."""
    with transaction.atomic():
        check(notice)
        notice = NOTICE.apply(notice, "submit", by=by, author=notice.author or by)
        notifications.tell_reviewers(notice, event_key(notice), by=by)
    return notice


def revise(notice: PolicyNotice, *, by: Any) -> PolicyNotice:
    """Take a returned notice up again as a draft."""
    return NOTICE.apply(notice, "revise", by=by)


def approve(notice: PolicyNotice, *, by: Any) -> PolicyNotice:
    """Approve what someone else wrote; raises ValidationError for one's own unless the setting allows it."""
    with transaction.atomic():
        if notice.author_id == by.pk and not settings.REVIEWER_MAY_BE_AUTHOR:
            raise ValidationError(_("You wrote this notice: someone else must approve it."), code="own_work")
        check(notice)
        notice = NOTICE.apply(notice, "approve", by=by, approved_by=by, approved_at=calendar.now())
        notifications.tell_author(notifications.APPROVED, notice, event_key(notice))
    return notice


def return_to_author(notice: PolicyNotice, *, reason: str, by: Any) -> PolicyNotice:
    """Give a notice back with a reason; an approval or a planned time of publication lapses."""
    with transaction.atomic():
        notice = NOTICE.apply(
            notice,
            "return_to_author",
            by=by,
            reason=reason,
            approved_by=None,
            approved_at=None,
            publish_at=None,
        )
        notifications.tell_author(notifications.RETURNED, notice, event_key(notice), reason=reason)
    return notice


def schedule(notice: PolicyNotice, *, publish_at: datetime, by: Any) -> PolicyNotice:
    """Plan the publication; raises ValidationError for a time that has passed."""
    if publish_at <= calendar.now():
        raise ValidationError({"publish_at": _("This time has passed. Choose a later one, or publish now.")})
    return NOTICE.apply(notice, "schedule", by=by, publish_at=publish_at)


@transaction.atomic
def publish(notice: PolicyNotice, *, by: Any) -> PolicyNotice:
    """Put a notice before the public: version, snapshot, search row; matching follows in the background.

    The draft of a correction is taken over into the notice it corrects.
    """
    check(notice)
    if notice.corrects_id:
        return corrections.take_over(notice, by=by)
    notice = NOTICE.apply(
        notice,
        "publish",
        by=by,
        published_at=calendar.now(),
        version=notice.version + 1,
        publish_at=None,
        look_again_on=upkeep.next_look(calendar.today()),
    )
    versions.keep(notice, by=by)
    indexing.refresh(notice)
    notifications.tell_author(notifications.PUBLISHED, notice, f"{notice.slug}:v{notice.version}")
    wake.knock(ANNOUNCE)
    return notice


@transaction.atomic
def publish_next_scheduled() -> PolicyNotice | None:
    """Publish one notice whose time has come; None when there is none. Two workers take different ones.

    A notice that no longer passes the checks goes back to its author with the reason.
    """
    due = PolicyNotice.objects.due_for_publication().select_for_update(skip_locked=True, of=("self",))
    notice = due.order_by("publish_at", "pk").first()
    if notice is None:
        return None
    try:
        return publish(notice, by=None)
    except ValidationError as error:
        return return_to_author(notice, reason=" ".join(error.messages), by=None)


def discard(notice: PolicyNotice, *, by: Any) -> PolicyNotice:
    """Give up a draft for good; it stays at the desk with its history."""
    return NOTICE.apply(notice, "discard", by=by)


def verify(notice: PolicyNotice, *, by: Any) -> PolicyNotice:
    """Take off the mark "to be verified" after a look at the issuer."""
    today = calendar.today()
    return NOTICE.apply(
        notice,
        "verify",
        by=by,
        to_be_verified=False,
        confirmed_on=today,
        look_again_on=upkeep.next_look(today),
    )


@transaction.atomic
def supersede(notice: PolicyNotice, *, successor: PolicyNotice, by: Any) -> PolicyNotice:
    """Say which published notice replaces this one; its items can no longer be claimed."""
    if successor.pk == notice.pk or successor.state != PolicyNotice.State.PUBLISHED:
        raise ValidationError({"successor": _("Choose another notice that is published.")})
    notice = NOTICE.apply(
        notice, "supersede", by=by, superseded_by=successor, data={"successor": successor.slug}
    )
    indexing.refresh(notice)
    return notice


@transaction.atomic
def repeal(notice: PolicyNotice, *, reason: str, by: Any) -> PolicyNotice:
    """Take a notice out of force; its page stays and says so."""
    notice = NOTICE.apply(notice, "repeal", by=by, reason=reason)
    indexing.refresh(notice)
    return notice


# --- matching and telling -----------------------------------------------------------


@transaction.atomic
def announce(item: PolicyItem, *, on: date) -> int:
    """Match every enterprise to the present version of an item and tell its members; return the new letters.

    Matches, letters and the mark "announced" are one transaction: after a crash nothing of it stands and the
    next tick does it all. Repeating it tells nobody twice.
    """
    waiting = PolicyItem.objects.awaiting_announcement(on).select_related("notice")
    locked = waiting.filter(pk=item.pk).select_for_update(of=("self",), skip_locked=True).first()
    if locked is None:
        return 0
    take_the_time_needed()
    matching.match_all(locked, on)
    told = notifications.tell_matched(locked)
    locked.announced_at = calendar.now()
    locked.save(update_fields=["announced_at"])
    audit.record(
        locked.notice, "announce", by=None, data={"item": locked.pk, "version": locked.version, "told": told}
    )
    return told


def take_the_time_needed() -> None:
    """Lift the limit on one statement for this transaction: to tell a whole province takes a minute or two.

    What no page could wait for is still bounded by the time limit of the background task.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")


def changed_enterprises() -> list[Enterprise]:
    """Return enterprises whose facts changed since they were last matched, longest waiting first."""
    changed = Enterprise.objects.filter(Q(matched_at=None) | Q(matched_at__lt=F("facts_changed_at")))
    return list(changed.order_by("facts_changed_at", "pk")[:REMATCH_AT_ONCE])


@transaction.atomic
def rematch(enterprise: Enterprise, *, on: date) -> int:
    """Match one enterprise to all announced items, tell its members what is new; return the new matches.

    What is still to be verified is recorded and shown but never mailed.
    """
    locked = Enterprise.objects.select_for_update(skip_locked=True).filter(pk=enterprise.pk).first()
    if locked is None:
        return 0
    new = matching.match_enterprise(locked, on)
    notifications.tell_rematched(locked, [match.item_id for match in new], seen=locked.facts_changed_at)
    locked.matched_at = locked.facts_changed_at
    locked.save(update_fields=["matched_at"])
    return len(new)
