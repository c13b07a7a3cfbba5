from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workshops', '0003_window_over_days'),
    ]

    operations = [
        migrations.AddField(
            model_name='activity',
            name='asks',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='workshop',
            name='screen_page',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('asks', None), models.Q(('asks__gte', 1), ('kind__in', ('place', 'gift'))), _connector='OR'), name='activity_asks_about_things'),
        ),
        migrations.AddConstraint(
            model_name='workshop',
            constraint=models.CheckConstraint(condition=models.Q(('screen_page__gte', 1)), name='workshop_screen_shows_a_page'),
        ),
    ]
