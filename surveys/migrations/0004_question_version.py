from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0003_groups_in_two")]

    operations = [
        migrations.AddField(
            model_name="question", name="version", field=models.PositiveIntegerField(default=1)
        )
    ]
