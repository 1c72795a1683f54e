import pytest
from django.contrib.auth.models import Permission
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

from core import audit
from notifications import mail_files, outbox
from notifications.models import Delivery, Notification
from notifications.outbox import Letter
from tests.factories.accounts import UserFactory, sign_in
from tests.notifications.kinds import NEWS

pytestmark = pytest.mark.django_db

LIST = "/admin/notifications/delivery/"


def enter(client, *codenames):
    chen = UserFactory(is_staff=True)
    chen.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    sign_in(client, chen)
    return chen


@pytest.fixture
def failed():
    outbox.post(NEWS, Letter(key="1", recipient=UserFactory(email="li@works.example"), subject_code="QD-1"))
    Delivery.objects.update(state="failed", error="550 no such user")
    return Delivery.objects.get()


def test_staff_find_what_failed(client, failed):
    outbox.post(NEWS, Letter(key="2", recipient=UserFactory()))
    enter(client, "view_delivery")

    answer = client.get(LIST, {"state__exact": "failed"})

    assert list(answer.context["cl"].result_list) == [failed]
    assert list(client.get(LIST, {"q": "QD-1"}).context["cl"].result_list) == [failed]
    assert list(client.get(LIST, {"q": "QD"}).context["cl"].result_list) == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, number, django_assert_max_num_queries):
    outbox.post(NEWS, *(Letter(key="1", recipient=UserFactory()) for _ in range(number)))
    enter(client, "view_delivery")
    client.get(LIST)

    with django_assert_max_num_queries(12):
        client.get(LIST)


def test_a_failed_one_is_sent_again_by_who_may(client, failed):
    chen = enter(client, "view_delivery", "retry")
    page = client.get(f"{LIST}{failed.pk}/change/").content.decode()
    assert f"{LIST}{failed.pk}/retry/" in page

    assert client.post(f"{LIST}{failed.pk}/retry/").status_code == 302

    assert Delivery.objects.get().state == "pending"
    assert audit.history(failed).get().actor_id == chen.pk


def test_several_are_sent_again_from_the_list(client, failed):
    enter(client, "view_delivery", "retry")

    preview = client.post(LIST, {"action": "send_again", "_selected_action": [failed.pk]})
    assert [(line["reader"], line["is_suppressed"]) for line in preview.context["lines"]] == [
        (str(failed.notification.recipient), False)
    ]
    assert Delivery.objects.get().state == "failed"

    client.post(LIST, {"action": "send_again", "confirmed": "1", "_selected_action": [failed.pk]})
    assert Delivery.objects.get().state == "pending"


def test_who_may_only_look_sends_nothing(client, failed):
    enter(client, "view_delivery", "change_delivery")

    assert f"{LIST}{failed.pk}/retry/" not in client.get(f"{LIST}{failed.pk}/change/").content.decode()
    assert client.post(f"{LIST}{failed.pk}/retry/").status_code == 403
    assert client.get(f"{LIST}{failed.pk}/retry/").status_code == 405
    assert client.post(f"{LIST}{failed.pk}/change/", {"state": "sent"}).status_code == 403
    assert Delivery.objects.get().state == "failed"


def test_notifications_are_read_only_and_keep_the_words_to_the_reader(client, failed):
    enter(client, "view_notification", "view_delivery", "change_notification", "delete_notification")
    Notification.objects.update(context={"what": "a private word"})
    url = f"/admin/notifications/notification/{failed.notification_id}/"

    page = client.get(f"{url}change/")

    assert page.status_code == 200
    assert "a private word" not in page.content.decode()
    assert client.post(f"{url}change/", {"kind": "x"}).status_code == 403
    assert client.post(f"{url}delete/", {"post": "yes"}).status_code == 403


@pytest.fixture
def written(settings, tmp_path):
    """Two mails in one file, as a drain writes them."""
    settings.EMAIL_BACKEND = mail_files.FILES
    settings.EMAIL_FILE_PATH = tmp_path
    connection = get_connection()
    connection.open()
    for subject, body in [("确认邮箱", "http://localhost:8000/x/ <b>"), ("second", "-" * 79)]:
        connection.send_messages([EmailMessage(subject, body, "p@portal.cn", ["li@works.example"])])
    connection.close()


def test_mails_in_files_are_read_at_the_desk(client, written):
    enter(client, "view_delivery", "read_mail_files")

    mails = client.get(f"{LIST}mail/").context["mails"]

    assert [mail.subject for mail in mails][-1] == "确认邮箱"
    page = client.get(reverse("admin:notifications_mail_page", args=[mails[-1].key])).content.decode()
    assert '<a href="http://localhost:8000/x/"' in page
    assert "&lt;b&gt;" in page
    assert f'href="{LIST}mail/"' in client.get(LIST).content.decode()


@pytest.mark.parametrize("key", ["..:0", "nothing.log:0", "x"])
def test_a_made_up_mail_is_not_found(client, written, key):
    enter(client, "read_mail_files")

    assert client.get(f"{LIST}mail/{key}/").status_code == 404


def test_mails_in_files_need_their_permission(client, written):
    enter(client, "view_delivery")

    assert client.get(f"{LIST}mail/").status_code == 403
    assert f"{LIST}mail/" not in client.get(LIST).content.decode()


def test_a_public_portal_shows_no_mails(client, written, settings):
    settings.HTTPS = True
    enter(client, "read_mail_files")

    assert client.get(f"{LIST}mail/").status_code == 404


def test_a_portal_with_a_mail_server_shows_no_mails(client):
    enter(client, "read_mail_files")

    assert client.get(f"{LIST}mail/").status_code == 404
