"""Everything that changes the catalogue."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, calendar, wake
from services.catalogue import notifications
from services.catalogue.models import Capability, Offering, Particular, PauseWatch, Provider

TELL_RESUMED = "catalogue.tell_resumed"
LONGEST_PAUSE = timedelta(days=365)
# Who is told in one turn; the next turn takes the rest.
TURN = 500
STARTER = Path(__file__).parent / "data" / "services_catalogue.yaml"


@transaction.atomic
def retire(offering: Offering, *, by: Any) -> Offering:
    """Take an offering out of the catalogue; its requests go on. Retiring twice changes nothing."""
    if offering.retired_at is None:
        offering.retired_at = timezone.now()
        offering.save(update_fields=["retired_at"])
        audit.record(offering, "retire", by=by)
    return offering


@transaction.atomic
def restore(offering: Offering, *, by: Any) -> Offering:
    """Put a retired offering back into the catalogue."""
    if offering.retired_at is not None:
        offering.retired_at = None
        offering.save(update_fields=["retired_at"])
        audit.record(offering, "restore", by=by)
    return offering


@transaction.atomic
def pause(offering: Offering, *, until: date, note_zh: str, note_en: str = "", by: Any) -> Offering:
    """Take no requests until the end of a day, and say why; pausing again sets another day.

    What was requested before goes on. Raises ValidationError for a day that is past or beyond a year.
    """
    today = calendar.today()
    if not today <= until <= today + LONGEST_PAUSE:
        raise ValidationError({"until": _("Choose a day from today on, at most a year ahead.")})
    offering.paused_until, offering.pause_note_zh, offering.pause_note_en = until, note_zh, note_en
    offering.save(update_fields=["paused_until", "pause_note_zh", "pause_note_en"])
    audit.record(offering, "pause", by=by, data={"until": until.isoformat()})
    return offering


@transaction.atomic
def resume(offering: Offering, *, by: Any) -> Offering:
    """Take requests again before the day that was said; whoever asked is told by the next tick."""
    if offering.paused_until is not None:
        offering.paused_until = None
        offering.pause_note_zh = offering.pause_note_en = ""
        offering.save(update_fields=["paused_until", "pause_note_zh", "pause_note_en"])
        audit.record(offering, "resume", by=by)
        wake.knock(TELL_RESUMED)
    return offering


@transaction.atomic
def watch(offering: Offering, *, by: Any) -> bool:
    """Note that `by` wants to hear when a pause ends; asking twice is asking once. False when not paused."""
    if not offering.is_paused:
        return False
    PauseWatch.objects.bulk_create([PauseWatch(offering=offering, user=by)], ignore_conflicts=True)
    return True


@transaction.atomic
def tell_resumed() -> int:
    """Tell everybody who waited that a pause is over, once; return how many.

    Who waits for an offering that was retired in its pause is not told; the catalogue says so.
    """
    open_again = Offering.objects.can_be_requested()
    waiting = PauseWatch.objects.filter(told_at=None, offering__in=open_again)
    rows = list(
        waiting.select_for_update(skip_locked=True, of=("self",)).select_related("offering", "user")[:TURN]
    )
    for row in rows:
        notifications.tell_resumed(row)
    PauseWatch.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=calendar.now())
    return len(rows)


@transaction.atomic
def load_starter_catalogue() -> int:
    """Add the starter offerings that are missing and return their number; rows that exist stay as edited."""
    data = _starter()
    providers = {row["kind"]: _provider(row) for row in data["providers"]}
    known = set(Offering.objects.values_list("slug", flat=True))
    missing = [
        _offering(row, providers[row["provider"]], position)
        for position, row in enumerate(data["offerings"], start=1)
        if row["slug"] not in known
    ]
    Offering.objects.bulk_create(missing)
    _add_capabilities(data["offerings"])
    _add_particulars(data["offerings"], {row.slug for row in missing})
    return len(missing)


def _add_capabilities(rows: list[dict[str, Any]]) -> None:
    """Say what the starter offerings help with; an offering that has capabilities already keeps them."""
    silent = dict(Offering.objects.filter(capabilities=None).values_list("slug", "pk"))
    Capability.objects.bulk_create(
        Capability(offering_id=silent[row["slug"]], code=code)
        for row in rows
        if row["slug"] in silent
        for code in row.get("capabilities", [])
    )


def _add_particulars(rows: list[dict[str, Any]], new: set[str]) -> None:
    """Give new starter offerings their questions; those that exist ask what staff have them ask."""
    numbers = dict(Offering.objects.filter(slug__in=new).values_list("slug", "pk"))
    Particular.objects.bulk_create(
        Particular(
            offering_id=numbers[row["slug"]],
            kind=asked["kind"],
            label_zh=asked["zh"],
            label_en=asked["en"],
            choices_zh="\n".join(zh for zh, _en in asked.get("answers", [])),
            choices_en="\n".join(en for _zh, en in asked.get("answers", [])),
            is_required=asked.get("required", False),
            position=place,
        )
        for row in rows
        if row["slug"] in numbers
        for place, asked in enumerate(row.get("asks", []), start=1)
    )


@cache
def _starter() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(STARTER.read_text(encoding="utf-8"))
    return data


def _provider(row: dict[str, str]) -> Provider:
    provider, _created = Provider.objects.get_or_create(
        slug=row["kind"].replace("_", "-"),
        defaults={"kind": row["kind"], "name_zh": row["zh"], "name_en": row["en"]},
    )
    return provider


def _offering(row: dict[str, Any], provider: Provider, position: int) -> Offering:
    words = {
        f"{field}_{language}": row.get(field, {}).get(language, "")
        for field in ("name", "description", "deliverable", "price_note")
        for language in ("zh", "en")
    }
    return Offering(
        slug=row["slug"],
        group=row["group"],
        provider=provider,
        mode=row["mode"],
        is_free=row["free"],
        turnaround_days=row["turnaround_days"],
        audience=row["audience"],
        page=row.get("page", ""),
        needs_proof=row.get("needs_proof", False),
        position=position * 10,
        **words,
    )
