from datetime import time

import pytest
from django.urls import reverse

from notifications import outbox
from notifications.models import Notification, Preference, QuietHours
from notifications.outbox import Letter
from notifications.texts import Words
from tests.factories.accounts import UserFactory, sign_in
from tests.notifications.kinds import CODE, NEWS

pytestmark = pytest.mark.django_db

INBOX = "/notifications/"
CHOICES = "/notifications/preferences/"


@pytest.fixture
def li(client):
    li = UserFactory(name="Li")
    sign_in(client, li)
    return li


def tell(user, number=1, **fields):
    for n in range(number):
        outbox.post(NEWS, Letter(key=str(n), recipient=user, context={"what": f"news {n}"}, **fields))
    return Notification.objects.filter(recipient=user).order_by("-id").first()


def lines(answer):
    return [(entry.subject, entry.is_read) for entry in answer.context["entries"]]


def test_the_inbox_lists_ones_own_messages_newest_first(client, li):
    tell(li, 2)
    tell(UserFactory())
    outbox.post(CODE, Letter(key="1", recipient=li))

    answer = client.get(INBOX)

    assert lines(answer) == [("news 1 (zh-hans)", False), ("news 0 (zh-hans)", False)]
    assert answer.context["unread"] == 2


def test_an_english_page_shows_english_messages(client, li):
    tell(li)

    assert lines(client.get("/en/notifications/")) == [("news 0 (en)", False)]


@pytest.mark.parametrize("number", [1, 3])
def test_the_inbox_costs_the_same_for_one_and_for_three(client, li, number, django_assert_num_queries):
    tell(li, number)
    client.get(INBOX)

    # Session, person, membership, the frame's own unread count; then count, rows and unread of the inbox,
    # and whether the reader's address takes mail.
    with django_assert_num_queries(8):
        client.get(INBOX)


def test_an_empty_inbox_says_so(client, li):
    assert client.get(INBOX).context["entries"] == []


def test_twenty_stand_on_a_page_and_beyond_the_last_is_the_last(client, li):
    tell(li, 21)

    assert len(lines(client.get(INBOX))) == 20
    assert lines(client.get(f"{INBOX}?page=2")) == [("news 0 (zh-hans)", False)]
    assert client.get(f"{INBOX}?page=9")["Location"] == f"{INBOX}?page=2"
    assert client.get(f"{INBOX}?page=x").status_code == 200


def test_looking_at_a_message_changes_nothing(client, li):
    message = tell(li)

    answer = client.get(reverse("notifications:detail", args=[message.pk]))

    assert "Li: news 0" in answer.content.decode()
    assert Notification.objects.get().read_at is None


def test_opening_a_message_marks_it_and_goes_to_its_page(client, li):
    message = tell(li, url="/en/notifications/preferences/")

    answer = client.post(reverse("notifications:open", args=[message.pk]))

    assert answer["Location"] == "/notifications/preferences/"
    assert Notification.objects.get().read_at is not None
    assert client.get(reverse("notifications:open", args=[message.pk])).status_code == 405


@pytest.mark.parametrize("url", ["", "https://elsewhere.example/", "//elsewhere.example/"])
def test_a_message_never_leads_off_the_site(client, li, url):
    message = tell(li, url=url)

    answer = client.post(reverse("notifications:open", args=[message.pk]))

    assert answer["Location"] == reverse("notifications:detail", args=[message.pk])


@pytest.mark.parametrize(("method", "name"), [("get", "detail"), ("post", "open")])
def test_anothers_message_does_not_exist(client, li, method, name):
    message = tell(UserFactory())

    assert getattr(client, method)(reverse(f"notifications:{name}", args=[message.pk])).status_code == 404
    assert Notification.objects.get().read_at is None


def test_all_are_marked_as_read_at_once(client, li):
    tell(li, 3)
    tell(UserFactory())

    client.post(reverse("notifications:read_all"))

    assert Notification.objects.filter(read_at=None).count() == 1
    assert client.get(INBOX).context["unread"] == 0


def test_a_message_of_an_unknown_kind_is_left_out(client, li):
    message = tell(li)
    Notification.objects.update(kind="later.release")

    assert client.get(INBOX).context["entries"] == []
    assert client.get(reverse("notifications:detail", args=[message.pk])).status_code == 404


def test_a_visitor_signs_in_first(client):
    for name in ["inbox", "preferences"]:
        assert client.get(reverse(f"notifications:{name}")).status_code == 302


