"""What happens to the tables of the rooms when two enterprises are merged: the roof knows them all."""

from enterprises.merging import Plan, register

_PLANS = {
    "service_requests.servicerequest.enterprise": Plan.ALL,
    "policies.match.enterprise": Plan.MOVE,
    "policies.benefit.enterprise": Plan.MOVE,
    "policies.feedtoken.enterprise": Plan.MOVE,
    "policies.itemmark.enterprise": Plan.MOVE,
    "policies.alertdue.enterprise": Plan.MOVE,
    "policies.reminder.enterprise": Plan.MOVE,
    "policies.opinion.enterprise": Plan.MOVE,
    # Public money must not stay with an entry nobody acts for.
    "cloud.voucher.enterprise": Plan.ALL,
    "cloud.conversion.enterprise": Plan.ALL,
    "cloud.onboarding.enterprise": Plan.MOVE,
    "industry.need.enterprise": Plan.ALL,
    "industry.booking.enterprise": Plan.MOVE,
    "industry.casestudy.enterprise": Plan.ALL,
    # Rounds of both that bear the same number were answered apart, and stay apart.
    "assessments.assessment.enterprise": Plan.MOVE,
    "assessments.campaigninvitation.enterprise": Plan.MOVE,
    "personal_data.look.enterprise": Plan.MOVE,
    "personal_data.dataexport.enterprise": Plan.STAY,
}


def register_rooms() -> None:
    """Fill in the registry; called once all rooms are there."""
    for relation, plan in _PLANS.items():
        register(relation, plan)
