from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import enterprises.models


class Migration(migrations.Migration):
    """Built beside the running portal: nobody waits for it."""

    atomic = False

    dependencies = [("enterprises", "0005_merge_enterprises")]

    operations = [
        AddIndexConcurrently(
            "enterprise",
            models.Index(enterprises.models.NameKey(models.F("name")), name="enterprise_name_key"),
        ),
    ]
