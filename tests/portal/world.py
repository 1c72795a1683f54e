"""One of everything, so that every door of the portal has something behind it.

What stands behind a door belongs to Li's enterprise, where there is a choice.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import Group
from django.core import signing
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core import audit, generated
from core.models import CalendarDay, CalendarYear
from enterprises import actions as enterprise_actions
from enterprises.actions import Mandate, Registration
from enterprises.models import Claim, Industry, Invitation, JoinRequest, Region, StaffScope
from notifications.models import ContactTask, Delivery, Notification, Robot, SuppressedAddress, TextVersion
from portal.indicators.models import PlanValue
from portal.personal_data.models import Closing, DataExport
from services.assessments import actions as assessment_actions
from services.assessments.models import Assessment, Campaign, FrameworkVersion
from services.assessments.views.sharing import SALT
from services.catalogue.models import Particular
from services.cloud.models import (
    Flag,
    Fund,
    LedgerEntry,
    Programme,
    Reconciliation,
    SpotDraw,
    SpotVisit,
    Voucher,
)
from services.industry import actions as industry_actions
from services.industry.actions import Attendee
from services.industry.models import CaseStudy, Need, Occasion, Park, Partner, Platform, Solution
from services.policies.actions import feed_tokens
from services.policies.models import (
    AlertDue,
    Barrier,
    Benefit,
    BenefitBatch,
    ErrorReport,
    FieldProposal,
    ItemMark,
    LinkState,
    Match,
    NoticeAttachment,
    NoticeMeasure,
    NoticeTelling,
    Opinion,
    OpinionAnswer,
    PolicyNotice,
    Reminder,
    SavedSearch,
    SearchFound,
    SynonymSet,
)
from services.requests import actions as request_actions
from services.requests.models import (
    Absence,
    Effect,
    RoutingRule,
    SavedReply,
    ServiceRequest,
    State,
    WorkloadCap,
)
from services.requests.notifications import tracking_key
from tests.factories import assessments as assessment_factory
from tests.factories import enterprises as enterprise_factory
from tests.factories import industry as industry_factory
from tests.factories import vouchers as voucher_factory
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.catalogue import ProviderFactory
from tests.factories.files import stored, upload
from tests.factories.policies import NoticeFactory, published
from tests.factories.requests import in_state, officer
from tests.portal import world_cloud
from tests.portal.walk import Door

ROLES = (
    "anonymous", "owner", "member", "viewer", "stranger", "ex_member", "triage", "publisher", "reviewer",
    "policymaker", "auditor", "superuser",
)  # fmt: skip


@dataclass
class World:
    """The people by role, and the values that fill the parameters of addresses."""

    people: dict[str, User | None]
    values: dict[str, str]
    objects: dict[str, int | str]

    def client(self, role: str) -> Client:
        """Sign the person of this role in, second factor included."""
        client = Client(raise_request_exception=False)
        person = self.people[role]
        return sign_in(client, person) if person else client

    def path(self, door: Door) -> str:
        """Fill in the address of a door."""
        named = {
            name: self.values[f"{door.name} {name}"]
            for name in door.parameters
            if f"{door.name} {name}" in self.values
        }
        common = {
            "object_id": self._object(door),
            "number": self._number(door),
            "pk": str(
                self.objects[
                    "policies/benefitbatch" if "benefitbatch" in door.route else "policies/policynotice"
                ]
            ),
        }
        return door.path(self.values | common | named)

    def _object(self, door: Door) -> str:
        return str(self.objects.get("/".join(door.route.split("/")[1:3]), 0))

    def _number(self, door: Door) -> str:
        for table in ("notifications/robot", "enterprises/membership"):
            if door.route.startswith(f"admin/{table}/"):
                return str(self.objects[table])
        return str(self.objects["catalogue/offering" if "offering" in door.route else "notifications/own"])


def build() -> World:
    """Build the world inside the present transaction."""
    cast = enterprise_factory.cast()
    former = UserFactory(name="Former", email="former@works.example")
    ended = enterprise_factory.MembershipFactory(enterprise=cast.enterprise, user=former, role="editor")
    enterprise_actions.remove_member(ended, by=cast.li)
    chen = officer("Chen")
    people: dict[str, User | None] = {
        "anonymous": None,
        "owner": cast.li,
        "member": cast.wang,
        "viewer": cast.guo,
        "stranger": cast.zhao,
        "ex_member": former,
        "triage": chen,
        **{role: _staff(role) for role in ("publisher", "reviewer", "policymaker", "auditor")},
        "superuser": User.objects.create_superuser("root@desk.example", "a very long password indeed"),
    }
    waiting = in_state(State.WAITING, cast.li, cast.enterprise, chen)
    request_actions.add_paper(waiting, upload(), basket="t", by=cast.li)
    request_actions.write(waiting, "见附件", by=cast.li, basket="t")
    draft = in_state(State.DRAFT, cast.li, cast.enterprise, chen)
    public = published(items=[{"criteria": []}], slug="lathe-subsidy")
    invitation = enterprise_actions.invite(
        cast.enterprise,
        "new@works.example",
        "editor",
        by=cast.li,
        mandate=Mandate("Accountants", timezone.localdate() + timedelta(days=30)),
    )
    claim = _claim(cast)
    cloud_values, cloud_rows = world_cloud.build(cast)
    return World(
        people=people,
        values=_values(cast, waiting, draft, public, invitation) | cloud_values,
        objects=_objects(cast, waiting, public, invitation, claim, chen) | cloud_rows,
    )


def _staff(role: str) -> User:
    return UserFactory(name=role.title(), email=f"{role}@desk.example", roles=[role])


def _claim(cast: enterprise_factory.Cast) -> Claim:
    registration = Registration(uscc=cast.enterprise.uscc, name=cast.enterprise.name)
    enterprise_actions.register(registration, by=cast.zhao)
    return Claim.objects.get(claimant=cast.zhao)


def _values(
    cast: enterprise_factory.Cast,
    waiting: ServiceRequest,
    draft: ServiceRequest,
    public: PolicyNotice,
    invitation: Invitation,
) -> dict[str, str]:
    assert waiting.offering
    licence = enterprise_actions.send_licence(cast.enterprise, upload(), by=cast.li)
    member = str(cast.enterprise.memberships.get(user=cast.wang).key)
    paper = NoticeAttachment.objects.create(notice=public, file=stored(name="form.pdf")).file.key
    benefit = Benefit.objects.create(item=public.items.get(), item_version=1, enterprise=cast.enterprise)
    feed, _secret = feed_tokens.make(cast.enterprise, name="phone", by=cast.li)
    agent = enterprise_factory.MembershipFactory(
        enterprise=cast.enterprise,
        user=UserFactory(name="Agent", email="agent@works.example"),
        role="editor",
        agency="Accountants",
        mandate_ends_at=timezone.now() + timedelta(days=30),
    )
    asker = UserFactory(name="Asker", email="asker@works.example")
    join = enterprise_actions.ask_to_join(cast.enterprise.uscc, note="Packing", by=asker)
    view = request_actions.save_view("等企业的", "state=waiting", by=waiting.holder)
    Effect.objects.create(service_request=waiting, answered_at=timezone.now())
    request_actions.agree_to_share(waiting, ["words"], by=cast.li)
    Particular.objects.create(offering=draft.offering, label_zh="几台？", label_en="How many?")
    special = {
        "key": {
            str(draft.key): ("requests:discard", "requests:submit", "requests:draft"),
            tracking_key(waiting): [
                f"requests:tracked{verb}"
                for verb in ("", "_done", "_write", "_withdraw", "_rate", "_reopen", "_file")
            ],
            str(invitation.key): ("enterprises:revoke", "enterprises:my_invitation"),
            str(join.key): ("enterprises:join_request", "enterprises:withdraw_join"),
            str(agent.key): ("enterprises:change_mandate",),
            str(feed.key): ("policies:feed_revoke",),
            str(_copy(cast).key): ("personal_data:download",),
            str(view.key): [
                f"admin:service_requests_servicerequest_{verb}_view" for verb in ("share", "drop")
            ],
            str(benefit.key): [f"policies:benefit{verb}" for verb in ("", "_decline", "_revoke")],
            member: [f"enterprises:{verb}" for verb in ("change_role", "remove_member", "hand_over")],
        },
        "file": {
            paper: ("policies:attachment", "admin:policies_policynotice_file"),
            licence.file.key: ("enterprises:licence_file", "enterprises:licence_desk_file"),
        },
        "slug": {
            waiting.offering.slug: ("catalogue:detail", "catalogue:watch"),
            public.slug: [
                f"policies:{page}"
                for page in (
                    "detail",
                    "version",
                    "pack",
                    "mark",
                    "dismiss",
                    "report",
                    "opinion",
                    "attachment",
                )
            ]
            + ["api:policy"],
            "figures": ("enterprises:register_step", "enterprises:profile_edit"),
            "register": ("help_page",),
        },
        "version": {settings.PRIVACY_VERSION: ("privacy_edition",)},
    }
    named = {
        f"{door} {name}": value
        for name, doors in special.items()
        for value, names in doors.items()
        for door in names
    }
    return {
        **named,
        **_of_assessments(cast),
        **_of_vouchers(cast),
        **world_cloud.conversions(cast),
        **_of_industry(cast),
        "policies:version number": "1",
        "policies:pack number": "1",
        "reference": str(waiting.reference),
        "file": waiting.attachments.get().file.key,
        "key": "no-such-key",
        "slug": "no-such-page",
        "token": "no-such-token",
        "secret": "no-such-secret",
        "uscc": cast.enterprise.uscc,
        "division": "27",
        "step": "need",
        "app_label": "policies",
        "job": "portal.watch",
        "url": "no-such-page",
        "uidb36": "1",
        "table": "months",
        "kind": "xlsx",
        "day": "2020-01-01",
        "rest": "no-such-list",
    }


def _copy(cast: enterprise_factory.Cast) -> DataExport:
    """Make a copy of Li's data that can be taken away."""
    copy = DataExport.objects.create(
        user=cast.li, state="ready", ready_at=Now(), expires_at=timezone.now() + timedelta(days=7)
    )
    generated.put(copy.path, b"PK")
    return copy


