"""The ten roles of the staff, as data, and what each may do.

A role is a Django group whose name is the role's code; after every migration the groups are made equal to
this table. Rights are given by roles only, never one by one. Nobody on the list may both write and approve,
and the administrator of people has no business rights (MLPS 2.0, separation of duties).
"""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission, PermissionsMixin
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    """One role: its code, its name, and its permissions written "label.codename"."""

    code: str
    label: str | Promise
    permissions: tuple[str, ...]


def _view(label: str, *models: str) -> tuple[str, ...]:
    return tuple(f"{label}.view_{model}" for model in models)


def _edit(label: str, *models: str) -> tuple[str, ...]:
    return tuple(f"{label}.{verb}_{model}" for model in models for verb in ("add", "change", "view"))


NOTICES = _view(
    "policies",
    "policynotice",
    "noticeversion",
    "policyitem",
    "itemcriteria",
    "noticerelation",
    "itemrelation",
    "itemdocument",
    "noticeattachment",
)
OPINIONS = _view("policies", "opinion", "opinionanswer")
BENEFITS = _view("policies", "benefit", "benefitbatch")
REPORTS = (*_view("policies", "errorreport", "linkstate", "fieldproposal"), "policies.settle_report")
CATALOGUE = _view("catalogue", "provider", "offering", "capability", "particular")
REQUESTS = _view("service_requests", "servicerequest", "message", "assignment")
ROUTING = _view("service_requests", "routingrule", "absence", "workloadcap", "savedreply")
ENTERPRISES = _view(
    "enterprises", "enterprise", "membership", "fact", "region", "industry", "zone", "zoneplace"
)
PLAN_VALUES = _view("indicators", "planvalue")
ACTIVITY = _view("indicators", "measurement")
CLAIMS = _view("enterprises", "claim")
ASSESSMENTS = _view("assessments", "assessment", "frameworkversion", "verification")

CLOUD_MONEY = _view(
    "cloud",
    "programme",
    "fund",
    "voucher",
    "voucherclaim",
    "ledgerentry",
    "reconciliation",
    "flag",
    "spotdraw",
    "spotvisit",
)
CONVERSIONS = _view("cloud", "conversionscheme", "conversion", "spending")
CLOUD_MARKET = _view(
    "cloud", "listing", "listingcheck", "tieraward", "sanction", "cloudproduct", "priceversion", "rating"
)
CLOUD_PLANS = _view("cloud", "onboarding", "onboardingstep", "usecheck", "useevidence")
INDUSTRY = _view("industry", "platform", "park", "solution", "casestudy", "casefigure", "occasion", "partner")
BOARD_OF_NEEDS = _view("industry", "booking", "need", "answer")

CALLS = (*_view("notifications", "contacttask"), "notifications.settle_contact")

RETENTION = (*_view("personal_data", "closing"), "personal_data.view_retention")

OPERATIONS = (*_view("core", "jobrun"), "core.start_job")

TRIAGE = (
    *REQUESTS,
    *ROUTING,
    *CATALOGUE,
    *ENTERPRISES,
    *CLAIMS,
    *NOTICES,
    *CALLS,
    *ASSESSMENTS,
    *CLOUD_MARKET,
    *CLOUD_PLANS,
    "cloud.help_onboarding",
    *INDUSTRY,
    *BOARD_OF_NEEDS,
    "industry.moderate_need",
    "industry.keep_attendance",
    "service_requests.triage",
    "enterprises.view_personal_data",
    *_edit("notifications", "textversion"),
)
REVIEW = (*ENTERPRISES, *REQUESTS, *CATALOGUE, "enterprises.view_personal_data")

