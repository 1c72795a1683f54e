"""One table of the portal: whose rows stand in it, what of them is handed out, and what becomes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from enterprises.models import Membership


class Kept(StrEnum):
    """How long rows stay, where `retention` has no rule of its own for them."""

    PUBLIC = "public"  # says nothing of a person or an enterprise
    ACCOUNT = "account"  # goes with the account
    CASE = "case"  # ten years, as the papers of a case
    ENTERPRISE = "enterprise"  # as long as the enterprise has somebody, then three years
    OFFICE = "office"  # who did what in office; stays with the thing it was done to
    SWEPT = "swept"  # for days or weeks; another job takes it away


KEPT_IN_WORDS = {
    Kept.PUBLIC: _("Says nothing of a person"),
    Kept.ACCOUNT: _("Deleted when the account is closed"),
    Kept.CASE: _("Ten years, as the papers of a case"),
    Kept.ENTERPRISE: _("While somebody acts for the enterprise, then three years"),
    Kept.OFFICE: _("Work of the staff: as long as what it was done to"),
    Kept.SWEPT: _("Days or weeks; swept by a job of its own"),
}


_NAMES = {
    "mfa.Authenticator": _("second factors and passkeys"),
    "usersessions.UserSession": _("sessions"),
    "sessions.Session": _("contents of sessions"),
    "core.Draft": _("unfinished forms"),
    "core.EventDetail": _("words in the log"),
    "core.FormToken": _("forms that were sent"),
    "core.ParkedForm": _("what was typed when a session had ended"),
    "core.Limit": _("counts of tries"),
    "notifications.Preference": _("notification settings"),
    "notifications.QuietHours": _("quiet hours"),
    "notifications.StoppedAddress": _("addresses that want no mail"),
    "enterprises.EnterpriseFacet": _("facts in short"),
    "catalogue.PauseWatch": _("services waited for"),
    "service_requests.DroppedDraft": _("drafts that ended"),
    "policies.AlertChoice": _("choices of alerts"),
    "assessments.Answer": _("answers of assessments"),
    "assessments.SectionOwner": _("sections given to colleagues"),
    "assessments.Share": _("links to reports"),
    "assessments.CampaignInvitation": _("invitations to campaigns"),
}


@dataclass(frozen=True)
class Table:
    """One table.

    `people`, `emails` and `enterprise` are look-ups that lead from a row to the person (a foreign key or,
    with `numbers`, the bare number of one), to an address, to the enterprise. `staff` names the foreign keys
    of people in office. `withheld` columns are secrets or working marks and are in no copy; `only` narrows
    what is handed out. On closing the rows of the person are deleted where `goes`, else `cleared` columns
    get the value given.
    """

    model: str
    kept: Kept
    people: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    enterprise: str = ""
    staff: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    only: Q | None = None
    goes: bool = False
    cleared: Mapping[str, Any] = field(default_factory=dict)
    handed_out: bool = True

    @property
    def is_about_people(self) -> bool:
        return bool(self.people or self.numbers or self.emails)

    def rows(self) -> QuerySet[Any]:
        return self.model_class._base_manager.all()

    @property
    def name(self) -> str:
        """Return what people call the table; some that nobody sees elsewhere are named here."""
        return str(_NAMES.get(self.model) or self.model_class._meta.verbose_name_plural)

    @property
    def one(self) -> str:
        """Return what people call one row of it."""
        return str(self.model_class._meta.verbose_name)

    @property
    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)

    def of_person(self, user: Any, address: str) -> QuerySet[Any]:
        """Return the rows of one person, who has or had the e-mail address `address`."""
        named = Q()
        for lookup in self.people:
            named |= Q(**{lookup: user.pk})
        for lookup in self.numbers:
            named |= Q(**{lookup: user.pk})
        for lookup in self.emails:
            named |= Q(**{f"{lookup}__iexact": address})
        return self.rows().filter(named).distinct() if named else self.rows().none()

    def shown_to(self, user: Any) -> QuerySet[Any]:
        """Return the rows of one person that the person may see now.

        What belongs to an enterprise is for those who act for it: who has left gets no more of it.
        """
        mine = self.of_person(user, user.email)
        if not self.enterprise or self.model == "enterprises.Membership":
            return mine
        acted_for = Membership.objects.current().filter(user=user).values("enterprise")
        free = Q(**{f"{self.enterprise}__isnull": True})
        return mine.filter(free | Q(**{f"{self.enterprise}__in": acted_for}))

    def of_enterprise(self, enterprise: Any) -> QuerySet[Any]:
        return (
            self.rows().filter(**{self.enterprise: enterprise.pk}) if self.enterprise else self.rows().none()
        )
