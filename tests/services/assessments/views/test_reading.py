"""The report, its links, its code, the averages, and the quick check without an account."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation

from enterprises import told_before
from services.assessments import actions, benchmark, report, wording
from services.assessments.models import Assessment, BenchmarkCell, Share
from services.assessments.views.sharing import SALT
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.assessments import bank, draft, finished, middling, vector
from tests.factories.enterprises import Cast, EnterpriseFactory
from tests.factories.policies import gate, published
from tests.pages import PageClient

pytestmark = pytest.mark.django_db


def page(name: str, *args: object) -> str:
    return reverse(f"assessments:{name}", args=args)


def link(row: Share) -> str:
    return page("shared", signing.dumps(str(row.key), salt=SALT))


@pytest.mark.parametrize(("person", "status"), [("li", 200), ("wang", 200), ("guo", 200), ("zhao", 404)])
def test_the_report_is_read_by_the_people_of_the_enterprise(
    client: PageClient, cast: Cast, person: str, status: int
) -> None:
    row = finished(cast.enterprise, cast.li)

    answer = sign_in(client, getattr(cast, person)).get(page("result", row.reference))

    assert answer.status_code == status


def test_the_three_steps_are_services_that_can_be_asked_for(cast: Cast) -> None:
    steps = report.build(finished(cast.enterprise, cast.li)).steps

    assert [step.offering.slug for step in steps] == ["cloud-trial", "ind-match", "fac-solution"]
    assert all(step.url.startswith("/requests/new/?offering=") for step in steps)


def test_a_step_without_a_service_is_not_shown(cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li)
    before = report.build(row).steps
    before[0].offering.capabilities.all().delete()

    after = report.build(row).steps

    assert before[0].offering.pk not in {step.offering.pk for step in after}
    assert len(after) == 3


def test_policies_that_ask_for_the_next_level_are_counted(cast: Cast) -> None:
    published(items=[{"criteria": [gate("digital_level", "at_least", level)]} for level in (2, 3, 3, 4)])

    found = report.build(finished(cast.enterprise, cast.li)).unlocked

    assert found is not None
    assert found.count == 2


def test_the_conditions_of_the_next_level_say_what_there_is(cast: Cast) -> None:
    needs = report.build(finished(cast.enterprise, cast.li)).needs

    assert [need.is_met for need in needs] == [False, False, False]
    assert "56.1" in needs[0].text


def test_an_interim_report_has_no_level(client: PageClient, cast: Cast) -> None:
    row = draft(cast.enterprise, cast.li, answers={**vector(), "q12": ("?",)})

    answer = sign_in(client, cast.li).get(page("result", row.reference))

    assert answer.context["report"].level_number is None
    assert answer.context["report"].code == ""


def test_the_second_round_is_compared_with_the_first(cast: Cast) -> None:
    finished(cast.enterprise, cast.li)
    second = finished(cast.enterprise, cast.li, answers=vector("v2_all_best"))

    rounds = report.build(second).rounds

    assert [(row.number, row.score, row.change) for row in rounds] == [(2, "100", "+43.9"), (1, "56.1", "")]


def test_an_old_round_is_shown_under_the_new_edition_too(cast: Cast) -> None:
    finished(cast.enterprise, cast.li)
    text = bank().text.replace("edition: '2024'", "edition: '2027'", 1)
    text = text.replace("min_score: 40", "min_score: 57", 1)
    best = vector("v2_all_best")
    actions.publish(re.sub(r"(?s)\ntest_vectors:.*", "\n", text), by=None)

    rounds = report.build(finished(cast.enterprise, cast.li, answers=best)).rounds

    assert [row.edition for row in rounds] == ["2027", "2024"]
    assert "一级（初始级）" in rounds[1].by_present_rule
    assert rounds[0].change == ""


# --- averages ---------------------------------------------------------------------------


def peers(count: int, *, sector: str = "34", size: str = "small", region: str = "370211") -> None:
    """Let enterprises of one cell finish the assessment."""
    for _number in range(count):
        row = finished(EnterpriseFactory(), UserFactory())
        Assessment.objects.filter(pk=row.pk).update(sector=sector, size=size, region=region)
    benchmark.rebuild(bank())


@pytest.mark.parametrize(
    ("sector", "size", "region", "step"),
    [
        ("34", "small", "370212", "city"),
        ("34", "small", "370102", "size"),
        ("34", "micro", "370211", "sector"),
        ("35", "small", "370211", "all"),
        ("34", "", "370211", "sector"),
        ("", "", "", "all"),
    ],
)
def test_the_cohort_is_the_narrowest_with_ten_enterprises(
    sector: str, size: str, region: str, step: str
) -> None:
    peers(10)

    found = benchmark.average(bank(), {"sector": sector, "size": size, "region": region})

    assert found is not None
    assert (found.step.name, found.enterprises, found.score) == (step, 10, Decimal("56.05"))


def test_nine_enterprises_give_no_average() -> None:
    peers(9)

    assert benchmark.average(bank(), {"sector": "34", "size": "small", "region": "370211"}) is None


@pytest.mark.parametrize(("own", "percent"), [("v2_all_best", 90), ("v4_mid_level2", 0)])
def test_a_report_says_how_many_of_the_cohort_have_a_lower_score(
    client: PageClient, cast: Cast, own: str, percent: int
) -> None:
    peers(9)
    row = finished(cast.enterprise, cast.li, answers=vector(own))

    with translation.override("en"):
        told = report.build(row).average_text

    assert told.endswith(f"Your score is higher than that of {percent} % of them.")


def test_an_interim_report_compares_no_score(cast: Cast) -> None:
    peers(10)

    with translation.override("en"):
        told = report.build(draft(cast.enterprise, cast.li, answers=vector())).average_text

    assert told == "Average of 10 enterprises: all enterprises of the province."


def test_the_maintained_sums_equal_a_fresh_count(cast: Cast) -> None:
    for row in (finished(cast.enterprise, cast.li), finished(cast.other, cast.zhao)):
        finished(row.enterprise, row.declared_by, answers=vector("v2_all_best"))
    kept = list(
        BenchmarkCell.objects.filter(enterprises__gt=0)
        .order_by("part")
        .values_list("part", "enterprises", "points")
    )

    benchmark.rebuild(bank())

    assert kept == list(BenchmarkCell.objects.order_by("part").values_list("part", "enterprises", "points"))


def test_the_page_of_averages_costs_the_same_with_many_results(
    client: PageClient, cast: Cast, django_assert_max_num_queries
) -> None:
    peers(10)
    sign_in(client, cast.li).get(page("benchmark"))

    with django_assert_max_num_queries(14):
        text = client.get(page("benchmark")).content.decode()

    assert "56.1" in text


# --- links and codes -----------------------------------------------------------------------


def test_a_report_says_which_level_counts_where_an_expert_saw_another(cast: Cast) -> None:
    first = finished(cast.enterprise, cast.li)
    expert, today = UserFactory(), timezone.localdate()
    scenes = {scene.id: {"level": "0", "reason": "Not there."} for scene in first.framework.scenes}
    actions.verify(first, visited_on=today, scenes=scenes, by=expert)

    second = finished(cast.enterprise, cast.li)

    with translation.override("en"):
        told = report.build(second).counting
        assert told.startswith(f"Policies count “No level reached”, which an expert saw on {today}.")
    assert report.build(second, with_advice=False).counting == ""
    assert (second.level, first.level) == (2, 2)


def test_a_link_opens_the_report_without_an_account_and_without_advice(
    client: PageClient, cast: Cast
) -> None:
    row = actions.share(finished(cast.enterprise, cast.li), days=7, by=cast.li)

    answer = client.get(link(row))

    assert answer.status_code == 200
    assert answer.context["report"].steps == ()
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_link_ends_when_it_is_revoked_expired_or_broken(client: PageClient, cast: Cast) -> None:
    row = actions.share(finished(cast.enterprise, cast.li), days=7, by=cast.li)
    other = actions.share(row.assessment, days=30, by=cast.li)
    actions.revoke(other, by=cast.li)

    # The clock of the database decides, not this machine's.
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert client.get(link(row)).status_code == 200
    Share.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(link(row)).status_code == 410
    assert client.get(link(other)).status_code == 410
    assert client.get(page("shared", "x:y:z")).status_code == 410
    assert client.get(link(row)[:-3] + "xx/").status_code == 410


@pytest.mark.parametrize(("person", "status"), [("li", 200), ("wang", 200), ("guo", 403), ("zhao", 404)])
def test_links_are_made_by_owners_and_editors(
    client: PageClient, cast: Cast, person: str, status: int
) -> None:
    row = finished(cast.enterprise, cast.li)

    answer = sign_in(client, getattr(cast, person)).get(page("share", row.reference))

    assert answer.status_code == status


def test_a_link_is_made_once_and_closed(client: PageClient, cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li)
    url = page("share", row.reference)
    for _number in range(2):
        sign_in(client, cast.li).post(url, {"days": "30", "note": "顾问", "form_token": "one form"})
    made = row.shares.get()

    client.post(page("revoke", row.reference, made.key))

    made.refresh_from_db()
    assert made.revoked_at is not None
    assert client.get(url).context["links"][0]["url"] == ""


@pytest.mark.parametrize("days", ["", "31", "-1", "9" * 5000])
def test_a_period_that_is_not_offered_is_refused(client: PageClient, cast: Cast, days: str) -> None:
    row = finished(cast.enterprise, cast.li)

    answer = sign_in(client, cast.li).post(page("share", row.reference), {"days": days})

    assert list(answer.context["form"].errors) == ["days"]
    assert not row.shares.exists()


def test_a_code_proves_what_the_report_says(client: PageClient, cast: Cast) -> None:
    row = finished(cast.enterprise, cast.li)
    code = report.verification_code(row)

    right = client.post(page("verify"), {"code": f" {code.lower()} "})
    wrong = client.post(page("verify"), {"code": code[:-6] + "000000"})
    none = client.post(page("verify"), {"code": "字" * 40})

    assert right.context["found"]["level"] == "二级（规范级）"
    assert "found" not in wrong.context
    assert "found" not in none.context


def test_guessing_codes_ends_after_thirty_tries(client: PageClient) -> None:
    answers = [client.post(page("verify"), {"code": f"DF-0000-0000-{number:06}"}) for number in range(31)]

    assert [answer.status_code for answer in answers] == [200] * 30 + [429]


# --- the quick check --------------------------------------------------------------------------


def test_a_visitor_answers_ten_questions_and_keeps_them_after_signing_in(
    client: PageClient, cast: Cast
) -> None:
    given = {item: list(chosen) for item, chosen in middling("quick").items()}
    following = client.post(page("quick"), {"k00": given["k00"]})
    done = client.post(following.url, given)
    shown = client.get(done.url)
    assert "连起来了" in shown.content.decode()

    sign_in(client, cast.li)
    client.get(re.search(r"/assessments/quick/[^/\"]+/(?=\")", shown.content.decode())[0])
    kept = client.post(page("quick_keep"), {"form_token": "one form"})

    row = Assessment.objects.get()
    assert kept.url == page("result", row.reference)
    asked = {item: chosen for item, chosen in given.items() if item not in row.result["hidden"]}
    assert (row.enterprise, row.answers, len(asked)) == (cast.enterprise, asked, 11)


def test_one_link_carries_the_check_and_the_answers_about_policies(client: PageClient) -> None:
    given = {item: list(chosen) for item, chosen in middling("quick").items()}
    session = client.session
    session[told_before.SESSION_KEY] = {"employees": "12", "region": "370202"}
    session.save()
    shown = client.get(client.post(client.post(page("quick"), given).url, given).url)
    elsewhere = PageClient()
    session = elsewhere.session
    session[told_before.SESSION_KEY] = {"employees": "15"}
    session.save()

    elsewhere.get(shown.context["link"].removeprefix("http://testserver"))

    assert elsewhere.session[told_before.SESSION_KEY] == {"employees": "15", "region": "370202"}
    assert elsewhere.get(page("quick_result")).context["score"] == shown.context["score"]


def test_every_question_of_the_quick_check_is_asked_for(client: PageClient) -> None:
    first = client.post(page("quick"), {"k00": "Z"})
    answer = client.post(client.post(page("quick"), {"k00": "make"}).url, {"k01": "1", "k02": "Z"})

    assert list(first.context["form"].errors) == ["k00"]
    assert list(answer.context["form"].errors) == [f"k{number:02}" for number in range(2, 11)]


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("make", ["k01", "k02", "k05", "k06", "k07"]),
        ("trade", ["k11", "k12", "k13", "k14", "k07"]),
        ("serve", ["k11", "k12", "k13", "k14", "k15"]),
    ],
)
def test_the_first_answer_chooses_the_questions_that_follow(
    client: PageClient, kind: str, own: list[str]
) -> None:
    following = client.post(page("quick"), {"k00": kind}).url

    asked = list(client.get(following).context["form"].fields)

    assert sorted(asked) == sorted([*own, "k03", "k04", "k08", "k09", "k10"])


def test_questions_that_wait_for_an_answer_are_not_reached_without_it(client: PageClient) -> None:
    assert client.get(f"{page('quick')}?part=2").url == page("quick")
    assert client.get(f"{page('quick')}?part={'9' * 5000}").status_code == 200


def test_answers_are_kept_while_they_are_not_asked_and_count_nothing(client: PageClient) -> None:
    best = {item: item_.options[-1].id for item, item_ in bank("quick").framework.items.items()}
    following = client.post(page("quick"), {"k00": "make"}).url
    client.post(following, best)

    client.post(page("quick"), {"k00": "serve"})
    assert client.get(page("quick_result")).url == page("quick")
    client.post(following, dict.fromkeys(best, "0"))
    served = client.get(page("quick_result")).context["score"]
    client.post(page("quick"), {"k00": "make"})

    assert served == "0"
    assert client.get(following).context["form"].initial["k01"] == ["3"]


@pytest.mark.parametrize("token", ["x", "a:b:c", "%E5%AD%97"])
def test_a_broken_link_of_the_quick_check_leads_to_the_questions(client: PageClient, token: str) -> None:
    assert client.get(f"/assessments/quick/{token}/").url == page("quick")


def test_without_answers_there_is_no_result(client: PageClient, cast: Cast) -> None:
    assert client.get(page("quick_result")).url == page("quick")
    assert sign_in(client, cast.li).post(page("quick_keep")).url == page("quick")


@pytest.mark.parametrize(("person", "status"), [("guo", 403), ("wang", 302)])
def test_keeping_is_for_owners_and_editors(client: PageClient, cast: Cast, person: str, status: int) -> None:
    given = {item: list(chosen) for item, chosen in middling("quick").items()}
    client.post(client.post(page("quick"), given).url, given)

    assert sign_in(client, getattr(cast, person)).post(page("quick_keep")).status_code == status


def test_someone_without_an_enterprise_is_led_to_registration(client: PageClient) -> None:
    assert sign_in(client, UserFactory()).get(page("list")).url == reverse("enterprises:register")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_sample_report_is_open_and_marked_as_one(client: PageClient, language: str) -> None:
    with translation.override(language):
        url = reverse("assessments:sample")
        level = wording.level(bank().framework, 1)

    answer = client.get(url)

    found = answer.context["report"]
    assert (found.level, found.code, found.rounds, found.average) == (level, "", (), None)
    assert b"tag--soon" in answer.content
    assert not Assessment.objects.exists()
