"""One flagged zone, so that the profile and the conditions of the desk have something to show."""

from enterprises import actions
from enterprises.models import Zone, ZonePlace


def load_zone() -> Zone:
    """Keep it as staff would: part of a district, so its enterprises are asked whether they lie in it."""
    zone = Zone.objects.create(
        code="sample-free-trade-area",
        name_zh="演示：青岛自贸片区",
        name_en="Sample: Qingdao free-trade area",
        basis="演示数据",
        is_sample=True,
    )
    ZonePlace.objects.create(zone=zone, region_id="370211")
    actions.apply_zone(zone)
    return zone
