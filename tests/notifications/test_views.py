import pytest
from django.urls import reverse

from notifications import outbox
from notifications.models import Notification, Preference
from notifications.outbox import Letter
from notifications.texts import Words
from tests.factories.accounts import UserFactory, sign_in
from tests.notifications.kinds import CODE, NEWS

pytestmark = pytest.mark.django_db

INBOX = "/notifications/"


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

    # Session, person, membership, the frame's own unread count; then count, rows and unread of the inbox.
    with django_assert_num_queries(7):
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


def test_what_is_not_ticked_is_not_mailed(client, li):
    url = reverse("notifications:preferences")
    form = client.get(url).context["form"]
    assert [kind.code for kind in form.stoppable] == ["tests.news"]
    assert form.always == []

    client.post(url, {})
    assert Preference.objects.values_list("user", "kind", "channel", "wanted").get() == (
        li.pk,
        "tests.news",
        "email",
        False,
    )
    assert client.get(url).context["form"]["kinds"].value() == []

    client.post(url, {"kinds": ["tests.news"]})
    assert Preference.objects.get().wanted is True


def test_a_kind_that_is_not_offered_is_refused(client, li):
    answer = client.post(reverse("notifications:preferences"), {"kinds": ["tests.code"]})

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["kinds"]
    assert Preference.objects.count() == 0


def test_a_text_that_cannot_be_rendered_does_not_hide_the_others(client, li, monkeypatch):
    tell(li, 2)
    broken = Notification.objects.order_by("id").first()
    real = Words.subject.fget
    monkeypatch.setattr(
        Words, "subject", property(lambda self: 1 / 0 if self.notification.pk == broken.pk else real(self))
    )

    assert lines(client.get(INBOX)) == [("news 1 (zh-hans)", False), ("News of the works", False)]
