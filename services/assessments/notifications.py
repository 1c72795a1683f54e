"""What this room tells an enterprise, and when it is no longer true."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import calendar
from enterprises.access import reader_still_acts
from enterprises.models import Membership, acting_now
from notifications import outbox
from notifications.kinds import Kind, declare, name_topic
from notifications.models import Notification
from notifications.outbox import Letter
from services.assessments import campaigns
from services.assessments.frameworks.schema import Section
from services.assessments.models import (
    Assessment,
    Campaign,
    CampaignInvitation,
    Evidence,
    FrameworkVersion,
    State,
)

name_topic("assessments", _("Assessments"))


def is_still_draft(notification: Notification) -> bool:
    drafts = Assessment.objects.drafts().filter(reference=notification.subject_code)
    return reader_still_acts(notification) and drafts.exists()


def is_still_latest(notification: Notification) -> bool:
    """Drop the advice to assess again once a newer round is finished or begun."""
    row = Assessment.objects.filter(reference=notification.subject_code, is_latest=True).first()
    if row is None or not reader_still_acts(notification):
        return False
    return not Assessment.objects.drafts().filter(enterprise=row.enterprise_id, code=row.code).exists()


def campaign_still_waits(notification: Notification) -> bool:
    """Drop a call once its campaign is over, or the enterprise has finished a round for it."""
    rows = CampaignInvitation.objects.filter(
        enterprise=notification.enterprise_id,
        campaign__in=Campaign.objects.open_on(calendar.today()),
        campaign__reference=notification.subject_code,
    )
    return campaigns.waiting(rows).exists() and reader_still_acts(notification)


FINISHED = declare(
    Kind("assessments.finished", _("An assessment report is ready"), still_due=reader_still_acts)
)
SECTION_GIVEN = declare(
    Kind("assessments.section_given", _("A colleague asks for your answers"), still_due=is_still_draft)
)
AGAIN = declare(Kind("assessments.again", _("Time to assess again"), still_due=is_still_latest))
EVIDENCE_BLOCKED = declare(
    Kind(
        "assessments.evidence_blocked",
        _("A file beside an answer was blocked"),
        can_wait=False,
        still_due=reader_still_acts,
    )
)
INVITED = declare(
    Kind("assessments.invited", _("Invitation to an assessment"), still_due=campaign_still_waits)
)
REMINDED = declare(
    Kind("assessments.reminded", _("An assessment you are invited to"), still_due=campaign_still_waits)
)


def writers(enterprise: Any) -> list[Any]:
    """Return the people who are told: owners and editors who can sign in."""
    current = Membership.objects.current().filter(
        enterprise=enterprise, user__is_active=True, role__in=[Membership.Role.OWNER, Membership.Role.EDITOR]
    )
    return [membership.user for membership in current.select_related("user").order_by("pk")]


def tell_finished(assessment: Assessment) -> None:
    _tell(FINISHED, assessment, writers(assessment.enterprise_id), "assessments:result")


def tell_section_given(assessment: Assessment, section: Section, to: Any, *, by: Any) -> None:
    _tell(
        SECTION_GIVEN,
        assessment,
        [to],
        "assessments:detail",
        key=f"{section.id}:{to.pk}",
        by=str(by),
        section_zh=section.title.zh,
        section_en=section.title.en,
    )


def tell_blocked(row: Evidence) -> int:
    """Tell that a file cannot be opened by anybody; return how many letters were new."""
    people = writers(row.assessment.enterprise_id)
    return _tell(
        EVIDENCE_BLOCKED, row.assessment, people, "assessments:evidence_list", key=f"{row.pk}", name=str(row)
    )


def tell_again(assessment: Assessment, *, months: int) -> int:
    """Advise a new round; return how many letters were new."""
    people = writers(assessment.enterprise_id)
    day = calendar.day_of(assessment.finished_at).isoformat() if assessment.finished_at else ""
    return _tell(AGAIN, assessment, people, "assessments:result", key=f"{months}", months=months, day=day)


def _tell(
    kind: Kind, assessment: Assessment, people: list[Any], page: str, *, key: str = "", **context: Any
) -> int:
    title = assessment.framework.title
    facts = {
        "reference": assessment.reference,
        "enterprise": assessment.enterprise.name,
        "title_zh": title.zh,
        "title_en": title.en,
        **_level_words(assessment),
        **context,
    }
    return outbox.post(
        kind,
        *(
            Letter(
                key=f"{assessment.reference}:{key}" if key else assessment.reference,
                recipient=person,
                subject_code=assessment.reference,
                enterprise_id=assessment.enterprise_id,
                url=_address(page, assessment, person.language),
                context=facts,
            )
            for person in people
        ),
    )


def _level_words(assessment: Assessment) -> dict[str, str]:
    if assessment.state != State.FINISHED or assessment.level is None:
        return {"level_zh": "", "level_en": ""}
    if assessment.level == 0:
        return {"level_zh": "未达级", "level_en": "No level"}
    title = assessment.framework.level_of(assessment.level).title
    return {"level_zh": title.zh, "level_en": title.en}


def _address(page: str, assessment: Assessment, language: str) -> str:
    with translation.override(language):
        return reverse(page, args=[assessment.reference])


# --- campaigns ----------------------------------------------------------------------------


def tell_invited(campaign: Campaign, invitations: list[int]) -> int:
    """Tell owners and editors of the invited enterprises; return how many letters were new."""
    return outbox.post_select(INVITED, _campaign_letters(campaign, invitations, "invited"))


def tell_reminded(campaign: Campaign, invitations: list[int], number: int) -> int:
    """Remind them, for the first or second time; return how many letters were new."""
    return outbox.post_select(REMINDED, _campaign_letters(campaign, invitations, f"{number}"))


def _campaign_letters(campaign: Campaign, invitations: list[int], key: str) -> QuerySet[Any, Any]:
    """Select one letter a reader in the database: a campaign may ask a whole city."""
    title = FrameworkVersion.objects.current().get(code=campaign.code).framework.title
    told = {
        "name_zh": campaign.name_zh,
        "name_en": campaign.name_en or campaign.name_zh,
        "title_zh": title.zh,
        "title_en": title.en,
        "closes_on": campaign.closes_on.isoformat(),
    }
    # One filter, so that all its conditions are about the same membership.
    writing = CampaignInvitation.objects.filter(
        acting_now("enterprise__memberships__"),
        pk__in=invitations,
        enterprise__memberships__user__is_active=True,
        enterprise__memberships__role__in=[Membership.Role.OWNER, Membership.Role.EDITOR],
    )
    number = Cast("enterprise_id", CharField())
    return writing.values(
        "enterprise_id",
        key=Concat(Value(f"{campaign.reference}:{key}:"), number, output_field=CharField()),
        recipient_id=F("enterprise__memberships__user_id"),
        language=F("enterprise__memberships__user__language"),
        subject_code=Value(campaign.reference),
        url=Value(_start_page()),
        context=JSONObject(
            enterprise=F("enterprise__name"), **{name: Value(value) for name, value in told.items()}
        ),
    )


def _start_page() -> str:
    with translation.override("zh-hans"):
        return reverse("assessments:start")
