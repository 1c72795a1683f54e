import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from core import audit
from core.lifecycle import TransitionRefused
from notifications import actions, outbox, texts, wording
from notifications.channels import inbox
from notifications.delivery import Drain
from notifications.lifecycle import WORDING
from notifications.models import Notification, TextVersion
from notifications.outbox import Letter
from tests.factories.accounts import UserFactory, sign_in
from tests.notifications.kinds import NEWS
from tests.notifications.test_outbox import readers_of

pytestmark = pytest.mark.django_db
ADD = "/admin/notifications/textversion/add/"


@pytest.fixture
def lead():
    return UserFactory(is_staff=True, roles=["triage_lead"], language="en")


def version(subject="New: [what]", body="Dear [reader],\n[what]", language="en", number=1):
    return TextVersion.objects.create(
        kind=NEWS.code, language=language, subject=subject, body=body, number=number
    )


def proposed(*texts, **given):
    return actions.propose_text(
        version(*texts, **given), by=UserFactory(is_staff=True, roles=["triage_officer"])
    )


def tell(user, key="1", **context):
    outbox.post(NEWS, Letter(key=key, recipient=user, context=context or {"what": "steel"}))
    return Notification.objects.latest("id")


@pytest.mark.parametrize(
    ("text", "values", "shown"),
    [
        ("a [what] b", {"what": "x"}, "a x b"),
        ("[Sample] [what]", {"what": 7}, "[Sample] 7"),
        ("kept\n[what]\nkept", {"what": ""}, "kept\nkept"),
        ("kept\nOn [day]", {}, "kept"),
        ("[a] and [b]", {"a": "x"}, "x and"),
        ("[a]", {"a": ["one", "two"]}, "· one\n· two"),
        ("[a]", {"a": {"secret": 1}}, ""),
        ("[a]", {"a": True}, ""),
        # A value is never read as text of the language.
        ("[a]", {"a": "[b]", "b": "secret"}, "[b]"),
        ("[a]", {"a": "{% debug %}"}, "{% debug %}"),
        ("<b>[a]</b>", {"a": "<script>"}, "<b><script></b>"),
    ],
)
def test_a_text_stands_for_names_and_nothing_else(text, values, shown):
    assert wording.render(text, values) == shown


@pytest.mark.parametrize(
    "strange",
    ["[settings]", "[what_else]", "{{ what }}", "{% include 'x' %}", "{# x #}", "{{ what", "what }}"],
)
def test_what_is_no_known_name_is_refused(strange):
    assert wording.problems("[what]", {"what"}) == []
    assert wording.problems(f"a {strange} b", {"what"}) != []


def test_a_kind_offers_the_names_its_own_texts_mention():
    assert texts.names_of(NEWS.code) == {"what", "reader", "link", "site_name"}
    assert {"reference", "subject", "text", "offering_zh"} <= texts.names_of("requests.replied")


def test_a_wording_in_use_words_what_is_written_from_then_on(lead):
    li = UserFactory(language="en", name="Li")
    before = tell(li, "before")
    actions.use_text(proposed(), by=lead)
    after = tell(li, "after", what="R&D")

    Drain(10).run()

    assert [message.subject for message in mail.outbox] == ["steel (en)", "New: R&D"]
    assert mail.outbox[1].body.startswith("Dear Li,\nR&D\n")
    assert "R&amp;D" in mail.outbox[1].alternatives[0][0]
    assert (before.text_version, after.text_version.number) == (None, 1)


def test_what_was_told_can_be_shown_after_the_wording_has_changed(lead):
    li = UserFactory(language="en")
    actions.use_text(proposed("First: [what]"), by=lead)
    told = tell(li)

    actions.use_text(proposed("Second: [what]", number=2), by=lead)

    assert texts.preview(Notification.objects.get(pk=told.pk))[0] == "First: steel"
    assert texts.preview(tell(li, "2"))[0] == "Second: steel"
    states = TextVersion.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == ["retired", "active"]


def test_a_wording_is_for_its_language_only(lead):
    actions.use_text(proposed(language="en"), by=lead)

    assert tell(UserFactory(language="zh-hans")).text_version is None


def test_a_selection_takes_the_wording_along_in_its_one_statement(lead, django_assert_num_queries):
    actions.use_text(proposed(), by=lead)
    people = [UserFactory(language="en"), UserFactory(language="zh-hans")]
    readers = readers_of(User.objects.filter(pk__in=[person.pk for person in people]))

    with django_assert_num_queries(1):
        outbox.post_select(NEWS, readers)

    kept = Notification.objects.order_by("recipient_id").values_list("text_version__number", flat=True)
    assert list(kept) == [1, None]


