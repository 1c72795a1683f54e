import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured

from accounts import roles
from accounts.roles import Role

pytestmark = pytest.mark.django_db
WRITING = ("add_", "change_", "delete_")


def held(code: str) -> set[str]:
    found = Group.objects.get(name=code).permissions.values_list("content_type__app_label", "codename")
    return {f"{label}.{codename}" for label, codename in found}


def test_migrating_made_exactly_the_ten_roles() -> None:
    assert sorted(Group.objects.values_list("name", flat=True)) == sorted(
        [
            "publisher", "reviewer", "triage_officer", "triage_lead", "county_reviewer", "city_reviewer",
            "finance_officer", "policymaker", "auditor", "administrator",
        ]
    )  # fmt: skip


@pytest.mark.parametrize("role", roles.ROLES, ids=lambda role: role.code)
def test_a_role_has_exactly_the_permissions_of_the_table(role: Role) -> None:
    assert held(role.code) == set(role.permissions)


def test_what_is_not_read_only() -> None:
    beyond = {
        role.code: sorted(p for p in role.permissions if not p.split(".")[1].startswith("view_"))
        for role in roles.ROLES
    }

    assert beyond == {
        "publisher": [
            "industry.add_occasion", "industry.add_park", "industry.add_partner", "industry.add_platform",
            "industry.add_solution", "industry.change_occasion", "industry.change_park",
            "industry.change_partner", "industry.change_platform", "industry.change_solution",
            "industry.submit_content", "industry.withdraw_content", "policies.add_itemcriteria",
            "policies.add_policyitem", "policies.add_policynotice", "policies.add_synonymset",
            "policies.change_itemcriteria", "policies.change_policyitem", "policies.change_policynotice",
            "policies.change_synonymset", "policies.delete_itemcriteria", "policies.delete_policyitem",
            "policies.settle_report", "policies.submit_notice",
        ],
        "reviewer": [
            "enterprises.add_zone", "enterprises.add_zoneplace", "enterprises.change_zone",
            "enterprises.change_zoneplace", "enterprises.delete_zoneplace", "industry.publish_content",
            "industry.withdraw_content", "policies.add_itemdocument", "policies.add_itemrelation",
            "policies.add_noticerelation", "policies.change_itemdocument", "policies.change_itemrelation",
            "policies.change_noticerelation", "policies.review_notice", "policies.settle_report",
        ],
        "triage_officer": [
            "cloud.help_onboarding", "industry.keep_attendance", "industry.moderate_need",
            "notifications.add_textversion", "notifications.change_textversion",
            "notifications.settle_contact", "service_requests.triage",
        ],
        "triage_lead": [
            "accounts.act_as", "assessments.add_campaign", "assessments.change_campaign",
            "assessments.publish_framework", "assessments.run_campaign", "assessments.verify_assessment",
            "catalogue.add_offering", "catalogue.add_particular", "catalogue.add_provider",
            "catalogue.change_offering", "catalogue.change_particular", "catalogue.change_provider",
            "catalogue.delete_particular", "cloud.add_cloudproduct", "cloud.add_conversionscheme",
            "cloud.add_listing", "cloud.add_programme", "cloud.change_cloudproduct",
            "cloud.change_conversionscheme", "cloud.change_listing", "cloud.change_programme",
            "cloud.help_onboarding", "cloud.hide_rating", "core.add_calendarday", "core.add_calendaryear",
            "core.change_calendarday", "core.change_calendaryear", "core.start_job",
            "enterprises.import_enterprise", "enterprises.merge_enterprise", "enterprises.set_proof_level",
            "enterprises.settle_claim", "industry.add_casefigure", "industry.add_casestudy",
            "industry.add_occasion", "industry.change_casefigure", "industry.change_casestudy",
            "industry.change_occasion", "industry.delete_casefigure", "industry.keep_attendance",
            "industry.moderate_need", "industry.record_consent", "industry.submit_content",
            "industry.withdraw_content", "notifications.add_robot", "notifications.add_textversion",
            "notifications.change_robot", "notifications.change_textversion",
            "notifications.lift_suppression", "notifications.read_mail_files", "notifications.retry",
            "notifications.settle_contact", "notifications.try_robot", "notifications.use_text",
            "service_requests.add_absence", "service_requests.add_routingrule",
            "service_requests.add_savedreply", "service_requests.add_workloadcap",
            "service_requests.assign", "service_requests.change_absence",
            "service_requests.change_routingrule", "service_requests.change_savedreply",
            "service_requests.change_workloadcap", "service_requests.export", "service_requests.triage",
        ],
        "county_reviewer": [
            "cloud.answer_appeal", "cloud.check_listing", "cloud.clear_flag", "cloud.confirm_conversion",
            "cloud.help_onboarding", "cloud.pass_voucher", "cloud.report_visit",
            "cloud.review_cloudproduct", "enterprises.set_proof_level",
        ],
        "city_reviewer": [
            "cloud.accept_conversion", "cloud.answer_appeal", "cloud.approve_listing",
            "cloud.approve_voucher", "cloud.clear_flag", "cloud.list_cloudproduct", "cloud.report_visit",
            "cloud.sanction_listing",
        ],
        "finance_officer": [
            "cloud.pay_conversion", "cloud.reconcile", "cloud.run_programme", "cloud.settle_voucher",
            "policies.hand_over",
        ],
        "policymaker": ["indicators.add_planvalue", "indicators.change_planvalue", "policies.answer_opinion"],
        "auditor": [],
        "administrator": [
            "accounts.add_user", "accounts.change_user", "core.start_job", "enterprises.add_staffscope",
            "enterprises.change_staffscope", "enterprises.delete_staffscope",
            "notifications.read_mail_files",
        ],
    }  # fmt: skip


def test_syncing_again_repairs_and_then_changes_nothing() -> None:
    group = Group.objects.get(name="reviewer")
    group.permissions.clear()

    roles.sync()
    roles.sync()

    assert held("reviewer") == set(next(r for r in roles.ROLES if r.code == "reviewer").permissions)


def test_an_unknown_permission_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles, "ROLES", (Role("publisher", "Publisher", ("policies.fly_notice",)),))

    with pytest.raises(ImproperlyConfigured, match=r"publisher the permission policies\.fly_notice"):
        roles.sync()


def test_an_unknown_role_is_named() -> None:
    with pytest.raises(ValueError, match="no such role: wizard"):
        roles.groups(["auditor", "wizard"])
