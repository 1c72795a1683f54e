"""Everything that changes the catalogue."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from core import audit
from services.catalogue.models import Capability, Offering, Provider

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
