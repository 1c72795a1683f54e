"""The landing board of the desk: what is urgent, from every room, for this member of staff."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import calendar
from core.charts import BarChart, bar_chart
from enterprises.models import Claim
from notifications import mail_files
from notifications.models import ContactTask, Delivery
from portal import operations, policy_board
from portal.indicators import activity
from services.catalogue.share import free_share
from services.cloud.models import (
    Conversion,
    Flag,
    Listing,
    ListingState,
    Onboarding,
    PriceVersion,
    Sanction,
    UseCheck,
    Voucher,
)
from services.cloud.models.conversions import CONVERSION_QUEUES
from services.cloud.models.vouchers import QUEUES as VOUCHER_QUEUES
from services.industry.models import Need, Occasion
from services.policies.actions import upkeep
from services.policies.models import Benefit, ErrorReport, FieldProposal, LinkState, Opinion, PolicyNotice
from services.requests import board as requests_board
from services.requests import saved_views, unmet
from services.requests.board import Counter, Day

URGENT = 8


def board(user: Any) -> dict[str, Any]:
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
    work = (
        *_notice_work(user),
        (
            "policies.answer_opinion",
            "opinions",
            _("Opinions on policies to answer"),
            Opinion.objects.waiting(),
            _list("policies_opinion", state__exact=Opinion.State.NEW),
            "",
        ),
        (
            "enterprises.settle_claim",
            "claims",
            _("Claims to settle"),
            Claim.objects.filter(state=Claim.State.OPEN),
            _list("enterprises_claim", state__exact=Claim.State.OPEN),
            "",
        ),
        *_voucher_work(user),
        *_conversion_work(user),
        (
            "cloud.check_listing",
            "providers",
            _("Providers to check"),
            Listing.objects.filter(state=ListingState.APPLIED),
            _list("cloud_listing", state__exact=ListingState.APPLIED),
            "",
        ),
        (
            "cloud.help_onboarding",
            "plans",
            _("Cloud plans that wait for us"),
            Onboarding.objects.in_scope_of(user).waiting_for_staff(),
            _list("cloud_onboarding", turn="staff"),
            "",
        ),
        (
            "cloud.help_onboarding",
            "proofs",
            _("Proofs of real use to check"),
            UseCheck.objects.filter(
                state=UseCheck.State.HANDED_IN, onboarding__in=Onboarding.objects.in_scope_of(user)
            ),
            _list("cloud_usecheck", state__exact=UseCheck.State.HANDED_IN),
            "",
        ),
        (
            "cloud.answer_appeal",
            "appeals",
            _("Appeals to answer"),
            Sanction.objects.filter(appeal=Sanction.Appeal.OPEN).exclude(imposed_by=user),
            _list("cloud_sanction", appeal__exact=Sanction.Appeal.OPEN),
            "",
        ),
        (
            "cloud.review_cloudproduct",
            "prices",
            _("Prices to review"),
            PriceVersion.objects.filter(state=PriceVersion.State.PROPOSED).exclude(proposed_by=user),
            _list("cloud_priceversion", state__exact=PriceVersion.State.PROPOSED),
            "",
        ),
        (
            "industry.moderate_need",
            "needs",
            _("Needs to look at"),
            Need.objects.in_scope_of(user).filter(state=Need.State.IN_REVIEW),
            _list("industry_need", state__exact=Need.State.IN_REVIEW),
            "",
        ),
        (
            "industry.publish_content",
            "occasions",
            _("Events to publish"),
            Occasion.objects.filter(state=Occasion.State.IN_REVIEW),
            _list("industry_occasion", state__exact=Occasion.State.IN_REVIEW),
            "",
        ),
        (
            "notifications.settle_contact",
            "calls",
            _("Calls to make"),
            ContactTask.objects.filter(state=ContactTask.State.OPEN),
            _list("notifications_contacttask", state__exact=ContactTask.State.OPEN),
            "soon",
        ),
        (
            "notifications.view_delivery",
            "failed",
            _("Mails that failed"),
            Delivery.objects.filter(state=Delivery.State.FAILED),
            _list("notifications_delivery", state__exact=Delivery.State.FAILED),
            "hot",
        ),
    )
    return [
        Counter(code, label, number, url, tone if number else "")
        for permission, code, label, rows, url, tone in work
        if user.has_perm(permission)
        for number in [rows.count()]
    ] + [*_consents(user), *_unmet(user), *_activity(user), *_written_mails(user), *_alarms(user)]


def _consents(user: Any) -> list[Counter]:
    """Lead to what enterprises of one's regions agreed to, for those who hand it over."""
    if not user.has_perm("policies.hand_over"):
        return []
    number = Benefit.objects.ready().in_scope_of(user).count()
    url = reverse("admin:policies_benefit_hand_over")
    return [Counter("consents", _("Consents to hand over"), number, url, "soon" if number else "")]


