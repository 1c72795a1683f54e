import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction

from core import audit
from core.lifecycle import Lifecycle, Transition, TransitionRefused
from notifications.models import Delivery, Notification
from tests.factories.accounts import UserFactory
from tests.together import together

pytestmark = pytest.mark.django_db

# Any table with a state will do; deliveries are the lowest one.
TABLE = Lifecycle(
    [
        Transition("send", frozenset({"pending", "failed"}), "sent", "send"),
        Transition("fail", frozenset({"pending"}), "failed", "fail", permission="notifications.retry"),
        Transition("drop", frozenset({"failed"}), "dropped", "drop", needs_reason=True),
    ]
)
EXPECTED = {("pending", "send"), ("failed", "send"), ("pending", "fail"), ("failed", "drop")}


@pytest.fixture
def row():
    notification = Notification.objects.create(kind="x", address="a@works.example", dedupe_key="x")
    return Delivery.objects.create(notification=notification, channel="email")


@pytest.fixture
def chen():
    chen = UserFactory(is_staff=True)
    chen.user_permissions.add(Permission.objects.get(codename="retry"))
    return chen


@pytest.mark.parametrize("state", Delivery.State.values)
@pytest.mark.parametrize("verb", TABLE.transitions)
def test_only_the_arrows_of_the_table_exist(row, state, verb):
    Delivery.objects.update(state=state)

    try:
        TABLE.apply(row, verb, by=None, reason="because")
        refused = None
    except TransitionRefused as error:
        refused = (error.code, error.verb, error.state)

    is_open = (state, verb) in EXPECTED
    assert refused == (None if is_open else ("state", verb, state))
    assert audit.history(row).count() == int(is_open)


def test_a_change_is_saved_and_recorded_together(row, chen):
    locked = TABLE.apply(row, "fail", by=chen, reason="no route", data={"code": 7}, error="no route")

    assert (locked.state, locked.error, row.state, row.error) == ("failed", "no route", "failed", "no route")
    event = audit.history(row).get()
    assert (event.verb, event.before, event.after, event.actor_id) == ("fail", "pending", "failed", chen.pk)
    assert (event.data, event.detail.data, event.actor_role) == ({"code": 7}, {"reason": "no route"}, "staff")


def test_who_lacks_the_permission_is_refused(row):
    with pytest.raises(TransitionRefused) as refused:
        TABLE.apply(row, "fail", by=UserFactory(is_staff=True))

    assert refused.value.code == "permission"
    assert Delivery.objects.get().state == "pending"


@pytest.mark.parametrize("reason", ["", " \n "])
def test_a_missing_reason_is_refused(row, reason):
    Delivery.objects.update(state="failed")

    with pytest.raises(TransitionRefused) as refused:
        TABLE.apply(row, "drop", by=None, reason=reason)

    assert refused.value.code == "reason"


def test_the_row_in_the_database_decides_not_the_one_in_hand(row):
    Delivery.objects.update(state="sent")

    with pytest.raises(TransitionRefused):
        TABLE.apply(row, "send", by=None)


def test_a_row_read_under_lock_is_not_read_again(row, django_assert_num_queries):
    with transaction.atomic():
        held = Delivery.objects.select_for_update().get()
        # The change and its event.
        with django_assert_num_queries(2):
            TABLE.apply_to_locked(held, "send", by=None)

    assert Delivery.objects.get().state == "sent"
    with pytest.raises(TransitionRefused):
        TABLE.apply_to_locked(held, "send", by=None)


def test_a_change_the_database_refuses_leaves_row_and_history_alone(row):
    with pytest.raises(IntegrityError):
        TABLE.apply(row, "send", by=None, notification_id=None)

    assert row.state == "pending"


def test_the_table_tells_what_is_open_to_whom(row, chen):
    def verbs(user):
        return [transition.verb for transition in TABLE.allowed(row, user)]

    assert verbs(chen) == ["send", "fail"]
    assert verbs(UserFactory()) == ["send"]
    row.state = "sent"
    assert verbs(chen) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins_and_the_other_is_told(row):
    outcomes = together(
        lambda: TABLE.apply(Delivery.objects.get(), "fail", by=None),
        lambda: TABLE.apply(Delivery.objects.get(), "fail", by=None),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Delivery", "TransitionRefused"]
    assert audit.history(row).count() == 1
