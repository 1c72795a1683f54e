"""What a sheet says otherwise than a notice: staged, then accepted or declined field by field."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import sheets
from core.lifecycle import TransitionRefused
from services.policies import actions, intake, proposing
from services.policies.models import FieldProposal, PolicyNotice, State
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.policies import IN_QINGDAO, NoticeFactory, gate, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def sun(db: None) -> Any:
    return UserFactory(name="Sun", roles=["publisher"], language="en")


def row(**cells: Any) -> intake.Entry:
    """Read one row of the sheet that names the notice "lathes" again."""
    given = {
        "slug": "lathes", "title_zh": "机床补贴", "issuer_zh": "青岛市工业和信息化局", "kind": "funding",
        "level": "municipal", "region": "370200", "summary_zh": "买数控机床的企业可以领补贴。", **cells,
    }  # fmt: skip
    sheet = intake.again(given, [{"number": 3, "cells": list(given.values())}])
    assert not sheet.bad, sheet.bad
    return sheet.entries[0]


def lathes(**item: Any) -> PolicyNotice:
    return published(
        slug="lathes",
        title_zh="机床补贴",
        items=[{"title_zh": "补贴", "criteria": [IN_QINGDAO], "max_fen": 50_000_000, **item}],
    )


def waiting(notice: PolicyNotice) -> list[str]:
    return sorted(notice.proposals.filter(state="open").values_list("field", flat=True))


@pytest.mark.parametrize(
    ("cells", "fields"),
    [
        ({}, []),
        ({"contact": ""}, []),
        ({"contact": "12345"}, ["contact"]),
        ({"issued_on": "2026-03-01", "title_zh": "机床补贴（修订）"}, ["issued_on", "title_zh"]),
        ({"item_title_zh": "补贴", "max_wan": "50"}, []),
        ({"item_title_zh": "补贴", "max_wan": "60", "closes_on": "2030-01-01"}, ["closes_on", "max_wan"]),
        ({"item_title_zh": "补贴", "regions": "370200"}, []),
        ({"item_title_zh": "补贴", "regions": "370200, 370600", "employees_max": "300"},
         ["employees_max", "regions"]),
        ({"item_title_zh": "补贴", "quals_any": "zjtx"}, ["quals_any"]),
    ],
)  # fmt: skip
def test_only_what_the_sheet_says_otherwise_is_proposed(
    sun: Any, cells: dict[str, Any], fields: list[str]
) -> None:
    notice = lathes()

    assert actions.propose([row(**cells)], by=sun) == len(fields)

    assert waiting(notice) == fields
    assert PolicyNotice.objects.get(pk=notice.pk).title_zh == "机床补贴"


def test_one_certificate_is_the_same_however_it_was_entered(sun: Any) -> None:
    lathes(criteria=[gate("qualification", "has_any", "zjtx")])

    assert actions.propose([row(item_title_zh="补贴", quals_any="zjtx")], by=sun) == 0


def test_what_was_declined_is_not_proposed_again_but_another_value_is(sun: Any) -> None:
    notice = lathes()
    actions.propose([row(contact="12345")], by=sun)
    actions.decline_proposal(notice.proposals.get(), reason="电话没有变", by=sun)

    again = actions.propose([row(contact="12345")], by=sun)
    other = actions.propose([row(contact="0532-12345")], by=sun)

    assert (again, other) == (0, 1)


def test_accepted_fields_of_a_public_notice_go_into_one_correction(sun: Any) -> None:
    notice = lathes()
    actions.propose([row(contact="12345", item_title_zh="补贴", max_wan="60", employees_max="300")], by=sun)

    for proposal in notice.proposals.exclude(field="employees_max"):
        actions.accept_proposal(proposal, by=sun)

    draft = notice.corrections.get()
    assert (draft.state, draft.author, draft.contact) == (State.DRAFT, sun, "12345")
    assert (draft.items.get().max_fen, draft.items.get().criteria) == (60_000_000, [IN_QINGDAO])
    assert draft.correction_note_zh == "按来源更新。"
    assert (PolicyNotice.objects.get(pk=notice.pk).contact, notice.items.get().max_fen) == ("", 50_000_000)
    assert waiting(notice) == ["employees_max"]


def test_an_accepted_condition_stands_beside_the_others(sun: Any) -> None:
    notice = lathes()
    actions.propose([row(item_title_zh="补贴", employees_max="300")], by=sun)

    actions.accept_proposal(notice.proposals.get(), by=sun)

    item = notice.corrections.get().items.get()
    assert item.criteria == [IN_QINGDAO, gate("employees", "at_most", 300)]


def test_a_draft_is_changed_itself(sun: Any) -> None:
    notice = NoticeFactory(slug="lathes", title_zh="机床补贴")
    actions.propose([row(contact="12345")], by=sun)

    actions.accept_proposal(notice.proposals.get(), by=sun)

    notice.refresh_from_db()
    assert (notice.contact, notice.corrections.count()) == ("12345", 0)


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED, State.REPEALED])
def test_what_is_out_of_hand_waits(sun: Any, state: State) -> None:
    notice = lathes()
    actions.propose([row(contact="12345")], by=sun)
    PolicyNotice.objects.filter(pk=notice.pk).update(state=state)

    with pytest.raises(ValidationError):
        actions.accept_proposal(FieldProposal.objects.get(), by=sun)

    assert waiting(notice) == ["contact"]


def test_a_reviewer_looks_and_does_not_take_over(client: Client, sun: Any) -> None:
    notice = lathes()
    actions.propose([row(contact="12345")], by=sun)
    qin = UserFactory(roles=["reviewer"])
    sign_in(client, qin)
    proposal = notice.proposals.get()

    with pytest.raises(TransitionRefused):
        actions.accept_proposal(proposal, by=qin)

    change = reverse("admin:policies_fieldproposal_change", args=[proposal.pk])
    accept = reverse("admin:policies_fieldproposal_accept", args=[proposal.pk])
    assert (client.get(change).status_code, client.post(accept).status_code) == (200, 403)


def test_the_desk_shows_ours_and_theirs_and_takes_over(client: Client, sun: Any) -> None:
    notice = lathes()
    sign_in(client, sun)
    cells = {"contact": "12345", "title_zh": "机床补贴"}
    given = {
        "slug": "lathes", "issuer_zh": "青岛市工业和信息化局", "kind": "funding", "level": "municipal",
        "region": "370200", "summary_zh": "买数控机床的企业可以领补贴。", **cells,
    }  # fmt: skip
    file = sheets.xlsx("notices", list(given), [["words"] * len(given), list(given.values())])
    page = reverse("admin:policies_policynotice_import")
    look = client.post(page, {"sheet": SimpleUploadedFile("n.xlsx", file)}).content.decode()

    sent = client.post(page, {"confirm": "1"}, follow=True).content.decode()
    proposal = FieldProposal.objects.get()
    accept = reverse("admin:policies_fieldproposal_accept", args=[proposal.pk])
    before = client.get(accept).content.decode()
    client.post(accept)

    assert "Whom to ask: now 12345" in look
    assert "Whom to ask: now 12345" in before
    assert "1 change waits to be looked at." in sent
    assert notice.corrections.get().contact == "12345"
    editor = client.get(reverse("admin:policies_policynotice_change", args=[notice.pk])).content.decode()
    assert "A source says" not in editor


def test_a_difference_is_said_in_words(sun: Any) -> None:
    notice = lathes()
    found = proposing.differences(row(item_title_zh="补贴", max_wan="60").values, notice)

    assert [(one.ours, one.theirs) for one in found] == [(50_000_000, 60_000_000)]


# --- several items ------------------------------------------------------------------------------


def two_items() -> PolicyNotice:
    return published(
        slug="lathes",
        title_zh="机床补贴",
        items=[
            {"title_zh": "机床", "position": 1, "criteria": [IN_QINGDAO], "max_fen": 50_000_000},
            {"title_zh": "软件", "position": 2, "criteria": [IN_QINGDAO], "max_fen": 10_000_000},
        ],
    )


def staged(notice: PolicyNotice) -> list[tuple[str | None, str]]:
    rows = notice.proposals.order_by("field", "pk").select_related("item")
    return [(one.item and one.item.title_zh, one.field) for one in rows]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"item_title_zh": "软件", "max_wan": "20"}, [("软件", "max_wan")]),
        ({"item_title_zh": "软 件", "max_wan": "10"}, [("软件", "item_title_zh")]),
        ({"item_title_zh": "工业软件", "item_position": "2"}, [("软件", "item_title_zh")]),
        ({"item_title_zh": "培训", "max_wan": "5", "regions": "370200"}, [(None, "item")]),
    ],
)
def test_a_row_speaks_of_the_item_at_its_place_or_of_its_title(
    sun: Any, cells: dict[str, Any], expected: list[tuple[str | None, str]]
) -> None:
    notice = two_items()

    actions.propose([row(**cells)], by=sun)

    assert staged(notice) == expected


def test_accepted_fields_go_to_their_own_item_of_the_correction(sun: Any) -> None:
    notice = two_items()
    both = [row(item_title_zh="机床", max_wan="60"), row(item_title_zh="软件", max_wan="20")]
    actions.propose(both, by=sun)

    for proposal in notice.proposals.all():
        actions.accept_proposal(proposal, by=sun)

    amounts = dict(notice.corrections.get().items.values_list("title_zh", "max_fen"))
    assert amounts == {"机床": 60_000_000, "软件": 20_000_000}


def test_a_new_item_is_accepted_as_a_whole_with_its_conditions(sun: Any) -> None:
    notice = two_items()
    actions.propose(
        [row(item_title_zh="培训", max_wan="5", closes_on="2030-01-01", regions="370200")], by=sun
    )

    actions.accept_proposal(notice.proposals.get(), by=sun)

    item = notice.corrections.get().items.get(title_zh="培训")
    assert (item.position, item.max_fen, item.closes_on, item.criteria) == (
        3, 5_000_000, date(2030, 1, 1), [{"fact": "region", "op": "within", "values": ["370200"]}],
    )  # fmt: skip


def test_an_item_that_is_gone_is_told(sun: Any) -> None:
    notice = two_items()
    actions.propose([row(item_title_zh="软件", max_wan="20")], by=sun)
    actions.begin_correction(notice, by=sun).items.filter(title_zh="软件").delete()

    with pytest.raises(ValidationError):
        actions.accept_proposal(notice.proposals.get(), by=sun)


def test_the_queue_names_the_item(client: Client, sun: Any) -> None:
    two_items()
    sign_in(client, sun)
    actions.propose(
        [row(item_title_zh="软件", max_wan="20"), row(item_title_zh="培训", max_wan="5", regions="370200")],
        by=sun,
    )

    page = client.get(reverse("admin:policies_fieldproposal_changelist")).content.decode()

    assert "Lathe subsidy – Amount per enterprise: CNY 100,000 → CNY 200,000" in page
    assert "Can now be claimed: 培训 · Amount per enterprise: now CNY 50,000" in page
