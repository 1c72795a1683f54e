from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.core import checks
from django.test import RequestFactory
from django.urls import reverse
from openpyxl import load_workbook

from core import audit
from core.admin import LifecycleAdmin, Verb, audited
from core.admin.lifecycle import verb_errors
from core.models import CalendarDay, Event
from notifications.models import Delivery, Notification
from tests.core import desk
from tests.factories.accounts import UserFactory, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    notification = Notification.objects.create(kind="x", address="a@works.example", dedupe_key="x")
    return Delivery.objects.create(notification=notification, channel="email")


@pytest.fixture
def own_desk(settings, monkeypatch):
    settings.ROOT_URLCONF = "tests.core.desk"
    # The desk's own frame is another test's business: these pages stand on the stock one.
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if not name.startswith(("accounts", "enterprises"))
    ]


def staff(*codenames, **fields):
    person = UserFactory(is_staff=True, **fields)
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return person


@pytest.fixture
def chen(own_desk):
    return staff("view_delivery", "change_delivery", "retry", name="Chen")


def page(row, verb="change"):
    return f"/admin/notifications/delivery/{row.pk}/{verb}/"


def buttons(client, row):
    return [button.name for button in client.get(page(row)).context["buttons"]]


def test_the_buttons_are_the_verbs_open_now_to_this_person(client, row, chen):
    client.force_login(chen)
    assert buttons(client, row) == ["send", "fail", "note"]

    client.force_login(staff("view_delivery"))
    assert buttons(client, row) == ["fail", "note"]

    Delivery.objects.update(state="sent")
    assert buttons(client, row) == []


def test_the_state_cannot_be_typed_and_nothing_can_be_deleted_or_added(client, row, chen):
    client.force_login(staff("view_delivery", "change_delivery", "delete_delivery", "add_delivery"))

    answer = client.post(page(row), {"channel": "email", "error": "noted", "state": "sent"})

    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.error) == ("pending", "noted")
    event = audit.history(row).get()
    assert (event.verb, event.data) == ("change", {"fields": ["error"]})
    assert client.post(page(row, "delete"), {"post": "yes"}).status_code == 403
    assert client.get("/admin/notifications/delivery/add/").status_code == 403


def test_a_verbs_page_says_what_will_happen_and_who_is_told_and_changes_nothing(client, row, chen):
    client.force_login(chen)

    html = client.get(page(row, "send")).content.decode()

    assert "It goes out." in html
    assert "the email reader" in html
    assert "email by Chen" in html
    assert Delivery.objects.get().state == "pending"
    assert Event.objects.filter(subject_type="notifications.delivery").count() == 0


def test_sending_the_page_calls_the_action(client, row, chen):
    client.force_login(chen)

    answer = client.post(page(row, "send"), {"error": "fine"})

    assert (answer.status_code, answer["Location"]) == (302, page(row))
    row.refresh_from_db()
    assert (row.state, row.error) == ("sent", "fine")
    assert audit.history(row).get().actor_id == chen.pk


def test_a_double_click_acts_once(client, row, chen):
    client.force_login(chen)
    form = client.get(page(row, "note")).context

    for _ in range(2):
        answer = client.post(page(row, "note"), {"form_token": form["form_token"], "seen": form["seen"]})
        assert answer.status_code == 302

    assert audit.history(row).count() == 1


def test_what_the_action_refuses_is_shown_with_what_was_typed(client, row, chen):
    client.force_login(chen)

    answer = client.post(page(row, "send"), {"error": "bad"})

    assert answer.context["form"].errors == {"error": ["Not this word."], "__all__": ["Nor that field."]}
    assert 'value="bad"' in answer.content.decode()
    assert Delivery.objects.get().state == "pending"


def test_a_verb_that_needs_a_reason_asks_for_one(client, row, chen):
    client.force_login(chen)

    assert list(client.post(page(row, "fail"), {"reason": ""}).context["form"].errors) == ["reason"]
    client.post(page(row, "fail"), {"reason": "no route"})

    assert audit.history(row).get().detail.data == {"reason": "no route"}


