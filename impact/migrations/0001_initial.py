
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import impact.models
import programmes.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('programmes', '0010_surveys_by_mail'),
        ('smallchanges', '0015_strands_and_changes_are_joined'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Crossing',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('ring', models.CharField(choices=[('authority', 'Everyone here'), ('public', 'Anyone')], max_length=20)),
                ('digest', models.CharField(max_length=32)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.localauthority')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.CreateModel(
            name='Story',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('text', models.TextField(max_length=2000)),
                ('teller', models.CharField(max_length=80)),
                ('told_on', models.DateField(default=django.utils.timezone.localdate)),
                ('ring', models.CharField(choices=[('team', 'Our team'), ('authority', 'Everyone here'), ('public', 'Anyone')], default='team', max_length=20)),
                ('digest', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.MD5('text'), output_field=models.CharField(max_length=32))),
                ('version', models.PositiveIntegerField(default=1)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stories', to='programmes.localauthority')),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stories', to='smallchanges.smallchange')),
                ('crossing', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='impact.crossing')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='programmes.team')),
                ('told_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'stories',
                'ordering': ['-told_on', '-created_at'],
            },
        ),
        migrations.AddField(
            model_name='crossing',
            name='story',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='crossings', to='impact.story'),
        ),
        migrations.CreateModel(
            name='StoryPick',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('panel', models.CharField(max_length=160)),
                ('why', models.CharField(max_length=500)),
                ('picked_on', models.DateField(default=django.utils.timezone.localdate)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='story_picks', to='programmes.localauthority')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('story', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='picks', to='impact.story')),
            ],
            options={
                'ordering': ['-picked_on', '-created_at'],
            },
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.UniqueConstraint(fields=('authority', 'id'), name='story_authority_id'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.UniqueConstraint(fields=('id', 'digest'), name='story_words'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.CheckConstraint(condition=models.Q(('ring__in', ['team', 'authority', 'public'])), name='story_ring_known'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='story_has_words'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.CheckConstraint(condition=models.Q(('teller', ''), _negated=True), name='story_has_a_teller'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('crossing', None), ('ring', 'team')), models.Q(models.Q(('ring', 'team'), _negated=True), ('crossing__isnull', False)), _connector='OR'), name='story_crosses_on_a_yes'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.CheckConstraint(condition=models.Q(('removed_by', None), ('removed_at__isnull', False), _connector='OR'), name='story_removed_by_needs_removed_at'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=programmes.models.SameAuthority(field='change', name='story_same_authority_change'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=programmes.models.SameAuthority(field='team', name='story_same_authority_team'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=programmes.models.SameAuthority(field='crossing', name='story_same_authority_crossing'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=impact.models.YesToThisStory(field='crossing', name='story_crosses_on_a_yes_to_its_words'),
        ),
        migrations.AddConstraint(
            model_name='crossing',
            constraint=models.UniqueConstraint(fields=('authority', 'id'), name='crossing_authority_id'),
        ),
        migrations.AddConstraint(
            model_name='crossing',
            constraint=models.UniqueConstraint(fields=('story', 'id', 'ring', 'digest'), name='crossing_of_words'),
        ),
        migrations.AddConstraint(
            model_name='crossing',
            constraint=models.CheckConstraint(condition=models.Q(('ring__in', ['authority', 'public'])), name='crossing_goes_outwards'),
        ),
        migrations.AddConstraint(
            model_name='crossing',
            constraint=programmes.models.SameAuthority(field='story', name='crossing_same_authority_story'),
        ),
        migrations.AddConstraint(
            model_name='crossing',
            constraint=impact.models.OwnWords(field='story', name='crossing_of_its_storys_words'),
        ),
        migrations.AddConstraint(
            model_name='storypick',
            constraint=models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='story_pick_says_why'),
        ),
        migrations.AddConstraint(
            model_name='storypick',
            constraint=models.CheckConstraint(condition=models.Q(('panel', ''), _negated=True), name='story_pick_says_who'),
        ),
        migrations.AddConstraint(
            model_name='storypick',
            constraint=models.CheckConstraint(condition=models.Q(('removed_by', None), ('removed_at__isnull', False), _connector='OR'), name='story_pick_removed_by_needs_removed_at'),
        ),
        migrations.AddConstraint(
            model_name='storypick',
            constraint=programmes.models.SameAuthority(field='story', name='story_pick_same_authority_story'),
        ),
    ]
