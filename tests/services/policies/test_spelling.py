"""What may have been meant where no notice holds the words: titles and numbers spelled much alike."""

from typing import Any

import pytest
from django.test import Client

from services.policies import spelling
from services.policies.models import PolicyNotice
from tests.factories.policies import published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_notice() -> None:
    PolicyNotice.objects.update(state=PolicyNotice.State.DRAFT)
    published(
        slug="ours",
        title_zh="山东省专精特新企业培育办法",
        title_en="Shandong measures for specialised factories",
        document_number="鲁工信发〔2024〕3号",
    )
    published(
        slug="other",
        title_zh="智能工厂要素条件",
        title_en="Smart works",
        document_number="鲁政发〔2024〕15号",
    )


def near(words: str) -> list[str]:
    return [notice.slug for notice in spelling.near(words)]


@pytest.mark.parametrize(
    "words",
    [
        "专精特薪",
        "专金特新",
        "砖精特新",
        "专特新",
        "专精精特新",
        "专特精新",
        "专精特薪 培育",
        "山东省专精特薪企业陪育办法",
        "specialized factories",
        "factorys",
        "ＳＰＥＣＩＡＬＩＳＥＤ factoris",
    ],
)
def test_a_title_with_a_slip_is_near(words: str) -> None:
    assert near(words) == ["ours"]


@pytest.mark.parametrize(
    "words",
    [
        "鲁工信发2024 3号",
        "鲁工信发2024年3号",
        "鲁工信发 2024 第3号",
        "鲁工信发2024-03",
        "鲁工信发（2024）3",
        "鲁公信发〔2024〕3号",
        "鲁工信２０２４　３号",
    ],
)
def test_a_number_without_its_brackets_or_with_a_slip_in_the_agency_is_near(words: str) -> None:
    assert near(words) == ["ours"]


@pytest.mark.parametrize(
    "words",
    [
        "鲁工信发〔2024〕13号",
        "鲁工信发2023 3号",
        "企业务",
        "新企",
        "斑马老虎",
        "vouchers",
        "特",
        "",
        "' & !:*",
        "\\",
        "😀" * 50,
    ],
)
def test_what_is_spelled_otherwise_is_not(words: str) -> None:
    assert near(words) == []


def test_the_nearest_come_first_and_never_a_draft() -> None:
    published(slug="nearer", title_zh="专精特心企业")
    published(slug="hidden", title_zh="专精特薪企业")
    PolicyNotice.objects.filter(slug="hidden").update(state=PolicyNotice.State.DRAFT)

    assert near("专精特心") == ["nearer", "ours"]


def test_both_pages_offer_them_and_say_that_they_do_not_hold_the_words(client: Client) -> None:
    everything = client.get("/en/search/", {"q": "专精特薪"})
    policies = client.get("/en/policies/", {"q": "专精特薪"})

    assert (everything.context["total"], [row.slug for row in everything.context["notices"].rows]) == (
        0,
        ["ours"],
    )
    assert "None holds these words. Spelled much like them:" in everything.content.decode()
    assert (policies.context["found"].total, [row.slug for row in policies.context["near"]]) == (0, ["ours"])
    assert "Spelled much alike" in policies.content.decode()


def test_beside_other_conditions_nothing_is_offered(client: Client) -> None:
    assert client.get("/policies/", {"q": "专精特薪", "kind": "tax"}).context["near"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_offering_takes_the_same_queries_however_many(django_assert_num_queries: Any, count: int) -> None:
    for number in range(count):
        published(title_zh=f"斑马跨境贸易{number}", items=[{}])

    with django_assert_num_queries(3):
        assert len(spelling.near("斑马垮境贸易")) == count