def _desk_tables(chen: User, row: ServiceRequest) -> dict[str, int | str]:
    """What the triage lead keeps: a task, rules, absences, limits, saved replies."""
    day, lead = date(2020, 1, 1), officer("Lead", role="triage_lead")
    return {
        "service_requests/assignment": request_actions.involve(row, chen, "请看看报价。", by=lead).pk,
        "service_requests/routingrule": RoutingRule.objects.create(
            name="Old", is_active=False, to_group="cloud"
        ).pk,
        "service_requests/absence": Absence.objects.create(user=chen, from_on=day, to_on=day).pk,
        "service_requests/savedreply": SavedReply.objects.create(
            title="Thanks", purpose="reply", text_zh="谢谢。", text_en="Thank you."
        ).pk,
        "service_requests/workloadcap": WorkloadCap.objects.create(user=chen, limit=1000).pk,
    }


def _draft_with_file(public: PolicyNotice) -> PolicyNotice:
    """Make a draft that shows the same file as the public notice, as a correction does."""
    draft: PolicyNotice = NoticeFactory(slug="draft-notice")
    NoticeAttachment.objects.create(notice=draft, file=public.attachments.get().file)
    return draft


def _batch(cast: enterprise_factory.Cast) -> dict[str, int | str]:
    """Hand one benefit of Li's enterprise to the authority."""
    item = published(items=[{"criteria": []}], slug="automatic-subsidy").items.get()
    batch = BenefitBatch.objects.create(item=item, size=1)
    sent = Benefit.objects.create(
        item=item, item_version=1, enterprise=cast.enterprise, state="sent", batch=batch, agreed_at=Now()
    )
    return {"policies/benefit": sent.pk, "policies/benefitbatch": batch.pk}