ROLES = (
    Role(
        "publisher",
        _("Publisher"),
        (
            *NOTICES,
            "policies.add_policynotice",
            "policies.change_policynotice",
            *(f"policies.{verb}_policyitem" for verb in ("add", "change", "delete")),
            *(f"policies.{verb}_itemcriteria" for verb in ("add", "change", "delete")),
            "policies.submit_notice",
            "policies.view_reach",
            *_edit("policies", "synonymset"),
            *REPORTS,
            *_edit("industry", "platform", "park", "solution", "occasion", "partner"),
            *_view("enterprises", "region", "industry", "zone", "zoneplace"),
            "industry.submit_content",
            "industry.withdraw_content",
        ),
    ),
    Role(
        "reviewer",
        _("Reviewer"),
        (
            *NOTICES,
            "policies.review_notice",
            "policies.view_reach",
            *_edit("policies", "noticerelation", "itemrelation", "itemdocument"),
            *_edit("enterprises", "zone", "zoneplace"),
            "enterprises.delete_zoneplace",
            *REPORTS,
            *INDUSTRY,
            "industry.publish_content",
            "industry.withdraw_content",
        ),
    ),
    Role("triage_officer", _("Triage officer"), TRIAGE),
    Role(
        "triage_lead",
        _("Triage lead"),
        (
            *TRIAGE,
            "service_requests.assign",
            "service_requests.export",
            "accounts.act_as",
            "service_requests.view_unmet",
            "enterprises.set_proof_level",
            "enterprises.settle_claim",
            "enterprises.import_enterprise",
            "enterprises.merge_enterprise",
            "assessments.publish_framework",
            *_edit("assessments", "campaign"),
            "assessments.run_campaign",
            "assessments.verify_assessment",
            *_edit("industry", "casestudy", "casefigure", "occasion"),
            "industry.delete_casefigure",
            "industry.record_consent",
            "industry.submit_content",
            "industry.withdraw_content",
            *(
                f"catalogue.{verb}_{model}"
                for model in ("provider", "offering", "particular")
                for verb in ("add", "change")
            ),
            "catalogue.delete_particular",
            *_edit("core", "calendarday", "calendaryear"),
            *_edit("service_requests", "routingrule", "absence", "workloadcap", "savedreply"),
            *ACTIVITY,
            *CLOUD_MONEY,
            *CONVERSIONS,
            *_edit("cloud", "programme", "conversionscheme"),
            *_edit("cloud", "listing", "cloudproduct"),
            "cloud.hide_rating",
            *_view("notifications", "notification", "delivery", "channelpause", "suppressedaddress"),
            "notifications.retry",
            "notifications.lift_suppression",
            "notifications.use_text",
            *_edit("notifications", "robot"),
            "notifications.try_robot",
            *OPERATIONS,
            "notifications.read_mail_files",
        ),
    ),
    Role(
        "county_reviewer",
        _("County reviewer"),
        (
            *REVIEW,
            *CLAIMS,
            *CLOUD_MONEY,
            *CONVERSIONS,
            "cloud.confirm_conversion",
            "cloud.pass_voucher",
            "cloud.report_visit",
            "cloud.clear_flag",
            *CLOUD_MARKET,
            *CLOUD_PLANS,
            "cloud.help_onboarding",
            "enterprises.set_proof_level",
            "cloud.check_listing",
            "cloud.review_cloudproduct",
            "cloud.answer_appeal",
        ),
    ),
    Role(
        "city_reviewer",
        _("City reviewer"),
        (
            *REVIEW,
            *CLOUD_MARKET,
            *CLOUD_PLANS,
            *CLOUD_MONEY,
            *CONVERSIONS,
            "cloud.accept_conversion",
            "cloud.approve_voucher",
            "cloud.report_visit",
            "cloud.clear_flag",
            "cloud.approve_listing",
            "cloud.sanction_listing",
            "cloud.list_cloudproduct",
            "cloud.answer_appeal",
        ),
    ),
    Role(
        "finance_officer",
        _("Finance officer"),
        (
            *ENTERPRISES,
            *CATALOGUE,
            *CLOUD_MARKET,
            *CLOUD_MONEY,
            *CONVERSIONS,
            "cloud.pay_conversion",
            "cloud.settle_voucher",
            "cloud.run_programme",
            "cloud.reconcile",
            *NOTICES,
            *BENEFITS,
            "policies.hand_over",
        ),
    ),
    Role(
        "policymaker",
        _("Policymaker"),
        (
            *NOTICES,
            *CATALOGUE,
            *CLOUD_MARKET,
            *INDUSTRY,
            *_view("assessments", "frameworkversion", "campaign"),
            *_view("cloud", "programme", "fund", "reconciliation", "conversionscheme"),
            *_edit("indicators", "planvalue"),
            *ACTIVITY,
            "policies.view_reach",
            *OPINIONS,
            "policies.answer_opinion",
            "assessments.view_distribution",
            "service_requests.view_unmet",
        ),
    ),
    Role(
        "auditor",
        _("Auditor"),
        (
            *NOTICES,
            *OPINIONS,
            *CATALOGUE,
            *REQUESTS,
            *ROUTING,
            *ENTERPRISES,
            *CLAIMS,
            *PLAN_VALUES,
            *ACTIVITY,
            *ASSESSMENTS,
            *CLOUD_MONEY,
            *CONVERSIONS,
            *CLOUD_MARKET,
            *CLOUD_PLANS,
            *INDUSTRY,
            *_view("assessments", "campaign"),
            *BOARD_OF_NEEDS,
            "assessments.view_distribution",
            *_view("enterprises", "invitation", "joinrequest", "enterprisefacet", "staffscope"),
            *BENEFITS,
            *_view("policies", "synonymset", "errorreport", "linkstate", "fieldproposal"),
            *_view("policies", "match", "itemmark", "savedsearch", "searchfound", "alertdue", "reminder"),
            *_view("policies", "noticetelling"),
            *_view("notifications", "notification", "delivery", "channelpause"),
            *_view("notifications", "suppressedaddress", "contacttask", "textversion", "robot"),
            *_view("core", "jobrun"),
            *_view("core", "event", "eventdetail", "storedfile", "calendarday", "calendaryear"),
            *_view("accounts", "user"),
            *_view("auth", "group"),
            *RETENTION,
            "policies.view_reach",
            "service_requests.view_unmet",
            "enterprises.view_personal_data",
        ),
    ),
    Role(
        "administrator",
        _("Administrator"),
        (
            *_edit("accounts", "user"),
            *_view("auth", "group"),
            *_edit("enterprises", "staffscope"),
            "enterprises.delete_staffscope",
            *_view("enterprises", "region"),
            *OPERATIONS,
            *RETENTION,
            *_view("notifications", "delivery", "suppressedaddress", "contacttask"),
            # Where mails go to files (a trial on one machine), the links of new people stand in them.
            "notifications.read_mail_files",
        ),
    ),
)
CODES = tuple(role.code for role in ROLES)


