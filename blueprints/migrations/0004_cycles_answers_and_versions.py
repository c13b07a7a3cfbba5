"""An experiment's words become those of its cycles; an insight can rest on more than changes."""

import django.db.models.deletion
import django.db.models.lookups
import django.utils.timezone
import programmes.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('blueprints', '0003_only_what_is_known'),
        ('programmes', '0009_notice_rounds'),
        ('smallchanges', '0014_an_offer_becomes_an_ask'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='insightchange',
            name='insight_change_once',
        ),
        migrations.RemoveConstraint(
            model_name='insightchange',
            name='insight_change_same_authority_insight',
        ),
        migrations.RemoveConstraint(
            model_name='insightchange',
            name='insight_change_same_authority_change',
        ),
        migrations.RenameModel('InsightChange', 'Evidence'),
        migrations.AlterModelOptions(
            name='evidence',
            options={'ordering': ['created_at'], 'verbose_name_plural': 'evidence'},
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('kind', models.CharField(choices=[('yes', 'Yes, let’s try it'), ('yes if', 'Yes, if…'), ('not yet', 'Not yet, because…')], max_length=20)),
                ('words', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'ordering': ['-at', '-created_at'],
            },
        ),
        migrations.CreateModel(
            name='BlueprintVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('number', models.PositiveSmallIntegerField()),
                ('parts', models.JSONField()),
                ('why', models.TextField(blank=True, max_length=1000)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('agreed', 'Agreed'), ('superseded', 'Superseded'), ('withdrawn', 'Withdrawn')], default='draft', max_length=20)),
                ('agreed_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='LearningCycle',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('we_try', models.TextField(blank=True, max_length=1000)),
                ('we_expect', models.TextField(blank=True, max_length=1000)),
                ('how_we_know', models.TextField(blank=True, max_length=1000)),
                ('who', models.CharField(blank=True, max_length=160)),
                ('from_on', models.DateField(blank=True, null=True)),
                ('to_on', models.DateField(blank=True, null=True)),
                ('sealed_at', models.DateTimeField(blank=True, null=True)),
                ('surprised_us', models.TextField(blank=True, max_length=1000)),
                ('decision', models.CharField(blank=True, choices=[('adopt', 'Adopt: this is how we work now'), ('adapt', 'Adapt: change it and try again'), ('amplify', 'Amplify: do it in more places'), ('stop', 'Stop: and keep what it taught')], max_length=20)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('text', models.CharField(max_length=500)),
            ],
            options={
                'ordering': ['-at', '-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('what', models.CharField(blank=True, max_length=200)),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True)),
                ('unit', models.CharField(blank=True, choices=[('hours', 'hours, once'), ('hours a week', 'hours a week'), ('hours a month', 'hours a month'), ('pounds', 'pounds, once'), ('pounds a month', 'pounds a month'), ('pounds a year', 'pounds a year')], max_length=20)),
                ('by_when', models.DateField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('kept', models.BooleanField(blank=True, null=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['by_when', 'created_at'],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('going', models.CharField(choices=[('well', 'It goes well'), ('slowly', 'It goes slowly'), ('stuck', 'It’s stuck')], max_length=20)),
                ('words', models.TextField(blank=True, max_length=1000)),
                ('decided', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'ordering': ['-at', '-created_at'],
            },
        ),
        migrations.CreateModel(
            name='SignOff',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('voice', models.CharField(choices=[('practitioner', 'Practitioner'), ('leader', 'Leader')], max_length=20)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.AddField(
            model_name='experiment',
            name='chat_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='experiment',
            name='reminded_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='experiment',
            name='waiting_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='experiment',
            index=models.Index(condition=models.Q(('chat_at', None), ('removed_at', None), ('state', 'waiting for a yes')), fields=['waiting_since'], name='experiment_that_waits'),
        ),
        migrations.AddField(
            model_name='answer',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='programmes.localauthority'),
        ),
        migrations.AddField(
            model_name='answer',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='answer',
            name='experiment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='blueprints.experiment'),
        ),
        migrations.AddField(
            model_name='answer',
            name='move',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answer', to='blueprints.experimentmove'),
        ),
        migrations.AddField(
            model_name='answer',
            name='removed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='blueprintversion',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='programmes.localauthority'),
        ),
        migrations.AddField(
            model_name='blueprintversion',
            name='blueprint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='blueprints.blueprint'),
        ),
        migrations.AddField(
            model_name='blueprintversion',
            name='made_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evidence',
            name='ask',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='smallchanges.ask'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='barrier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.barrier'),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='change',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='smallchanges.smallchange'),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='insight',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='blueprints.insight'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='measure',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='smallchanges.measure'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='merged_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.barrier'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='met',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='smallchanges.met'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='move',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='smallchanges.move'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='rule',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='smallchanges.rule'),
        ),
        migrations.AlterField(
            model_name='insight',
            name='changes',
            field=models.ManyToManyField(related_name='insights', through='blueprints.Evidence', through_fields=('insight', 'change'), to='smallchanges.smallchange'),
        ),
        migrations.AddField(
            model_name='learningcycle',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cycles', to='programmes.localauthority'),
        ),
        migrations.AddField(
            model_name='learningcycle',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='learningcycle',
            name='experiment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cycles', to='blueprints.experiment'),
        ),
        migrations.AddField(
            model_name='answer',
            name='cycle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='blueprints.learningcycle'),
        ),
        migrations.AddField(
            model_name='experimentmove',
            name='cycle',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='blueprints.learningcycle'),
        ),
        migrations.AddConstraint(
            model_name='experimentmove',
            constraint=models.UniqueConstraint(fields=('authority', 'id'), name='experiment_move_authority_id'),
        ),
        migrations.AddConstraint(
            model_name='experimentmove',
            constraint=programmes.models.SameAuthority(field='cycle', name='experiment_move_same_authority_cycle'),
        ),
        migrations.AddField(
            model_name='observation',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='observations', to='programmes.localauthority'),
        ),
        migrations.AddField(
            model_name='observation',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='observation',
            name='cycle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='observations', to='blueprints.learningcycle'),
        ),
        migrations.AddField(
            model_name='observation',
            name='removed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promise',
            name='ask',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='smallchanges.ask'),
        ),
        migrations.AddField(
            model_name='promise',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='programmes.localauthority'),
        ),
        migrations.AddField(
            model_name='promise',
            name='experiment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='blueprints.experiment'),
        ),
        migrations.AddField(
            model_name='promise',
            name='made_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promise',
            name='pillar',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='blueprints.pillar'),
        ),
        migrations.AddField(
            model_name='promise',
            name='removed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promise',
            name='told_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='review',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='programmes.localauthority'),
        ),
        migrations.AddField(
            model_name='review',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='review',
            name='pillar',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='blueprints.pillar'),
        ),
        migrations.AddField(
            model_name='review',
            name='removed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signoff',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.localauthority'),
        ),
        migrations.AddField(
            model_name='signoff',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signoff',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_offs', to='blueprints.blueprintversion'),
        ),
        migrations.AddConstraint(
            model_name='blueprintversion',
            constraint=models.UniqueConstraint(fields=('authority', 'id'), name='version_authority_id'),
        ),
        migrations.AddConstraint(
            model_name='blueprintversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('blueprint', 'number'), name='version_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='blueprintversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('blueprint',), name='version_one_draft_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='blueprintversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'agreed')), fields=('blueprint',), name='version_one_agreed_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='blueprintversion',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='version_is_numbered_from_one'),
        ),
        migrations.AddConstraint(
            model_name='blueprintversion',
            constraint=programmes.models.SameAuthority(field='blueprint', name='version_same_authority_blueprint'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.UniqueConstraint(fields=('insight', 'change', 'barrier', 'met', 'ask', 'rule', 'measure', 'move'), name='evidence_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('change_id'), models.F('barrier_id'), models.F('met_id'), models.F('ask_id'), models.F('rule_id'), models.F('measure_id'), models.F('move_id'), function='num_nonnulls', output_field=models.IntegerField()), 1), name='evidence_is_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('merged_from', None), ('barrier__isnull', False), _connector='OR'), name='evidence_merged_from_is_a_barriers'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=programmes.models.SameAuthority(field='insight', name='evidence_same_authority_insight'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=programmes.models.SameAuthority(field='merged_from', name='evidence_same_authority_merged_from'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=programmes.models.SameAuthority(field='change', name='evidence_same_authority_change'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=programmes.models.SameAuthority(field='barrier', name='evidence_same_authority_barrier'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=programmes.models.SameAuthority(field='met', name='evidence_same_authority_met'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=programmes.models.SameAuthority(field='ask', name='evidence_same_authority_ask'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=programmes.models.SameAuthority(field='rule', name='evidence_same_authority_rule'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=programmes.models.SameAuthority(field='measure', name='evidence_same_authority_measure'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=programmes.models.SameAuthority(field='move', name='evidence_same_authority_move'),
        ),
        migrations.AddConstraint(
            model_name='learningcycle',
            constraint=models.UniqueConstraint(fields=('authority', 'id'), name='cycle_authority_id'),
        ),
        migrations.AddConstraint(
            model_name='learningcycle',
            constraint=models.UniqueConstraint(fields=('experiment', 'number'), name='cycle_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='learningcycle',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='cycle_is_numbered_from_one'),
        ),
        migrations.AddConstraint(
            model_name='learningcycle',
            constraint=models.CheckConstraint(condition=models.Q(('from_on', None), ('to_on', None), ('to_on__gte', models.F('from_on')), _connector='OR'), name='cycle_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='learningcycle',
            constraint=models.CheckConstraint(condition=models.Q(('sealed_at', None), models.Q(('we_expect', ''), _negated=True), _connector='OR'), name='cycle_sealed_expects_something'),
        ),
        migrations.AddConstraint(
            model_name='learningcycle',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decision', '')), models.Q(('decided_at__isnull', False), ('decision__in', ['adopt', 'adapt', 'amplify', 'stop'])), _connector='OR'), name='cycle_decision_has_its_day'),
        ),
        migrations.AddConstraint(
            model_name='learningcycle',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), ('decided_at__isnull', False), _connector='OR'), name='cycle_decided_by_needs_decided_at'),
        ),
        migrations.AddConstraint(
            model_name='learningcycle',
            constraint=programmes.models.SameAuthority(field='experiment', name='cycle_same_authority_experiment'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('authority', 'id'), name='answer_authority_id'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['yes', 'yes if', 'not yet'])), name='answer_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'yes'), models.Q(('words', ''), _negated=True), _connector='OR'), name='answer_says_if_and_why'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('removed_by', None), ('removed_at__isnull', False), _connector='OR'), name='answer_removed_by_needs_removed_at'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=programmes.models.SameAuthority(field='experiment', name='answer_same_authority_experiment'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=programmes.models.SameAuthority(field='cycle', name='answer_same_authority_cycle'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=programmes.models.SameAuthority(field='move', name='answer_same_authority_move'),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='observation_has_words'),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(('removed_by', None), ('removed_at__isnull', False), _connector='OR'), name='observation_removed_by_needs_removed_at'),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=programmes.models.SameAuthority(field='cycle', name='observation_same_authority_cycle'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.UniqueConstraint(fields=('authority', 'id'), name='promise_authority_id'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ask', None), ('experiment__isnull', False), ('pillar', None)), models.Q(('ask__isnull', False), ('experiment', None), ('pillar', None)), models.Q(('ask', None), ('experiment', None), ('pillar__isnull', False)), _connector='OR'), name='promise_for_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount', None), ('unit', ''), models.Q(('what', ''), _negated=True)), models.Q(('amount__gt', 0), models.Q(('unit', ''), _negated=True)), _connector='OR'), name='promise_says_what'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('unit__in', ['', 'hours', 'hours a week', 'hours a month', 'pounds', 'pounds a month', 'pounds a year'])), name='promise_unit_known'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('told_by', None), ('told_at__isnull', False), _connector='OR'), name='promise_told_by_needs_told_at'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('removed_by', None), ('removed_at__isnull', False), _connector='OR'), name='promise_removed_by_needs_removed_at'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=programmes.models.SameAuthority(field='experiment', name='promise_same_authority_experiment'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=programmes.models.SameAuthority(field='ask', name='promise_same_authority_ask'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=programmes.models.SameAuthority(field='pillar', name='promise_same_authority_pillar'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('going__in', ['well', 'slowly', 'stuck'])), name='review_going_known'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('removed_by', None), ('removed_at__isnull', False), _connector='OR'), name='review_removed_by_needs_removed_at'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=programmes.models.SameAuthority(field='pillar', name='review_same_authority_pillar'),
        ),
        migrations.AddConstraint(
            model_name='signoff',
            constraint=models.UniqueConstraint(fields=('version', 'by'), name='sign_off_once_each'),
        ),
        migrations.AddConstraint(
            model_name='signoff',
            constraint=models.CheckConstraint(condition=models.Q(('voice__in', ['practitioner', 'leader'])), name='sign_off_voice_known'),
        ),
        migrations.AddConstraint(
            model_name='signoff',
            constraint=programmes.models.SameAuthority(field='version', name='sign_off_same_authority_version'),
        ),
        migrations.AddConstraint(
            model_name='blueprintversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_at', None), ('ended_at', None), ('state__in', ['draft'])), models.Q(('agreed_at__isnull', False), ('ended_at', None), ('state__in', ['agreed'])), models.Q(('agreed_at__isnull', False), ('ended_at__isnull', False), ('state__in', ['superseded'])), models.Q(('agreed_at', None), ('ended_at__isnull', False), ('state__in', ['withdrawn'])), _connector='OR'), name='version_state_has_its_days'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kept', None), ('told_at', None), ('why', '')), models.Q(('kept__isnull', False), ('told_at__isnull', False), models.Q(('kept', True), models.Q(('why', ''), _negated=True), _connector='OR')), _connector='OR'), name='promise_not_kept_says_why'),
        ),
    ]
