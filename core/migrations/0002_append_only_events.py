"""Refuse UPDATE, DELETE and TRUNCATE on events, whoever asks."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
            CREATE FUNCTION core_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER core_event_append_only BEFORE UPDATE OR DELETE ON core_event
                FOR EACH ROW EXECUTE FUNCTION core_event_append_only();
            CREATE TRIGGER core_event_never_emptied BEFORE TRUNCATE ON core_event
                FOR EACH STATEMENT EXECUTE FUNCTION core_event_append_only();
            """,
            reverse_sql="""
            DROP TRIGGER core_event_never_emptied ON core_event;
            DROP TRIGGER core_event_append_only ON core_event;
            DROP FUNCTION core_event_append_only();
            """,
        ),
    ]
