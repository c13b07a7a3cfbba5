from django.db import migrations, models

# What was counted finer than it may be told is joined, or goes where nothing says how to join it.
_JOINED = """
UPDATE surveys_tally AS tally SET counts = ARRAY[
    (SELECT coalesce(sum(one), 0) FROM unnest(tally.counts[:cut.at]) AS one),
    (SELECT coalesce(sum(one), 0) FROM unnest(tally.counts[cut.at + 1:]) AS one)
] FROM surveys_question AS question, (VALUES ('share', 2), ('scale', 3)) AS cut (kind, at)
WHERE question.id = tally.question_id AND question.kind = cut.kind
    AND cardinality(tally.counts) > 2;
DELETE FROM surveys_tally AS tally USING surveys_question AS question
WHERE question.id = tally.question_id
    AND (cardinality(tally.counts) > 2 OR question.kind = 'choices');
DELETE FROM surveys_splitgroup WHERE id NOT IN (SELECT group_id FROM surveys_tally);
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0002_voices")]

    operations = [
        migrations.RunSQL(_JOINED, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="tally", name="tally_counts_every_answer"),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.CheckConstraint(
                condition=models.Q(("counts__len", 2)), name="tally_counts_in_two"
            ),
        ),
    ]
