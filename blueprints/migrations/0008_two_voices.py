
import blueprints.models.placing
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import programmes.models
import programmes.models.tenancy
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('blueprints', '0007_sealed_and_agreed_words_stay'),
        ('programmes', '0009_notice_rounds'),
        ('smallchanges', '0014_an_offer_becomes_an_ask'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlacingRound',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('question', models.CharField(max_length=200)),
                ('closes_on', models.DateField()),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('secret', models.BinaryField(default=blueprints.models.placing.new_secret, max_length=32)),
                ('version', models.PositiveIntegerField(default=1)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placing_rounds', to='programmes.localauthority')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placing_rounds', to='programmes.programme')),
            ],
            options={
                'ordering': ['-opened_at'],
            },
        ),
        migrations.CreateModel(
            name='PlacedThing',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('position', models.PositiveIntegerField(default=0)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.localauthority')),
                ('barrier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.barrier')),
                ('change', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='smallchanges.smallchange')),
                ('met', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='smallchanges.met')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='things', to='blueprints.placinground')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('created_at', models.DateTimeField(default=programmes.models.tenancy.start_of_today, editable=False)),
                ('voice', models.CharField(choices=[('practitioner', 'Practitioners'), ('leader', 'Leaders')], max_length=20)),
                ('matters', models.PositiveSmallIntegerField()),
                ('can_move', models.PositiveSmallIntegerField()),
                ('nullifier', models.CharField(blank=True, default='', max_length=64)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.localauthority')),
                ('thing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='blueprints.placedthing')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('nullifier', ''), _negated=True), fields=('thing', 'nullifier'), name='place_once_for_a_thing'), models.CheckConstraint(condition=models.Q(('voice__in', ['practitioner', 'leader'])), name='place_voice_known'), models.CheckConstraint(condition=models.Q(('can_move__range', (1, 5)), ('matters__range', (1, 5))), name='place_within_the_scale'), programmes.models.SameAuthority(field='thing', name='place_same_authority_thing')],
            },
        ),
        migrations.AddConstraint(
            model_name='placinground',
            constraint=models.UniqueConstraint(fields=('authority', 'id'), name='placing_round_authority_id'),
        ),
        migrations.AddConstraint(
            model_name='placinground',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('programme',), name='placing_round_one_open_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='placinground',
            constraint=models.CheckConstraint(condition=models.Q(('question', ''), _negated=True), name='placing_round_has_a_question'),
        ),
        migrations.AddConstraint(
            model_name='placinground',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(django.db.models.lookups.Exact(django.db.models.functions.text.Length('secret'), 32), ('closed_at', None)), models.Q(django.db.models.lookups.Exact(django.db.models.functions.text.Length('secret'), 0), ('closed_at__isnull', False)), _connector='OR'), name='placing_round_secret_goes_when_it_closes'),
        ),
        migrations.AddConstraint(
            model_name='placinground',
            constraint=programmes.models.SameAuthority(field='programme', name='placing_round_same_authority_programme'),
        ),
        migrations.AddConstraint(
            model_name='placedthing',
            constraint=models.UniqueConstraint(fields=('authority', 'id'), name='placed_thing_authority_id'),
        ),
        migrations.AddConstraint(
            model_name='placedthing',
            constraint=models.UniqueConstraint(fields=('round', 'change', 'barrier', 'met'), name='placed_thing_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='placedthing',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('change_id'), models.F('barrier_id'), models.F('met_id'), function='num_nonnulls', output_field=models.IntegerField()), 1), name='placed_thing_is_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='placedthing',
            constraint=programmes.models.SameAuthority(field='round', name='placed_thing_same_authority_round'),
        ),
        migrations.AddConstraint(
            model_name='placedthing',
            constraint=programmes.models.SameAuthority(field='change', name='placed_thing_same_authority_change'),
        ),
        migrations.AddConstraint(
            model_name='placedthing',
            constraint=programmes.models.SameAuthority(field='barrier', name='placed_thing_same_authority_barrier'),
        ),
        migrations.AddConstraint(
            model_name='placedthing',
            constraint=programmes.models.SameAuthority(field='met', name='placed_thing_same_authority_met'),
        ),
    ]
