from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("workshops", "0005_agreements"),
    ]

    operations = [
        migrations.RemoveField(model_name="group", name="outcome"),
        migrations.RemoveField(model_name="note", name="outcome"),
    ]
