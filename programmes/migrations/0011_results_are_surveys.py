from django.db import migrations


class Migration(migrations.Migration):
    """Published results are closed surveys, which loading a journey file again writes down."""

    dependencies = [("programmes", "0010_surveys_by_mail")]

    operations = [migrations.DeleteModel(name="PublishedResult")]
