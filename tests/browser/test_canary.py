"""C-16: a line that would run as script stands in every text field, and everybody opens every page.

The content policy is switched off in this browser, so that a line that got through would really run.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.models.functions import Now
from playwright.sync_api import Page

from enterprises.models import Invitation, Membership
from notifications.models import Delivery, Notification
from services.cloud.models import Rating
from services.policies.models import Benefit, BenefitBatch, ItemMark, PolicyNotice
from services.requests import actions as requests
from services.requests.models import Message, ServiceRequest
from tests.browser.rounds import come_in, readable, speak
from tests.factories.policies import ItemFactory
from tests.factories.requests import draft, submitted
from tests.portal.world import World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]

CANARY = '"><img src=x onerror=alert(1)>'
# Every field that takes whatever somebody types, by model.
PLANTED = {
    "assessments.Campaign": ["name_zh", "name_en"],
    "assessments.Evidence": ["note"],
    "assessments.Share": ["note"],
    "accounts.User": ["name", "phone"],
    "catalogue.Offering": [
        "name_zh", "name_en", "description_zh", "description_en", "deliverable_zh", "deliverable_en",
        "price_note_zh", "price_note_en", "pause_note_zh", "pause_note_en",
    ],
    "catalogue.Particular": ["label_zh", "label_en", "hint_zh", "hint_en", "choices_zh", "choices_en"],
    "cloud.CloudProduct": [
        "name_zh", "name_en", "summary_zh", "summary_en", "exit_terms_zh", "exit_terms_en",
    ],
    "cloud.Conversion": ["goal", "contractor", "contract_number", "asked", "batch", "finding"],
    "cloud.ConversionScheme": ["title_zh", "title_en", "summary_zh", "summary_en", "basis"],
    "cloud.Listing": ["about_zh", "about_en", "phone"],
    "cloud.ListingCheck": ["note"],
    "cloud.OnboardingStep": ["note"],
    "cloud.PriceVersion": ["note"],
    "cloud.Rating": ["words", "reply"],
    "cloud.Sanction": ["reason_zh", "reason_en", "appeal_text", "answer"],
    "cloud.TierAward": ["reason"],
    "cloud.UseCheck": ["words", "return_reason", "visit_note"],
    "cloud.Flag": ["note"],
    "cloud.Programme": ["title_zh", "title_en", "summary_zh", "summary_en", "basis"],
    "cloud.Spending": ["what", "invoice_number"],
    "cloud.SpotVisit": ["report"],
    "cloud.Voucher": ["quote_number", "answer", "asked", "contract_number", "batch", "finding"],
    "cloud.VoucherClaim": ["invoice_number"],
    "catalogue.Provider": ["name_zh", "name_en", "about_zh", "about_en"],
    "core.CalendarDay": ["name"],
    "core.CalendarYear": ["source"],
    "core.JobRun": ["error"],
    "core.StoredFile": ["name", "threat"],
    "enterprises.Enterprise": ["name", "contact_name", "contact_phone"],
    "enterprises.Industry": ["name_zh", "name_en"],
    "enterprises.JoinRequest": ["note"],
    "enterprises.Region": ["name_zh", "name_en"],
    "enterprises.Zone": ["name_zh", "name_en", "basis"],
    "indicators.PlanValue": ["source"],
    "industry.Answer": ["words"],
    "industry.Booking": ["attendee_name", "rating_words"],
    "industry.CaseFigure": ["label_zh", "label_en", "unit_en"],
    "industry.CaseStudy": [
        "called_zh", "called_en", "title_zh", "title_en", "problem_zh", "problem_en", "done_zh", "done_en",
        "consent_by",
    ],
    "industry.Need": ["title", "body", "quantity", "contact_name", "returned_reason"],
    "industry.Occasion": [
        "title_zh", "title_en", "about_zh", "about_en", "venue_zh", "venue_en", "called_off_reason",
    ],
    "industry.Park": ["name_zh", "name_en", "about_zh", "about_en", "source_zh", "source_en"],
    "industry.Partner": ["name_zh", "name_en", "greeting_zh", "greeting_en"],
    "industry.Platform": [
        "name_zh", "name_en", "about_zh", "about_en", "source_zh", "source_en", "operator", "city_zh",
        "city_en",
    ],
    "industry.Solution": [
        "name_zh", "name_en", "summary_zh", "summary_en", "steps_zh", "steps_en", "needs_zh", "needs_en",
    ],
    "notifications.ChannelPause": ["error"],
    "notifications.ContactTask": ["why"],
    "notifications.Delivery": ["error"],
    "notifications.SuppressedAddress": ["reason"],
    "notifications.Robot": ["name", "error"],
    "notifications.TextVersion": ["subject", "body"],
    "policies.Benefit": ["refusal"],
    "policies.ErrorReport": ["text"],
    "policies.FeedToken": ["name"],
    "policies.ItemDocument": ["name_zh", "name_en", "issuer_zh", "issuer_en"],
    "policies.ItemExample": ["label", "note"],
    "policies.ItemMark": ["words"],
    "policies.ItemRelation": ["source"],
    "policies.NoticeAttachment": ["title_zh", "title_en"],
    "policies.NoticeVersion": ["note_zh", "note_en"],
    "policies.Opinion": ["text"],
    "policies.OpinionAnswer": ["said_zh", "said_en", "answer_zh", "answer_en"],
    "policies.PolicyItem": [
        "title_zh", "title_en", "amount_note_zh", "amount_note_en", "window_note_zh", "window_note_en",
        "steps_zh", "steps_en",
    ],
    "policies.PolicyNotice": [
        "title_zh", "title_en", "issuer_zh", "issuer_en", "document_number", "summary_zh", "summary_en",
        "body_zh", "source_quality", "evidence", "contact", "correction_note_zh", "correction_note_en",
    ],
    "policies.SavedSearch": ["name"],
    "policies.SynonymSet": ["note"],
    "service_requests.Assignment": ["task", "answer"],
    "service_requests.Effect": ["words"],
    "service_requests.Message": ["text"],
    "service_requests.RoutingRule": ["name", "words"],
    "service_requests.SavedReply": ["title", "text_zh", "text_en"],
    "service_requests.SavedView": ["name"],
    "service_requests.ServiceRequest": [
        "subject", "body", "contact_name", "contact_phone", "source_label", "outcome", "refusal_reason",
        "rating_words",
    ],
}  # fmt: skip
# Text columns that only the portal itself writes: codes, keys, addresses it has checked, digests.
OWN = {
    "assessments.Evidence": ["link"],
    "assessments.FrameworkVersion": ["digest", "text"],
    "assessments.SectionOwner": ["section"],
    "indicators.Measurement": ["group"],
    "indicators.PlanValue": ["source_url"],
    "core.Event": ["actor_role", "verb", "subject_type", "before", "after", "detail_hash"],
    "core.StoredFile": ["key", "content_type", "sha256", "purpose"],
    "core.FormToken": ["token", "purpose", "owner", "result"],
    "core.Draft": ["kind", "key"],
    "core.ParkedForm": ["action", "key"],
    "core.Counter": ["series"],
    "core.Miss": ["place", "words"],
    "core.Limit": ["key"],
    "core.Watermark": ["job", "period"],
    "core.EventSeal": ["hash"],
    "core.JobRun": ["name"],
    "notifications.Notification": ["kind", "address", "subject_code", "url", "dedupe_key"],
    "notifications.Delivery": ["message_id"],
    "notifications.Preference": ["kind"],
    "notifications.SuppressedAddress": ["address"],
    "notifications.Robot": ["sealed_key", "sealed_secret"],
    "notifications.TextVersion": ["kind"],
    "notifications.ContactTask": ["address", "subject_code"],
    "notifications.StoppedAddress": ["address", "kind"],
    "accounts.User": ["password", "email"],
    # The agency of a mandate is planted where there is a mandate: elsewhere it must be empty.
    "enterprises.Invitation": ["email", "token_hash", "agency"],
    "enterprises.Membership": ["agency"],
    "enterprises.Fact": ["code"],
    "enterprises.StaffScope": ["group"],
    "cloud.LedgerEntry": ["reason"],
    "cloud.Spending": ["invoice_key"],
    "cloud.SpotDraw": ["seed"],
    "cloud.VoucherClaim": ["invoice_key"],
    "catalogue.Provider": ["contact_email", "website"],
    "industry.Need": ["contact_email"],
    "industry.Occasion": ["join_url"],
    "industry.Park": ["website"],
    "industry.Partner": ["contact_email"],
    "industry.Platform": ["website"],
    "catalogue.Offering": ["page"],
    "catalogue.Capability": ["code"],
    "cloud.Listing": ["website"],
    "service_requests.ServiceRequest": ["group", "contact_email", "source_url", "text_hash"],
    "policies.PolicyNotice": ["document_number_key"],
    "policies.Benefit": ["published_url"],
    "policies.PolicyItem": ["apply_url"],
    "policies.NoticeSearch": ["text"],
    "policies.AlertDue": ["letter"],
    "policies.ErrorReport": ["email"],
    "policies.FeedToken": ["secret_hash"],
    "policies.FieldProposal": ["field", "digest"],
    "policies.Issuer": ["name_zh", "name_en"],
    "policies.ItemDocument": ["fact"],
    "policies.LinkState": ["url"],
    "policies.SavedSearch": ["address", "query"],
    "policies.SearchFound": ["address"],
    "service_requests.Attachment": ["basket"],
    "service_requests.SavedView": ["query"],
}
STAFF = ("triage", "publisher", "reviewer", "policymaker", "auditor", "superuser")
OF_A_MEMBER = ["/enterprise/", "/requests/"]
ROOMS = {
    "anonymous": ["/"],
    "owner": ["/"],
    "member": OF_A_MEMBER,
    "viewer": OF_A_MEMBER,
    "stranger": ["/enterprise/", "/policies/"],
    **{role: ["/admin/"] for role in STAFF},
}


def is_text(field: Any) -> bool:
    """Tell whether a column can hold the line at all."""
    return (
        isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.SlugField)
        and not field.choices
        and (field.max_length is None or field.max_length >= len(CANARY))
    )


def test_every_text_column_is_planted_or_known_to_be_written_by_the_portal() -> None:
    rooms = {label.split(".")[0] for label in PLANTED | OWN}
    found = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model._meta.app_label in rooms
        for field in model._meta.concrete_fields
        if is_text(field)
    }

    assert found == {(label, name) for table in (PLANTED, OWN) for label in table for name in table[label]}


@pytest.fixture
def world(transactional_db: None) -> World:
    """One of everything, then the line in every text of it."""
    world = build()
    plant_conversations(world)
    bring_to_words()
    for label, names in PLANTED.items():
        apps.get_model(label)._base_manager.update(**dict.fromkeys(names, CANARY))
    for table in (Invitation, Membership):
        table.objects.exclude(agency="").update(agency=CANARY)
    for notification in Notification.objects.all():
        notification.context = planted(notification.context)
        notification.save(update_fields=["context"])
    Message.objects.exclude(asks=[]).update(asks=[CANARY])
    PolicyNotice.objects.update(sources=[CANARY])
    Delivery.objects.update(state=Delivery.State.FAILED)
    return world


def bring_to_words() -> None:
    """Bring rows into the state in which their tables allow the words to stand."""
    Rating.objects.update(replied_at=Now())
    ItemMark.objects.update(standing="dismissed", reason="other")
    Benefit.objects.update(
        state="refused", refusal=CANARY, agreed_at=Now(), batch=BenefitBatch.objects.latest("pk")
    )


def plant_conversations(world: World) -> None:
    """Add a request that was refused and one that was rated, with what was said, and an item to claim."""
    li, chen = world.people["owner"], world.people["triage"]
    row = ServiceRequest.objects.submitted().earliest("pk")
    assert li
    assert row.enterprise
    refused = submitted(li, row.enterprise, subject=CANARY, body=CANARY)
    requests.note(refused, CANARY, by=chen)
    requests.refuse(refused, CANARY, by=chen)
    done = requests.take(submitted(li, row.enterprise, subject=CANARY), by=chen)
    requests.reply(done, CANARY, by=chen)
    requests.rate(requests.resolve(done, CANARY, by=chen), 1, CANARY, by=li)
    draft(li, row.enterprise, subject=CANARY)
    ItemFactory(notice_id=world.objects["policies/policynotice"])


def planted(value: Any) -> Any:
    """Put the line into every text of a nested value; references and addresses stay."""
    if isinstance(value, dict):
        return {key: planted(one) for key, one in value.items()}
    if isinstance(value, list):
        return [planted(one) for one in value]
    return CANARY if isinstance(value, str) and value and not value.startswith(("/", "http")) else value


def test_a_line_that_got_through_would_be_noticed(new_page: Open) -> None:
    page = new_page(bypass_csp=True)
    page.watch.allow("")
    page.on("dialog", lambda dialog: dialog.dismiss())

    page.set_content(f'<p title="{CANARY}">')
    page.wait_for_timeout(300)

    assert page.locator("img[src=x]").count() == 1
    assert "dialog: 1" in page.watch.faults


@pytest.mark.parametrize("role", ROOMS)
def test_the_line_never_runs(live_server: Any, new_page: Open, world: World, role: str) -> None:
    speak(world, role, "en")
    page = come_in(new_page(bypass_csp=True), live_server.url, world.client(role))
    page.on("dialog", lambda dialog: dialog.dismiss())
    seen, ran = 0, []

    for path in readable(world, role, "en", ROOMS[role]):
        page.goto(f"{live_server.url}{path}")
        if page.locator("img[src=x]").count() or page.watch.unexpected:
            ran.append((path, page.watch.unexpected))
        seen += CANARY in page.content().replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')

    assert ran == []
    assert seen > 2
