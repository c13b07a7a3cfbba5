
import django.db.models.deletion
import programmes.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('blueprints', '0008_two_voices'),
        ('programmes', '0009_notice_rounds'),
        ('smallchanges', '0014_an_offer_becomes_an_ask'),
        ('workshops', '0014_learning_pods'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='activity',
            name='activity_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='templateblock',
            name='template_block_kind_known',
        ),
        migrations.AddField(
            model_name='activity',
            name='round',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='blueprints.placinground'),
        ),
        migrations.AlterField(
            model_name='activity',
            name='kind',
            field=models.CharField(choices=[('check-in', 'Check-in'), ('write', 'Write'), ('theme', 'Theme'), ('vote', 'Vote'), ('place', 'Place'), ('gift', 'In our gift?'), ('ideas', 'Ideas'), ('stakeholders', 'Who must be on board'), ('plan', 'Plan together'), ('look', 'Look at a change'), ('discuss', 'Discuss'), ('pulse', 'Pulse'), ('sense', 'Two voices'), ('read', 'Read')], max_length=20),
        ),
        migrations.AlterField(
            model_name='templateblock',
            name='kind',
            field=models.CharField(choices=[('check-in', 'Check-in'), ('write', 'Write'), ('theme', 'Theme'), ('vote', 'Vote'), ('place', 'Place'), ('gift', 'In our gift?'), ('ideas', 'Ideas'), ('stakeholders', 'Who must be on board'), ('plan', 'Plan together'), ('look', 'Look at a change'), ('discuss', 'Discuss'), ('pulse', 'Pulse'), ('sense', 'Two voices'), ('read', 'Read')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['check-in', 'write', 'theme', 'vote', 'place', 'gift', 'ideas', 'stakeholders', 'plan', 'look', 'discuss', 'pulse', 'sense', 'read'])), name='activity_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('round', None), ('kind', 'sense'), _connector='OR'), name='activity_round_fits_its_kind'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=programmes.models.SameAuthority(field='round', name='activity_same_authority_round'),
        ),
        migrations.AddConstraint(
            model_name='templateblock',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['check-in', 'write', 'theme', 'vote', 'place', 'gift', 'ideas', 'stakeholders', 'plan', 'look', 'discuss', 'pulse', 'sense', 'read'])), name='template_block_kind_known'),
        ),
    ]