def _ledgers(cast: enterprise_factory.Cast, public: PolicyNotice) -> dict[str, int | str]:
    """Enter one row in each ledger of what readers follow."""
    item, day = public.items.get(), date(2030, 1, 1)
    mine = {"enterprise": cast.enterprise, "item": item}
    search = SavedSearch.objects.create(user=cast.li, name="Lathes", frequency="weekly", confirmed_at=Now())
    rows: dict[str, Any] = {
        "match": Match.objects.create(**mine, item_version=1),
        "itemmark": ItemMark.objects.create(**mine, notice=public, standing="saved", by=cast.li),
        "savedsearch": search,
        "searchfound": SearchFound.objects.create(
            search=search, notice=public, notice_version=1, address="li@works.example", due_on=day
        ),
        "alertdue": AlertDue.objects.create(**mine, user=cast.li, item_version=1, due_on=day),
        "reminder": Reminder.objects.create(**mine, user=cast.li, closes_on=day, days=7),
        "noticetelling": NoticeTelling.objects.create(notice=public, version=1, event="published"),
    }
    return {f"policies/{name}": row.pk for name, row in rows.items()}


def _opinions(cast: enterprise_factory.Cast, public: PolicyNotice) -> int:
    """Let one opinion be answered in public, another wait; count the notice; return the one that waits."""
    say = {"notice": public, "enterprise": cast.enterprise, "author": cast.li}
    answer = OpinionAnswer.objects.create(notice=public, topic="amount", said_zh="太少", answer_zh="明年提高")
    Opinion.objects.create(
        **say, topic="amount", text="太少", state="answered", answer=answer, settled_at=Now()
    )
    NoticeMeasure.objects.create(notice=public, matched=9, measured_at=Now())
    Barrier.objects.create(
        item=public.items.get(), place=1, alone=312,
        gate={"fact": "employees", "op": "at_least", "values": [20]},
    )  # fmt: skip
    return Opinion.objects.create(**say, topic="time", text="时间太短").pk


