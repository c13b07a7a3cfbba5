from django.db import migrations


# An archive's reports come in as drafts, get their words, and are published then. So nothing at all
# comes into a published one any more, whenever it says that it was written.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION report_section_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM impact_report WHERE published_at IS NOT NULL AND (
            (TG_OP = 'UPDATE' AND id IN (NEW.report_id, OLD.report_id))
            OR (TG_OP = 'INSERT' AND id = NEW.report_id{section})
        )
    ) THEN
        PERFORM refuse_by('report_section_stays');
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION report_sentence_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (
        (NEW.id, NEW.section_id, NEW.kind, NEW.key, NEW.text, NEW.drafted, NEW.rests_on,
        NEW.position, NEW.removed_at, NEW.illustrative)
        IS NOT DISTINCT FROM
        (OLD.id, OLD.section_id, OLD.kind, OLD.key, OLD.text, OLD.drafted, OLD.rests_on,
        OLD.position, OLD.removed_at, OLD.illustrative)
    ) THEN
        RETURN NEW;
    END IF;
    IF (TG_OP = 'INSERT' AND report_published_at(NEW.section_id) {sentence})
        OR (TG_OP = 'UPDATE' AND report_published_at(NEW.section_id) IS NOT NULL)
        OR (TG_OP = 'UPDATE' AND report_published_at(OLD.section_id) IS NOT NULL)
    THEN
        PERFORM refuse_by('report_sentence_stays');
    END IF;
    RETURN NEW;
END
$$;
"""
FORWARDS = FUNCTIONS.format(section="", sentence="IS NOT NULL")
BACKWARDS = FUNCTIONS.format(
    section=" AND published_at < NEW.created_at", sentence="< NEW.created_at"
)


class Migration(migrations.Migration):
    dependencies = [("impact", "0004_reports")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
