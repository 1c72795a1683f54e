"""Hand in the business licence, so that staff can say how far the enterprise is proven."""

from typing import Any

from django.db import transaction

from core import audit, files
from enterprises.models import Enterprise, Licence
from enterprises.notifications import tell_checkers

PURPOSE = files.Purpose("enterprises.licence", types=files.SCANS)
AT_ONCE = 5


class TooManyLicences(Exception):
    """As many papers wait to be looked at as are taken at once."""


def send_licence(enterprise: Enterprise, upload: Any, *, by: Any) -> Licence:
    """Keep one paper and tell the staff who check; raise `core.files.FileRefused` with words.

    Raises TooManyLicences when AT_ONCE papers wait already. Owners and editors may.
    """
    if enterprise.licences.waiting().count() >= AT_ONCE:
        raise TooManyLicences
    stored = files.accept(upload, purpose=PURPOSE, by=by)
    with transaction.atomic():
        licence = Licence.objects.create(enterprise=enterprise, file=stored, sent_by=by)
        event = audit.record(enterprise, "licence_sent", by=by, data={"licence": licence.pk})
        tell_checkers(enterprise, event)
    return licence
