import io
from email.message import EmailMessage

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.management import call_command

from core import audit
from core.lifecycle import TransitionRefused
from core.models import Event
from notifications import actions, bounces, outbox, suppression
from notifications.bounces import NotABounce
from notifications.delivery import Drain
from notifications.models import ContactTask, Delivery, SuppressedAddress
from notifications.notifications import DIGEST
from notifications.outbox import Letter
from notifications.tasks import send_digests
from tests.factories.accounts import UserFactory, sign_in
from tests.notifications.kinds import CODE, NEWS
from tests.notifications.test_digest import make_due, wants

pytestmark = pytest.mark.django_db
LI = "li@works.test"


@pytest.fixture
def li():
    return UserFactory(email="Li@works.test".lower(), phone="13900000000")


def tell(user, *keys, kind=NEWS):
    for key in keys:
        outbox.post(kind, Letter(key=key, recipient=user, subject_code="QD-1", context={"code": "1"}))
    Drain(10).run()


def states():
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def report(message_id, address=LI, *, action="failed", status="5.1.1", whole=False):
    """Write a delivery report as mail servers do."""
    lines = [
        "From: mailer-daemon@mx.test",
        "To: portal@localhost",
        "Subject: Undelivered Mail Returned to Sender",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"',
        "MIME-Version: 1.0",
        "",
        "--B",
        "Content-Type: text/plain",
        "",
        "This is the mail system.",
        "--B",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.test",
        "",
        f"Final-Recipient: rfc822; {address}",
        f"Action: {action}",
        f"Status: {status}",
        "Diagnostic-Code: smtp; 550 5.1.1 no such",
        "    user here",
        "",
        "--B",
        f"Content-Type: {'message/rfc822' if whole else 'text/rfc822-headers'}",
        "",
        f"Message-ID: {message_id}",
        "Subject: News",
        *(["", "the text"] if whole else []),
        "",
        "--B--",
        "",
    ]
    return "\r\n".join(lines).encode()


def come_back(message_id, **how):
    return [actions.record_bounce(bounce) for bounce in bounces.read(report(message_id, **how))]


def test_an_address_that_refuses_twice_is_suppressed_and_called_instead(li, smtp_in_use):
    smtp_in_use.unknown = {LI}

    tell(li, "a")
    assert SuppressedAddress.objects.values_list("state", "refusals").get() == ("watched", 1)
    tell(li, "b", "c")

    assert states() == ["failed", "failed", "dropped"]
    assert Delivery.objects.last().error == "the address takes no mail"
    row = SuppressedAddress.objects.get()
    assert (row.address, row.state, row.refusals, row.reason) == (
        LI,
        "suppressed",
        2,
        "550 5.1.1 no such user",
    )
    task = ContactTask.objects.get()
    assert (task.recipient, task.address, task.subject_code, task.state) == (li, LI, "QD-1", "open")
    assert [event.verb for event in audit.history(row)] == ["suppress"]


def test_a_message_refused_for_its_content_says_nothing_about_the_address(li, smtp_in_use):
    smtp_in_use.answer = "554 looks like spam"

    tell(li, "a", "b", "c")

    assert states() == ["failed"] * 3
    assert SuppressedAddress.objects.count() == 0


def test_a_code_asked_for_now_is_tried_all_the_same(li):
    SuppressedAddress.objects.create(address=LI, state="suppressed")

    tell(li, "a", kind=CODE)
    tell(li, "b")

    assert states() == ["sent", "dropped"]


def test_others_are_not_touched(li):
    SuppressedAddress.objects.create(address=LI, state="suppressed")
    SuppressedAddress.objects.create(address="wang@works.test", state="lifted")
    wang = UserFactory(email="wang@works.test")

    tell(wang, "a")

    assert states() == ["sent"]
    assert suppression.suppressed(["LI@works.test", "wang@works.test", "other@works.test"]) == {LI}


@pytest.mark.parametrize("whole", [True, False])
def test_what_comes_back_after_it_was_sent_is_recorded(li, whole):
    tell(li, "a")
    sent = Delivery.objects.get()
    assert sent.state == "sent"

    assert come_back(sent.message_id, whole=whole) == [True]
    assert come_back(sent.message_id, whole=whole) == [False]

    sent.refresh_from_db()
    assert (sent.state, sent.error) == ("failed", "came back: 5.1.1 smtp; 550 5.1.1 no such user here")
    assert sent.bounced_at is not None
    assert SuppressedAddress.objects.get().refusals == 1
    event = Event.objects.get(verb="bounce")
    assert (event.before, event.after, event.actor_id) == ("sent", "failed", None)


