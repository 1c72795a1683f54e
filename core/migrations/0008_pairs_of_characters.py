"""Cut a text into pairs of characters, so that an index finds words inside it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0007_searches_that_found_nothing")]

    operations = [
        migrations.RunSQL(
            sql="""
            CREATE FUNCTION core_pairs(words text) RETURNS text[]
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
                SELECT array(SELECT DISTINCT substr(upper(words), n, 2)
                             FROM generate_series(1, length(upper(words)) - 1) AS n)
            $$;
            """,
            reverse_sql="DROP FUNCTION core_pairs(text);",
        ),
    ]
