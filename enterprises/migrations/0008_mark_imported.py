from django.db import migrations


def mark_imported(apps, schema_editor):
    """Nobody ever acted for these: they came from a sheet, and no address was confirmed."""
    enterprises = apps.get_model("enterprises", "Enterprise").objects.using(schema_editor.connection.alias)
    enterprises.filter(proof_level="email", memberships=None, is_sample=False).update(proof_level="imported")


def unmark(apps, schema_editor):
    enterprises = apps.get_model("enterprises", "Enterprise").objects.using(schema_editor.connection.alias)
    enterprises.filter(proof_level="imported").update(proof_level="email")


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0007_imported_level")]

    operations = [migrations.RunPython(mark_imported, unmark, elidable=True)]
