from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workshops', '0009_its_own_activity'),
    ]

    operations = [
        migrations.AddField(
            model_name='templateblock',
            name='dots',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='templateblock',
            name='most_on_one',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name='templateblock',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dots', 0), ('most_on_one', 0)), models.Q(('dots__lte', 20), ('most_on_one__gte', 1), ('most_on_one__lte', models.F('dots'))), _connector='OR'), name='template_block_dots_fit'),
        ),
    ]
