"""What this room tells, and whom; a letter is dropped when it is no longer true by the time it leaves."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import calendar
from enterprises.criteria import gates, read_criteria
from enterprises.models import Enterprise, Membership
from notifications import outbox
from notifications.kinds import Kind, declare, name_topic
from notifications.models import Notification
from notifications.outbox import Letter
from services.policies import alerting, link_words, wording
from services.policies.models import (
    AlertChoice,
    AlertDue,
    Benefit,
    ErrorReport,
    ItemCriteria,
    ItemMark,
    LinkState,
    Opinion,
    PolicyItem,
    PolicyNotice,
    SavedSearch,
    State,
)

name_topic("policies", _("Policies and deadlines"))

WRITERS = (Membership.Role.OWNER, Membership.Role.EDITOR)
# A letter after a change of facts names so many items; the page behind its link shows all.
LISTED = 10


def is_in_force(notification: Notification) -> bool:
    """Tell whether the notice is still published and the reader still acts for the enterprise."""
    still_published = PolicyNotice.objects.published().filter(slug=notification.subject_code).exists()
    return still_published and reader_still_acts(notification)


def reader_still_acts(notification: Notification) -> bool:
    return (
        Membership.objects.current()
        .filter(user=notification.recipient_id, enterprise=notification.enterprise_id)
        .exists()
    )


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


# --- enterprises -------------------------------------------------------------------


def tell_matched(item: PolicyItem) -> int:
    """Tell owners and editors of every enterprise newly matched to this version; return new letters.

    One statement in the database. The key is item, version, enterprise and reader, so a replay tells nobody.
    What is granted without application has a letter of its own (`actions.offer`). Who met an earlier
    version hears of the change instead (`actions.tell_next`), who dismissed the item of nothing, and who
    wants this topic daily or weekly in the letter of that morning.
    """
    if alerting.is_offered(item):
        return 0
    now = calendar.now()
    values: dict[str, Any] = {
        "key": f"i{item.pk}v{item.version}e",
        "slug": item.notice.slug,
        "url": _page(item.notice),
        "context": json.dumps({**item_context(item), **_reasons(item)}, ensure_ascii=False),
        "item": item.pk,
        "version": item.version,
        "topic": item.kind,
        "is_urgent": alerting.is_urgent(item, calendar.day_of(now)),
        "daily": alerting.due_on("daily", now),
        "weekly": alerting.due_on("weekly", now),
        "writers": list(WRITERS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MATCHED_LATER, values)
    names = ("key", "slug", "url", "context", "topic", "item", "version", "writers", "is_urgent")
    return outbox.post_select(MATCHED, _MATCHED_READERS, [values[name] for name in names])


_MATCHED_READERS = """
SELECT %s || found.enterprise_id AS key, reader.id AS recipient_id, found.enterprise_id, reader.language,
  %s AS subject_code, %s AS url, %s::jsonb || jsonb_build_object('enterprise', enterprise.name) AS context
FROM policies_match AS found
JOIN enterprises_enterprise AS enterprise ON enterprise.id = found.enterprise_id
JOIN enterprises_membership AS membership
  ON membership.enterprise_id = found.enterprise_id AND membership.ended_at IS NULL
JOIN accounts_user AS reader ON reader.id = membership.user_id AND reader.is_active
LEFT JOIN policies_alertchoice AS choice ON choice.user_id = reader.id AND choice.topic = %s
WHERE found.item_id = %s AND found.item_version = %s AND membership.role = ANY(%s)
  AND (choice.frequency IS NULL OR choice.frequency = 'instant'
    OR choice.frequency IN ('daily', 'weekly') AND %s)
  AND NOT EXISTS (
    SELECT FROM policies_itemmark AS mark WHERE mark.standing = 'dismissed'
      AND mark.item_id = found.item_id AND mark.enterprise_id = found.enterprise_id)
  AND (found.item_version = 1 OR NOT EXISTS (
    SELECT FROM policies_match AS earlier WHERE earlier.enterprise_id = found.enterprise_id
      AND earlier.item_id = found.item_id AND earlier.item_version < found.item_version))
"""
# Few have chosen, so their choices are where it begins.
_MATCHED_LATER = """
INSERT INTO policies_alertdue (user_id, enterprise_id, item_id, item_version, due_on, letter)
SELECT reader.id, found.enterprise_id, found.item_id, found.item_version,
  CASE choice.frequency WHEN 'daily' THEN %(daily)s::date ELSE %(weekly)s::date END, ''
