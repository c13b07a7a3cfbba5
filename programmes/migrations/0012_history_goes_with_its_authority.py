"""History can go with its whole authority, and with nothing less.

A line of it is deleted only once its authority's row is gone in the same transaction or before.
"""

from django.db import migrations

FORWARDS = """
CREATE OR REPLACE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.authority_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM programmes_localauthority WHERE id = OLD.authority_id
        ) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'history is not changed: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_event_stays';
END
$$;
"""
BACKWARDS = """
CREATE OR REPLACE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is not changed: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_event_stays';
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0011_results_are_surveys")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
