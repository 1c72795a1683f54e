"""Load the official tables of regions and industries into the database."""

from enterprises.actions.fact import follow_facts
from enterprises.classification.industries import INDUSTRIES
from enterprises.classification.regions import COUNTRY, FORMER, REGIONS, names
from enterprises.models import Enterprise, Industry, Region

_REGION_FIELDS = ["parent", "level", "name_zh", "name_en", "is_selectable"]
_INDUSTRY_FIELDS = ["parent", "level", "name_zh", "name_en"]


def load_reference() -> None:
    """Write the 153 regions, 000000 and the 308 industries; running it again updates names only.

    A region that exists no more can no longer be chosen, and enterprises recorded there move to what came
    after it.
    """
    Region.objects.bulk_create(
        _regions(), update_conflicts=True, unique_fields=["code"], update_fields=_REGION_FIELDS
    )
    Industry.objects.bulk_create(
        _industries(), update_conflicts=True, unique_fields=["code"], update_fields=_INDUSTRY_FIELDS
    )
    Region.objects.filter(code__in=FORMER).update(is_selectable=False)
    for enterprise in Enterprise.objects.filter(region__in=FORMER).iterator():
        follow_facts(enterprise)


def _regions() -> list[Region]:
    name_zh, name_en = names(COUNTRY)
    country = Region(
        code=COUNTRY, level=Region.Level.COUNTRY, name_zh=name_zh, name_en=name_en, is_selectable=False
    )
    return [country] + [
        Region(
            code=row.code,
            parent_id=row.parent_code or None,
            level=row.level,
            name_zh=row.name_zh,
            name_en=row.name_en,
            is_selectable=True,
        )
        for row in REGIONS.values()
    ]


def _industries() -> list[Industry]:
    return [
        Industry(
            code=row.code,
            parent_id=row.parent or None,
            level=row.level,
            name_zh=row.name_zh,
            name_en=row.name_en,
        )
        for row in INDUSTRIES.values()
    ]
