"""The desk: who reads rounds, who records a visit, who publishes an edition."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import calendar
from enterprises.actions import record_fact
from services.assessments import actions, report
from services.assessments.models import FrameworkVersion, Verification
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.assessments import bank, draft, finished, vector
from tests.factories.enterprises import Cast
from tests.factories.requests import officer
from tests.pages import PageClient

pytestmark = pytest.mark.django_db
UPLOAD = "admin:assessments_frameworkversion_upload"


def staff(role: str, **scope: str):
    return officer(role.title(), role=role, **scope)


def next_edition() -> str:
    return bank().text.replace("edition: '2024'", "edition: '2027'", 1)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("triage_officer", 200),
        ("triage_lead", 200),
        ("auditor", 200),
        ("publisher", 403),
        ("policymaker", 403),
    ],
)
def test_who_reads_the_rounds(client: PageClient, cast: Cast, role: str, status: int) -> None:
    row = finished(cast.enterprise, cast.li)
    sign_in(client, staff(role))

    assert client.get(reverse("admin:assessments_assessment_changelist")).status_code == status
    assert client.get(reverse("admin:assessments_assessment_change", args=[row.pk])).status_code == status


def test_a_draft_and_another_region_are_not_seen(client: PageClient, cast: Cast) -> None:
    draft(cast.other, cast.zhao)
    record_fact(cast.enterprise, "region", "370102", source="self", on=calendar.today(), by=cast.li)
    row = finished(cast.enterprise, cast.li)
    sign_in(client, staff("triage_officer", region="370200"))

    text = client.get(reverse("admin:assessments_assessment_changelist")).content.decode()

    assert row.reference not in text
    assert client.get(reverse("admin:assessments_assessment_change", args=[row.pk])).status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    client: PageClient, cast: Cast, rows: int, django_assert_num_queries
) -> None:
    for _number in range(rows):
        finished(cast.enterprise, cast.li)
    sign_in(client, staff("auditor"))
    client.get(reverse("admin:assessments_assessment_changelist"))

    with django_assert_num_queries(12):
        client.get(reverse("admin:assessments_assessment_changelist"))


def visit(client: PageClient, row, **fields: str):
    url = reverse("admin:assessments_assessment_verify", args=[row.pk])
    return client.post(url, {"visited_on": "2026-01-05", **fields})


def test_an_expert_visit_stands_beside_the_own_result(client: PageClient, cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li)
    sign_in(client, staff("triage_lead"))

    answer = visit(client, row, level_sc01="1", reason_sc01="只有 CAD，没有版本管理")

    assert answer.status_code == 302, answer.context["form"].errors
    found = report.build(row).verified
    assert found is not None
    assert [(gap.own, gap.verified, gap.reason) for gap in found.gaps] == [(2, "1", "只有 CAD，没有版本管理")]
    row.refresh_from_db()
    assert row.level == 2
    assert Verification.objects.get().level == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "__all__"),
        ({"level_sc01": "1"}, "reason_sc01"),
        ({"level_sc01": "9", "reason_sc01": "x"}, "level_sc01"),
        ({"level_sc01": "1", "reason_sc01": "x", "visited_on": "2999-01-01"}, "visited_on"),
        ({"level_sc01": "1", "reason_sc01": "x", "visited_on": "9" * 5000}, "visited_on"),
    ],
)
def test_a_visit_that_cannot_be_is_refused(client: PageClient, cast: Cast, fields: dict, field: str) -> None:
    row = finished(cast.enterprise, cast.li)
    sign_in(client, staff("triage_lead"))

    answer = visit(client, row, **fields)

    assert field in answer.context["form"].errors
    assert not Verification.objects.exists()


def test_recording_a_visit_needs_its_permission(client: PageClient, cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li)
    sign_in(client, staff("triage_officer"))

    assert visit(client, row, level_sc01="1", reason_sc01="x").status_code == 403


@pytest.mark.parametrize(
    ("role", "status"), [("triage_lead", 200), ("triage_officer", 403), ("auditor", 403)]
)
def test_who_uploads_an_edition(client: PageClient, role: str, status: int) -> None:
    assert sign_in(client, staff(role)).get(reverse(UPLOAD)).status_code == status


def test_an_edition_is_tried_out_first_and_then_published(client: PageClient) -> None:
    sign_in(client, staff("triage_lead"))
    file = SimpleUploadedFile("miit.yaml", next_edition().encode())

    tried = client.post(reverse(UPLOAD), {"file": file})
    assert tried.context["found"].is_sound
    assert not FrameworkVersion.objects.filter(edition="2027").exists()

    done = client.post(reverse(UPLOAD), {"text": tried.context["text"], "publish": "1"})
    assert done.status_code == 302
    assert bank().edition == "2027"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"text": "portal: ["},
        {"text": "portal: [", "publish": "1"},
        {"text": "x" * 400_001},
        {"file": b"\xff\xfe\x00"},
        {"file": b"x" * 1_300_000},
    ],
)
def test_what_is_no_question_bank_is_refused_in_words(client: PageClient, data: dict) -> None:
    sign_in(client, staff("triage_lead"))
    if "file" in data:
        data = {"file": SimpleUploadedFile("a.yaml", data["file"])}

    answer = client.post(reverse(UPLOAD), data)

    assert answer.status_code == 200
    assert answer.context["form"].errors or answer.context["faults"]
    assert FrameworkVersion.objects.count() == 6


def test_a_person_without_a_role_is_kept_out(client: PageClient) -> None:
    assert sign_in(client, UserFactory()).get(reverse(UPLOAD)).status_code == 302


# --- the fact: what an expert saw outweighs what the enterprise says of itself ------------


def level_of(cast: Cast) -> tuple[int, str]:
    fact = cast.enterprise.facts.current().get(code="digital_level")
    return int(fact.value), fact.source


def verified(row, level: str):
    scenes = {one.id: {"level": level, "reason": "as seen"} for one in row.framework.scenes}
    lead = officer(f"Lead{level}", role="triage_lead")
    return actions.verify(row, visited_on=calendar.today(), scenes=scenes, by=lead)


def test_a_later_self_assessment_leaves_the_verified_level(cast: Cast) -> None:
    first = finished(cast.enterprise, cast.li)
    visit = verified(first, "0")

    second = finished(cast.enterprise, cast.li, answers=vector("v2_all_best"))

    first.refresh_from_db()
    assert (visit.level, first.level, second.level) == (0, 2, 4)
    assert level_of(cast) == (0, "staff")


def test_a_visit_outweighs_the_self_assessment_before_it_and_a_later_visit_that(cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li)
    assert level_of(cast) == (2, "assessment")

    verified(row, "0")
    assert level_of(cast) == (0, "staff")
    verified(row, "4")

    assert level_of(cast) == (2, "staff")
    assert list(row.verifications.values_list("level", flat=True)) == [2, 0]


def test_the_registry_outweighs_a_visit(cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li)
    record_fact(cast.enterprise, "digital_level", 3, source="registry", on=calendar.today(), by=None)

    verified(row, "0")

    assert level_of(cast) == (3, "registry")


def test_the_page_of_an_enterprise_shows_its_rounds_to_who_may_read_them(
    client: PageClient, cast: Cast
) -> None:
    row = finished(cast.enterprise, cast.li)
    url = reverse("admin:enterprises_enterprise_change", args=[cast.enterprise.pk])
    link = reverse("admin:assessments_assessment_change", args=[row.pk])

    seen = {
        role: link in sign_in(client, staff(role)).get(url).content.decode()
        for role in ("triage_officer", "auditor", "city_reviewer")
    }

    assert seen == {"triage_officer": True, "auditor": True, "city_reviewer": False}
