"""How long anything about people is kept: one table of rules, a dry run, and the sweep that applies them.

A rule finds its rows by state and age, so the sweep may be cut off anywhere and goes on with what is left.
Each batch is a transaction of its own; a rule that is through is marked for the day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit, calendar, files, periods
from core.models import StoredFile, Watermark
from enterprises.models import Licence, Membership
from portal.personal_data.tables import find
from services.assessments.models import Assessment, Evidence
from services.requests.models import FINAL_STATES, Attachment, ServiceRequest

BATCH = 500
NOT_BEFORE = time(2, 30)
COUNTED_UP_TO = 10_000
A_MONTH = timedelta(days=30)
A_YEAR = timedelta(days=365)
THREE_YEARS = 3 * A_YEAR
TEN_YEARS = timedelta(days=3653)


@dataclass(frozen=True)
class Rule:
    """What becomes of which rows after which time; `basis` says why it is that long."""

    code: str
    model: str
    after: timedelta
    what: str | Promise
    basis: str | Promise
    due: Callable[[datetime], QuerySet[Any]]
    apply: Callable[[QuerySet[Any]], int]

    @property
    def job(self) -> str:
        """Return the name of its watermark."""
        return f"portal.apply_retention {self.code}"


@dataclass(frozen=True)
class DryRun:
    """What the sweep would do now: `due` rows, at most COUNTED_UP_TO; when the rule was last through."""

    rule: Rule
    due: int
    ran_at: datetime | None

    @property
    def days(self) -> int:
        return self.rule.after.days

    @property
    def table(self) -> str:
        return find(self.rule.model).name


def dry_run() -> list[DryRun]:
    """Count what each rule would touch now, and change nothing."""
    now = calendar.now()
    marks = Watermark.objects.in_bulk([rule.job for rule in RULES])
    return [
        DryRun(
            rule,
            rule.due(now - rule.after)[:COUNTED_UP_TO].count(),
            mark.ran_at if (mark := marks.get(rule.job)) else None,
        )
        for rule in RULES
    ]


def sweep(at: datetime | None = None) -> int:
    """Apply every rule that is not through for the day; return how many rows were touched."""
    touched = 0
    for rule in RULES:
        if periods.is_due(rule.job, not_before=NOT_BEFORE, at=at):
            touched += _apply(rule, at or calendar.now())
            with periods.due(rule.job, not_before=NOT_BEFORE, at=at):
                pass  # through: marked with the day
    return touched


def _apply(rule: Rule, now: datetime) -> int:
    touched = 0
    while True:
        with transaction.atomic():
            rows = rule.due(now - rule.after).order_by("pk")
            taken = rows.select_for_update(of=("self",), skip_locked=True)[:BATCH]
            numbers = list(taken.values_list("pk", flat=True))
            if not numbers:
                return touched
            rule.apply(apps.get_model(rule.model)._base_manager.filter(pk__in=numbers))
        touched += len(numbers)


def _rows(
    model: str, *, but: Mapping[str, Any] | None = None, **conditions: str
) -> Callable[[datetime], QuerySet[Any]]:
    """Find rows by conditions, without those that are `but` so already.

    "<" stands for the moment before which they are old enough.
    """

    def due(before: datetime) -> QuerySet[Any]:
        named = {name: before if value == "<" else value for name, value in conditions.items()}
        found = apps.get_model(model)._base_manager.filter(**named)
        return found.exclude(**but) if but else found

    return due


def _delete(rows: QuerySet[Any]) -> int:
    return rows.delete()[0]


def _empty(**columns: Any) -> Callable[[QuerySet[Any]], int]:
    return lambda rows: rows.update(**columns)


def _abandoned(before: datetime) -> QuerySet[Any]:
    """Find accounts whose address was never confirmed."""
    confirmed = apps.get_model("account.EmailAddress").objects.filter(user=OuterRef("pk"), verified=True)
    never = User.objects.filter(date_joined__lt=before, last_login=None, is_staff=False, closed_at=None)
    return never.filter(~Exists(confirmed), memberships=None)


def _old_letters(before: datetime) -> QuerySet[Any]:
    """Find notifications whose deliveries are through; one that others were digested into goes after them."""
    letters = apps.get_model("notifications.Notification")._base_manager.filter(created_at__lt=before)
    deliveries = apps.get_model("notifications.Delivery")._base_manager
    on_the_way = deliveries.filter(notification=OuterRef("pk"), state__in=["pending", "leased", "held"])
    digested = deliveries.filter(digest__notification=OuterRef("pk"), notification__created_at__gte=before)
    return letters.filter(~Exists(on_the_way), ~Exists(digested))


def _letters_to_strangers(before: datetime) -> QuerySet[Any]:
    return _old_letters(before).filter(recipient=None).exclude(address="")


def _old_requests(before: datetime) -> QuerySet[Any]:
    """Find requests that ended so long ago and still say who asked, or have papers."""
    ended = ServiceRequest.objects.filter(state__in=FINAL_STATES, last_message_at__lt=before)
    ended |= ServiceRequest.objects.filter(
        state__in=FINAL_STATES, last_message_at=None, created_at__lt=before
    )
    papers = Attachment.objects.filter(service_request=OuterRef("pk"))
    said = apps.get_model("service_requests.Message").objects.filter(service_request=OuterRef("pk"))
    named = ~Q(contact_name="") | ~Q(contact_email="") | ~Q(contact_phone="") | ~Q(body="")
    return ended.filter(named | Exists(papers) | Exists(said))


def _empty_requests(rows: QuerySet[Any]) -> int:
    """Keep what is counted (kind, dates, outcome, rating) and nothing anybody wrote."""
    numbers = list(rows.values_list("pk", flat=True))
    _drop_with_files(Attachment.objects.filter(service_request__in=numbers))
    apps.get_model("service_requests.Message").objects.filter(service_request__in=numbers).delete()
    return rows.update(contact_name="", contact_email="", contact_phone="", body="", rating_words="")


def _of_nobody(before: datetime) -> QuerySet[Any]:
    """Find the assessments of enterprises nobody has acted for since, that still hold answers."""
    since = Membership.objects.filter(enterprise=OuterRef("enterprise")).filter(
        Q(ended_at=None) | Q(ended_at__gte=before)
    )
    ever = Membership.objects.filter(enterprise=OuterRef("enterprise"))
    return Assessment.objects.filter(Exists(ever), ~Exists(since)).exclude(answers={})


def _empty_assessments(rows: QuerySet[Any]) -> int:
    """Keep level, scores and the sector for the averages; drop the answers and their evidence."""
    numbers = list(rows.values_list("pk", flat=True))
    _drop_with_files(Evidence.objects.filter(assessment__in=numbers))
    for model in ("Answer", "SectionOwner", "Share"):
        apps.get_model("assessments", model).objects.filter(assessment__in=numbers).delete()
    return rows.update(answers={})


def _old_licences(before: datetime) -> QuerySet[Any]:
    return Licence.objects.filter(settled_at__lt=before)


def _drop_with_files(rows: QuerySet[Any]) -> int:
    """Delete rows and the files they point at."""
    numbers = list(rows.exclude(file=None).values_list("file", flat=True))
    stored = list(StoredFile.objects.filter(pk__in=numbers))
    gone = rows.delete()[0]
    for file in stored:
        files.discard(file)
    return gone


def _erase_accounts(rows: QuerySet[Any]) -> int:
    """Delete accounts nobody ever signed in to; the event of signing up loses its words and its reader."""
    for user in rows:
        audit.forget_details(user)
    return rows.delete()[0]


def _details_of_people(before: datetime) -> QuerySet[Any]:
    details = apps.get_model("core.EventDetail").objects
    return details.filter(event__subject_type=User._meta.label_lower, event__at__lt=before)


_SECURITY = _("Cybersecurity Law: six months or more")
_CONSENT = _("Personal Information Protection Law: three years")
_CASES = _("As accounting files: ten years")
_NO_LONGER = _("No longer needed for its purpose")

RULES: tuple[Rule, ...] = (
    Rule(
        "unconfirmed", "accounts.User", A_MONTH,
        _("Accounts whose address was never confirmed are deleted"), _NO_LONGER, _abandoned, _erase_accounts,
    ),
    Rule(
        "strangers", "notifications.Notification", A_MONTH * 3,
        _("Messages to people without an account are deleted"), _NO_LONGER, _letters_to_strangers, _delete,
    ),
    Rule(
        "letters", "notifications.Notification", 2 * A_YEAR,
        _("Messages are deleted"), _NO_LONGER, _old_letters, _delete,
    ),
    Rule(
        "details", "core.EventDetail", A_YEAR,
        _("The words in the log of accounts are erased; the log itself stays"), _SECURITY,
        _details_of_people, _delete,
    ),
    Rule(
        "invitations", "enterprises.Invitation", A_YEAR,
        _("Invitations are deleted"), _NO_LONGER,
        _rows("enterprises.Invitation", expires_at__lt="<"), _delete,
    ),
    Rule(
        "claims", "enterprises.Claim", THREE_YEARS,
        _("What a claimant entered is emptied"), _CONSENT,
        _rows("enterprises.Claim", but={"answers": {}}, settled_at__lt="<"),
        _empty(answers={}),
    ),
    Rule(
        "licences", "enterprises.Licence", TEN_YEARS,
        _("Business licences are deleted with their files"), _CASES, _old_licences, _drop_with_files,
    ),
    Rule(
        "calls", "notifications.ContactTask", A_YEAR,
        _("Calls that were made are deleted"), _NO_LONGER,
        _rows("notifications.ContactTask", done_at__lt="<"), _delete,
    ),
    Rule(
        "requests", "service_requests.ServiceRequest", TEN_YEARS,
        _("Requests lose contact, text, messages and files; what is counted stays"), _CASES,
        _old_requests, _empty_requests,
    ),
    Rule(
        "feeds", "policies.FeedToken", A_YEAR,
        _("Revoked calendar addresses are deleted"), _NO_LONGER,
        _rows("policies.FeedToken", revoked_at__lt="<"), _delete,
    ),
    Rule(
        "reports", "policies.ErrorReport", A_YEAR,
        _("Reports of errors forget who sent them"), _NO_LONGER,
        _rows("policies.ErrorReport", but={"email": "", "reporter": None}, settled_at__lt="<"),
        _empty(email="", reporter=None),
    ),
    Rule(
        "needs", "industry.Need", THREE_YEARS,
        _("Needs forget the contact person"), _CONSENT,
        _rows("industry.Need", but=find("industry.Need").cleared, closed_at__lt="<"),
        _empty(**find("industry.Need").cleared),
    ),
    Rule(
        "bookings", "industry.Booking", A_YEAR,
        _("Bookings forget who came"), _NO_LONGER,
        _rows("industry.Booking", but={"attendee_name__startswith": "#"}, occasion__ends_at__lt="<"),
        _empty(**find("industry.Booking").cleared),
    ),
    Rule(
        "assessments", "assessments.Assessment", THREE_YEARS,
        _("Assessments of enterprises nobody acts for lose their answers and evidence; the level stays"),
        _CONSENT, _of_nobody, _empty_assessments,
    ),
    Rule(
        "shares", "assessments.Share", A_YEAR,
        _("Links to reports that have run out are deleted"), _NO_LONGER,
        _rows("assessments.Share", expires_at__lt="<"), _delete,
    ),
    Rule(
        "looks", "personal_data.Look", A_YEAR,
        _("Notes of who looked are deleted"), _SECURITY,
        _rows("personal_data.Look", last_at__lt="<"), _delete,
    ),
    Rule(
        "exports", "personal_data.DataExport", A_YEAR,
        _("The note that a copy was asked for is deleted"), _NO_LONGER,
        _rows("personal_data.DataExport", state="gone", expires_at__lt="<"), _delete,
    ),
)  # fmt: skip
