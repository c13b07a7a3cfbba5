from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workshops', '0010_template_dots'),
    ]

    operations = [
        migrations.AddField(
            model_name='workshop',
            name='told_minutes',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='workshop',
            name='untold_minutes',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
    ]