def _notice_work(user: Any) -> Iterator[tuple[str, str, str, Any, str, str]]:
    """Count one's own drafts, notices on their way to the public, and what may be wrong with public ones."""
    rows, states, listed = PolicyNotice.objects, PolicyNotice.State, "policies_policynotice"
    write, review, settle = "policies.submit_notice", "policies.review_notice", "policies.settle_report"
    own = {"author__id__exact": str(user.pk)}
    drafts, returned = (rows.filter(author=user, state=state) for state in (states.DRAFT, states.RETURNED))
    yield write, "drafts", _("Your drafts"), drafts, _list(listed, state__exact=states.DRAFT, **own), ""
    url = _list(listed, state__exact=states.RETURNED, **own)
    yield write, "returned", _("Notices returned to you"), returned, url, "soon"
    for state, code, label in (
        (states.IN_REVIEW, "review", _("Notices to review")),
        (states.APPROVED, "approved", _("Approved, not yet published")),
    ):
        yield review, code, label, rows.filter(state=state), _list(listed, state__exact=state), ""
    proposed = FieldProposal.objects.filter(state=FieldProposal.State.OPEN)
    url = _list("policies_fieldproposal", state__exact=FieldProposal.State.OPEN)
    yield write, "proposals", _("Changes proposed by sources"), proposed, url, ""
    reported = ErrorReport.objects.filter(state=ErrorReport.State.NEW)
    url = _list("policies_errorreport", state__exact=ErrorReport.State.NEW)
    yield settle, "reports", _("Errors readers reported"), reported, url, "soon"
    dead = LinkState.objects.filter(failures__gte=2)
    yield settle, "links", _("Links that do not work"), dead, _list("policies_linkstate", dead="yes"), ""
    due = rows.to_look_at(calendar.today() + upkeep.PATIENCE)
    yield write, "look", _("Notices to look at again"), due, _list(listed, look="due"), ""


def _voucher_work(user: Any) -> Iterator[tuple[str, str, str, Any, str, str]]:
    """Count the vouchers that wait for the county, the city and finance, and what looks wrong."""
    if not user.has_perm("cloud.view_voucher"):
        return
    rows = Voucher.objects.in_scope_of(user)
    queues = (
        ("cloud.pass_voucher", "county", _("Vouchers to examine")),
        ("cloud.approve_voucher", "city", _("Vouchers and claims to decide")),
        ("cloud.settle_voucher", "finance", _("Vouchers to pay or get back")),
    )
    for permission, queue, label in queues:
        waiting = rows.filter(state__in=VOUCHER_QUEUES[queue])
        yield permission, f"vouchers_{queue}", label, waiting, _list("cloud_voucher", queue=queue), ""
    flagged = rows.filter(flags__in=Flag.objects.open()).distinct()
    listed = _list("cloud_voucher", queue="flagged")
    yield "cloud.clear_flag", "signals", _("Vouchers with a signal"), flagged, listed, "soon"


def _conversion_work(user: Any) -> Iterator[tuple[str, str, str, Any, str, str]]:
    """Count the conversion projects that wait for the county, the city and finance."""
    if not user.has_perm("cloud.view_conversion"):
        return
    rows = Conversion.objects.in_scope_of(user)
    queues = (
        ("cloud.confirm_conversion", "county", _("Filings of conversion projects to check")),
        ("cloud.accept_conversion", "city", _("Conversion projects to accept")),
        ("cloud.pay_conversion", "finance", _("Rewards of conversion projects to pay")),
    )
    for permission, queue, label in queues:
        waiting = rows.filter(state__in=CONVERSION_QUEUES[queue])
        yield permission, f"conversions_{queue}", label, waiting, _list("cloud_conversion", queue=queue), ""


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


def _list(model: str, **filters: str) -> str:
    return f"{reverse(f'admin:{model}_changelist')}?{urlencode(filters)}"
