"""Every state with every verb."""

import pytest

from core.lifecycle import TransitionRefused
from services.assessments.lifecycle import ASSESSMENT, CAMPAIGN
from services.assessments.models import Assessment, Campaign, State
from tests.factories.assessments import campaign, draft
from tests.factories.enterprises import Cast
from tests.factories.requests import officer

pytestmark = pytest.mark.django_db
ALLOWED = {("draft", "finish"): "finished", ("draft", "discard"): "discarded"}


@pytest.mark.parametrize("verb", list(ASSESSMENT.transitions))
@pytest.mark.parametrize("state", State.values)
def test_a_verb_leads_only_where_the_table_says(cast: Cast, state: str, verb: str) -> None:
    row = draft(cast.enterprise, cast.li)
    whole = {
        "finished_at": row.started_at,
        "declared_by": cast.li,
        "result": {},
        "score": 0,
        "level": 0,
        "round": 1,
    }
    Assessment.objects.filter(pk=row.pk).update(state=state, **whole)

    if (state, verb) in ALLOWED:
        assert ASSESSMENT.apply(row, verb, by=cast.li).state == ALLOWED[state, verb]
    else:
        with pytest.raises(TransitionRefused):
            ASSESSMENT.apply(row, verb, by=cast.li)


OF_CAMPAIGNS = {
    ("draft", "launch"): "running",
    ("draft", "drop"): "dropped",
    ("running", "end"): "ended",
}


@pytest.mark.parametrize("verb", list(CAMPAIGN.transitions))
@pytest.mark.parametrize("state", Campaign.State.values)
def test_a_verb_of_a_campaign_leads_only_where_the_table_says(state: str, verb: str) -> None:
    lead = officer("Lead", role="triage_lead")
    row = campaign(lead)
    Campaign.objects.filter(pk=row.pk).update(state=state, launched_at="2026-01-05T00:00:00Z")

    if (state, verb) in OF_CAMPAIGNS:
        assert CAMPAIGN.apply(row, verb, by=lead).state == OF_CAMPAIGNS[state, verb]
    else:
        with pytest.raises(TransitionRefused):
            CAMPAIGN.apply(row, verb, by=lead)


@pytest.mark.parametrize("verb", list(CAMPAIGN.transitions))
def test_a_campaign_is_moved_by_the_lead_only(verb: str) -> None:
    row = campaign(officer("Chen"))

    with pytest.raises(TransitionRefused):
        CAMPAIGN.apply(row, verb, by=officer("Auditor", role="auditor"))
