"""Sample data: generated, flagged, repeatable, and never mixed with real people."""

import stat
from collections import Counter
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from enterprises.classification import uscc
from enterprises.classification.regions import REGIONS
from enterprises.models import Enterprise
from portal.samples.names import CITIES, sample_enterprises
from portal.samples.requests import SHARES
from services.catalogue.models import Provider
from services.cloud.models import CloudProduct
from services.policies import front
from services.requests.models import ServiceRequest

pytestmark = pytest.mark.long

DISTRICTS = {city: [code for code in REGIONS if code[:4] == city[:4] and code != city] for city in CITIES}
DAY = date(2026, 11, 25)


def test_the_same_enterprises_are_drawn_every_time():
    assert sample_enterprises(20, DISTRICTS, DAY) == sample_enterprises(20, DISTRICTS, DAY)


def test_every_sample_code_is_valid_and_says_in_its_name_that_it_is_a_sample():
    drawn = sample_enterprises(300, DISTRICTS, DAY)

    assert [one for one in drawn if uscc.check(one.uscc).errors or "演示" not in one.name] == []
    assert len({one.uscc for one in drawn}) == 300


@pytest.fixture
def loaded(db, settings, tmp_path):
    settings.STATE_DIR = tmp_path
    call_command("seed_reference", verbosity=0)
    call_command("seed_sample", verbosity=0)
    return tmp_path / "sample-sign-ins.txt"


def test_sample_data_is_flagged_and_holds_requests_in_every_state(loaded):
    assert Enterprise.objects.filter(is_sample=True).count() == Enterprise.objects.count() == 300
    states = Counter(ServiceRequest.objects.filter(is_sample=True).values_list("state", flat=True))
    assert states == {str(state): count for state, count in SHARES.items()}
    assert not User.objects.exclude(email__endswith=".example").exists()


def test_every_sample_provider_and_product_says_in_its_name_that_it_is_one(loaded):
    rows = [*Provider.objects.filter(is_sample=True), *CloudProduct.objects.filter(is_sample=True)]

    assert len(rows) > 10
    assert [row.slug for row in rows if not {"示例", "演示"} & {row.name_zh[:2], row.name_zh[-3:-1]}] == []
    assert [row.slug for row in rows if "sample" not in row.name_en.lower()] == []


def test_the_front_page_of_the_sample_has_windows_that_close_soon(loaded):
    assert [row.days_left for row in front.closing_soon(3)] == [6, 23, 52]


def test_sign_ins_are_readable_by_their_owner_only_and_loading_again_changes_nothing(loaded):
    before = loaded.read_text()

    call_command("seed_sample", verbosity=0)

    assert stat.S_IMODE(loaded.stat().st_mode) == 0o600
    assert loaded.read_text() == before
    assert ServiceRequest.objects.count() == 400


def test_sample_data_is_not_mixed_with_real_people(db):
    User.objects.create_user("li@works.test", "a long enough password")

    with pytest.raises(CommandError, match="real people"):
        call_command("seed_sample")
