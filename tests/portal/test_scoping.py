"""C-02: what belongs to an enterprise is fetched through a scope, and another's row is as absent as none."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests import source
from tests.portal.world import World, build

pytestmark = pytest.mark.long

TENANT = {
    "AlertChoice", "AlertDue", "Assessment", "Benefit", "Booking", "CampaignInvitation", "Claim",
    "Closing", "Conversion", "DataExport", "Draft", "Enterprise", "EnterpriseFacet", "Evidence", "Fact",
    "Invitation", "ItemMark", "JoinRequest", "Look", "Match", "Membership", "Message", "Need",
    "Notification", "Onboarding", "OnboardingStep", "Opinion", "Reminder", "SavedSearch", "SearchFound",
    "ServiceRequest", "Share", "Spending", "UseCheck", "UseEvidence", "Voucher", "VoucherClaim",
}  # fmt: skip
SCOPES = {"for_member", "for_provider_of", "for_user", "in_scope_of", "on_desk_of", "waiting_for"} | {
    "none", "on_board",  # what everybody reads
}  # fmt: skip
SHORTCUTS = {"get_object_or_404", "get_list_or_404", "aget_object_or_404"}
DOORS = re.compile(r"(^|/)(views|feeds)(/|\.py$)|^portal/(my|panels|views)\.py$|^enterprises/arriving\.py$")
# What was looked at: each fetches by the person, by the enterprise at hand, or by a key nobody can guess.
LOOKED_AT = {
    ("enterprises/arriving.py", "of", "Claim"),  # claimant=user
    ("enterprises/arriving.py", "of", "JoinRequest"),  # asked_by=user
    ("enterprises/arriving.py", "of", "Fact"),  # of the enterprise at hand
    ("enterprises/views/joining.py", "withdraw", "JoinRequest"),  # asked_by=request.user
    ("enterprises/views/invitations.py", "by_key", "Invitation"),  # sent to this person's own address
    ("enterprises/views/registration.py", "_sent_by", "Claim"),  # claimant=user
    ("notifications/views.py", "told_by", "Notification"),  # the signed link of a mail
    ("portal/personal_data/views.py", "_pending", "Closing"),  # user=the person
    ("portal/personal_data/views.py", "looks", "Look"),  # enterprise=request.enterprise
    ("portal/my.py", "_found", "Enterprise"),  # the one this person acts for, read once with its panels
    ("portal/my.py", "fitting", "Match"),  # enterprise=the one this person acts for
    ("portal/views.py", "_measured", "Enterprise"),  # a number only
    ("services/assessments/views/sharing.py", "shared", "Share"),  # the signed link of an adviser
    (
        "services/cloud/views/use.py",
        "_files",
        "UseEvidence",
    ),  # narrowed by a plan of for_member or in_scope_of
    ("services/policies/views/feeds.py", "_fitting", "EnterpriseFacet"),  # of a secret address
    ("services/policies/views/subscribing.py", "_chosen", "AlertChoice"),  # user=request.user
    ("services/policies/views/subscribing.py", "by_mail", "SavedSearch"),  # the signed link of a mail
    ("services/requests/views/asking.py", "_receive", "ServiceRequest"),  # the one just made
    ("services/requests/views/tracking.py", "_row", "ServiceRequest"),  # the signed link of a mail
}


def unscoped(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield (function, model) wherever rows of a tenant's model are fetched without a scope."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for model in _unscoped_in(function):
                yield function.name, model


def _unscoped_in(function: ast.FunctionDef) -> Iterator[str]:
    inner: set[int] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            if getattr(node.func, "id", "") in SHORTCUTS and getattr(node.args[0], "id", "") in TENANT:
                yield node.args[0].id
            model, called, calls = _chain(node)
            if model and id(node) not in inner and not called & SCOPES:
                yield model
            inner |= calls


def _chain(node: ast.expr) -> tuple[str, set[str], set[int]]:
    """Read `Model.objects.a().b()` from its end: the tenant's model ('' for another), {a, b}, its calls."""
    called: set[str] = set()
    calls: set[int] = set()
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call):
            calls.add(id(node))
            node = node.func
        else:
            if node.attr in {"objects", "_default_manager", "_base_manager"}:
                name = getattr(node.value, "id", "")
                return (name if name in TENANT else ""), called, calls
            called.add(node.attr)
            node = node.value
    return "", called, calls


def test_doors_fetch_what_belongs_to_an_enterprise_through_a_scope() -> None:
    doors = [(name, tree) for name, tree in source.modules() if DOORS.search(name)]

    found = {(name, function, model) for name, tree in doors for function, model in unscoped(tree)}

    assert len(doors) > 15
    assert found == LOOKED_AT


