"""Copy one's data, close one's account, take that back; and the drains that carry both out."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import actions as account_actions
from accounts.models import User
from core import audit, calendar, generated, wake
from enterprises import actions as enterprise_actions
from enterprises.actions.membership import end_memberships
from enterprises.models import Claim, Enterprise, Membership
from portal.personal_data import leaving, notifications, packing
from portal.personal_data.models import Closing, DataExport
from portal.personal_data.tables import TABLES
from services.cloud.actions import onboarding as plans
from services.cloud.models import Onboarding
from services.industry import actions as industry_actions
from services.industry.models import Booking, Need
from services.requests import actions as request_actions
from services.requests.models import OPEN_STATES, ServiceRequest, State

EXPORT = "portal.pack_exports"
EXPORT_KEPT = timedelta(days=7)
WAITING = timedelta(days=15)  # the rest of the thirty days of PIPL is for backups
_ENDED = "account closed"


class Hindered(Exception):
    """The account cannot be closed now; `leaving.hindrance` says why."""


def ask_export(user: User, enterprise: Enterprise | None = None, *, by: Any) -> DataExport:
    """Ask for a copy of a person's data; an owner may ask for the enterprise's too.

    It is put together in the background, and a mail says when it is there. Somebody who waits for one
    already gets that one back.
    """
    try:
        with transaction.atomic():
            export = DataExport.objects.create(user=user, enterprise=enterprise)
            audit.record(user, "export_asked", by=by, data={"enterprise": enterprise and enterprise.pk})
            wake.knock(EXPORT)
    except IntegrityError:
        return DataExport.objects.waiting().get(user=user)
    return export


def pack_exports() -> int:
    """Put together every copy that waits, tell its reader, and delete those whose time is over."""
    done = 0
    while _pack_one():
        done += 1
    for export in DataExport.objects.expired():
        generated.drop(export.path)
        done += DataExport.objects.filter(pk=export.pk, state=DataExport.State.READY).update(
            state=DataExport.State.GONE
        )
    return done


@transaction.atomic
def _pack_one() -> bool:
    """Write the file before the row says that it is there: a crash in between only does it again."""
    waiting = DataExport.objects.waiting().select_related("user", "enterprise")
    export = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if export is None:
        return False
    content = packing.pack(export.user, _owned(export))
    generated.put(export.path, content)
    export.state, export.size = DataExport.State.READY, len(content)
    export.ready_at = calendar.now()
    export.expires_at = export.ready_at + EXPORT_KEPT
    export.save(update_fields=["state", "size", "ready_at", "expires_at"])
    notifications.tell_ready(export)
    return True


def _owned(export: DataExport) -> Enterprise | None:
    """Leave the enterprise out when the person has stopped owning it meanwhile."""
    owned = Membership.objects.owners().filter(user=export.user, enterprise=export.enterprise)
    return export.enterprise if owned.exists() else None


def note_download(export: DataExport, *, by: Any) -> None:
    """Record that a copy was taken away."""
    audit.record(export.user, "export_taken", by=by, data={"export": export.pk})


def ask_closing(user: User, heirs: Mapping[int, Membership | None], *, by: Any) -> Closing:
    """Begin the waiting time before an account closes; nothing changes until it is over.

    `heirs` names for each enterprise that would be without an owner its next one, or None to end it. Raises
    Hindered where `leaving.hindrance` says so, or an enterprise that holds a voucher would end.
    """
    alone = {one.enterprise.pk: one for one in leaving.left_alone(user)}
    if leaving.hindrance(user) or any(not heirs.get(pk) and not one.may_end for pk, one in alone.items()):
        raise Hindered
    chosen = {str(pk): heir.pk if (heir := heirs.get(pk)) else None for pk in alone}
    try:
        with transaction.atomic():
            closing = Closing.objects.create(user=user, heirs=chosen, due_at=calendar.now() + WAITING)
            audit.record(user, "closing_asked", by=by, data={"due_at": closing.due_at, "heirs": chosen})
            notifications.tell_closing(closing)
    except IntegrityError:
        return Closing.objects.pending().get(user=user)
    return closing


def undo_closing(closing: Closing, *, by: Any) -> Closing:
    """Keep the account after all; the person may until it is closed. Twice is once."""
    with transaction.atomic():
        if Closing.objects.pending().filter(pk=closing.pk).update(undone_at=timezone.now()):
            audit.record(closing.user, "closing_undone", by=by)
    closing.refresh_from_db()
    return closing


def close_due() -> int:
    """Close the accounts whose waiting time is over; one in trouble does not hold the others up."""
    return sum(_close(number) for number in Closing.objects.due().values_list("pk", flat=True)[:50])


@transaction.atomic
def _close(number: int) -> bool:
    due = Closing.objects.due().filter(pk=number).select_for_update(of=("self",), skip_locked=True)
    closing = due.select_related("user").first()
    if closing is None or not _may_close(closing):
        return False
    user, address = closing.user, closing.user.email
    addresses = [address, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)]
    for alone in leaving.left_alone(user):
        heir = _heir(closing, alone)
        if heir is None:
            _end_enterprise(alone.enterprise, user)
        else:
            enterprise_actions.change_role(heir, Membership.Role.OWNER, by=user)
    for membership in Membership.objects.current().filter(user=user).select_related("enterprise"):
        enterprise_actions.leave(membership, by=user)
    _end_requests(ServiceRequest.objects.filter(requester=user, enterprise=None), user)
    for claim in Claim.objects.filter(claimant=user, state=Claim.State.OPEN):
        enterprise_actions.withdraw_claim(claim, by=user)
    _drop_copies(user)
    for each in dict.fromkeys(addresses):
        forget(user, each)
    account_actions.erase(user, by=user)
    closing.closed_at = timezone.now()
    closing.save(update_fields=["closed_at"])
    notifications.tell_closed(closing, address, user.language)
    return True


def forget(user: User, address: str) -> int:
    """Delete or empty what the tables say of a person, as `tables` decides; return how many rows."""
    touched = 0
    for table in reversed(TABLES):
        if not table.goes and not table.cleared:
            continue
        numbers = table.of_person(user, address).values("pk")
        rows = table.rows().filter(pk__in=list(numbers.values_list("pk", flat=True)))
        touched += rows.delete()[0] if table.goes else rows.update(**table.cleared)
    return touched


def _may_close(closing: Closing) -> bool:
    """Wait longer where meanwhile something hinders: a voucher was issued, say."""
    alone = leaving.left_alone(closing.user)
    return not closing.user.is_staff and all(one.may_end or _heir(closing, one) for one in alone)


def _heir(closing: Closing, alone: leaving.Alone) -> Membership | None:
    """Return who was chosen, if still there, else whoever has acted longest; None where nobody is left.

    An enterprise that was to end does so even where somebody joined meanwhile only if it may.
    """
    key = str(alone.enterprise.pk)
    chosen = closing.heirs.get(key)
    if key in closing.heirs and chosen is None and alone.may_end:
        return None
    found = next((member for member in alone.heirs if member.pk == chosen), None)
    return found or next(iter(alone.heirs), None)


def _end_enterprise(enterprise: Enterprise, user: User) -> None:
    """Stop everything that runs for an enterprise nobody acts for any more; what was done stays on file."""
    _end_requests(ServiceRequest.objects.filter(enterprise=enterprise), user)
    for plan in Onboarding.objects.active().filter(enterprise=enterprise):
        plans.stop(plan, reason=_ENDED, by=user)
    for need in Need.objects.open().filter(enterprise=enterprise):
        industry_actions.close_need(need, outcome=Need.Outcome.NOT_NEEDED, by=user)
    ahead = Booking.objects.active().filter(enterprise=enterprise, occasion__starts_at__gt=calendar.now())
    for booking in ahead.select_related("occasion"):
        industry_actions.cancel(booking, by=user)
    for invitation in enterprise.invitations.open():
        enterprise_actions.revoke_invitation(invitation, by=user)
    enterprise_actions.update_contact(enterprise, contact_name="", contact_phone="", by=user)
    end_memberships(enterprise, enterprise.memberships.exclude(user=user), by=user)
    own = enterprise.memberships.current().filter(user=user)
    own.update(ended_at=timezone.now())
    audit.record(enterprise, "ended", by=user)


def _end_requests(rows: Any, user: User) -> None:
    for row in rows.filter(state__in=OPEN_STATES):
        request_actions.withdraw(row, by=user)
    for draft in rows.filter(state=State.DRAFT):
        request_actions.discard_draft(draft, by=user)


def _drop_copies(user: User) -> None:
    for export in DataExport.objects.for_user(user):
        transaction.on_commit(partial(generated.drop, export.path), robust=True)
