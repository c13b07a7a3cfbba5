"""The aims of the authority's own improvement plan, and which pillars serve them."""

import django.db.models.deletion
import django.db.models.functions.text
import programmes.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('blueprints', '0008_two_voices'),
        ('programmes', '0009_notice_rounds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Aim',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('code', models.CharField(max_length=20)),
                ('title', models.CharField(max_length=200)),
                ('owner', models.CharField(blank=True, max_length=160)),
                ('link', models.CharField(blank=True, max_length=500)),
                ('position', models.PositiveIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=1)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aims', to='programmes.localauthority')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aims', to='programmes.programme')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['position', 'created_at'],
            },
        ),
        migrations.CreateModel(
            name='PillarAim',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('aim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='blueprints.aim')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.localauthority')),
                ('pillar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='blueprints.pillar')),
            ],
        ),
        migrations.AddField(
            model_name='aim',
            name='pillars',
            field=models.ManyToManyField(related_name='aims', through='blueprints.PillarAim', to='blueprints.pillar'),
        ),
        migrations.AddConstraint(
            model_name='pillaraim',
            constraint=models.UniqueConstraint(fields=('pillar', 'aim'), name='pillar_aim_once'),
        ),
        migrations.AddConstraint(
            model_name='pillaraim',
            constraint=programmes.models.SameAuthority(field='pillar', name='pillar_aim_same_authority_pillar'),
        ),
        migrations.AddConstraint(
            model_name='pillaraim',
            constraint=programmes.models.SameAuthority(field='aim', name='pillar_aim_same_authority_aim'),
        ),
        migrations.AddConstraint(
            model_name='aim',
            constraint=models.UniqueConstraint(fields=('authority', 'id'), name='aim_authority_id'),
        ),
        migrations.AddConstraint(
            model_name='aim',
            constraint=models.UniqueConstraint(models.F('programme'), django.db.models.functions.text.Lower('code'), condition=models.Q(('removed_at', None)), name='aim_code_unique'),
        ),
        migrations.AddConstraint(
            model_name='aim',
            constraint=models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='aim_has_a_code'),
        ),
        migrations.AddConstraint(
            model_name='aim',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='aim_has_a_title'),
        ),
        migrations.AddConstraint(
            model_name='aim',
            constraint=models.CheckConstraint(condition=models.Q(('link', ''), ('link__startswith', 'https://'), _connector='OR'), name='aim_link_is_https'),
        ),
        migrations.AddConstraint(
            model_name='aim',
            constraint=models.CheckConstraint(condition=models.Q(('removed_by', None), ('removed_at__isnull', False), _connector='OR'), name='aim_removed_by_needs_removed_at'),
        ),
        migrations.AddConstraint(
            model_name='aim',
            constraint=programmes.models.SameAuthority(field='programme', name='aim_same_authority_programme'),
        ),
    ]
