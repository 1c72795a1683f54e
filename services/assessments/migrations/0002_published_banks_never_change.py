"""Refuse UPDATE and DELETE on published question banks, whoever asks."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
            CREATE FUNCTION assessments_framework_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'a published question bank never changes' USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER assessments_framework_immutable
                BEFORE UPDATE OR DELETE ON assessments_frameworkversion
                FOR EACH ROW EXECUTE FUNCTION assessments_framework_immutable();
            """,
            reverse_sql="""
            DROP TRIGGER assessments_framework_immutable ON assessments_frameworkversion;
            DROP FUNCTION assessments_framework_immutable();
            """,
        ),
    ]
