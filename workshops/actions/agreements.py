"""What people agree in a talk."""

from django.db import transaction

from programmes.audit import record
from programmes.editing import save_version
from programmes.models import User
from workshops import telling
from workshops.models import Activity, Agreement, Group, Note


@transaction.atomic
def say(
    *, activity: Activity, about: Group | Note, outcome: str, version: int, by: User
) -> Agreement:
    """What people agreed in this talk about one thing, in their words; empty takes it back.

    `version` is that of the words that were seen, 0 where there were none. Raises `Stale` where
    somebody wrote others meanwhile; the same words sent twice are written once.
    """
    thing = {"note" if isinstance(about, Note) else "group": about}
    agreement, is_new = Agreement.objects.get_or_create(
        activity=activity,
        **thing,
        defaults={"authority_id": activity.authority_id, "outcome": outcome},
    )
    if not is_new:
        if agreement.outcome == outcome:
            return agreement
        save_version(agreement, version=version, outcome=outcome)
    record("outcome said", agreement, by=by)
    telling.outcome(activity)
    return agreement