def _relations(public: PolicyNotice) -> dict[str, int | str]:
    """Tie the public notice and its item to others."""
    other = published(items=[{"criteria": []}], slug="lathe-subsidy-of-the-province")
    item, beside = public.items.get(), other.items.get()
    return {
        "policies/policyitem": item.pk,
        "policies/itemdocument": item.documents.create(name_zh="营业执照").pk,
        "policies/noticerelation": public.relations.create(kind="implements", other=other).pk,
        "policies/itemrelation": item.relations.create(kind="excludes", other=beside).pk,
    }


def _of_assessments(cast: enterprise_factory.Cast) -> dict[str, str]:
    """Give the values of the digital factory: a finished round with a link, and a draft."""
    finished = assessment_factory.finished(cast.enterprise, cast.li)
    link = assessment_actions.share(finished, days=7, by=cast.li)
    draft = assessment_factory.draft(cast.enterprise, cast.li, code="dma")
    paper = assessment_actions.add_file(finished, "q01", upload(), by=cast.li)
    on_evidence = ("evidence", "evidence_remove", "evidence_file", "evidence_desk_file")
    on_drafts = ("detail", "section", "owner", "check", "finish", "discard")
    return {
        **{f"assessments:{name} reference": draft.reference for name in on_drafts},
        **{
            f"assessments:{name} reference": finished.reference
            for name in ("result", "share", "revoke", "pdf", "evidence_list", *on_evidence)
        },
        **{f"assessments:{name} item": "q01" for name in ("evidence", "evidence_remove")},
        **{f"assessments:{name} key": str(paper.key) for name in on_evidence if name != "evidence"},
        **{f"assessments:{name} section": "d1" for name in ("section", "owner")},
        "assessments:revoke key": str(link.key),
        "assessments:shared token": signing.dumps(str(link.key), salt=SALT),
        "assessments:begin code": "miit",
        **{
            f"admin:assessments_frameworkversion_{page} code": "miit"
            for page in ("distribution", "distribution_sheet")
        },
    }