def test_who_comes_too_late_is_told_who_was_first(client, row, chen):
    client.force_login(chen)
    desk.TABLE.apply(row, "send", by=chen)

    answer = client.post(page(row, "fail"), {"reason": "x"}, follow=True)

    (message,) = [str(message) for message in answer.context["messages"]]
    assert "Chen" in message
    assert Delivery.objects.get().state == "sent"


def test_a_race_lost_inside_the_action_keeps_the_text(client, row, chen, monkeypatch):
    client.force_login(chen)

    def overtaken(row, *, by, reason):
        desk.TABLE.apply(Delivery.objects.get(), "send", by=by)
        desk.TABLE.apply(row, "fail", by=by, reason=reason)

    monkeypatch.setitem(desk.DeliveryDesk.verbs, "fail", Verb(overtaken))
    answer = client.post(page(row, "fail"), {"reason": "my words"})

    assert answer.status_code == 200
    assert "my words" in answer.content.decode()
    assert Delivery.objects.get().state == "pending"


def test_a_page_that_was_overtaken_asks_to_check_first(client, row, chen):
    client.force_login(chen)
    seen = client.get(page(row, "fail")).context["seen"]
    audit.record(row, "note", by=chen)

    answer = client.post(page(row, "fail"), {"reason": "my words", "seen": seen})

    assert answer.status_code == 200
    assert Delivery.objects.get().state == "pending"
    again = client.post(page(row, "fail"), {"reason": "my words", "seen": answer.context["seen"]})
    assert again.status_code == 302
    assert Delivery.objects.get().state == "failed"


def test_a_verb_needs_its_permission(client, row, chen):
    client.force_login(staff("view_delivery"))

    assert client.post(page(row, "send"), {"error": "x"}).status_code == 403
    assert client.post(page(row, "hidden")).status_code == 403
    client.force_login(staff())
    assert client.get(page(row, "note")).status_code == 403
    client.force_login(UserFactory())
    assert client.get(page(row, "note")).status_code == 302
    assert Delivery.objects.get().state == "pending"


def test_a_row_that_is_not_there_is_not_found(client, row, chen):
    client.force_login(chen)
    row.pk = 0

    assert client.get(page(row, "send")).status_code == 404
    assert client.get(page(row, "history")).status_code == 404


def test_the_history_shows_events_with_who_and_why(client, row, chen):
    client.force_login(chen)
    client.post(page(row, "fail"), {"reason": "no route"})

    (entry,) = client.get(page(row, "history")).context["entries"]

    assert (entry["who"], entry["what"], entry["reason"]) == ("Chen", "give up", "no route")
    assert entry["before"] != "pending"


def test_a_table_and_its_buttons_must_agree(own_desk):
    class Broken(LifecycleAdmin):
        lifecycle = desk.TABLE
        verbs = {"send": Verb(desk.send), "fly": Verb(desk.send)}
        without_button = ("lapse",)
        extra_verbs = {"fail": Verb(desk.fail), "note": Verb(desk.note)}

    errors = Broken(Delivery, desk.site).check()

    assert [error.id for error in errors] == ["core.E002", "core.E003", "core.E004", "core.E004"]
    assert all(isinstance(error, checks.Error) for error in errors)


def test_a_class_without_a_table_is_an_error():
    assert [error.id for error in verb_errors(LifecycleAdmin(Delivery, desk.site))] == ["core.E001"]
    assert desk.DeliveryDesk(Delivery, desk.site).check() == []


def test_the_working_calendar_is_kept_at_the_desk_and_its_changes_are_events(client):
    sign_in(client, staff("add_calendarday", "view_calendarday", "change_calendarday"))

    answer = client.post(
        reverse("admin:core_calendarday_add"), {"day": "2031-01-02", "kind": "off", "name": "元旦"}
    )

    assert answer.status_code == 302
    day = CalendarDay.objects.get(day="2031-01-02")
    assert [event.verb for event in audit.history(day)] == ["add"]


