import django.db.models.deletion
import programmes.models
import uuid
from django.db import migrations, models


def carry(apps, schema_editor):
    """What was agreed goes from the thing that it was said of to the talk that it was said in.

    That is the last talk of the same workshop which was opened; where none was, the part of the
    plan in which the thing was made, so that no words are lost.
    """
    Activity, Agreement, Group, Note = (
        apps.get_model("workshops", name) for name in ("Activity", "Agreement", "Group", "Note")
    )
    for kind, name in ((Group, "group"), (Note, "note")):
        for thing in kind.objects.exclude(outcome="").select_related("activity"):
            talks = Activity.objects.filter(
                workshop=thing.activity.workshop_id, kind="discuss", opened_at__isnull=False
            )
            Agreement.objects.create(
                authority_id=thing.authority_id,
                activity=talks.order_by("opened_at").last() or thing.activity,
                outcome=thing.outcome,
                **{name: thing},
            )


class Migration(migrations.Migration):
    # Both in one: the rows are written before their table has keys that wait for the commit.
    dependencies = [
        ("programmes", "0006_rooms_and_screens_are_no_places"),
        ("workshops", "0004_strongest_first"),
    ]

    operations = [
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('illustrative', models.CharField(blank=True, default='', max_length=200)),
                ('outcome', models.CharField(blank=True, max_length=300)),
                ('version', models.PositiveIntegerField(default=1)),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='workshops.activity')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.localauthority')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='workshops.group')),
                ('note', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='workshops.note')),
            ],
            options={
                'ordering': ['created_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('group__isnull', False), ('note', None)), models.Q(('group', None), ('note__isnull', False)), _connector='OR'), name='agreement_about_one_thing'), models.UniqueConstraint(fields=('activity', 'group', 'note'), name='agreement_once_in_a_talk', nulls_distinct=False), programmes.models.SameAuthority(field='activity', name='agreement_same_authority_activity'), programmes.models.SameAuthority(field='group', name='agreement_same_authority_group'), programmes.models.SameAuthority(field='note', name='agreement_same_authority_note')],
            },
        ),
        migrations.RunPython(carry, migrations.RunPython.noop),
    ]