def test_retired_means_the_texts_of_the_release_again(lead):
    actions.retire_text(actions.use_text(proposed(), by=lead), by=lead)

    assert tell(UserFactory(language="en")).text_version is None


def test_the_inbox_shows_the_same_words(lead, client):
    li = UserFactory(language="en")
    actions.use_text(proposed(), by=lead)
    tell(li)
    sign_in(client, li)

    answer = client.get("/en/notifications/")

    assert [entry.subject for entry in answer.context["entries"]] == ["New: steel"]
    assert inbox.unread(li) == 1


def test_only_one_wording_of_a_kind_and_language_is_in_use():
    version()
    TextVersion.objects.update(state="active")

    with pytest.raises(IntegrityError, match="text_one_in_use"), transaction.atomic():
        TextVersion.objects.create(
            kind=NEWS.code, language="en", subject="x", body="x", number=2, state="active"
        )


def test_who_may_not_puts_nothing_into_use():
    with pytest.raises(TransitionRefused):
        actions.use_text(proposed(), by=UserFactory(is_staff=True, roles=["auditor"]))

    assert TextVersion.objects.get().state == "proposed"


@pytest.mark.parametrize("relaxed", [False, True])
def test_who_proposed_a_wording_puts_it_into_use_only_where_the_setting_says_so(lead, settings, relaxed):
    settings.WORDING_MAY_BE_RELEASED_BY_PROPOSER = relaxed
    mine = actions.propose_text(version(), by=lead)

    if relaxed:
        assert actions.use_text(mine, by=lead).state == "active"
    else:
        with pytest.raises(ValidationError):
            actions.use_text(mine, by=lead)


def test_a_wording_given_back_is_a_draft_with_the_reason(lead):
    back = actions.give_text_back(proposed(), reason="太长了", by=lead)

    assert back.state == "draft"
    assert audit.detail_of(audit.history(back).first())["reason"] == "太长了"


@pytest.mark.parametrize("state", TextVersion.State.values)
@pytest.mark.parametrize(
    ("verb", "source"),
    [("propose", "draft"), ("use", "proposed"), ("give_back", "proposed"), ("retire", "active")],
)
def test_every_verb_from_every_state(lead, state, verb, source):
    row = version()
    TextVersion.objects.filter(pk=row.pk).update(state=state, proposed_by=lead)

    if state == source:
        WORDING.apply(row, verb, by=lead, reason="x")
    else:
        with pytest.raises(TransitionRefused):
            WORDING.apply(row, verb, by=lead, reason="x")


def test_staff_write_look_and_use_a_wording(client, lead):
    tell(UserFactory(language="en", name="Li"))
    sign_in(client, lead)
    form = {"kind": NEWS.code, "language": "en", "subject": "New: [what]", "body": "[reader]!"}

    client.post(ADD, form)
    draft = TextVersion.objects.get()
    page = f"/admin/notifications/textversion/{draft.pk}/"
    assert "New: steel" in client.get(f"{page}change/").content.decode()
    client.post(f"{page}propose/", {})
    own = client.post(f"{page}use/", {})
    assert "You proposed this wording" in own.content.decode()
    sign_in(client, UserFactory(is_staff=True, roles=["triage_lead"])).post(f"{page}use/", {})
    client.post(ADD, form)

    numbers = TextVersion.objects.order_by("number").values_list("number", "state")
    assert list(numbers) == [(1, "active"), (2, "draft")]
    assert [event.verb for event in audit.history(draft)] == ["use", "propose", "add"]
    assert client.post(f"{page}change/", form | {"subject": "x"}).status_code == 403


def test_a_strange_name_is_named_and_what_was_typed_is_kept(client, lead):
    sign_in(client, lead)
    form = {
        "kind": NEWS.code,
        "language": "en",
        "subject": "x",
        "body": "[secret] and [nobody]",
    }

    answer = client.post(ADD, form)

    errors = answer.context["adminform"].form.errors["body"]
    assert len(errors) == 2
    assert "[nobody]" in str(errors)
    assert "[what]" in str(errors)
    assert "[secret] and [nobody]" in answer.content.decode()
    assert TextVersion.objects.count() == 0


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, number, django_assert_num_queries):
    for n in range(number):
        version(number=n + 1)
    chen = UserFactory(is_staff=True)
    chen.user_permissions.set(Permission.objects.filter(codename="view_textversion"))
    sign_in(client, chen)
    client.get("/admin/notifications/textversion/")

    with django_assert_num_queries(6):
        client.get("/admin/notifications/textversion/")
