"""Experiments give up the words that their cycles have by now."""

from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):

    dependencies = [
        ('blueprints', '0005_a_first_cycle_for_each'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='experiment',
            name='experiment_ends_after_it_starts',
        ),
        migrations.AddConstraint(
            model_name='experiment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting for a yes'), ('waiting_since__isnull', False)), models.Q(models.Q(('state', 'waiting for a yes'), _negated=True), ('chat_at', None), ('reminded_at', None), ('waiting_since', None)), _connector='OR'), name='experiment_waits_since'),
        ),
        migrations.RemoveField(
            model_name='experiment',
            name='from_on',
        ),
        migrations.RemoveField(
            model_name='experiment',
            name='how_we_know',
        ),
        migrations.RemoveField(
            model_name='experiment',
            name='to_on',
        ),
        migrations.RemoveField(
            model_name='experiment',
            name='we_expect',
        ),
        migrations.RemoveField(
            model_name='experiment',
            name='we_try',
        ),
        migrations.RemoveField(
            model_name='experiment',
            name='who',
        ),
        migrations.AlterField(
            model_name='experimentmove',
            name='cycle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='blueprints.learningcycle'),
        ),
    ]
