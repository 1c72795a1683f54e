"""English texts that have fallen behind their Chinese: found, shown at the desk, put right."""

from typing import Any

import pytest
from django.test import Client

from core import audit, english
from enterprises.models import Industry
from services.catalogue.models import Offering
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import OfferingFactory
from tests.factories.requests import officer

pytestmark = pytest.mark.django_db
NAME, PRICE = ("name_zh", "name_en"), ("price_note_zh", "price_note_en")


def change(row: Offering, *fields: str, verb: str = "change") -> None:
    audit.record(row, verb, by=UserFactory(), data={"fields": list(fields)})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([], []),
        ([("change", ["name_zh"])], ["name_en"]),
        ([("change", ["name_zh", "name_en"])], []),
        ([("change", ["name_zh"]), ("change", ["name_en"])], []),
        ([("change", ["name_en"]), ("change", ["name_zh"])], ["name_en"]),
        ([("change", ["name_zh"]), (english.FITS, ["name_en"])], []),
        ([("change", ["name_zh"]), (english.FITS, ["name_en"]), ("change", ["name_zh"])], ["name_en"]),
        ([("change", ["name_zh", "description_zh"]), ("change", ["name_en"])], ["description_en"]),
        ([("change", ["price_note_zh"])], []),
        ([("retire", ["name_zh"])], []),
    ],
    ids=lambda value: str(value) if isinstance(value, list) else "",
)
def test_what_has_fallen_behind(changes: list[tuple[str, list[str]]], expected: list[str]) -> None:
    row = OfferingFactory(name_en="On-site diagnosis", description_en="A day", price_note_en="")

    for verb, fields in changes:
        change(row, *fields, verb=verb)

    assert english.behind(row) == expected
    assert list(english.only_behind(Offering.objects.filter(pk=row.pk))) == ([row] if expected else [])


def test_pairs_are_found_by_their_names() -> None:
    assert NAME in english.pairs(Offering)
    assert PRICE in english.pairs(Offering)
    assert english.pairs(type(audit.record(OfferingFactory(), "add", by=None))) == []


def test_rows_known_by_a_code_are_not_narrowed() -> None:
    assert (english.can_be_narrowed(Offering), english.can_be_narrowed(Industry)) == (True, False)
    assert list(audit.history(Industry(code="A"))) == []


def test_the_desk_says_so_lists_it_and_takes_the_word_that_it_fits(client: Client) -> None:
    behind, _in_step = OfferingFactory(), OfferingFactory()
    change(behind, "name_zh")
    lead = officer("Lead", role="triage_lead")
    lead.language = "en"
    lead.save(update_fields=["language"])
    sign_in(client, lead)
    form = f"/admin/catalogue/offering/{behind.pk}/change/"

    page = client.get(form)
    listed = list(client.get("/admin/catalogue/offering/?english=behind").context["cl"].queryset)
    client.post(form, answers(behind) | {"english_fits": "on"})

    assert page.context["english_behind"] == ["English name"]
    assert "read the English again" in page.content.decode()
    assert listed == [behind]
    assert audit.history(behind).first().verb == english.FITS
    assert client.get(form).context["english_behind"] == []


def answers(offering: Offering) -> dict[str, Any]:
    fields = (
        "group", "name_zh", "name_en", "description_zh", "description_en", "deliverable_zh", "deliverable_en",
        "price_note_zh", "price_note_en", "turnaround_days", "audience", "mode", "page", "position",
    )  # fmt: skip
    given = {name: getattr(offering, name) for name in fields}
    none_asked = {"particulars-TOTAL_FORMS": "0", "particulars-INITIAL_FORMS": "0"}
    return {**given, **none_asked, "provider": offering.provider_id, "is_free": "on", "is_listed": "on"}
