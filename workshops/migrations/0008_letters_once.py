import django.db.models.deletion
import django.db.models.functions.text
import programmes.models
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0006_rooms_and_screens_are_no_places'),
        ('workshops', '0007_a_plan_is_for_a_change'),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('kind', models.CharField(choices=[('reminder', 'Reminder'), ('summary', 'Summary')], max_length=10)),
                ('email', models.EmailField(max_length=254)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['email'],
            },
        ),
        migrations.AddField(
            model_name='letter',
            name='authority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.localauthority'),
        ),
        migrations.AddField(
            model_name='letter',
            name='workshop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='workshops.workshop'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(fields=('workshop', 'kind', 'email'), name='letter_once'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['reminder', 'summary'])), name='letter_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='letter_email_is_lower_case'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=programmes.models.SameAuthority(field='workshop', name='letter_same_authority_workshop'),
        ),
    ]
