"""Count the portal's own work anew: grouped statements over requests and enterprises, one table of sums."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Concat, Left, TruncDate, TruncMonth

from core import calendar, workdays
from enterprises.models import EnterpriseFacet
from portal.indicators.definitions import LEVEL, MONTHS, REPLY, UNKNOWN_LEVEL, Code
from portal.indicators.models import Measurement
from services.cloud.models import Onboarding, VoucherClaim, VoucherState
from services.requests.models import ServiceRequest


class Cell(NamedTuple):
    """Where a number belongs: month, module, city, what."""

    month: date
    group: str
    city: str
    code: str


@transaction.atomic
def measure(on: date) -> int:
    """Replace all measurements by fresh ones up to the day `on`; return how many there are."""
    cells = Counter[Cell]()
    for cell, number in (*_requests(on), *_replies(on), *_enterprises(on), *_cloud(on)):
        cells[cell] += number
    Measurement.objects.all().delete()
    rows = [Measurement(**cell._asdict(), number=number) for cell, number in cells.items() if number]
    return len(Measurement.objects.bulk_create(rows, batch_size=2000))


def months(on: date) -> list[date]:
    """Give the first days of the months that are measured, oldest first, the one of `on` last."""
    index = on.year * 12 + on.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(index - MONTHS + 1, index + 1)]


def _since(field: str, on: date) -> QuerySet[Any]:
    """Give the requests whose `field` lies in the months measured, with month, module and city."""
    begin = calendar.start_of(months(on)[0])
    rows = ServiceRequest.objects.submitted().filter(**{f"{field}__gte": begin, f"{field}__lt": _end(on)})
    return rows.order_by().annotate(
        month=TruncMonth(field, tzinfo=calendar.zone()), city=_city_of("region__code")
    )


def _end(on: date) -> Any:
    return calendar.end_of(on)


def _city_of(path: str) -> Concat:
    return Concat(Left(F(path), 4), Value("00"))


def _requests(on: date) -> Iterator[tuple[Cell, int]]:
    received = {
        Code.RECEIVED: Count("pk"),
        Code.REPLIED: Count("pk", filter=Q(first_replied_at__isnull=False)),
        Code.RATED: Count("pk", filter=Q(rating__isnull=False)),
        Code.STARS: Sum("rating", default=0),
    }
    done = {
        Code.RESOLVED: Count("pk"),
        Code.FREE: Count("pk", filter=Q(is_free=True)),
        Code.ON_TIME: Count("pk", filter=Q(due_at=None) | Q(resolved_at__lte=F("due_at"))),
    }
    for field, counts in (("submitted_at", received), ("resolved_at", done)):
        grouped = _since(field, on).values("month", "group", "city")
        for row in grouped.annotate(**{f"n_{code}": count for code, count in counts.items()}):
            for code in counts:
                yield _cell(row, code), row[f"n_{code}"]


def _replies(on: date) -> Iterator[tuple[Cell, int]]:
    """Count first replies by the working days they took; a reply on the same day took 0."""
    zone, working = calendar.zone(), calendar.present()
    rows = _since("submitted_at", on).filter(first_replied_at__isnull=False)
    days = rows.annotate(
        asked=TruncDate("submitted_at", tzinfo=zone), replied=TruncDate("first_replied_at", tzinfo=zone)
    )
    for row in days.values("month", "group", "city", "asked", "replied").annotate(number=Count("pk")):
        took = max(0, workdays.between(row["asked"], row["replied"], working))
        yield _cell(row, f"{REPLY}{took}"), row["number"]


def _enterprises(on: date) -> Iterator[tuple[Cell, int]]:
    month = on.replace(day=1)
    facets = EnterpriseFacet.objects.order_by().annotate(city=_city_of("enterprise__region__code"))
    for row in facets.values("city", "digital_level").annotate(number=Count("pk")):
        level = row["digital_level"]
        city = _known(row["city"])
        yield Cell(month, "", city, Code.ENTERPRISES), row["number"]
        yield Cell(month, "", city, UNKNOWN_LEVEL if level is None else f"{LEVEL}{level}"), row["number"]


def _cloud(on: date) -> Iterator[tuple[Cell, int]]:
    """Count who is on the cloud, and what of the invoices for it public money has paid."""
    month = on.replace(day=1)
    in_use = Onboarding.objects.filter(in_use_on__lte=on).order_by()
    cities = in_use.annotate(city=_city_of("enterprise__region__code")).values("city")
    for row in cities.annotate(number=Count("enterprise", distinct=True)):
        yield Cell(month, "", _known(row["city"]), Code.ON_CLOUD), row["number"]
    paid = VoucherClaim.objects.filter(counts=True, voucher__state=VoucherState.SETTLED).aggregate(
        **{
            Code.PAID_VOUCHERS: Count("pk"),
            Code.INVOICED_FEN: Sum("invoice_fen", default=0),
            Code.COVERED_FEN: Sum("voucher__verified_fen", default=0),
        }
    )
    for code, number in paid.items():
        yield Cell(month, "", "", code), number


def _cell(row: dict[str, Any], code: str) -> Cell:
    return Cell(row["month"].date(), row["group"], _known(row["city"]), code)


def _known(city: str) -> str:
    """Give the code of a city, '' where there was no region (its two noughts alone) or a whole province."""
    return city if len(city) == 6 and not city.endswith("0000") else ""
