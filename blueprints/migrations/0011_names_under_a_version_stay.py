"""PostgreSQL itself keeps the names under an agreed version, and lets none be added later.

They can go with their whole authority, and an erased person leaves their name's place empty.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION sign_off_under_a_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM blueprints_blueprintversion WHERE id = NEW.version_id AND state = 'draft'
    ) THEN
        PERFORM refuse_by('sign_off_under_a_draft');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER sign_off_under_a_draft BEFORE INSERT OR UPDATE OF version_id
    ON blueprints_signoff FOR EACH ROW EXECUTE FUNCTION sign_off_under_a_draft();

CREATE FUNCTION sign_off_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM blueprints_blueprintversion
        WHERE id = OLD.version_id AND agreed_at IS NOT NULL
    ) AND (
        (NEW.id, NEW.version_id, NEW.voice, NEW.at)
        IS DISTINCT FROM (OLD.id, OLD.version_id, OLD.voice, OLD.at)
        OR (NEW.by_id IS NOT NULL AND NEW.by_id IS DISTINCT FROM OLD.by_id)
    ) THEN
        PERFORM refuse_by('sign_off_stays');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER sign_off_stays AFTER UPDATE ON blueprints_signoff
    FOR EACH ROW EXECUTE FUNCTION sign_off_stays();

CREATE FUNCTION sign_off_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What was agreed in this very transaction may have had a name taken back before; it still has
    -- one of each.
    IF EXISTS (SELECT FROM programmes_localauthority WHERE id = OLD.authority_id)
        AND EXISTS (
            SELECT FROM blueprints_blueprintversion
            WHERE id = OLD.version_id AND agreed_at IS NOT NULL AND (
                agreed_at < transaction_timestamp() OR 2 > (
                    SELECT count(DISTINCT voice) FROM blueprints_signoff
                    WHERE version_id = OLD.version_id
                )
            )
        )
    THEN
        PERFORM refuse_by('sign_off_is_kept');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER sign_off_is_kept AFTER DELETE ON blueprints_signoff
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sign_off_is_kept();
"""
BACKWARDS = """
DROP TRIGGER sign_off_is_kept ON blueprints_signoff;
DROP FUNCTION sign_off_is_kept();
DROP TRIGGER sign_off_stays ON blueprints_signoff;
DROP FUNCTION sign_off_stays();
DROP TRIGGER sign_off_under_a_draft ON blueprints_signoff;
DROP FUNCTION sign_off_under_a_draft();
"""


class Migration(migrations.Migration):
    dependencies = [("blueprints", "0010_tellings_of_promises")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
