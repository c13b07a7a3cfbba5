from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("workshops", "0011_told_minutes"),
    ]

    operations = [
        migrations.RemoveField(model_name="activity", name="outcome"),
    ]
