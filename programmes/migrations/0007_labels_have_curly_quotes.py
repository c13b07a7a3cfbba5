from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0006_rooms_and_screens_are_no_places'),
    ]

    operations = [
        migrations.AlterField(
            model_name='barrier',
            name='source',
            field=models.CharField(choices=[('typed', 'typed in'), ('journey file', 'from the journey’s file'), ('workshop note', 'from a workshop note')], default='typed', max_length=20),
        ),
        migrations.AlterField(
            model_name='localauthority',
            name='kind',
            field=models.CharField(choices=[('London borough', 'London borough'), ('metropolitan district', 'Metropolitan district'), ('unitary authority', 'Unitary authority'), ('county council', 'County council'), ("children's trust", 'Children’s trust')], max_length=40),
        ),
        migrations.AlterField(
            model_name='opposite',
            name='source',
            field=models.CharField(choices=[('typed', 'typed in'), ('journey file', 'from the journey’s file'), ('workshop note', 'from a workshop note')], default='typed', max_length=20),
        ),
        migrations.AlterField(
            model_name='principle',
            name='source',
            field=models.CharField(choices=[('typed', 'typed in'), ('journey file', 'from the journey’s file'), ('workshop note', 'from a workshop note')], default='typed', max_length=20),
        ),
        migrations.AlterField(
            model_name='programme',
            name='model',
            field=models.CharField(choices=[('team-based', 'Team-based: a few teams take part directly'), ('whole-service', 'Whole-service: everyone in children’s social care')], max_length=20),
        ),
        migrations.AlterField(
            model_name='publishedresult',
            name='area',
            field=models.CharField(choices=[('connected', 'People feel more connected'), ('avenues', 'Avenues to effect change'), ('purpose', 'Empowered, and connected to our purpose'), ('optimism', 'Optimism about children’s social care')], max_length=20),
        ),
        migrations.AlterField(
            model_name='value',
            name='source',
            field=models.CharField(choices=[('typed', 'typed in'), ('journey file', 'from the journey’s file'), ('workshop note', 'from a workshop note')], default='typed', max_length=20),
        ),
    ]
