"""Somebody who has never seen the desk takes a real notice from nothing to published in one sitting."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from services.policies.importing import real_policies
from services.policies.models import PolicyNotice, State
from tests.browser.chromium import axe_violations, click
from tests.browser.people import LOCALES, Person
from tests.browser.rounds import come_in
from tests.factories.accounts import UserFactory, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REAL = next(row for row in real_policies() if row["id"] == "sd-dcmm-voucher-2023b2")


@pytest.fixture
def someone(live_server: Any, new_page: Callable[..., Any]) -> Callable[..., Person]:
    """Return a function that puts a person, signed in when a role is given, at a browser."""

    def sit_down(language: str, role: str = "", **options: Any) -> Person:
        page = new_page(locale=LOCALES[language], **options)
        if role:
            user = UserFactory(name=role.title(), roles=[role], language=language)
            come_in(page, live_server.url, sign_in(Client(), user))
        return Person(page, live_server.url, language)

    return sit_down


@pytest.mark.parametrize("language", LOCALES)
def test_from_nothing_to_published_with_conditions_and_test_enterprises(
    someone: Callable[..., Person], language: str
) -> None:
    sun, qin = someone(language, "publisher"), someone(language, "reviewer")

    write(sun)
    notice = PolicyNotice.objects.filter(slug="dcmm-voucher-2023").get()
    desk_page = f"/admin/policies/policynotice/{notice.pk}/change/"
    assert sun.page.locator(".desk-explained .notice--hot").count() == 0
    assert "中文" in sun.page.locator(".desk-explained").inner_text()
    try_enterprises(sun)
    look_at_previews(sun, notice)
    sun.go(desk_page)
    sun.do("send to review")

    qin.go(desk_page)
    qin.follow("Review")
    assert qin.page.locator("main .tag--ok").count() == 2
    assert axe_violations(qin.page) == []
    qin.go(desk_page)
    qin.do("approve")
    qin.do("publish")

    notice.refresh_from_db()
    assert (notice.state, notice.version) == (State.PUBLISHED, 1)
    reader = someone(language, viewport={"width": 390, "height": 844})
    reader.go(f"/policies/{notice.slug}/")
    title = REAL["title"]["en" if language == "en" else "zh"]
    assert reader.page.locator("h1").inner_text() == title
    assert reader.page.locator("main article").count() == 1


def write(sun: Person) -> None:
    """Enter the notice and its item in the order of the page, and look at what the desk says of it."""
    sun.go("/admin/policies/policynotice/add/")
    sun.write(
        title_zh=REAL["title"]["zh"],
        title_en=REAL["title"]["en"],
        issuer_zh=REAL["issuing_authority"]["zh"],
        issuer_en=REAL["issuing_authority"]["en"],
        kind=REAL["kind"],
        level=REAL["level"],
        region=REAL["region_code"],
        summary_zh=REAL["summary"]["zh"],
        summary_en=REAL["summary"]["en"],
        contact="0531 8608 0000",
        sources=REAL["source"][0],
        slug="dcmm-voucher-2023",
        **{
            "items-0-kind": REAL["kind"],
            "items-0-title_zh": "DCMM 咨询评估券",
            "items-0-title_en": "Voucher for DCMM assessment",
            "items-0-regions": "370000",
            "items-0-years_min": str(REAL["eligibility"]["min_years"]),
            "items-0-discretion_zh": "守法经营",
            "items-0-discretion_en": "lawful operation",
            "items-0-max_fen": str(REAL["funding"]["max_cny"] // 10_000),
            "items-0-rate_percent": str(REAL["funding"]["rate_percent"]),
            "items-0-steps_zh": "在省中小企业数字化平台申请。",
            "items-0-steps_en": "Apply on the provincial platform.",
        },
    )
    for size in REAL["eligibility"]["sizes"]:
        sun.page.locator(f"main [name=items-0-sizes][value={size}]").check()
    sun.page.locator("main [name=items-0-is_open_all_year]").check()
    click(sun.page.locator("[name=_continue]"))


def try_enterprises(sun: Person) -> None:
    """Describe one enterprise that qualifies and one that is too young."""
    sun.follow("Test enterprises")
    assert axe_violations(sun.page) == []
    for label, expected, founded in (("海风机械", "met", "2015-03"), ("新浪软件", "not_met", "2099-01")):
        details = sun.page.locator("main details")
        if details.get_attribute("open") is None:
            click(sun.page.locator("main details summary"))
        sun.write(
            label=label,
            expected=expected,
            region="370211",
            industry="34",
            employees="120",
            revenue_wan="5000",
            founded_on=founded,
        )
        sun.press("Add")
    assert sun.page.locator("main .tag--ok").count() == 2


def look_at_previews(sun: Person, notice: PolicyNotice) -> None:
    for code, name in (("zh-hans", "zh"), ("en", "en")):
        sun.page.goto(f"{sun.address}/admin/policies/policynotice/{notice.pk}/preview/?language={code}")
        assert sun.page.locator("h1").inner_text() == REAL["title"][name]
