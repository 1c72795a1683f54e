"""Every state with every verb."""

import pytest

from core.lifecycle import TransitionRefused
from services.assessments.lifecycle import ASSESSMENT
from services.assessments.models import Assessment, State
from tests.factories.assessments import draft
from tests.factories.enterprises import Cast

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
