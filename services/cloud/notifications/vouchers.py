"""What enterprises, providers and the deciding staff are told of a voucher, and when it is no longer true."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import audit, money
from enterprises.access import reader_still_acts
from enterprises.models import Membership
from notifications import outbox
from notifications.kinds import Kind, declare
from notifications.models import Notification
from notifications.outbox import Letter
from services.cloud.models import Reconciliation, Voucher, VoucherState
from services.requests.parties import staff_for, staff_with


def is_in_the_state_told(notification: Notification) -> bool:
    """Tell whether the voucher is still where it was when the letter was written."""
    rows = Voucher.objects.filter(
        reference=notification.subject_code, state=notification.context.get("state", "")
    )
    return reader_still_acts(notification) and rows.exists()


def still_waits_at_the_desk(notification: Notification) -> bool:
    rows = Voucher.objects.filter(
        reference=notification.subject_code, state=notification.context.get("state", "")
    )
    return rows.exists()


def still_speaks_for_provider(notification: Notification) -> bool:
    rows = Voucher.objects.filter(
        reference=notification.subject_code,
        product__provider__cloud_listing__representative=notification.recipient_id,
    )
    return rows.exists()


def _of_owner(code: str, label: Any, **options: Any) -> Kind:
    return declare(Kind(f"cloud.{code}", label, **{"still_due": reader_still_acts, **options}))


_STATE = {"still_due": is_in_the_state_told}
WAITING = _of_owner("voucher_waiting", _("An application waits for budget"), **_STATE)
RECEIVED = _of_owner("voucher_received", _("Receipt of a voucher application"), can_be_stopped=False)
RETURNED = _of_owner(
    "voucher_returned", _("A question about a voucher application"), can_be_stopped=False, **_STATE
)
ISSUED = _of_owner("voucher_issued", _("A voucher is issued"), can_be_stopped=False)
REJECTED = _of_owner("voucher_rejected", _("A voucher application is rejected"), can_be_stopped=False)
ENDS = _of_owner("voucher_ends", _("A voucher runs out soon"), can_wait=False, ends_soon=True, **_STATE)
ENDED = _of_owner("voucher_ended", _("A voucher has ended unused"), can_be_stopped=False)
USED = _of_owner("voucher_used", _("A voucher is used for a contract"))
CLAIM_RETURNED = _of_owner(
    "claim_returned", _("A question about a voucher claim"), can_be_stopped=False, **_STATE
)
VERIFIED = _of_owner("claim_verified", _("A voucher claim is confirmed"))
SETTLED = _of_owner("voucher_settled", _("A voucher is paid"))
RECLAIMED = _of_owner("voucher_reclaimed", _("Voucher money is to be paid back"), can_be_stopped=False)
TO_PROVIDER = declare(
    Kind("cloud.provider_voucher", _("A customer uses a voucher"), still_due=still_speaks_for_provider)
)
TO_DECIDE = declare(
    Kind(
        "cloud.voucher_to_decide",
        _("A voucher waits for your decision"),
        audience="staff",
        still_due=still_waits_at_the_desk,
    )
)
DIFFERS = declare(
    Kind("cloud.ledger_differs", _("The voucher ledger does not add up"), audience="staff", can_wait=False)
)


def event_of(voucher: Voucher) -> str:
    """Return the number of the voucher's last event, to name the cause of a letter that can recur."""
    return str(audit.history(voucher).values_list("pk", flat=True).first() or 0)


def writers(enterprise_id: int) -> list[Any]:
    """Return the people who are told: owners and editors who can sign in."""
    current = Membership.objects.current().filter(
        enterprise=enterprise_id,
        user__is_active=True,
        role__in=[Membership.Role.OWNER, Membership.Role.EDITOR],
    )
    people = current.select_related("user").only("user__name", "user__email", "user__language")
    return [membership.user for membership in people.order_by("pk")]


def tell_enterprise(kind: Kind, voucher: Voucher, *, key: str, **context: Any) -> int:
    """Tell owners and editors; amounts are figures in yuan, days ISO dates. The code is never mailed."""
    facts = {**_facts(voucher), **context}
    return outbox.post(
        kind,
        *(
            Letter(
                key=f"{voucher.reference}:{key}",
                recipient=person,
                subject_code=voucher.reference,
                enterprise_id=voucher.enterprise_id,
                url=_address("cloud:voucher", voucher, person.language),
                context=facts,
            )
            for person in writers(voucher.enterprise_id)
        ),
    )


def tell_staff(voucher: Voucher, codename: str, *, key: str, but: Any = None) -> int:
    """Tell the staff in whose regions the enterprise lies and whose turn it is, without `but`."""
    url = reverse("admin:cloud_voucher_change", args=[voucher.pk])
    return outbox.post(
        TO_DECIDE,
        *(
            Letter(
                key=f"{voucher.reference}:{key}",
                recipient=person,
                subject_code=voucher.reference,
                url=url,
                context=_facts(voucher),
            )
            for person in staff_for(voucher.enterprise, codename, label="cloud")
            if person != but
        ),
    )


def tell_provider(voucher: Voucher, *, key: str) -> int:
    """Tell whoever speaks for the provider; nobody where it has no account here."""
    listing = getattr(voucher.product.provider, "cloud_listing", None) if voucher.product else None
    person = listing.representative if listing else None
    if person is None or not person.is_active:
        return 0
    letter = Letter(
        key=f"{voucher.reference}:{key}",
        recipient=person,
        subject_code=voucher.reference,
        url=_page("cloud:provider_vouchers", person.language),
        context=_facts(voucher),
    )
    return outbox.post(TO_PROVIDER, letter)


def tell_of_differences(row: Reconciliation) -> int:
    """Tell who runs the programmes that a figure is not proved by its entries."""
    url = reverse("admin:cloud_reconciliation_change", args=[row.pk])
    count = len(row.differences)
    return outbox.post(
        DIFFERS,
        *(
            Letter(
                key=str(row.pk), recipient=person, subject_code=str(row.pk), url=url, context={"count": count}
            )
            for person in staff_with("run_programme", label="cloud")
        ),
    )


def _facts(voucher: Voucher) -> dict[str, Any]:
    programme, product = voucher.programme, voucher.product
    return {
        "reference": voucher.reference,
        "state": VoucherState(voucher.state).value,
        "enterprise": voucher.enterprise.name,
        "programme_zh": programme.title_zh,
        "programme_en": programme.title_en or programme.title_zh,
        "product_zh": product.name_zh if product else "",
        "product_en": (product.name_en or product.name_zh) if product else "",
        "face": money.in_yuan(voucher.amount_fen or 0),
        "due": voucher.due_on.isoformat() if voucher.due_on else "",
        "valid_to": voucher.valid_to.isoformat() if voucher.valid_to else "",
    }


def _address(page: str, voucher: Voucher, language: str) -> str:
    with translation.override(language):
        return reverse(page, args=[voucher.reference])


def _page(page: str, language: str) -> str:
    with translation.override(language):
        return reverse(page)
