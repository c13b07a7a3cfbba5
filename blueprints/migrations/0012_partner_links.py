"""Links by which partners read the blueprint."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('blueprints', '0011_names_under_a_version_stay'),
        ('programmes', '0009_notice_rounds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PartnerLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('for_whom', models.CharField(max_length=160)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partner_links', to='programmes.localauthority')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at', '-created_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('for_whom', ''), _negated=True), name='partner_link_says_for_whom'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='partner_link_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('revoked_by', None), ('revoked_at__isnull', False), _connector='OR'), name='partner_link_revoked_by_needs_revoked_at')],
            },
        ),
    ]
