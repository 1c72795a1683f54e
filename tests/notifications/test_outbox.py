import pytest
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.fields.json import JSONField
from django.db.models.functions import Cast

from accounts.models import User
from notifications import outbox
from notifications.models import Delivery, Notification, Preference
from notifications.outbox import Letter
from tests.factories.accounts import UserFactory
from tests.notifications.kinds import CODE, NEWS
from tests.together import together

pytestmark = pytest.mark.django_db


def readers_of(users, key="v1"):
    return users.values(
        "language",
        recipient_id=F("id"),
        enterprise_id=Cast(Value(None), output_field=User._meta.pk),
        key=Value(key),
        subject_code=Value("SC-1"),
        url=Value("/policies/"),
        context=Value({"what": "100 % 免费"}, output_field=JSONField()),
    )


def test_a_letter_is_a_row_and_a_delivery():
    li = UserFactory(language="en")

    written = outbox.post(NEWS, Letter(key="1", recipient=li, subject_code="QD-1", context={"what": "hello"}))

    assert written == 1
    row = Notification.objects.get()
    assert (row.kind, row.recipient, row.language, row.subject_code) == ("tests.news", li, "en", "QD-1")
    assert (row.context, row.in_inbox, row.read_at) == ({"what": "hello"}, True, None)
    assert list(row.deliveries.values_list("channel", "state", "is_bulk")) == [("email", "pending", False)]


def test_posting_twice_tells_once():
    li, wang = UserFactory(), UserFactory()

    assert outbox.post(NEWS, Letter(key="1", recipient=li)) == 1
    assert outbox.post(NEWS, Letter(key="1", recipient=li), Letter(key="1", recipient=wang)) == 1
    assert outbox.post(NEWS, Letter(key="2", recipient=li)) == 1

    assert Notification.objects.count() == Delivery.objects.count() == 3


def test_an_address_without_account_has_no_inbox():
    outbox.post(NEWS, Letter(key="1", address="Zhao@works.example", language="en"))

    row = Notification.objects.get()
    assert (row.address, row.recipient, row.in_inbox) == ("Zhao@works.example", None, False)
    assert row.dedupe_key == "tests.news:1:zhao@works.example"


def test_a_letter_without_reader_is_refused():
    with pytest.raises(ValueError, match="no reader"):
        outbox.post(NEWS, Letter(key="1"))


def test_a_long_key_stays_one_of_a_kind():
    first, second = "x" * 120 + "a@works.example", "x" * 120 + "b@works.example"

    outbox.post(NEWS, Letter(key="k" * 150, address=first), Letter(key="k" * 150, address=second))

    assert Notification.objects.count() == 2


def test_what_the_reader_stopped_goes_to_the_inbox_only():
    li, wang = UserFactory(), UserFactory()
    Preference.objects.create(user=li, kind=NEWS.code, channel="email", wanted=False)
    Preference.objects.create(user=wang, kind=NEWS.code, channel="email", wanted=True)

    outbox.post(NEWS, Letter(key="1", recipient=li), Letter(key="1", recipient=wang))

    assert Notification.objects.filter(recipient=li, in_inbox=True).count() == 1
    assert list(Delivery.objects.values_list("notification__recipient", flat=True)) == [wang.pk]


def test_what_cannot_be_stopped_is_delivered_all_the_same():
    li = UserFactory()
    Preference.objects.create(user=li, kind=CODE.code, channel="email", wanted=False)

    outbox.post(CODE, Letter(key="1", recipient=li))

    assert Delivery.objects.count() == 1


def test_nothing_is_told_of_a_transaction_that_rolled_back():
    li = UserFactory()

    with transaction.atomic():
        outbox.post(NEWS, Letter(key="1", recipient=li))
        transaction.set_rollback(True)

    assert Notification.objects.count() == 0


def test_a_selection_of_the_database_is_written_in_one_statement(django_assert_num_queries):
    people = [UserFactory(language="en"), UserFactory(), UserFactory()]
    Preference.objects.create(user=people[1], kind=NEWS.code, channel="email", wanted=False)
    readers = readers_of(User.objects.filter(pk__in=[person.pk for person in people]))

    with django_assert_num_queries(1):
        assert outbox.post_select(NEWS, readers) == 3
    assert outbox.post_select(NEWS, readers) == 0

    rows = Notification.objects.order_by("recipient_id")
    assert [row.recipient_id for row in rows] == [person.pk for person in people]
    assert [row.language for row in rows] == ["en", "zh-hans", "zh-hans"]
    assert rows[0].context == {"what": "100 % 免费"}
    assert rows[0].dedupe_key == f"tests.news:v1:u{people[0].pk}"
    assert list(Delivery.objects.values_list("is_bulk", flat=True)) == [True, True]


def test_letters_and_a_selection_share_their_keys():
    li = UserFactory()

    outbox.post(NEWS, Letter(key="v1", recipient=li))

    assert outbox.post_select(NEWS, readers_of(User.objects.filter(pk=li.pk))) == 0


def test_a_selection_may_be_written_in_sql():
    li = UserFactory()

    written = outbox.post_select(
        NEWS,
        "SELECT %s AS key, id AS recipient_id, NULL::bigint AS enterprise_id, language, '' AS subject_code,"
        " '' AS url, '{}'::jsonb AS context FROM accounts_user WHERE id = %s",
        ["v1", li.pk],
    )

    assert written == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_letter_posted_by_twenty_at_once_is_one():
    li = UserFactory()

    written = together(*[lambda: outbox.post(NEWS, Letter(key="1", recipient=li))] * 20)

    assert sorted(written) == [0] * 19 + [1]
    assert Delivery.objects.count() == 1


def test_a_letter_takes_one_statement(django_assert_num_queries):
    li = UserFactory()

    with django_assert_num_queries(1):
        outbox.post(NEWS, Letter(key="1", recipient=li))

    assert connection.run_on_commit
