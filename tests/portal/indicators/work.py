"""A request of an enterprise of its own, in any state."""

from services.requests.models import ServiceRequest
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import EnterpriseFactory, MembershipFactory
from tests.factories.requests import in_state


def made(state: str) -> ServiceRequest:
    """Bring a request of a new owner into `state`, by a new triage officer."""
    owner, enterprise = UserFactory(), EnterpriseFactory()
    MembershipFactory(user=owner, enterprise=enterprise)
    return in_state(state, owner, enterprise, UserFactory(roles=["triage_officer"]))
