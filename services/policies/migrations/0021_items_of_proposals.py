from typing import Any

from django.db import migrations
from django.db.models import Count, Min

# Columns that speak of an item; until now they were compared only where the notice had exactly one.
OF_ITEMS = [
    "item_title_zh", "item_title_en", "max_wan", "rate_percent", "delivery", "opens_on", "closes_on",
    "steps_zh", "apply_url", "regions", "industries", "sizes", "quals_any", "employees_min",
    "employees_max", "years_min",
]  # fmt: skip


def name_the_only_item(apps: Any, schema_editor: Any) -> None:
    proposals = apps.get_model("policies", "FieldProposal").objects.filter(item=None, field__in=OF_ITEMS)
    items = apps.get_model("policies", "PolicyItem").objects.filter(withdrawn_at=None)
    notices = proposals.order_by().values("notice").distinct()
    only = items.filter(notice__in=notices).order_by().values("notice").annotate(n=Count("pk"), item=Min("pk"))
    for row in only.filter(n=1):
        proposals.filter(notice=row["notice"]).update(item=row["item"])


class Migration(migrations.Migration):
    dependencies = [("policies", "0020_proposals_for_one_item_of_several")]

    operations = [migrations.RunPython(name_the_only_item, migrations.RunPython.noop)]
