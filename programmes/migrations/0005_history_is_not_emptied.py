"""PostgreSQL itself refuses to empty the table of history, as it refuses to change a line of it."""

from django.db import migrations

FORWARDS = """
CREATE TRIGGER audit_event_is_not_emptied BEFORE TRUNCATE ON programmes_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_event_stays();
"""
BACKWARDS = "DROP TRIGGER audit_event_is_not_emptied ON programmes_auditevent;"


class Migration(migrations.Migration):
    dependencies = [("programmes", "0004_only_what_is_known")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
