"""Requests in every state, made by the verbs themselves, and the staff who work on them."""

from typing import Any

from accounts.models import User
from enterprises.models import Enterprise, StaffScope
from services.catalogue.models import Offering
from services.requests import actions
from services.requests.lifecycle import REQUEST
from services.requests.models import ServiceRequest, State
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import OfferingFactory

STATES = tuple(State.values)


def officer(name: str = "Chen", *, region: str = "", group: str = "", role: str = "triage_officer") -> User:
    """Make a member of staff who triages; without region and group, for the whole province."""
    person = UserFactory(name=name, email=f"{name.lower()}@desk.example", roles=[role])
    if region or group:
        StaffScope.objects.create(user=person, region_id=region or None, group=group)
    return User.objects.get(pk=person.pk)


def draft(
    by: User, enterprise: Enterprise | None, offering: Offering | None = None, **answers: Any
) -> ServiceRequest:
    """Begin a request with every answer given."""
    if offering is None and enterprise is not None:
        offering = OfferingFactory()
    row = actions.draft(by=by, enterprise=enterprise, offering=offering)
    given = {
        "subject": "设备联网",
        "body": "想请人到车间看看。",
        "contact_name": "李华",
        "contact_phone": "13800000000",
    }
    return actions.save_draft(row, by=by, **(given | answers))


def submitted(
    by: User, enterprise: Enterprise | None, offering: Offering | None = None, **answers: Any
) -> ServiceRequest:
    """Submit a request."""
    return actions.submit(draft(by, enterprise, offering, **answers), by=by)


def in_state(
    state: str, by: User, enterprise: Enterprise, staff: User, offering: Offering | None = None
) -> ServiceRequest:
    """Bring a request into `state` by the verbs that lead there."""
    if state == State.DRAFT:
        return draft(by, enterprise, offering)
    row = submitted(by, enterprise, offering)
    if state == State.SUBMITTED:
        return row
    if state == State.WITHDRAWN:
        return actions.withdraw(row, by=by)
    if state == State.REFUSED:
        return actions.refuse(row, "不在受理范围。", by=staff)
    row = actions.take(row, by=staff)
    if state == State.WAITING:
        return actions.ask_for_papers(row, ["营业执照照片", "设备清单"], by=staff)
    if state in (State.RESOLVED, State.CLOSED):
        row = actions.resolve(row, "已到厂诊断。", by=staff)
    return REQUEST.apply(row, "close", by=None) if state == State.CLOSED else row
