"""Keep the vector and the text of a search row out of line, so that a pass over all hits never reads them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE policies_noticesearch SET (toast_tuple_target = 128)",
            "ALTER TABLE policies_noticesearch RESET (toast_tuple_target)",
        ),
    ]
