"""What this room tells, and whom; a letter is dropped when it is no longer true by the time it leaves."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from enterprises.criteria import gates, read_criteria
from enterprises.models import Enterprise, Membership
from notifications import outbox
from notifications.kinds import Kind, declare
from notifications.models import Notification
from notifications.outbox import Letter
from services.policies import wording
from services.policies.models import PolicyItem, PolicyNotice, SavedSearch, State

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
PUBLISHED = declare(Kind("policies.published", _("Your notice is published"), audience="publisher"))


# --- enterprises -------------------------------------------------------------------


def tell_matched(item: PolicyItem) -> int:
    """Tell owners and editors of every enterprise matched to this version of the item; return new letters.

    One statement in the database. The key is item, version, enterprise and reader, so a replay tells nobody.
    """
    context = {**item_context(item), **_reasons(item)}
    return outbox.post_select(
        MATCHED,
        _MATCHED_READERS,
        [
            f"i{item.pk}v{item.version}e",
            item.notice.slug,
            _page(item.notice),
            json.dumps(context, ensure_ascii=False),
            item.pk,
            item.version,
            list(WRITERS),
        ],
    )


_MATCHED_READERS = """
SELECT %s || found.enterprise_id AS key, reader.id AS recipient_id, found.enterprise_id, reader.language,
  %s AS subject_code, %s AS url, %s::jsonb || jsonb_build_object('enterprise', enterprise.name) AS context
FROM policies_match AS found
JOIN enterprises_enterprise AS enterprise ON enterprise.id = found.enterprise_id
JOIN enterprises_membership AS membership
  ON membership.enterprise_id = found.enterprise_id AND membership.ended_at IS NULL
JOIN accounts_user AS reader ON reader.id = membership.user_id AND reader.is_active
WHERE found.item_id = %s AND found.item_version = %s AND membership.role = ANY(%s)
"""


def tell_rematched(enterprise: Enterprise, item_ids: list[int], *, seen: datetime) -> int:
    """Tell an enterprise's owners and editors which items fit since its facts changed, in one letter.

    Items of notices still to be verified are left out. `seen` is the time of the change, the letter's key.
    """
    items = PolicyItem.objects.filter(pk__in=item_ids, notice__to_be_verified=False).select_related("notice")
    found = list(items.order_by("closes_on", "pk"))
    if not found:
        return 0
    readers = Membership.objects.current().filter(
        enterprise=enterprise, role__in=WRITERS, user__is_active=True
    )
    context = {
        "enterprise": enterprise.name,
        "count": len(found),
        "more": max(0, len(found) - LISTED),
        "items": [item_context(item) for item in found[:LISTED]],
    }
    return outbox.post_many(
        REMATCHED,
        [
            Letter(
                key=f"e{enterprise.pk}:{seen.isoformat()}",
                recipient=membership.user,
                enterprise_id=enterprise.pk,
                url=reverse("policies:list"),
                context=context,
            )
            for membership in readers.select_related("user")
        ],
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