def label(code: str) -> str:
    """Return a role's name in the current language; the code itself when it is no role."""
    return next((str(role.label) for role in ROLES if role.code == code), code)


def of(user: PermissionsMixin) -> list[str]:
    """Return the codes of this person's roles, in the order of the table."""
    held = set(user.groups.values_list("name", flat=True))
    return [code for code in CODES if code in held]


def groups(codes: list[str]) -> list[Group]:
    """Return the groups of these roles; raise ValueError when one is not in the table."""
    unknown = sorted(set(codes) - set(CODES))
    if unknown:
        raise ValueError(f"no such role: {', '.join(unknown)}")
    return list(Group.objects.filter(name__in=codes))


def sync(using: str = "default") -> None:
    """Make the groups equal to the table; running it again changes nothing.

    Raises ImproperlyConfigured naming the role and the permission when no model declares that permission.
    """
    for app in apps.get_app_configs():
        create_permissions(app, verbosity=0, using=using)
    known = {
        f"{app_label}.{codename}": pk
        for app_label, codename, pk in Permission.objects.using(using).values_list(
            "content_type__app_label", "codename", "pk"
        )
    }
    with transaction.atomic(using=using):
        for role in ROLES:
            group, _made = Group.objects.using(using).get_or_create(name=role.code)
            group.permissions.set({_find(known, role, name) for name in role.permissions})


def _find(known: dict[str, int], role: Role, permission: str) -> int:
    try:
        return known[permission]
    except KeyError:
        raise ImproperlyConfigured(
            f"accounts/roles.py gives {role.code} the permission {permission}, which no model declares."
        ) from None
