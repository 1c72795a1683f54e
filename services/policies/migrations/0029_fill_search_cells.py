from typing import Any

from django.db import migrations

_CELLS = """
INSERT INTO policies_searchcell (area, kind, level, issuer_id)
SELECT DISTINCT area, kind, level, issuer_id FROM policies_noticesearch
ON CONFLICT DO NOTHING
"""
_SOME = """
UPDATE policies_noticesearch AS row SET cell_id = cell.id FROM policies_searchcell AS cell
WHERE row.notice_id IN (SELECT notice_id FROM policies_noticesearch WHERE cell_id IS NULL LIMIT 1000)
  AND cell.area = row.area AND cell.kind = row.kind AND cell.level = row.level
  AND cell.issuer_id IS NOT DISTINCT FROM row.issuer_id
"""


def fill(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_CELLS)
        cursor.execute(_SOME)
        while cursor.rowcount > 0:
            cursor.execute(_SOME)


class Migration(migrations.Migration):
    # Each thousand rows is committed alone: every row changed is put into the index of words anew, which takes
    # a while where there are very many.
    atomic = False

    dependencies = [("policies", "0028_search_cells")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
