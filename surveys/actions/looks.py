"""Looking at what people wrote in a survey before others read it."""

from django.db import transaction

from programmes.audit import record
from programmes.models import User
from surveys.models import SurveyAnswer

_VERBS = {
    SurveyAnswer.Look.SHOWN: "comment shown",
    SurveyAnswer.Look.KEPT_BACK: "comment kept back",
    SurveyAnswer.Look.WAITING: "comment waits again",
}


@transaction.atomic
def look_at(*, answer: SurveyAnswer, look: str, by: User | None) -> str:
    """The gate of looks: others read what is shown, and nothing else. Returns what it was before.

    Said twice it stays as it is, and history has it once. History names the row, which nothing
    joins to whoever wrote it, and none of its words.
    """
    answer = SurveyAnswer.objects.select_for_update().get(pk=answer.pk)
    before, answer.look = answer.look, SurveyAnswer.Look(look)
    if before != answer.look:
        answer.save(update_fields=["look"])
        record(_VERBS[SurveyAnswer.Look(look)], answer, by=by)
    return before