@pytest.mark.parametrize(
    ("how", "whose"),
    [
        ({"action": "delayed", "status": "4.4.7"}, ""),
        ({"status": "4.2.2"}, ""),
        ({"address": "other@works.test"}, ""),
        ({}, "<forged@elsewhere.test>"),
    ],
)
def test_a_delay_a_stranger_and_a_forgery_change_nothing(li, how, whose):
    tell(li, "a")

    assert come_back(whose or Delivery.objects.get().message_id, **how) == [False]

    assert states() == ["sent"]
    assert SuppressedAddress.objects.count() == 0


def test_a_digest_comes_back_with_its_members(li):
    wants(li, "daily")
    for key in ("a", "b"):
        outbox.post(NEWS, Letter(key=key, recipient=li))
    make_due()
    send_digests()
    Drain(10).run()

    come_back(Delivery.objects.filter(notification__kind=DIGEST.code).get().message_id)

    assert states() == ["failed"] * 3
    assert SuppressedAddress.objects.get().refusals == 1


def plain_mail():
    message = EmailMessage()
    message["Subject"] = "Out of office"
    message.set_content("I am away.")
    return message.as_bytes()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\x00\xfe",
        plain_mail(),
        report("<x@y>")[:400],
        report("<x@y>").replace(b"Message-ID", b"X"),
        b"Content-Type: message/delivery-status\r\n\r\n\r\n\r\n",
        b"Content-Type: multipart/report; boundary=\r\n\r\n--",
        b"x" * (bounces.LONGEST + 1),
    ],
)
def test_what_is_no_report_is_left_alone(raw):
    with pytest.raises(NotABounce):
        bounces.read(raw)


def test_the_command_reads_files_and_folders(li, tmp_path):
    tell(li, "a", "b")
    for number, sent in enumerate(Delivery.objects.all()):
        (tmp_path / f"{number}.eml").write_bytes(report(sent.message_id))
    (tmp_path / "vacation.eml").write_bytes(plain_mail())
    out = io.StringIO()

    call_command("read_bounces", str(tmp_path), stdout=out, stderr=io.StringIO())
    call_command("read_bounces", str(tmp_path / "0.eml"), stdout=out)

    assert out.getvalue().splitlines() == [
        "2 recorded, 1 of 3 messages were no reports",
        "0 recorded, 0 of 1 messages were no reports",
    ]
    assert states() == ["failed", "failed"]
    assert ContactTask.objects.count() == 1


def staff(client, *codenames):
    chen = UserFactory(is_staff=True)
    chen.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    sign_in(client, chen)
    return chen


def test_who_may_lifts_it_with_a_reason(client, li):
    row = SuppressedAddress.objects.create(address=LI, state="suppressed", refusals=2)
    lead = staff(client, "view_suppressedaddress", "lift_suppression")
    page = f"/admin/notifications/suppressedaddress/{row.pk}/lift/"

    client.post(page, {"reason": ""})
    assert SuppressedAddress.objects.get().state == "suppressed"

    client.post(page, {"reason": "Mailbox was full"})
    row.refresh_from_db()
    assert (row.state, row.refusals) == ("lifted", 0)
    assert audit.history(row).get().actor_id == lead.pk
    tell(li, "a")
    assert len(mail.outbox) == 1


def test_who_may_not_lifts_nothing(client, li):
    row = SuppressedAddress.objects.create(address=LI, state="suppressed")
    chen = staff(client, "view_suppressedaddress")

    client.post(f"/admin/notifications/suppressedaddress/{row.pk}/lift/", {"reason": "x"})
    with pytest.raises(TransitionRefused):
        actions.lift(row, reason="x", by=chen)

    row.refresh_from_db()
    assert row.state == "suppressed"


def test_a_call_is_made_and_marked(client, li):
    task = ContactTask.objects.create(address=LI, recipient=li, why="550")
    staff(client, "view_contacttask", "settle_contact")
    page = client.get(f"/admin/notifications/contacttask/{task.pk}/change/").content.decode()
    assert "13900000000" in page

    client.post(f"/admin/notifications/contacttask/{task.pk}/settle/", {"reason": "new address promised"})

    task.refresh_from_db()
    assert (task.state, task.done_at is not None) == ("done", True)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_calls_costs_the_same_for_one_and_for_three(client, number, django_assert_num_queries):
    for n in range(number):
        ContactTask.objects.create(address=f"{n}@works.test", recipient=UserFactory(), why="550")
    staff(client, "view_contacttask")
    client.get("/admin/notifications/contacttask/")

    with django_assert_num_queries(6):
        client.get("/admin/notifications/contacttask/")


def test_the_reader_is_told_in_their_inbox(client, li):
    sign_in(client, li)
    assert client.get("/notifications/").context["takes_no_mail"] is False

    SuppressedAddress.objects.create(address=LI, state="suppressed")

    assert "/accounts/email/" in client.get("/notifications/").content.decode()
