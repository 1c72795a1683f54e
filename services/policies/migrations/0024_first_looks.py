from datetime import timedelta
from typing import Any

from django.db import migrations
from django.db.models import DateField, ExpressionWrapper, F
from django.db.models.functions import TruncDate


def count_from_publication(apps: Any, schema_editor: Any) -> None:
    notices = apps.get_model("policies", "PolicyNotice").objects
    day = ExpressionWrapper(TruncDate(F("published_at")) + timedelta(days=180), output_field=DateField())
    notices.filter(state="published", to_be_verified=False, look_again_on=None).update(look_again_on=day)


class Migration(migrations.Migration):
    dependencies = [("policies", "0023_look_again")]

    operations = [migrations.RunPython(count_from_publication, migrations.RunPython.noop)]
