"""PostgreSQL itself refuses to change or delete a line of history."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is not changed: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_event_stays';
END
$$;
CREATE TRIGGER audit_event_stays BEFORE UPDATE OR DELETE ON programmes_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_event_stays();
"""
BACKWARDS = """
DROP TRIGGER audit_event_stays ON programmes_auditevent;
DROP FUNCTION audit_event_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
