"""Counting who has answered, without writing down who."""

from uuid import UUID

from django.db import transaction

from programmes.editing import locked
from surveys.models import Survey, Voice


class NotOpen(Exception):
    """It takes no answers: it is being written still, or has closed."""


@transaction.atomic
def speak(survey: Survey, voice: UUID | str) -> Survey:
    """Count somebody once, however often they answer; call it in their answers' transaction.

    `voice` is what `Question.nullifier` is given. No entry in history: nobody shall know who
    answered. It holds the survey open until the transaction ends, so that no answer comes in while
    it closes. Returns the survey as it stands now; raises `NotOpen`.
    """
    row = locked(survey, may_be_pointed_at=True)
    if not row.is_open or row.removed_at is not None:
        raise NotOpen
    Voice.objects.get_or_create(
        survey=row, name=row.voice_name(voice), defaults={"authority_id": row.authority_id}
    )
    return row
