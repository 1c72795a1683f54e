"""One table of what is measured and of what the plan aims at: codes, names, units, sources."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The last twelve months and the present one.
MONTHS = 13
# A number of enterprises or requests below this is not shown by city: it could be about somebody.
SMALLEST_CELL = 5


class Code(StrEnum):
    """What a measurement counts.

    Requests are counted in the month they were received, except resolved, free and on_time: in the month
    they were done. `reply_<n>` counts first replies after n working days; `level_<n>` and `level_unknown`
    count enterprises by digital level, `enterprises` all of them, `on_cloud` those that use a cloud product
    they chose here, and `paid_vouchers` with the sums of their invoices and of what public money covered: in
    the month of measuring only.
    """

    RECEIVED = "received"
    REPLIED = "replied"
    RESOLVED = "resolved"
    FREE = "free"
    ON_TIME = "on_time"
    RATED = "rated"
    STARS = "stars"
    ENTERPRISES = "enterprises"
    ON_CLOUD = "on_cloud"
    PAID_VOUCHERS = "paid_vouchers"
    INVOICED_FEN = "invoiced_fen"
    COVERED_FEN = "covered_fen"


REPLY = "reply_"
LEVEL = "level_"
UNKNOWN_LEVEL = f"{LEVEL}unknown"


@dataclass(frozen=True)
class PlanIndicator:
    """A target for 2026, in percent; `more_than` says that it has to be exceeded."""

    code: str
    label: str | Promise
    target: Decimal
    more_than: bool = False


# The notice of Qingdao's Five-Year Plan for Building a Pioneer City with Modern Industries (2022–2026).
PLAN_SLUG = "qd-modern-industry-plan-2022"
PLAN = (
    PlanIndicator("manufacturing", _("Manufacturing, share of GDP"), Decimal(30), more_than=True),
    PlanIndicator("producer_services", _("Producer services, share of services"), Decimal(62)),
    PlanIndicator("digital_core", _("Core digital industries, share of GDP"), Decimal(12)),
    PlanIndicator("platforms", _("Enterprises that use an industrial Internet platform"), Decimal(50)),
)