@pytest.mark.parametrize(
    ("code", "caught"),
    [
        ("ServiceRequest.objects.get(pk=1)", True),
        ("ServiceRequest.objects.submitted().filter(pk=1).first()", True),
        ("get_object_or_404(ServiceRequest, pk=1)", True),
        ("get_object_or_404(Enterprise.objects.select_related('region'), uscc='x')", True),
        ("Membership._base_manager.get(key=1)", True),
        ("ServiceRequest.objects.for_member(user).get(pk=1)", False),
        ("get_object_or_404(ServiceRequest.objects.submitted().for_member(user), pk=1)", False),
        ("Offering.objects.get(slug='x')", False),
    ],
)
def test_the_look_for_unscoped_rows_can_find_them(code: str, caught: bool) -> None:
    assert bool(list(unscoped(ast.parse(f"def f():\n    {code}")))) is caught


# --- another's row and a missing one ------------------------------------------------

NO_KEY = "00000000-0000-4000-8000-000000000000"
# The door, whose value in the world it takes, and a value of the same shape that nothing has.
BEHIND = [
    *[
        (f"requests:{verb}", f"requests:{verb} reference", "QD-010101-9999")
        for verb in ("detail", "done", "write", "supply", "withdraw", "reopen", "rate")
    ],
    *[(f"requests:{verb}", f"requests:{verb} key", NO_KEY) for verb in ("submit", "discard")],
    *[
        (f"enterprises:{verb}", f"enterprises:{verb} key", NO_KEY)
        for verb in (
            "change_role",
            "remove_member",
            "hand_over",
            "revoke",
            "my_invitation",
            "change_mandate",
            "join_request",
            "withdraw_join",
        )
    ],
    *[
        (f"assessments:{verb}", f"assessments:{verb} reference", "DF-0000-0000")
        for verb in ("check", "finish", "result", "share", "evidence_list")
    ],
    *[
        (f"cloud:{verb}", f"cloud:{verb} reference", "CO-0000-0000")
        for verb in ("plan", "choose", "stop", "rate")
    ],
    *[(f"cloud:{verb}", f"cloud:{verb} key", NO_KEY) for verb in ("appeal", "reply")],
    *[
        (f"cloud:voucher{page}", f"cloud:voucher{page} reference", "YQ-0000-0000")
        for page in ("", "_quote", "_check", "_answer", "_withdraw", "_extend", "_use", "_claim")
    ],
    *[
        (f"cloud:conversion{page}", f"cloud:conversion{page} reference", "GZ-0000-0000")
        for page in ("", "_assessed", "_contract", "_invoice", "_acceptance", "_reward", "_withdraw")
    ],
    *[
        (f"policies:benefit{verb}", f"policies:benefit{verb} key", NO_KEY)
        for verb in ("", "_decline", "_revoke")
    ],
    ("notifications:detail", "notifications/own", "987654321"),
    ("notifications:open", "notifications/own", "987654321"),
]


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.mark.parametrize("role", ["stranger", "ex_member"])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_row_of_another_enterprise_looks_exactly_like_a_missing_one(
    world: World, role: str, method: str, prefix: str
) -> None:
    client = world.client(role)

    for door, value, missing in BEHIND:
        theirs = str(value_of(world, value))
        anothers, none = (answer(client, method, prefix, door, key) for key in (theirs, missing))
        assert anothers == none, door
        # 302: someone without an enterprise is led to registration, whatever the key.
        assert anothers[0] in ({404, 405} if role == "stranger" else {302, 404, 405}), door


def test_every_one_of_these_rows_is_there_for_its_owner(world: World) -> None:
    client = world.client("owner")
    read = {"detail", "done", "discard", "hand_over"}

    statuses = {
        door: client.get(reverse(door, args=[value_of(world, value)])).status_code
        for door, value, _missing in BEHIND
        if door.split(":")[1] in read
    }

    assert statuses == {
        "requests:detail": 200,
        "requests:done": 200,
        "requests:discard": 200,
        "enterprises:hand_over": 200,
        "notifications:detail": 200,
    }


def value_of(world: World, name: str) -> str | int:
    own_name = name if name in world.values else name.rsplit(" ", maxsplit=1)[-1]
    return world.values.get(own_name) or world.objects[name]


def answer(client: Client, method: str, prefix: str, door: str, key: str) -> tuple[int, str]:
    """Knock and return status and body, without the key itself and the tokens of forms."""
    with translation.override("zh-hans"):
        path = prefix + reverse(door, args=[key])
    response = getattr(client, method)(path)
    body = re.sub(rf"(/|%2F){key}(/|%2F)", "/…/", response.content.decode())
    return response.status_code, re.sub(r'value="[A-Za-z0-9]{64}"', "", body)
