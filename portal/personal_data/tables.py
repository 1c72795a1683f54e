"""Every table of the portal, and what of people and enterprises stands in it: one registry.

It decides what is handed out to the person and to the owner of an enterprise, what becomes of a row when an
account is closed, and how long it is kept. Tests walk all models and fail for a table, a foreign key to a
person or an enterprise, or a column with a name or an address that nobody has decided about.
"""

from collections.abc import Iterator

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from portal.personal_data.table import Kept, Table


def _public(*models: str) -> Iterator[Table]:
    return (Table(model, Kept.PUBLIC) for model in models)


def _office(model: str, *staff: str, kept: Kept = Kept.OFFICE) -> Table:
    return Table(model, kept, staff=staff)


_REQUEST = "service_request__enterprise"
_NUMBERED = Concat(Value("#"), Cast("pk", CharField()))

TABLES: tuple[Table, ...] = (
    # accounts
    Table("accounts.User", Kept.ACCOUNT, people=("pk",), withheld=("password",)),
    Table("accounts.User_groups", Kept.ACCOUNT, people=("user",), handed_out=False, goes=True),
    Table("accounts.User_user_permissions", Kept.ACCOUNT, people=("user",), handed_out=False, goes=True),
    Table("account.EmailAddress", Kept.ACCOUNT, people=("user",), goes=True),
    Table(
        "account.EmailConfirmation",
        Kept.ACCOUNT,
        people=("email_address__user",),
        withheld=("key",),
        goes=True,
    ),
    Table("mfa.Authenticator", Kept.ACCOUNT, people=("user",), withheld=("data",), goes=True),
    Table("usersessions.UserSession", Kept.ACCOUNT, people=("user",), withheld=("session_key",), goes=True),
    Table("sessions.Session", Kept.SWEPT),
    Table("admin.LogEntry", Kept.OFFICE, staff=("user",)),
    *_public("auth.Permission", "auth.Group_permissions", "auth.Group", "contenttypes.ContentType"),
    # core
    Table("core.Draft", Kept.ACCOUNT, people=("owner",), goes=True),
    Table(
        "core.StoredFile",
        Kept.CASE,
        people=("uploaded_by",),
        withheld=("key", "sha256", "scan_tries", "scan_after"),
    ),
    Table("core.Event", Kept.CASE, numbers=("actor_id",), withheld=("detail_hash",)),
    Table("core.EventDetail", Kept.CASE, numbers=("event__actor_id",), handed_out=False),
    Table("core.FormToken", Kept.SWEPT),
    Table("core.ParkedForm", Kept.SWEPT),
    Table("core.Limit", Kept.SWEPT),
    *_public(
        "core.CalendarDay", "core.CalendarYear", "core.Counter", "core.Miss", "core.Watermark",
        "core.EventSeal", "core.JobRun",
    ),
    # notifications
    Table(
        "notifications.Notification",
        Kept.ACCOUNT,
        people=("recipient",),
        emails=("address",),
        withheld=("dedupe_key", "text_version"),
        goes=True,
    ),
    Table(
        "notifications.Delivery",
        Kept.ACCOUNT,
        people=("notification__recipient",),
        emails=("notification__address",),
        withheld=("message_id", "leased_until", "attempts", "digest"),
        goes=True,
    ),
    Table("notifications.Preference", Kept.ACCOUNT, people=("user",), goes=True),
    Table("notifications.QuietHours", Kept.ACCOUNT, people=("user",), goes=True),
    Table("notifications.ContactTask", Kept.ACCOUNT, people=("recipient",), emails=("address",), goes=True),
    Table("notifications.SuppressedAddress", Kept.ACCOUNT, emails=("address",), goes=True),
    Table("notifications.StoppedAddress", Kept.ACCOUNT, emails=("address",), goes=True),
    _office("notifications.TextVersion", "proposed_by"),
    _office("notifications.Robot_people", "user"),
    *_public("notifications.Robot", "notifications.ChannelPause"),
    # enterprises
    *_public("enterprises.Region", "enterprises.Industry"),
    Table("enterprises.Enterprise", Kept.ENTERPRISE, enterprise="pk", withheld=("matched_at",)),
    _office("enterprises.EnterpriseMerge", "merged_by"),
    Table("enterprises.Membership", Kept.CASE, people=("user",), enterprise="enterprise", withheld=("key",)),
    Table(
        "enterprises.Invitation",
        Kept.ACCOUNT,
        people=("invited_by",),
        emails=("email",),
        enterprise="enterprise",
        withheld=("token_hash", "key"),
        goes=True,
    ),
    Table("enterprises.Claim", Kept.CASE, people=("claimant",), cleared={"answers": {}}),
    Table(
        "enterprises.JoinRequest",
        Kept.ACCOUNT,
        people=("asked_by",),
        enterprise="enterprise",
        withheld=("key",),
        goes=True,
    ),
    *_public("enterprises.Zone", "enterprises.ZonePlace"),
    Table("enterprises.Fact", Kept.ENTERPRISE, enterprise="enterprise", people=("recorded_by",)),
    Table("enterprises.EnterpriseFacet", Kept.ENTERPRISE, enterprise="enterprise", handed_out=False),
    Table("enterprises.StaffScope", Kept.ACCOUNT, people=("user",), goes=True),
    Table("enterprises.Licence", Kept.CASE, people=("sent_by",), enterprise="enterprise"),
    # catalogue
    *_public(
        "catalogue.Provider", "catalogue.Offering", "catalogue.Capability", "catalogue.Particular",
    ),
    Table("catalogue.PauseWatch", Kept.ACCOUNT, people=("user",), goes=True),
    # requests
    Table(
        "service_requests.ServiceRequest",
        Kept.CASE,
        people=("requester",),
        emails=("contact_email",),
        enterprise="enterprise",
        staff=("holder",),
        withheld=("suspicion", "is_suspect", "text_hash", "key", "warn_at", "clock_from"),
        cleared={"contact_name": "", "contact_email": "", "contact_phone": ""},
    ),
    Table(
        "service_requests.Message",
        Kept.CASE,
        people=("author", "service_request__requester"),
        enterprise=_REQUEST,
        only=Q(is_internal=False),
    ),
    Table(
        "service_requests.Attachment",
        Kept.CASE,
        people=("added_by", "service_request__requester"),
        enterprise=_REQUEST,
        withheld=("basket", "told_at"),
        only=Q(message=None) | Q(message__is_internal=False),
    ),
    Table("service_requests.Effect", Kept.CASE, people=("answered_by",), enterprise=_REQUEST),
    Table(
        "service_requests.Sharing",
        Kept.CASE,
        people=("agreed_by", "revoked_by"),
        enterprise=_REQUEST,
    ),
    Table("service_requests.DroppedDraft", Kept.ACCOUNT, people=("requester",), withheld=("key",), goes=True),
    Table(
        "service_requests.Follower",
        Kept.ACCOUNT,
        people=("user",),
        enterprise=_REQUEST,
        staff=("added_by",),
        goes=True,
    ),
    Table("service_requests.SavedView", Kept.ACCOUNT, people=("owner",), goes=True),
    Table("service_requests.Absence", Kept.ACCOUNT, people=("user",), staff=("delegate",), goes=True),
    Table("service_requests.WorkloadCap", Kept.ACCOUNT, people=("user",), goes=True),
    _office("service_requests.Assignment", "holder", "assigned_by"),
    _office("service_requests.Merge", "merged_by"),
    _office("service_requests.RoutingRule", "officer"),
    _office("service_requests.RoutingRule_team", "user"),
    *_public(
        "service_requests.Escalation", "service_requests.SavedReply", "service_requests.RoutingChoice",
    ),
    # policies
    Table("policies.Match", Kept.ENTERPRISE, enterprise="enterprise"),
    Table("policies.Benefit", Kept.CASE, people=("agreed_by",), enterprise="enterprise"),
    Table(
        "policies.Opinion",
        Kept.CASE,
        people=("author",),
        enterprise="enterprise",
        cleared={"author": None},
    ),
    _office("policies.OpinionAnswer", "answered_by"),
    *_public("policies.NoticeMeasure", "policies.Barrier", "policies.NoticeReading"),
    Table("policies.ItemMark", Kept.ENTERPRISE, people=("by",), enterprise="enterprise"),
    Table(
        "policies.FeedToken",
        Kept.ACCOUNT,
        people=("user",),
        enterprise="enterprise",
        withheld=("secret_hash",),
        goes=True,
    ),
    Table("policies.SavedSearch", Kept.ACCOUNT, people=("user",), emails=("address",), goes=True),
    Table(
        "policies.SearchFound",
        Kept.ACCOUNT,
        people=("search__user",),
        emails=("address",),
        goes=True,
    ),
    Table("policies.AlertChoice", Kept.ACCOUNT, people=("user",), goes=True),
    Table("policies.AlertDue", Kept.ACCOUNT, people=("user",), enterprise="enterprise", goes=True),
    Table("policies.Reminder", Kept.ACCOUNT, people=("user",), enterprise="enterprise", goes=True),
    Table(
        "policies.ErrorReport",
        Kept.CASE,
        people=("reporter",),
        emails=("email",),
        cleared={"email": "", "reporter": None},
    ),
    _office("policies.PolicyNotice", "author", "approved_by"),
    _office("policies.NoticeVersion", "published_by"),
    _office("policies.NoticeAttachment", "added_by"),
    _office("policies.BenefitBatch", "sent_by"),
    _office("policies.FieldProposal", "proposed_by"),
    *_public(
        "policies.PolicyItem", "policies.ItemCriteria", "policies.ItemDocument", "policies.NoticeTelling",
        "policies.LinkState", "policies.NoticeRelation", "policies.ItemRelation", "policies.Issuer",
        "policies.NoticeSearch", "policies.SearchCell", "policies.ContentMark", "policies.SynonymSet",
        "policies.ItemExample",
    ),
    # cloud
    Table(
        "cloud.Listing",
        Kept.OFFICE,
        people=("representative",),
        staff=("checked_by", "listed_by"),
        cleared={"representative": None},
    ),
    Table(
        "cloud.Voucher",
        Kept.CASE,
        people=("started_by", "declared_by"),
        enterprise="enterprise",
        staff=("county_by", "city_by", "verified_by", "settled_by"),
    ),
    Table("cloud.VoucherClaim", Kept.CASE, people=("claimed_by",), enterprise="voucher__enterprise"),
    Table("cloud.LedgerEntry", Kept.CASE, enterprise="voucher__enterprise"),
    Table(
        "cloud.Onboarding",
        Kept.CASE,
        people=("started_by",),
        enterprise="enterprise",
    ),
    Table(
        "cloud.OnboardingStep",
        Kept.CASE,
        people=("owner", "done_by"),
        enterprise="onboarding__enterprise",
    ),
    Table(
        "cloud.UseCheck",
        Kept.CASE,
        people=("handed_in_by",),
        enterprise="onboarding__enterprise",
        staff=("decided_by",),
    ),
    Table("cloud.UseEvidence", Kept.CASE, enterprise="check_of_use__onboarding__enterprise"),
    Table("cloud.Rating", Kept.CASE, people=("given_by",), enterprise="onboarding__enterprise"),
    Table(
        "cloud.Conversion",
        Kept.CASE,
        people=("started_by", "declared_by"),
        enterprise="enterprise",
        staff=("confirmed_by", "accepted_by", "paid_by"),
    ),
    Table("cloud.Spending", Kept.CASE, enterprise="conversion__enterprise"),
    _office("cloud.ConversionScheme", "author"),
    _office("cloud.Programme", "author"),
    _office("cloud.CloudProduct", "author", "reviewed_by"),
    _office("cloud.PriceVersion", "proposed_by", "decided_by"),
    _office("cloud.ListingCheck", "by"),
    _office("cloud.TierAward", "by"),
    _office("cloud.Sanction", "imposed_by", "answered_by"),
    # What staff look into is theirs until it is settled in the voucher itself.
    _office("cloud.SpotVisit", "inspector", "reported_by", kept=Kept.CASE),
    _office("cloud.Flag", "cleared_by", kept=Kept.CASE),
    *_public("cloud.Fund", "cloud.Reconciliation", "cloud.SpotDraw", "cloud.Escalation"),
    # industry
    Table(
        "industry.Need",
        Kept.CASE,
        people=("posted_by",),
        emails=("contact_email",),
        enterprise="enterprise",
        # The table wants a way to reach somebody; this one leads nowhere.
        cleared={"contact_name": "", "contact_phone": "", "contact_email": "closed@account.invalid"},
    ),
    Table("industry.Answer", Kept.CASE, enterprise="need__enterprise", staff=("passed_on_by",)),
    Table(
        "industry.Booking",
        Kept.CASE,
        people=("booked_by",),
        enterprise="enterprise",
        cleared={"attendee_name": _NUMBERED, "attendee_phone": ""},
    ),
    Table(
        "industry.CaseStudy",
        Kept.CASE,
        enterprise="enterprise",
        staff=("submitted_by", "published_by", "consent_recorded_by"),
    ),
    _office("industry.Platform", "submitted_by", "published_by"),
    _office("industry.Park", "submitted_by", "published_by"),
    _office("industry.Occasion", "submitted_by", "published_by"),
    _office("industry.Partner", "submitted_by", "published_by"),
    _office("industry.Solution", "submitted_by", "published_by"),
    *_public("industry.Solution_industries", "industry.CaseFigure"),
    # assessments
    Table(
        "assessments.Assessment",
        Kept.ENTERPRISE,
        people=("started_by", "declared_by"),
        enterprise="enterprise",
    ),
    Table("assessments.Answer", Kept.ENTERPRISE, people=("respondent",), enterprise="assessment__enterprise"),
    Table(
        "assessments.SectionOwner",
        Kept.ACCOUNT,
        people=("user",),
        enterprise="assessment__enterprise",
        goes=True,
    ),
    Table(
        "assessments.Share",
        Kept.ENTERPRISE,
        people=("shared_by",),
        enterprise="assessment__enterprise",
        withheld=("key",),
    ),
    Table("assessments.Evidence", Kept.ENTERPRISE, people=("added_by",), enterprise="assessment__enterprise"),
    Table(
        "assessments.Verification", Kept.CASE, enterprise="assessment__enterprise", staff=("verified_by",)
    ),
    Table("assessments.CampaignInvitation", Kept.ENTERPRISE, enterprise="enterprise"),
    _office("assessments.Campaign", "made_by"),
    _office("assessments.FrameworkVersion", "published_by"),
    *_public("assessments.BenchmarkCell"),
    # the roof
    _office("indicators.PlanValue", "entered_by"),
    *_public("indicators.Measurement"),
    Table(
        "personal_data.DataExport",
        Kept.ACCOUNT,
        people=("user",),
        enterprise="enterprise",
        withheld=("key",),
        goes=True,
    ),
    Table(
        "personal_data.Look",
        Kept.ENTERPRISE,
        enterprise="enterprise",
        staff=("viewer",),
        withheld=("number",),
    ),
    Table("personal_data.Closing", Kept.CASE, people=("user",)),
)  # fmt: skip


def find(model: str) -> Table:
    """Return the table of a model, written "label.Model"; raise LookupError when there is none."""
    for table in TABLES:
        if table.model == model:
            return table
    raise LookupError(model)
