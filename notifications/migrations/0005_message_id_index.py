"""Find a delivery by the Message-ID it went out with; made while others go on writing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("notifications", "0004_suppression_and_calls")]

    operations = [
        AddIndexConcurrently(
            model_name='delivery',
            index=models.Index(condition=models.Q(('message_id', ''), _negated=True), fields=['message_id'], name='delivery_message_id'),
        ),
    ]
