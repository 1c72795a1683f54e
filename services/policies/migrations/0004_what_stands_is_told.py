"""What was published before anybody could follow it counts as told."""

from django.db import migrations

TOLD = """
INSERT INTO policies_noticetelling (notice_id, version, event, found, told, told_at)
SELECT notice_id, number, 'published', 0, 0, now() FROM policies_noticeversion
UNION ALL
SELECT id, version, state, 0, 0, now() FROM policies_policynotice WHERE state IN ('superseded', 'repealed')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0003_marks_searches_and_alerts")]

    operations = [migrations.RunSQL(TOLD, migrations.RunSQL.noop)]
