from django.db import migrations, models

import workshops.models


class Migration(migrations.Migration):

    dependencies = [
        ('workshops', '0008_letters_once'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.UniqueConstraint(fields=('workshop', 'id'), name='activity_workshop_id'),
        ),
        migrations.AddConstraint(
            model_name='workshop',
            constraint=workshops.models.ItsOwnActivity(field='current', name='workshop_is_at_its_own_activity'),
        ),
        migrations.AddConstraint(
            model_name='workshop',
            constraint=workshops.models.ItsOwnActivity(field='screen_shows', name='workshop_shows_its_own_activity'),
        ),
    ]
