import django.db.models.deletion
import programmes.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("smallchanges", "0004_a_stakeholder_can_be_pointed_at"),
        ("workshops", "0006_outcomes_belong_to_talks"),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="change",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="smallchanges.smallchange"),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(condition=models.Q(("change", None), ("kind__in", ["stakeholders", "plan"]), _connector="OR"), name="activity_change_fits_its_kind"),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=programmes.models.SameAuthority(field="change", name="activity_same_authority_change"),
        ),
    ]
