"""What enterprises and the deciding staff are told of a conversion project, and when it is no longer true."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import audit, money
from enterprises.access import reader_still_acts
from notifications import outbox
from notifications.kinds import Kind, declare
from notifications.models import Notification
from notifications.outbox import Letter
from services.cloud.models import Conversion, ConversionState
from services.cloud.notifications.vouchers import writers
from services.requests.parties import staff_for


def is_in_the_state_told(notification: Notification) -> bool:
    """Tell whether the project is still where it was when the letter was written."""
    rows = Conversion.objects.filter(
        reference=notification.subject_code, state=notification.context.get("state", "")
    )
    return rows.exists()


def _still_waits_for_reader(notification: Notification) -> bool:
    return reader_still_acts(notification) and is_in_the_state_told(notification)


def _of_owner(code: str, label: Any, **options: Any) -> Kind:
    return declare(Kind(f"cloud.{code}", label, **{"still_due": reader_still_acts, **options}))


RETURNED = _of_owner(
    "conversion_returned",
    _("A question about a conversion project"),
    can_be_stopped=False,
    still_due=_still_waits_for_reader,
)
CONFIRMED = _of_owner("conversion_confirmed", _("The filing of a conversion project is confirmed"))
ACCEPTED = _of_owner("conversion_accepted", _("A conversion project is accepted"), can_be_stopped=False)
REJECTED = _of_owner("conversion_rejected", _("A conversion project is not accepted"), can_be_stopped=False)
PAID = _of_owner("conversion_paid", _("The reward of a conversion project is paid"))
TO_DECIDE = declare(
    Kind(
        "cloud.conversion_to_decide",
        _("A conversion project waits for your decision"),
        audience="staff",
        still_due=is_in_the_state_told,
    )
)


def event_of(conversion: Conversion) -> str:
    """Return the number of the project's last event, to name the cause of a letter that can recur."""
    return str(audit.history(conversion).values_list("pk", flat=True).first() or 0)


def tell_enterprise(kind: Kind, conversion: Conversion, *, key: str, **context: Any) -> int:
    """Tell owners and editors; amounts are figures in yuan, days ISO dates."""
    facts = {**_facts(conversion), **context}
    return outbox.post(
        kind,
        *(
            Letter(
                key=f"{conversion.reference}:{key}",
                recipient=person,
                subject_code=conversion.reference,
                enterprise_id=conversion.enterprise_id,
                url=_address(conversion, person.language),
                context=facts,
            )
            for person in writers(conversion.enterprise_id)
        ),
    )


def tell_staff(conversion: Conversion, codename: str, *, key: str) -> int:
    """Tell the staff in whose regions the enterprise lies and whose turn it is."""
    url = reverse("admin:cloud_conversion_change", args=[conversion.pk])
    return outbox.post(
        TO_DECIDE,
        *(
            Letter(
                key=f"{conversion.reference}:{key}",
                recipient=person,
                subject_code=conversion.reference,
                url=url,
                context=_facts(conversion),
            )
            for person in staff_for(conversion.enterprise, codename, label="cloud")
        ),
    )


def _facts(conversion: Conversion) -> dict[str, Any]:
    scheme = conversion.scheme
    return {
        "reference": conversion.reference,
        "state": ConversionState(conversion.state).value,
        "enterprise": conversion.enterprise.name,
        "scheme_zh": scheme.title_zh,
        "scheme_en": scheme.title_en or scheme.title_zh,
        "target": conversion.target_level,
        "reward": money.in_yuan(conversion.reward_fen) if conversion.reward_fen else "",
        "due": conversion.due_on.isoformat() if conversion.due_on else "",
    }


def _address(conversion: Conversion, language: str) -> str:
    with translation.override(language):
        return reverse("cloud:conversion", args=[conversion.reference])