def _running_campaign(cast: enterprise_factory.Cast, by: User) -> Campaign:
    """Launch a campaign that has invited Li's enterprise."""
    row = assessment_factory.campaign(by, state="running", launched_at=timezone.now())
    row.invitations.create(enterprise=cast.enterprise, told_at=timezone.now())
    return row


def _of_vouchers(cast: enterprise_factory.Cast) -> dict[str, str]:
    """Give the values of the voucher pages: one of Li's in each state a page is about."""
    found = voucher_factory.for_every_page(cast.enterprise, cast.li)
    pages = {
        "draft": ("quote", "check"),
        "returned": ("answer",),
        "issued": ("use", "extend", "withdraw"),
        "in_use": ("claim", "file", "desk_file"),
    }
    values = {
        f"cloud:voucher_{page} reference": found[state].reference
        for state, names in pages.items()
        for page in names
    }
    paper = found["in_use"].quote_file
    assert paper
    return {
        **values,
        "cloud:voucher reference": found["issued"].reference,
        "cloud:provider_claim reference": found["in_use"].reference,
        "cloud:voucher_begin programme": found["issued"].programme.slug,
        "cloud:voucher_file file": paper.key,
        "cloud:voucher_desk_file file": paper.key,
    }


def _voucher_tables() -> dict[str, int | str]:
    """What the desk shows of the vouchers' money; built by `_of_vouchers` before."""
    return {
        f"cloud/{model._meta.model_name}": model._default_manager.latest("pk").pk
        for model in (Programme, Fund, Voucher, LedgerEntry, Reconciliation, Flag, SpotDraw, SpotVisit)
    }


def _of_industry(cast: enterprise_factory.Cast) -> dict[str, str]:
    """Give the values of industrial services: one of each page, and what Li's enterprise has there."""
    lead = officer("Keeper", role="triage_lead")
    partner = industry_factory.PartnerFactory(slug="jiaozhou-park")
    case = industry_factory.consented(lead, enterprise=cast.enterprise)
    occasion = industry_factory.OccasionFactory()
    place = industry_actions.book(occasion, Attendee("Li"), enterprise=cast.enterprise, by=cast.li)
    past = industry_factory.OccasionFactory(over=True)
    been = past.bookings.create(
        enterprise=cast.enterprise, booked_by=cast.li, attendee_name="Li", state="booked"
    )
    need = industry_factory.on_board(cast.enterprise, cast.li, lead)
    answer = industry_actions.pass_on_answer(need, provider=ProviderFactory(), words="Yes", by=lead)
    waiting = industry_actions.post_need(industry_factory.need_text(), enterprise=cast.enterprise, by=cast.li)
    return {
        "industry:platform slug": industry_factory.PlatformFactory().slug,
        "industry:park slug": partner.park.slug,
        "park_portal slug": partner.park.slug,
        "widget slug": partner.slug,
        "industry:problem code": "scrap",
        "industry:solution slug": industry_factory.SolutionFactory().slug,
        "industry:provider slug": case.provider.slug,
        **{f"industry:{name} slug": case.slug for name in ("case", "withdraw_consent")},
        **{f"industry:{name} slug": occasion.slug for name in ("occasion", "occasion_ics", "book", "cancel")},
        "industry:cancel key": str(place.key),
        "industry:feedback slug": past.slug,
        "industry:feedback key": str(been.key),
        **{f"industry:{name} reference": need.reference for name in ("need", "close", "answer")},
        "industry:answer key": str(answer.key),
        "industry:answer verb": "welcome",
        "industry:change reference": waiting.reference,
    }


