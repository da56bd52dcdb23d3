from django.db import migrations

# The table of Django's DatabaseCache, in which login throttling counts across web processes.
CACHE = """
CREATE TABLE cache (
    cache_key varchar(255) PRIMARY KEY,
    value     text        NOT NULL,
    expires   timestamptz NOT NULL
);
CREATE INDEX cache_expires ON cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]
    operations = [migrations.RunSQL(CACHE, "DROP TABLE cache")]
