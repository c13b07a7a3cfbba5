"""Small changes that begin with what somebody else shares."""

from uuid import UUID

from django.core.exceptions import BadRequest, ValidationError
from django.db import transaction

from programmes.audit import record
from programmes.editing import save_version
from programmes.models import Programme, User
from smallchanges import inspiration
from smallchanges.models import MissionStrand, Seed

from .changes import add_change
from .plan import add_stakeholder


@transaction.atomic
def take_seed(
    *,
    share: UUID,
    programme: Programme,
    pk: UUID,
    title: str,
    purpose: str,
    strand: MissionStrand | None,
    tells: bool,
    whose_yes: str,
    by: User | None,
    illustrative: str = "",
    **answers: str,
) -> Seed:
    """Begin a small change of one's own with what somebody else shares: an idea, in Mission.

    Whose yes it needs becomes its first stakeholder. Raises ValidationError where the words were
    taken back meanwhile, and `Taken` for the title.
    """
    if programme.authority.small_changes.filter(pk=pk, seed=None).exists():
        raise BadRequest("This id is another change’s.")
    if not inspiration.is_shared(share):
        raise ValidationError("They’ve taken their words back a moment ago.")
    change = add_change(
        programme=programme,
        pk=pk,
        strand=strand,
        teams=[],
        title=title,
        purpose=purpose,
        illustrative=illustrative,
        by=by,
    )
    seed, is_new = Seed.objects.get_or_create(
        change=change,
        authority=programme.authority,
        defaults={
            "share_id": share,
            "tells": tells,
            "whose_yes": whose_yes,
            "taken_by": by,
            "illustrative": illustrative,
            **answers,
        },
    )
    if is_new:
        record("seed taken", seed, by=by, tells=tells)
        if whose_yes:
            add_stakeholder(
                change=change, pk=seed.pk, who=whose_yes, illustrative=illustrative, by=by
            )
    return seed


@transaction.atomic
def edit_seed(*, seed: Seed, version: int, by: User | None, **words: str | bool) -> Seed:
    """What is different here, and what others hear of it. Raises `Stale`."""
    save_version(seed, version=version, **words)
    record("seed edited", seed, by=by, tells=seed.tells)
    return seed