def _desk_of_industry() -> dict[str, int | str]:
    """Give the newest row of each table of industrial services."""
    tables = (Need, Occasion, Park, Partner, Platform, Solution, CaseStudy)
    return {f"industry/{table._meta.model_name}": table.objects.latest("pk").pk for table in tables}


def _objects(
    cast: enterprise_factory.Cast,
    waiting: ServiceRequest,
    public: PolicyNotice,
    invitation: Invitation,
    claim: Claim,
    chen: User,
) -> dict[str, int | str]:
    offering: Any = waiting.offering
    own = Notification.objects.filter(recipient=cast.li).latest("pk")
    return {
        "core/event": audit.record(waiting, "looked_at", by=chen).pk,
        "core/calendarday": str(CalendarDay.objects.earliest("day").pk),
        "core/calendaryear": CalendarYear.objects.earliest("year").pk,
        "notifications/notification": own.pk,
        "notifications/own": own.pk,
        "notifications/suppressedaddress": SuppressedAddress.objects.create(
            address="gone@works.example", state="suppressed"
        ).pk,
        "notifications/textversion": TextVersion.objects.create(
            kind="requests.replied", language="en", subject="A reply", body="[text]"
        ).pk,
        "notifications/robot": Robot.objects.create(name="Triage", provider="wecom").pk,
        "notifications/contacttask": ContactTask.objects.create(
            address="gone@works.example", recipient=cast.guo, why="550"
        ).pk,
        "notifications/delivery": Delivery.objects.filter(notification=own).latest("pk").pk,
        "accounts/user": cast.li.pk,
        "auth/group": Group.objects.get(name="auditor").pk,
        "usersessions/usersession": UserSession.objects.count(),
        "enterprises/enterprise": cast.enterprise.pk,
        "enterprises/claim": claim.pk,
        "enterprises/membership": cast.enterprise.memberships.get(user=cast.wang).pk,
        "enterprises/invitation": invitation.pk,
        "enterprises/joinrequest": JoinRequest.objects.latest("pk").pk,
        "enterprises/staffscope": StaffScope.objects.create(user=chen).pk,
        "enterprises/region": Region.objects.earliest("code").pk,
        "enterprises/zone": enterprise_factory.ZoneFactory(
            code="qd-ftz", places=[{"region_id": "370211"}]
        ).pk,
        "enterprises/industry": Industry.objects.earliest("code").pk,
        "catalogue/offering": offering.pk,
        "catalogue/provider": offering.provider_id,
        "service_requests/servicerequest": waiting.pk,
        "personal_data/closing": Closing.objects.create(user=cast.wang, due_at=Now(), undone_at=Now()).pk,
        "indicators/planvalue": PlanValue.objects.create(
            code="platforms", value=40, as_of="2025-12-31", source="统计公报"
        ).pk,
        **_desk_tables(chen, waiting),
        **_voucher_tables(),
        **world_cloud.conversion_tables(),
        **_desk_of_industry(),
        "assessments/assessment": Assessment.objects.finished().latest("pk").pk,
        "assessments/campaign": _running_campaign(cast, chen).pk,
        "assessments/frameworkversion": FrameworkVersion.objects.latest("pk").pk,
        "policies/policynotice": _draft_with_file(public).pk,
        "policies/synonymset": SynonymSet.objects.earliest("pk").pk,
        "policies/fieldproposal": FieldProposal.objects.create(
            notice=public, field="contact", value="12345", digest="0", row=3
        ).pk,
        **_ledgers(cast, public),
        **_relations(public),
        **_batch(cast),
        "policies/linkstate": LinkState.objects.create(notice=public, url="https://apply.example/").pk,
        "policies/errorreport": ErrorReport.objects.create(notice=public, about="summary", text="写错了").pk,
        "policies/opinion": _opinions(cast, public),
    }
