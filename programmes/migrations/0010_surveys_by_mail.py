
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0009_notice_rounds'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='mailedlink',
            name='mailed_link_purpose_known',
        ),
        migrations.RemoveConstraint(
            model_name='noticechoice',
            name='notice_choice_kind_known',
        ),
        migrations.AlterField(
            model_name='mailedlink',
            name='purpose',
            field=models.CharField(choices=[('update', 'Tell what happened to a small change'), ('answer', 'Answer an ask'), ('survey', 'Answer a survey, and change what you said while it is open')], max_length=20),
        ),
        migrations.AlterField(
            model_name='noticechoice',
            name='kind',
            field=models.CharField(choices=[('digest', 'on Tuesdays, if something needs you or was celebrated'), ('ask', 'when somebody asks you for an answer'), ('answer', 'when something that you wait for has moved'), ('reply', 'when somebody answers what you said'), ('quiet', 'when a small change of yours has gone quiet'), ('pod', 'three days before a learning pod'), ('survey', 'when there are a few questions for you'), ('chat', 'when somebody may need a word with you')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='mailedlink',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['update', 'answer', 'survey'])), name='mailed_link_purpose_known'),
        ),
        migrations.AddConstraint(
            model_name='noticechoice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['digest', 'ask', 'answer', 'reply', 'quiet', 'pod', 'survey', 'chat'])), name='notice_choice_kind_known'),
        ),
    ]
