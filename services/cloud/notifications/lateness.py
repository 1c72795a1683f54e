"""What enterprises, those who decide and their leads are told when a decision is late."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from enterprises.access import reader_still_acts
from notifications import outbox
from notifications.kinds import Kind, declare
from notifications.models import Notification
from notifications.outbox import Letter
from services.cloud.lateness import TURNS, Step
from services.cloud.models import Conversion, Voucher
from services.cloud.notifications.vouchers import writers
from services.requests.parties import staff_for, staff_with

_PAGES = {Voucher: "cloud:voucher", Conversion: "cloud:conversion"}


def _still_waits(notification: Notification) -> bool:
    """Tell whether the same decision is still to be made by the day the letter names."""
    told = notification.context
    kind = Voucher if told["about"] == "voucher" else Conversion
    return kind._default_manager.filter(
        reference=notification.subject_code, state=told["state"], due_on=told["due"]
    ).exists()


def _still_waits_for_us(notification: Notification) -> bool:
    return reader_still_acts(notification) and _still_waits(notification)


LATE = declare(
    Kind(
        "cloud.decision_late",
        _("A decision about a voucher or a conversion is late"),
        can_be_stopped=False,
        still_due=_still_waits_for_us,
    )
)
TO_HURRY = declare(
    Kind(
        "cloud.decision_due",
        _("A decision of yours is due or late"),
        audience="staff",
        can_wait=False,
        still_due=_still_waits,
    )
)


def tell_enterprise(row: Voucher | Conversion) -> int:
    """Tell owners and editors that the day has passed, what holds for them meanwhile, and who is asked."""
    return outbox.post(
        LATE,
        *(
            Letter(
                key=f"{row.reference}:{row.due_on}",
                recipient=person,
                subject_code=row.reference,
                enterprise_id=row.enterprise_id,
                url=_address(row, person.language),
                context=_facts(row),
            )
            for person in writers(row.enterprise_id)
        ),
    )


def tell_staff(row: Voucher | Conversion, step: Step) -> int:
    """Tell whoever may decide, or at the last step the leads; the leads as well where nobody may decide."""
    deciders = _deciders(row)
    readers = _leads(row) if step == Step.LEAD or not deciders else deciders
    url = reverse(f"admin:cloud_{row._meta.model_name}_change", args=[row.pk])
    facts = _facts(row) | {"step": str(step), "deciders": [str(person) for person in deciders]}
    return outbox.post(
        TO_HURRY,
        *(
            Letter(
                key=f"{row.reference}:{row.due_on}:{step}",
                recipient=person,
                subject_code=row.reference,
                url=url,
                context=facts,
            )
            for person in readers
        ),
    )


def _deciders(row: Voucher | Conversion) -> list[Any]:
    codename, decided = TURNS[type(row)][row.state]
    barred = {getattr(row, name) for name in decided}
    people = staff_for(row.enterprise, codename, label="cloud")
    return [person for person in people if person.pk not in barred]


def _leads(row: Voucher | Conversion) -> list[Any]:
    """Return the leads in whose regions the enterprise lies; all of them where there is none."""
    return staff_for(row.enterprise, "assign") or list(staff_with("assign"))


def _facts(row: Voucher | Conversion) -> dict[str, Any]:
    rules = row.programme if isinstance(row, Voucher) else row.scheme
    return {
        "about": str(row._meta.model_name),
        "reference": row.reference,
        "state": str(row.state),
        "enterprise": row.enterprise.name,
        "rules_zh": rules.title_zh,
        "rules_en": rules.title_en or rules.title_zh,
        "due": row.due_on.isoformat() if row.due_on else "",
    }


def _address(row: Voucher | Conversion, language: str) -> str:
    with translation.override(language):
        return reverse(_PAGES[type(row)], args=[row.reference])