FROM policies_alertchoice AS choice
JOIN accounts_user AS reader ON reader.id = choice.user_id AND reader.is_active
JOIN enterprises_membership AS membership ON membership.user_id = reader.id AND membership.ended_at IS NULL
JOIN policies_match AS found ON found.enterprise_id = membership.enterprise_id
WHERE choice.topic = %(topic)s AND choice.frequency IN ('daily', 'weekly') AND NOT %(is_urgent)s
  AND found.item_id = %(item)s AND found.item_version = %(version)s AND membership.role = ANY(%(writers)s)
  AND NOT EXISTS (
    SELECT FROM policies_itemmark AS mark WHERE mark.standing = 'dismissed'
      AND mark.item_id = found.item_id AND mark.enterprise_id = found.enterprise_id)
  AND (found.item_version = 1 OR NOT EXISTS (
    SELECT FROM policies_match AS earlier WHERE earlier.enterprise_id = found.enterprise_id
      AND earlier.item_id = found.item_id AND earlier.item_version < found.item_version))
ON CONFLICT DO NOTHING
"""


def tell_rematched(enterprise: Enterprise, item_ids: list[int], *, seen: datetime) -> int:
    """Tell an enterprise's owners and editors which items fit since its facts changed, in one letter each.

    Items of notices still to be verified and those dismissed are left out; of a topic a reader wants daily or
    weekly they hear in the letter of that morning. `seen` is the time of the change, the letter's key.
    """
    items = PolicyItem.objects.filter(pk__in=item_ids, notice__to_be_verified=False).select_related("notice")
    dismissed = ItemMark.objects.dismissed().filter(enterprise=enterprise).exclude(item=None)
    wanted = items.exclude(pk__in=dismissed.values("item")).order_by("closes_on", "pk")
    found = [item for item in wanted if not alerting.is_offered(item)]
    if not found:
        return 0
    members = Membership.objects.current().filter(
        enterprise=enterprise, role__in=WRITERS, user__is_active=True
    )
    readers = [membership.user for membership in members.select_related("user").order_by("pk")]
    chosen = {
        (choice.user_id, choice.topic): choice.frequency
        for choice in AlertChoice.objects.filter(user__in=readers)
    }
    now = calendar.now()
    letters, ledger = [], []
    for reader in readers:
        at_once, later = alerting.sorted_by_choice(found, chosen, reader.pk, now)
        ledger += [_due(reader, enterprise, item, day) for item, day in later]
        if at_once:
            letter = _rematched(enterprise, reader, at_once, seen)
            letters.append(letter)
            ledger += [_due(reader, enterprise, item, now, letter) for item in at_once]
    AlertDue.objects.bulk_create(ledger, ignore_conflicts=True)
    return outbox.post_many(REMATCHED, letters)


def _rematched(enterprise: Enterprise, reader: Any, items: list[PolicyItem], seen: datetime) -> Letter:
    return Letter(
        key=f"e{enterprise.pk}:{seen.isoformat()}",
        recipient=reader,
        enterprise_id=enterprise.pk,
        url=reverse("policies:since"),
        context=several(enterprise, items),
    )


def several(enterprise: Enterprise, items: list[PolicyItem]) -> dict[str, Any]:
    """Give what the texts say of several items that fit an enterprise."""
    return {
        "enterprise": enterprise.name,
        "count": len(items),
        "more": max(0, len(items) - LISTED),
        "items": [item_context(item) for item in items[:LISTED]],
    }


def _due(
    reader: Any, enterprise: Enterprise, item: PolicyItem, when: date | datetime, letter: Letter | None = None
) -> AlertDue:
    """Make the ledger row of one match: told now by `letter`, or waiting for the day `when`."""
    told_at = when if isinstance(when, datetime) else None
    return AlertDue(
        user=reader,
        enterprise=enterprise,
        item=item,
        item_version=item.version,
        due_on=calendar.day_of(told_at) if told_at else when,
        told_at=told_at,
        letter=letter.columns(REMATCHED)["dedupe_key"] if letter else "",
    )


def item_context(item: PolicyItem) -> dict[str, Any]:
    """Give what the texts say of an item, in both languages; readers get theirs."""
    return {
        "title_zh": item.title_zh,
        "title_en": item.title_en or item.title_zh,
        "issuer_zh": item.notice.issuer_zh,
        "issuer_en": item.notice.issuer_en or item.notice.issuer_zh,
        "closes_on": item.closes_on.isoformat() if item.closes_on else "",
        **in_both("benefit", lambda: wording.benefit(item)),
    }


def _reasons(item: PolicyItem) -> dict[str, Any]:
    deciding = gates(read_criteria(item.criteria))
    return in_both("reasons", lambda: [wording.requirement(gate) for gate in deciding])


def in_both(name: str, say: Any) -> dict[str, Any]:
    found = {}
    for language, suffix in (("zh-hans", "zh"), ("en", "en")):
        with translation.override(language):
            found[f"{name}_{suffix}"] = say()
    return found


def _page(notice: PolicyNotice) -> str:
    return reverse("policies:detail", args=[notice.slug])


# --- publishers --------------------------------------------------------------------------


def reviewers() -> QuerySet[Any]:
    """Return the active staff whose roles let them review notices."""
    may = Q(groups__permissions__codename="review_notice") | Q(user_permissions__codename="review_notice")
    return get_user_model().objects.filter(may, is_active=True, is_staff=True).distinct().order_by("pk")


def tell_reviewers(notice: PolicyNotice, key: str, *, by: Any) -> int:
    """Tell every reviewer but the one who sent it that a notice waits."""
    return outbox.post_many(
        IN_REVIEW,
        [_letter(notice, key, reader) for reader in reviewers() if reader != by],
    )


def tell_author(kind: Kind, notice: PolicyNotice, key: str, *, reason: str = "") -> int:
    """Tell the author what became of a notice; one taken over from elsewhere has none."""
    if notice.author is None or not notice.author.is_active:
        return 0
    return outbox.post(kind, _letter(notice, key, notice.author, reason=reason))


def _letter(notice: PolicyNotice, key: str, reader: Any, *, reason: str = "") -> Letter:
    return Letter(
        key=key,
        recipient=reader,
        subject_code=notice.slug,
        url=reverse("admin:policies_policynotice_change", args=[notice.pk]),
        context={
            "title_zh": notice.title_zh,
            "title_en": notice.title_en or notice.title_zh,
            "reason": reason,
        },
    )


# --- reported errors -----------------------------------------------------------------------


def tell_of_report(report: ErrorReport) -> int:
    """Tell the author of a notice that a reader found an error; without an active one, the reviewers."""
    author = report.notice.author
    readers = [author] if author and author.is_active else list(reviewers())
    return outbox.post_many(
        ERROR_REPORTED,
        [
            Letter(
                key=f"r{report.pk}",
                recipient=reader,
                subject_code=report.notice.slug,
                url=reverse("admin:policies_errorreport_change", args=[report.pk]),
                context={**_titles(report.notice), "text": report.text},
            )
            for reader in readers
        ],
    )


def thank_for_report(report: ErrorReport, *, reason: str) -> int:
    """Tell whoever reported an error what became of it; one without an address is told nothing."""
    if not report.reporter and not report.email:
        return 0
    letter = Letter(
        key=f"r{report.pk}",
        recipient=report.reporter,
        address="" if report.reporter else report.email,
        language=report.language,
        subject_code=report.notice.slug,
        url=_page(report.notice),
        context={
            **_titles(report.notice),
            "is_corrected": report.state == ErrorReport.State.CORRECTED,
            "reason": reason,
        },
    )
    return outbox.post(REPORT_ANSWERED, letter)


def tell_of_answer(opinion: Opinion, *, reason: str = "") -> int:
    """Tell whoever gave an opinion that it was answered in public, or why it was set aside."""
    if opinion.author is None:
        return 0
    answer = opinion.answer
    letter = Letter(
        key=f"o{opinion.pk}",
        recipient=opinion.author,
        enterprise_id=opinion.enterprise_id,
        subject_code=opinion.notice.slug,
        url=reverse("policies:opinion", args=[opinion.notice.slug]),
        context={
            **_titles(opinion.notice),
            "answer_zh": answer.answer_zh if answer else "",
            "answer_en": (answer.answer_en or answer.answer_zh) if answer else "",
            "reason": reason,
        },
    )
    return outbox.post(OPINION_ANSWERED, letter)


def tell_of_dead_link(link: LinkState) -> int:
    """Tell the author of a notice that one of its addresses is dead; without an active one, the reviewers."""
    author = link.notice.author
    readers = [author] if author and author.is_active else list(reviewers())
    said = in_both("error", lambda: link_words.error(link.error))
    return outbox.post_many(
        LINK_DEAD,
        [
            Letter(
                key=f"l{link.pk}:{link.told_at:%Y-%m-%d}",
                recipient=reader,
                subject_code=link.notice.slug,
                url=reverse("admin:policies_policynotice_change", args=[link.notice_id]),
                context={**_titles(link.notice), **said, "address": link.url},
            )
            for reader in readers
        ],
    )


def tell_to_look(notice: PolicyNotice, on: date) -> int:
    """Ask the author to see whether a notice is still right; without an active one, the reviewers."""
    author = notice.author
    readers = [author] if author and author.is_active else list(reviewers())
    return outbox.post_many(
        LOOK_AGAIN, [_letter(notice, f"{notice.slug}:{on.isoformat()}", reader) for reader in readers]
    )


def _titles(notice: PolicyNotice) -> dict[str, Any]:
    return {"title_zh": notice.title_zh, "title_en": notice.title_en or notice.title_zh}
