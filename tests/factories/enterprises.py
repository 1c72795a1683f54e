"""Enterprises and who acts for them: Li owns one, Wang edits for it, Guo reads, Zhao owns another."""

from dataclasses import dataclass
from typing import Any

import factory
from stdnum.cn import uscc

from accounts.models import User
from enterprises.classification.uscc import organisation_digit
from enterprises.models import Enterprise, Membership, Zone, ZonePlace
from tests.factories.accounts import UserFactory


def credit_code(number: int, region: str = "370202") -> str:
    """Return a valid credit code; each number gives another one."""
    body = f"MA9{number:05d}"
    code = f"91{region}{body}{organisation_digit(body)}"
    return code + uscc.calc_check_digit(code)


class EnterpriseFactory(factory.django.DjangoModelFactory):
    """The plainest enterprise: a valid credit code and a name, nothing known of it."""

    class Meta:
        model = Enterprise

    uscc = factory.Sequence(credit_code)
    name = factory.Sequence(lambda n: f"青岛海风机械厂{n}")


class ZoneFactory(factory.django.DjangoModelFactory):
    """The plainest zone: no limit in time, no place; `places` are dicts of its regions."""

    class Meta:
        model = Zone
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"zone-{n}")
    name_zh = "青岛自贸片区"
    name_en = "Qingdao free-trade area"

    @factory.post_generation
    def places(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        for place in extracted or []:
            ZonePlace.objects.create(zone=self, **place)


class MembershipFactory(factory.django.DjangoModelFactory):
    """Someone who owns an enterprise."""

    class Meta:
        model = Membership

    enterprise = factory.SubFactory(EnterpriseFactory)
    user = factory.SubFactory(UserFactory)
    role = Membership.Role.OWNER


@dataclass(frozen=True)
class Cast:
    """Who acts for which enterprise in a test."""

    enterprise: Enterprise
    li: User
    wang: User
    guo: User
    other: Enterprise
    zhao: User


def cast() -> Cast:
    """Make two enterprises: Li, Wang and Guo are owner, editor and viewer of one, Zhao owns the other."""
    enterprise, other = EnterpriseFactory(name="青岛海风机械厂"), EnterpriseFactory(name="济南泉城食品厂")
    people = {
        name: UserFactory(name=name.title(), email=f"{name}@works.example")
        for name in ("li", "wang", "guo", "zhao")
    }
    for name, role in (("li", "owner"), ("wang", "editor"), ("guo", "viewer")):
        MembershipFactory(enterprise=enterprise, user=people[name], role=role)
    MembershipFactory(enterprise=other, user=people["zhao"])
    return Cast(enterprise=enterprise, other=other, **people)