def test_the_auditor_reads_every_event_and_changes_none(client, row):
    sign_in(client, staff("view_event"))
    event = audit.record(row, "note", by=None, detail={"reason": "理由"})

    shown = client.get(reverse("admin:core_event_change", args=[event.pk]))

    assert "理由" in shown.content.decode()
    assert client.get(reverse("admin:core_event_changelist")).status_code == 200
    assert client.post(reverse("admin:core_event_change", args=[event.pk]), {"verb": "x"}).status_code == 403
    assert client.get(reverse("admin:core_event_add")).status_code == 403


def test_a_long_list_is_counted_to_a_thousand_only(monkeypatch, row):
    monkeypatch.setattr(audited, "COUNTED_UP_TO", 2)
    Notification.objects.bulk_create(
        Notification(kind="x", address="a@works.example", dedupe_key=f"k{n}") for n in range(5)
    )

    assert audited.CappedPaginator(Notification.objects.order_by("-id"), 2).count == 3
    assert audited.CappedPaginator(Delivery.objects.order_by("-id"), 2).count == 1


def test_a_verbs_address_can_be_asked_for(row):
    admin = desk.DeliveryDesk(Delivery, desk.site)

    assert [pattern.name for pattern in admin.get_urls()][:4] == [
        "notifications_delivery_send",
        "notifications_delivery_fail",
        "notifications_delivery_note",
        "notifications_delivery_hidden",
    ]
    assert admin.get_readonly_fields(RequestFactory().get("/")) == ["state"]


def test_the_auditor_takes_events_along_and_that_is_an_event(client) -> None:
    auditor = UserFactory(roles=["auditor"], name="Qin")
    first = audit.record(
        auditor, "looked_at", by=auditor, before="a", after="b", data={"n": 1}, detail={"who": "Li"}
    )
    sign_in(client, auditor)
    chosen = {"action": "export_chosen", "_selected_action": [first.pk]}

    answer = client.post(reverse("admin:core_event_changelist"), chosen)

    sheet = load_workbook(BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[1][0] == first.pk
    assert rows[1][2:] == ["Qin", "staff", "looked_at", "accounts.user", auditor.pk, "a", "b", '{"n": 1}']
    assert len(rows) == 2
    assert [event.verb for event in audit.history(auditor)][:2] == ["export_events", "looked_at"]


def test_more_events_than_a_sheet_holds_are_refused_in_words(client, monkeypatch) -> None:
    monkeypatch.setattr("core.admin.registered.EXPORTED", 1)
    auditor = UserFactory(roles=["auditor"], language="en")
    chosen = [audit.record(auditor, "looked_at", by=auditor).pk for _number in range(2)]
    sign_in(client, auditor)

    page = client.post(
        reverse("admin:core_event_changelist"),
        {"action": "export_chosen", "_selected_action": chosen},
        follow=True,
    )

    assert "At most 1 events go into one sheet." in page.text
    assert not audit.history(auditor).filter(verb="export_events").exists()


def test_two_people_at_one_form_lose_nothing(client) -> None:
    day = CalendarDay.objects.create(day="2031-01-02", kind="off", name="元旦")
    page = reverse("admin:core_calendarday_change", args=["2031-01-02"])
    sign_in(client, staff("view_calendarday", "change_calendarday"))
    seen = client.get(page).context["seen"]
    typed = {"day": "2031-01-02", "kind": "off", "name": "春节"}
    audit.record(day, "change", by=UserFactory(name="Sun"), data={"fields": ["kind"]})

    refused = client.post(page, typed | {"seen": seen})
    day.refresh_from_db()
    assert (refused.status_code, day.name) == (200, "元旦")
    assert [entry["who"] for entry in refused.context["meanwhile"]] == ["Sun"]
    assert 'value="春节"' in refused.text
    client.post(page, typed | {"seen": refused.context["seen"]})

    day.refresh_from_db()
    assert day.name == "春节"
