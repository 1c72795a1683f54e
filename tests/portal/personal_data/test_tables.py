"""Nobody forgets a table: every model, key and column of people is decided about."""

import re

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from accounts.models import User
from enterprises.models import Enterprise
from portal.personal_data.table import Kept, Table
from portal.personal_data.tables import TABLES, find

PERSONAL = re.compile(
    r"(contact|attendee|claimant)_?(name|phone|email)|^(e?mail|phone|address)$|_email$|_phone$"
)
# Addresses of offices and providers, given to be published.
PUBLISHED = {"catalogue.Provider.contact_email", "industry.Partner.contact_email", "cloud.Listing.phone"}


def models():
    return apps.get_models(include_auto_created=True)


def test_every_table_is_decided_about_once():
    ours = sorted(model._meta.label for model in models())

    assert sorted(table.model for table in TABLES) == [
        label for label in ours if not label.startswith("tests.")
    ]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.model)
def test_every_key_to_a_person_is_somebodys(table: Table):
    keys = {
        field.name
        for field in table.model_class._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is User
    }
    named = {name.split("__")[0] for name in table.people} & keys

    assert keys == named | set(table.staff)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.model)
def test_every_key_to_an_enterprise_is_followed_or_left_out_for_a_reason(table: Table):
    keys = [
        field.name
        for field in table.model_class._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is Enterprise
    ]
    # What others claim of an enterprise is not its own; a merge is the work of the staff, told by mail.
    left_out = {"enterprises.Claim", "enterprises.EnterpriseMerge", "enterprises.Enterprise"}
    expected = [] if table.model in left_out else keys

    assert [table.enterprise][: len(expected)] == expected


def test_every_column_with_a_name_or_an_address_is_of_a_person():
    columns = [
        (table, field.name)
        for table in TABLES
        for field in table.model_class._meta.concrete_fields
        if PERSONAL.search(field.name) and f"{table.model}.{field.name}" not in PUBLISHED
    ]

    forgotten = [
        f"{table.model}.{name}"
        for table, name in columns
        if not (
            table.goes or name in table.cleared or table.model in {"accounts.User", "enterprises.Enterprise"}
        )
    ]

    assert len(columns) > 15
    assert forgotten == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.model)
def test_look_ups_and_columns_are_there(table: Table):
    columns = {field.name for field in table.model_class._meta.concrete_fields}

    assert set(table.withheld) | set(table.cleared) <= columns
    for lookup in (*table.people, *table.numbers, *table.emails, table.enterprise):
        assert not lookup or table.rows().filter(**{f"{lookup}__isnull": False}).query


def test_a_table_that_goes_with_the_account_goes():
    staying = [
        table.model
        for table in TABLES
        if table.kept is Kept.ACCOUNT and not table.goes and table.model != "accounts.User"
    ]

    assert staying == []
    with pytest.raises(LookupError):
        find("accounts.Nobody")
