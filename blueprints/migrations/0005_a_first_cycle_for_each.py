"""Each experiment gets its first cycle, with its words and what was decided."""

from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

_WORDS = ("we_try", "we_expect", "how_we_know", "who", "from_on", "to_on")


def forwards(apps, schema_editor):
    experiments = apps.get_model("blueprints", "Experiment")
    cycles = apps.get_model("blueprints", "LearningCycle")
    moves = apps.get_model("blueprints", "ExperimentMove")
    for experiment in experiments.objects.all():
        moved = moves.objects.filter(experiment=experiment).order_by("-at").first()
        decided_at = (moved.at if moved else experiment.created_at) if experiment.decision else None
        cycle = cycles.objects.create(
            authority_id=experiment.authority_id,
            experiment=experiment,
            number=1,
            decision=experiment.decision,
            decided_at=decided_at,
            decided_by_id=moved.by_id if moved and decided_at else None,
            **{name: getattr(experiment, name) for name in _WORDS},
        )
        moves.objects.filter(experiment=experiment).update(cycle=cycle)
    since = moves.objects.filter(experiment=OuterRef("pk"), to_state="waiting for a yes")
    experiments.objects.filter(state="waiting for a yes").update(
        waiting_since=Coalesce(Subquery(since.order_by("-at").values("at")[:1]), "created_at")
    )


def backwards(apps, schema_editor):
    """Of several cycles the newest stays."""
    for cycle in apps.get_model("blueprints", "LearningCycle").objects.order_by("number"):
        for name in _WORDS:
            setattr(cycle.experiment, name, getattr(cycle, name))
        cycle.experiment.save(update_fields=_WORDS)


class Migration(migrations.Migration):
    dependencies = [("blueprints", "0004_cycles_answers_and_versions")]
    operations = [migrations.RunPython(forwards, backwards)]