def test_a_choice_is_kept_for_each_kind(client, li):
    form = client.get(CHOICES).context["form"]
    assert [[field.name for field in way.fields] for topic in form.topics for way in topic.ways] == [
        ["email-tests.news", "email-tests.urgent"]
    ]
    assert form["email-tests.news"].value() == "instant"
    assert form.always == []

    client.post(CHOICES, {"email-tests.news": "weekly", "email-tests.urgent": "never"})

    kept = Preference.objects.order_by("kind").values_list("kind", "channel", "wanted", "frequency")
    assert list(kept) == [
        ("tests.news", "email", True, "weekly"),
        ("tests.urgent", "email", False, "instant"),
    ]
    form = client.get(CHOICES).context["form"]
    assert (form["email-tests.news"].value(), form["email-tests.urgent"].value()) == ("weekly", "never")


def test_a_kind_that_cannot_wait_offers_no_digest(client, li):
    form = client.get(CHOICES).context["form"]

    assert [value for value, _label in form.fields["email-tests.urgent"].choices] == ["instant", "never"]
    answer = client.post(CHOICES, {"email-tests.news": "instant", "email-tests.urgent": "daily"})
    assert list(answer.context["form"].errors) == ["email-tests.urgent"]
    assert Preference.objects.count() == 0


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        ("daily", {"tests.news": "daily", "tests.urgent": "instant"}),
        ("never", {"tests.news": "never", "tests.urgent": "never"}),
        ("", {"tests.news": "weekly", "tests.urgent": "instant"}),
    ],
)
def test_one_choice_for_a_topic_goes_as_far_as_each_kind_allows(client, li, choice, kept):
    each = {"email-tests.news": "weekly", "email-tests.urgent": "instant"}

    client.post(CHOICES, each | {"all-email-tests": choice})

    assert {row.kind: row.choice for row in Preference.objects.all()} == kept


def test_a_topic_says_how_it_stands(client, li):
    before = client.get("/en" + CHOICES).text
    client.post(CHOICES, {"email-tests.news": "weekly", "email-tests.urgent": "instant"})

    assert "2 kinds of messages · At once" in before
    assert "2 kinds of messages · chosen one by one" in client.get("/en" + CHOICES).text


AT_ONCE = {"email-tests.news": "instant", "email-tests.urgent": "instant"}


def test_quiet_hours_are_kept(client, li):
    client.post(CHOICES, AT_ONCE | {"begins": "22:00", "ends": "07:00"})

    assert QuietHours.objects.values_list("user", "begins", "ends").get() == (li.pk, time(22), time(7))
    form = client.get(CHOICES).context["form"]
    assert (form["begins"].value(), form["ends"].value()) == ("22:00", "07:00")

    client.post(CHOICES, AT_ONCE | {"begins": "", "ends": ""})
    assert QuietHours.objects.values_list("begins", "ends").get() == (None, None)


@pytest.mark.parametrize(
    ("begins", "ends", "field"),
    [("22:00", "", "ends"), ("", "07:00", "begins"), ("25:00", "07:00", "begins"), ("9 pm", "9", "begins")],
)
def test_quiet_hours_that_do_not_fit_are_refused_and_kept_on_the_page(client, li, begins, ends, field):
    answer = client.post(CHOICES, AT_ONCE | {"begins": begins, "ends": ends})

    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert QuietHours.objects.count() == 0


def test_staff_have_quiet_hours_until_they_choose_otherwise(client, settings):
    settings.STAFF_QUIET_HOURS = (time(22), time(7))
    chen = UserFactory(is_staff=True)
    sign_in(client, chen)

    assert client.get(CHOICES).context["form"]["begins"].value() == "22:00"
    client.post(CHOICES, AT_ONCE | {"begins": "", "ends": ""})
    assert client.get(CHOICES).context["form"]["begins"].value() == ""


def test_a_text_that_cannot_be_rendered_does_not_hide_the_others(client, li, monkeypatch):
    tell(li, 2)
    broken = Notification.objects.order_by("id").first()
    real = Words.subject.fget
    monkeypatch.setattr(
        Words, "subject", property(lambda self: 1 / 0 if self.notification.pk == broken.pk else real(self))
    )

    assert lines(client.get(INBOX)) == [("news 1 (zh-hans)", False), ("News of the works", False)]
