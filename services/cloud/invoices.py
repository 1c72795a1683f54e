"""Whether an invoice has been put in before, for a voucher or a conversion project, in any spelling.

No invoice is supported twice (cloud_onboarding.md 5.2). Each table has its unique constraint; between the two
the lock taken here keeps two people with the same invoice in a row.
"""

from __future__ import annotations

from django.db import connection

from services.cloud.models import Spending, Voucher, VoucherClaim

_SPACE = 6_001


def lock(key: str) -> None:
    """Let nobody else put in the invoice with this canonical key until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_SPACE, key])


def is_used(key: str, *, voucher: Voucher | None = None) -> bool:
    """Tell whether an invoice counts anywhere but in the claim of `voucher`."""
    claims = VoucherClaim.objects.filter(invoice_key=key, counts=True)
    if voucher is not None:
        claims = claims.exclude(voucher=voucher)
    return claims.exists() or Spending.objects.filter(invoice_key=key, counts=True).exists()
