"""Registering, and claiming what is registered already."""

import threading

import pytest
from django.db import IntegrityError, connections, transaction

from core.lifecycle import TransitionRefused
from enterprises import actions
from enterprises.actions import Registration, Statement, register
from enterprises.models import Claim, Enterprise, Fact, Industry, Membership, Region
from notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import EnterpriseFactory, MembershipFactory, credit_code

CODE = credit_code(70000)
STATEMENTS = (Statement("region", "370211"), Statement("employees", "85"), Statement("founded_on", "2019"))


def registration(**changes: object) -> Registration:
    return Registration(**{"uscc": CODE, "name": "青岛海风机械厂", "statements": STATEMENTS, **changes})


@pytest.mark.django_db
def test_registering_makes_the_enterprise_its_owner_and_its_own_statements() -> None:
    li = UserFactory()

    enterprise = register(registration(contact_name="李华"), by=li)

    assert isinstance(enterprise, Enterprise)
    assert list(enterprise.memberships.values_list("user", "role", "ended_at")) == [(li.pk, "owner", None)]
    assert list(enterprise.facts.order_by("code").values_list("code", "value", "source", "precision")) == [
        ("employees", 85, "self", "day"),
        ("founded_on", "2019-01-01", "self", "year"),
        ("region", "370211", "self", "day"),
    ]
    assert (enterprise.proof_level, enterprise.contact_name, enterprise.region_id) == (
        "email",
        "李华",
        "370211",
    )


@pytest.mark.django_db
def test_a_taken_code_becomes_a_claim_and_gives_no_access() -> None:
    taken, wang = MembershipFactory(enterprise__uscc=CODE).enterprise, UserFactory()

    claim = register(registration(name="别的名字"), by=wang)

    assert isinstance(claim, Claim)
    assert (claim.enterprise, claim.state, claim.answers["name"]) == (taken, "open", "别的名字")
    assert claim.answers["facts"] == {"region": "370211", "employees": "85", "founded_on": "2019"}
    assert list(Enterprise.objects.for_member(wang)) == []
    assert (Enterprise.objects.count(), Fact.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_claiming_twice_is_one_claim_and_a_member_gets_the_enterprise_back() -> None:
    membership, wang = MembershipFactory(enterprise__uscc=CODE), UserFactory()

    assert register(registration(), by=wang) == register(registration(), by=wang)
    assert register(registration(), by=membership.user) == membership.enterprise
    assert Claim.objects.count() == 1


@pytest.mark.django_db
def test_the_letters_of_a_new_and_of_a_taken_code_say_the_same() -> None:
    register(registration(), by=UserFactory())
    register(registration(), by=UserFactory())

    new, taken = Notification.objects.order_by("pk")
    assert (new.kind, taken.kind) == ("enterprises.registered", "enterprises.claim_received")
    assert (new.context, new.url) == (taken.context, taken.url)
    assert taken.enterprise_id is None


@pytest.mark.django_db
def test_the_registry_outweighs_what_was_typed() -> None:
    enterprise = register(
        registration(), by=UserFactory(), from_registry=[Statement("founded_on", "2018-06-01")]
    )

    founded = enterprise.facts.current().get(code="founded_on")
    assert (founded.value, founded.source) == ("2018-06-01", "registry")


@pytest.mark.django_db(transaction=True)
def test_two_people_registering_one_code_at_once_make_one_enterprise_and_one_claim() -> None:
    people = [UserFactory(), UserFactory()]
    together, outcomes = threading.Barrier(2), []

    def act(user: object) -> None:
        try:
            together.wait()
            outcomes.append(type(register(registration(), by=user)).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["Claim", "Enterprise"]
    assert (Enterprise.objects.count(), Membership.objects.count(), Claim.objects.count()) == (1, 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "code", ["91370202ma3t00017b", "９１370202MA3T00017B", "91370202MA3T00017", "91370202MA3I00017B"]
)
def test_only_the_canonical_code_can_be_stored(code: str) -> None:
    with pytest.raises(IntegrityError, match="enterprise_uscc_canonical"), transaction.atomic():
        EnterpriseFactory(uscc=code)


@pytest.fixture
def claim(db: None) -> Claim:
    MembershipFactory(enterprise__uscc=CODE)
    return register(registration(), by=UserFactory(email="wang@works.example"))


@pytest.fixture
def chen(db: None) -> object:
    return UserFactory(email="chen@portal.example", is_staff=True, roles=["triage_lead"])


def test_an_accepted_claim_makes_a_member_and_tells_both_sides(claim: Claim, chen: object) -> None:
    Notification.objects.all().delete()

    actions.accept_claim(claim, reason="执照已核对", by=chen)

    assert list(claim.enterprise.memberships.order_by("pk").values_list("role", flat=True)) == [
        "owner",
        "editor",
    ]
    assert sorted(Notification.objects.values_list("kind", flat=True)) == [
        "enterprises.claim_settled",
        "enterprises.member_added",
        "enterprises.member_added",
    ]


def test_an_accepted_claim_can_take_the_enterprise_from_a_stranger(claim: Claim, chen: object) -> None:
    actions.accept_claim(claim, reason="执照已核对", ends_others=True, by=chen)

    now = claim.enterprise.memberships.current().values_list("user", "role")
    assert list(now) == [(claim.claimant_id, "owner")]


def test_a_refused_claim_says_why_and_gives_no_access(claim: Claim, chen: object) -> None:
    actions.refuse_claim(claim, reason="执照不符", by=chen)

    letter = Notification.objects.get(kind="enterprises.claim_settled")
    assert (letter.recipient, letter.context["accepted"], letter.context["reason"]) == (
        claim.claimant,
        False,
        "执照不符",
    )
    assert list(Enterprise.objects.for_member(claim.claimant)) == []


def test_a_claim_is_settled_once_with_a_reason_by_staff_who_did_not_raise_it(
    claim: Claim, chen: object
) -> None:
    for reason, by in (("", chen), ("ok", UserFactory()), ("ok", claim.claimant)):
        with pytest.raises(TransitionRefused):
            actions.accept_claim(claim, reason=reason, by=by)
    actions.refuse_claim(claim, reason="执照不符", by=chen)

    with pytest.raises(TransitionRefused):
        actions.accept_claim(claim, reason="ok", by=chen)


def test_the_reference_tables_are_loaded_whole_and_twice_is_the_same(db: None) -> None:
    for _round in range(2):
        actions.load_reference()

        unselectable = Region.objects.filter(is_selectable=False).values_list("code", flat=True)
        assert (Region.objects.count(), Industry.objects.count(), list(unselectable)) == (
            154,
            308,
            ["000000"],
        )
