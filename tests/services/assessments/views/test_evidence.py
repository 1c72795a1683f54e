"""Evidence: added by owners and editors, read by the enterprise and the experts, by nobody else."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation

from core.models import StoredFile
from services.assessments import actions
from services.assessments.models import Assessment, Evidence
from tests.factories.accounts import sign_in
from tests.factories.assessments import draft, finished, vector
from tests.factories.enterprises import Cast
from tests.factories.files import upload
from tests.factories.requests import officer
from tests.pages import PageClient

pytestmark = pytest.mark.django_db


def page(name: str, *args: object) -> str:
    with translation.override("en"):
        return reverse(f"assessments:{name}", args=args)


def with_file(cast: Cast, row: Assessment, scan: str = "clean") -> Evidence:
    piece = actions.add_file(row, "q01", upload("topology.pdf"), by=cast.li)
    StoredFile.objects.update(scan=scan)
    return piece


def test_files_and_a_link_are_kept_beside_an_answer(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li)
    sign_in(client, cast.wang)
    typed = {"papers": [upload("a.pdf"), upload("b.pdf")], "link": "works.example/plan", "note": "network"}

    answer = client.post(page("evidence", row.reference, "q01"), typed)

    assert answer.status_code == 302
    names = sorted(str(piece) for piece in row.evidence.all())
    assert names == ["a.pdf", "b.pdf", "https://works.example/plan"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Choose a file or type a link."),
        ({"link": "not a link"}, "Type the whole address"),
        ({"link": "javascript:alert(1)"}, "Type the whole address"),
        ({"link": "ftp://works.example/plan"}, "begin with https:// or http://"),
        ({"link": "https://works.example/" + "a" * 5000}, "This address is too long"),
        ({"link": "https://works.example/", "note": "密码：abc12345"}, "This looks like a password"),
        ({"link": "https://li:abc12345@works.example/"}, "This looks like a password"),
    ],
)
def test_bad_input_is_named_and_what_was_typed_stays(
    client: PageClient, cast: Cast, typed: dict[str, str], told: str
) -> None:
    row = draft(cast.enterprise, cast.li)
    sign_in(client, cast.li)

    text = client.post(page("evidence", row.reference, "q01"), typed).content.decode()

    assert told in text
    assert typed.get("note", "") in text
    assert not row.evidence.exists()


def test_a_file_of_the_wrong_kind_is_refused_in_words(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li)
    sign_in(client, cast.li)

    text = client.post(
        page("evidence", row.reference, "q01"), {"papers": upload("a.exe", b"MZ"), "note": "plan"}
    ).content.decode()

    assert "is of a kind we do not take" in text
    assert 'value="plan"' in text


@pytest.mark.parametrize(
    ("person", "reads", "adds"), [("wang", 200, 302), ("guo", 200, 403), ("zhao", 404, 404)]
)
def test_who_reads_and_who_adds(client: PageClient, cast: Cast, person: str, reads: int, adds: int) -> None:
    row = draft(cast.enterprise, cast.li)
    piece = with_file(cast, row)
    sign_in(client, getattr(cast, person))

    assert client.get(page("evidence_list", row.reference)).status_code == reads
    assert client.get(page("evidence", row.reference, "q01")).status_code == reads
    assert client.get(page("evidence_file", row.reference, piece.key)).status_code == reads
    assert client.post(page("evidence", row.reference, "q02"), {"link": "works.example"}).status_code == adds
    assert client.post(page("evidence_remove", row.reference, "q01", piece.key)).status_code == adds
    assert client.get(page("evidence_desk_file", row.reference, piece.key)).status_code == 403


@pytest.mark.parametrize("scan", ["pending", "infected"])
def test_a_file_that_is_not_through_the_scan_is_not_served(client: PageClient, cast: Cast, scan: str) -> None:
    row = draft(cast.enterprise, cast.li)
    piece = with_file(cast, row, scan)
    sign_in(client, cast.li)

    assert client.get(page("evidence_file", row.reference, piece.key)).status_code == 404
    assert client.get(page("evidence", row.reference, "q01")).status_code == 200


@pytest.mark.parametrize(
    ("role", "status"),
    [("triage_officer", 403), ("triage_lead", 200), ("auditor", 403), ("policymaker", 403)],
)
def test_experts_open_the_files_of_a_finished_round(
    client: PageClient, cast: Cast, role: str, status: int
) -> None:
    row = finished(cast.enterprise, cast.li)
    piece = with_file(cast, row)
    sign_in(client, officer(role.title(), role=role))

    assert client.get(page("evidence_desk_file", row.reference, piece.key)).status_code == status
    seen = client.get(reverse("admin:assessments_assessment_change", args=[row.pk])).content.decode()
    assert ("topology.pdf" in seen) is (status == 200)


def test_experts_do_not_open_the_files_of_a_draft(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li)
    piece = with_file(cast, row)
    sign_in(client, officer("Lead", role="triage_lead"))

    assert client.get(page("evidence_desk_file", row.reference, piece.key)).status_code == 404


def test_the_visit_shows_the_evidence_of_a_scene_and_warns_of_passwords(
    client: PageClient, cast: Cast
) -> None:
    row = finished(cast.enterprise, cast.li)
    scene = row.framework.scenes[0].id
    actions.add_link(row, scene, "https://works.example/cad", by=cast.li)
    sign_in(client, officer("Lead", role="triage_lead"))
    url = reverse("admin:assessments_assessment_verify", args=[row.pk])

    assert 'href="https://works.example/cad"' in client.get(url).content.decode()
    typed = {"visited_on": "2026-01-05", f"level_{scene}": "1", f"reason_{scene}": "密码: abc12345"}
    assert client.post(url, typed).status_code == 200
    assert not row.verifications.exists()


def test_what_an_expert_has_seen_stays(client: PageClient, cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li)
    piece = with_file(cast, row)
    scene = row.framework.scenes[0].id
    lead = officer("Lead", role="triage_lead")
    visited_on = row.finished_at.date()
    actions.verify(row, visited_on=visited_on, scenes={scene: {"level": "1", "reason": "seen"}}, by=lead)
    sign_in(client, cast.li)

    client.post(page("evidence_remove", row.reference, "q01", piece.key))

    assert list(row.evidence.all()) == [piece]


def test_deleting_and_dropping_take_the_bytes_along(cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li)
    first, _second = with_file(cast, row), actions.add_file(row, "q02", upload(), by=cast.li)

    actions.remove_evidence(first, by=cast.wang)
    assert StoredFile.objects.count() == 1
    actions.discard(row, by=cast.li)

    assert not StoredFile.objects.exists()


def test_an_answer_takes_ten_pieces(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li)
    for number in range(10):
        actions.add_link(row, "q01", f"https://works.example/{number}", by=cast.li)
    sign_in(client, cast.li)

    text = client.post(page("evidence", row.reference, "q01"), {"link": "works.example"}).content.decode()

    assert "Ten files and links are kept beside one answer" in text
    assert row.evidence.count() == 10


def test_the_button_of_a_question_keeps_the_page_first(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li)
    sign_in(client, cast.li)

    answer = client.post(
        page("section", row.reference, "foundation"),
        {"q05": vector()["q05"][0], "evidence": "q05", "edition": ""},
    )

    assert answer.headers["Location"].endswith(f"/{row.reference}/evidence/q05/")
    assert row.answer_rows.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_cost_the_same_for_one_and_for_three(
    client: PageClient, cast: Cast, rows: int, django_assert_num_queries
) -> None:
    row = draft(cast.enterprise, cast.li)
    for number in range(rows):
        actions.add_link(row, "q01", f"https://works.example/{number}", by=cast.li)
    sign_in(client, cast.li)
    client.get(page("evidence_list", row.reference))

    with django_assert_num_queries(8):
        client.get(page("evidence_list", row.reference))
    with django_assert_num_queries(8):
        client.get(page("evidence", row.reference, "q01"))


def test_a_shared_report_says_nothing_of_evidence(client: PageClient, cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li)
    with_file(cast, row)
    sign_in(client, cast.li)
    client.post(page("share", row.reference), {"days": "7", "note": "", "form_token": str(uuid4())})
    link = client.get(page("share", row.reference)).context["links"][0]["url"]
    client.logout()

    assert "topology.pdf" not in client.get(link).content.decode()
