"""PostgreSQL itself keeps sealed expectations, and the words of versions, as they were.

What is sealed or agreed can go with its whole authority, and with nothing less: whether it may go
is looked at when the transaction ends.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION refuse_by(rule text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'refused by %', rule
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = rule;
END
$$;

CREATE FUNCTION cycle_sealed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sealed_at IS NOT NULL AND (
        (NEW.id, NEW.experiment_id, NEW.number, NEW.we_expect, NEW.sealed_at)
        IS DISTINCT FROM
        (OLD.id, OLD.experiment_id, OLD.number, OLD.we_expect, OLD.sealed_at)
    ) THEN
        PERFORM refuse_by('cycle_sealed_stays');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cycle_sealed_stays AFTER UPDATE ON blueprints_learningcycle
    FOR EACH ROW EXECUTE FUNCTION cycle_sealed_stays();

CREATE FUNCTION cycle_sealed_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM programmes_localauthority WHERE id = OLD.authority_id) THEN
        PERFORM refuse_by('cycle_sealed_is_kept');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER cycle_sealed_is_kept AFTER DELETE ON blueprints_learningcycle
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.sealed_at IS NOT NULL)
    EXECUTE FUNCTION cycle_sealed_is_kept();

CREATE FUNCTION observation_in_a_sealed_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM blueprints_learningcycle
        WHERE id = NEW.cycle_id AND sealed_at IS NOT NULL
    ) THEN
        PERFORM refuse_by('observation_in_a_sealed_cycle');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER observation_in_a_sealed_cycle BEFORE INSERT OR UPDATE OF cycle_id
    ON blueprints_observation FOR EACH ROW EXECUTE FUNCTION observation_in_a_sealed_cycle();

CREATE FUNCTION version_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whose it is, a key over both columns holds (version_same_authority_blueprint).
    IF (NEW.id, NEW.number, NEW.parts, NEW.why, NEW.made_at)
        IS DISTINCT FROM (OLD.id, OLD.number, OLD.parts, OLD.why, OLD.made_at)
        OR (NEW.authority_id = OLD.authority_id AND NEW.blueprint_id <> OLD.blueprint_id)
    THEN
        PERFORM refuse_by('version_words_stay');
    END IF;
    IF OLD.agreed_at IS NOT NULL AND NEW.agreed_at IS DISTINCT FROM OLD.agreed_at THEN
        PERFORM refuse_by('version_words_stay');
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'agreed'), ('draft', 'withdrawn'), ('withdrawn', 'draft'),
        ('agreed', 'superseded')
    ) THEN
        PERFORM refuse_by('version_goes_one_way');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER version_words_stay AFTER UPDATE ON blueprints_blueprintversion
    FOR EACH ROW EXECUTE FUNCTION version_words_stay();

CREATE FUNCTION version_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM programmes_localauthority WHERE id = OLD.authority_id) THEN
        PERFORM refuse_by('version_is_kept');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER version_is_kept AFTER DELETE ON blueprints_blueprintversion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.agreed_at IS NOT NULL)
    EXECUTE FUNCTION version_is_kept();

CREATE FUNCTION version_agreed_by_one_of_each() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM blueprints_signoff a JOIN blueprints_signoff b
            ON a.version_id = b.version_id AND a.id <> b.id AND a.by_id IS DISTINCT FROM b.by_id
        WHERE a.version_id = NEW.id AND a.voice = 'practitioner' AND b.voice = 'leader'
    ) THEN
        PERFORM refuse_by('version_agreed_by_one_of_each');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER version_agreed_by_one_of_each AFTER INSERT OR UPDATE OF state
    ON blueprints_blueprintversion FOR EACH ROW WHEN (NEW.state = 'agreed')
    EXECUTE FUNCTION version_agreed_by_one_of_each();
CREATE TRIGGER version_was_agreed_by_one_of_each AFTER INSERT
    ON blueprints_blueprintversion FOR EACH ROW WHEN (NEW.state = 'superseded')
    EXECUTE FUNCTION version_agreed_by_one_of_each();
"""
BACKWARDS = """
DROP TRIGGER version_was_agreed_by_one_of_each ON blueprints_blueprintversion;
DROP TRIGGER version_agreed_by_one_of_each ON blueprints_blueprintversion;
DROP FUNCTION version_agreed_by_one_of_each();
DROP TRIGGER version_is_kept ON blueprints_blueprintversion;
DROP FUNCTION version_is_kept();
DROP TRIGGER version_words_stay ON blueprints_blueprintversion;
DROP FUNCTION version_words_stay();
DROP TRIGGER observation_in_a_sealed_cycle ON blueprints_observation;
DROP FUNCTION observation_in_a_sealed_cycle();
DROP TRIGGER cycle_sealed_is_kept ON blueprints_learningcycle;
DROP FUNCTION cycle_sealed_is_kept();
DROP TRIGGER cycle_sealed_stays ON blueprints_learningcycle;
DROP FUNCTION cycle_sealed_stays();
DROP FUNCTION refuse_by(text);
"""


class Migration(migrations.Migration):
    dependencies = [("blueprints", "0006_the_words_are_their_cycles")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
