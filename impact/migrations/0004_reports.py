import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import programmes.models
import uuid
from django.conf import settings
from django.db import migrations, models


# PostgreSQL itself keeps the words of a published report as they were. It can go with its whole
# authority, and with nothing less: whether it may go is looked at when the transaction ends. A
# story alone may leave it, since its teller may take the yes to it back. Who is erased leaves an
# empty place, so who did what is not looked at. What was written before a report was published may
# come in after it, as an archive's rows do.
FORWARDS = """
CREATE FUNCTION report_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.authority_id, NEW.programme_id, NEW.number, NEW.title, NEW.why, NEW.made_at,
        NEW.published_at, NEW.letterhead, NEW.logo)
        IS DISTINCT FROM
        (OLD.id, OLD.authority_id, OLD.programme_id, OLD.number, OLD.title, OLD.why, OLD.made_at,
        OLD.published_at, OLD.letterhead, OLD.logo)
    THEN
        PERFORM refuse_by('report_words_stay');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER report_words_stay AFTER UPDATE ON impact_report
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION report_words_stay();

CREATE FUNCTION report_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM programmes_localauthority WHERE id = OLD.authority_id) THEN
        PERFORM refuse_by('report_is_kept');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER report_is_kept AFTER DELETE ON impact_report
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.published_at IS NOT NULL)
    EXECUTE FUNCTION report_is_kept();

CREATE FUNCTION report_published_at(section uuid) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT r.published_at FROM impact_report r JOIN impact_reportsection s ON s.report_id = r.id
    WHERE s.id = section
$$;

CREATE FUNCTION report_section_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM impact_report WHERE published_at IS NOT NULL AND (
            (TG_OP = 'UPDATE' AND id IN (NEW.report_id, OLD.report_id))
            OR (TG_OP = 'INSERT' AND id = NEW.report_id AND published_at < NEW.created_at)
        )
    ) THEN
        PERFORM refuse_by('report_section_stays');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER report_section_stays AFTER INSERT OR UPDATE ON impact_reportsection
    FOR EACH ROW EXECUTE FUNCTION report_section_stays();

CREATE FUNCTION report_sentence_stays() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF (TG_OP = 'INSERT' AND report_published_at(NEW.section_id) < NEW.created_at)
        OR (TG_OP = 'UPDATE' AND report_published_at(NEW.section_id) IS NOT NULL)
        OR (TG_OP = 'UPDATE' AND report_published_at(OLD.section_id) IS NOT NULL)
    THEN
        PERFORM refuse_by('report_sentence_stays');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER report_sentence_stays AFTER INSERT OR UPDATE ON impact_reportsentence
    FOR EACH ROW EXECUTE FUNCTION report_sentence_stays();

CREATE FUNCTION report_section_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM impact_report WHERE id = OLD.report_id AND published_at IS NOT NULL) THEN
        PERFORM refuse_by('report_section_is_kept');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER report_section_is_kept AFTER DELETE ON impact_reportsection
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION report_section_is_kept();

CREATE FUNCTION report_sentence_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF report_published_at(OLD.section_id) IS NOT NULL THEN
        PERFORM refuse_by('report_sentence_is_kept');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER report_sentence_is_kept AFTER DELETE ON impact_reportsentence
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.kind <> 'story')
    EXECUTE FUNCTION report_sentence_is_kept();
"""
BACKWARDS = """
DROP TRIGGER report_sentence_is_kept ON impact_reportsentence;
DROP FUNCTION report_sentence_is_kept();
DROP TRIGGER report_section_is_kept ON impact_reportsection;
DROP FUNCTION report_section_is_kept();
DROP TRIGGER report_sentence_stays ON impact_reportsentence;
DROP FUNCTION report_sentence_stays();
DROP TRIGGER report_section_stays ON impact_reportsection;
DROP FUNCTION report_section_stays();
DROP FUNCTION report_published_at(uuid);
DROP TRIGGER report_is_kept ON impact_report;
DROP FUNCTION report_is_kept();
DROP TRIGGER report_words_stay ON impact_report;
DROP FUNCTION report_words_stay();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('impact', '0003_feed_keys'),
        ('blueprints', '0012_partner_links'),
        ('programmes', '0010_surveys_by_mail'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('number', models.PositiveSmallIntegerField()),
                ('title', models.CharField(default='What difference is it making?', max_length=120)),
                ('why', models.TextField(blank=True, max_length=1000)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', max_length=20)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('letterhead', models.CharField(blank=True, max_length=160)),
                ('logo', models.BinaryField(default=bytes)),
                ('version', models.PositiveIntegerField(default=1)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='programmes.localauthority')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='programmes.programme')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='ReportSection',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('key', models.CharField(choices=[('ambition', 'What we set out to do'), ('changes', 'Small changes'), ('gift', 'What turned out to be in our gift'), ('people', 'What people say'), ('families', 'Time with families'), ('stories', 'Stories'), ('blueprint', 'Our blueprint and its experiments'), ('promises', 'Promises kept'), ('carried', 'Who carries it on'), ('differently', 'What we’d do differently'), ('numbers', 'How these numbers were made')], max_length=20)),
                ('heading', models.CharField(max_length=120)),
                ('is_in', models.BooleanField(default=True)),
                ('position', models.PositiveIntegerField(default=0)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='report_sections', to='programmes.localauthority')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='impact.report')),
            ],
            options={
                'ordering': ['position', 'created_at'],
            },
        ),
        migrations.CreateModel(
            name='ReportSentence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('kind', models.CharField(choices=[('data', 'From the data'), ('own', 'Written by us'), ('story', 'Told')], max_length=20)),
                ('key', models.CharField(blank=True, default='', max_length=120)),
                ('text', models.TextField(max_length=2400)),
                ('drafted', models.TextField(blank=True, default='', max_length=2400)),
                ('rests_on', models.JSONField(blank=True, default=list)),
                ('before', models.JSONField(blank=True, null=True)),
                ('position', models.PositiveIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=1)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='report_sentences', to='programmes.localauthority')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sentences', to='impact.reportsection')),
            ],
            options={
                'ordering': ['position', 'created_at'],
            },
        ),
        migrations.CreateModel(
            name='ReportShare',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('ambition', 'What we set out to do'), ('changes', 'Small changes'), ('gift', 'What turned out to be in our gift'), ('people', 'What people say'), ('families', 'Time with families'), ('stories', 'Stories'), ('blueprint', 'Our blueprint and its experiments'), ('promises', 'Promises kept'), ('carried', 'Who carries it on'), ('differently', 'What we’d do differently'), ('numbers', 'How these numbers were made')], max_length=20))),
                ('shared_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='report_shares', to='programmes.localauthority')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='impact.report')),
                ('shared_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-shared_at'],
            },
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(fields=('authority', 'id'), name='report_authority_id'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('published_at', None), ('state', 'withdrawn'), _negated=True), fields=('authority', 'number'), name='report_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('authority',), name='report_one_draft_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='report_is_numbered_from_one'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='report_has_a_title'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('state__in', ['draft']), ('withdrawn_at', None)), models.Q(('published_at__isnull', False), ('state__in', ['published']), ('withdrawn_at', None)), models.Q(('state__in', ['withdrawn']), ('withdrawn_at__isnull', False)), _connector='OR'), name='report_state_has_its_days'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('published_by', None), ('published_at__isnull', False), _connector='OR'), name='report_published_by_needs_published_at'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_by', None), ('withdrawn_at__isnull', False), _connector='OR'), name='report_withdrawn_by_needs_withdrawn_at'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=programmes.models.SameAuthority(field='programme', name='report_same_authority_programme'),
        ),
        migrations.AddConstraint(
            model_name='reportsection',
            constraint=models.UniqueConstraint(fields=('authority', 'id'), name='report_section_authority_id'),
        ),
        migrations.AddConstraint(
            model_name='reportsection',
            constraint=models.UniqueConstraint(fields=('report', 'key'), name='report_section_once'),
        ),
        migrations.AddConstraint(
            model_name='reportsection',
            constraint=models.CheckConstraint(condition=models.Q(('key__in', ['ambition', 'changes', 'gift', 'people', 'families', 'stories', 'blueprint', 'promises', 'carried', 'differently', 'numbers'])), name='report_section_key_known'),
        ),
        migrations.AddConstraint(
            model_name='reportsection',
            constraint=models.CheckConstraint(condition=models.Q(('heading', ''), _negated=True), name='report_section_has_a_heading'),
        ),
        migrations.AddConstraint(
            model_name='reportsection',
            constraint=programmes.models.SameAuthority(field='report', name='report_section_same_authority_report'),
        ),
        migrations.AddConstraint(
            model_name='reportsentence',
            constraint=models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('section', 'key'), name='report_sentence_told_once'),
        ),
        migrations.AddConstraint(
            model_name='reportsentence',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='report_sentence_has_words'),
        ),
        migrations.AddConstraint(
            model_name='reportsentence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('drafted', ''), ('key', ''), ('kind__in', ['own'])), models.Q(('kind__in', ['data', 'story']), models.Q(('key', ''), _negated=True), models.Q(('drafted', ''), _negated=True)), _connector='OR'), name='report_sentence_says_whose_it_is'),
        ),
        migrations.AddConstraint(
            model_name='reportsentence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'story'), _negated=True), ('text', models.F('drafted')), _connector='OR'), name='report_story_keeps_its_words'),
        ),
        migrations.AddConstraint(
            model_name='reportsentence',
            constraint=models.CheckConstraint(condition=models.Q(('removed_by', None), ('removed_at__isnull', False), _connector='OR'), name='report_sentence_removed_by_needs_removed_at'),
        ),
        migrations.AddConstraint(
            model_name='reportsentence',
            constraint=programmes.models.SameAuthority(field='section', name='report_sentence_same_authority_section'),
        ),
        migrations.AddConstraint(
            model_name='reportshare',
            constraint=models.UniqueConstraint(condition=models.Q(('taken_back_at', None)), fields=('authority',), name='report_share_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='reportshare',
            constraint=models.CheckConstraint(condition=models.Q(('keys__len__gte', 1)), name='report_share_of_something'),
        ),
        migrations.AddConstraint(
            model_name='reportshare',
            constraint=models.CheckConstraint(condition=models.Q(('taken_back_by', None), ('taken_back_at__isnull', False), _connector='OR'), name='report_share_taken_back_by_needs_taken_back_at'),
        ),
        migrations.AddConstraint(
            model_name='reportshare',
            constraint=programmes.models.SameAuthority(field='report', name='report_share_same_authority_report'),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
