"""Strands and small changes that belong together, and those that are two: no link is lost."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction

from programmes.audit import ids_of, record
from programmes.editing import make_once, next_position
from programmes.models import Barrier, Programme, User
from smallchanges import joining
from smallchanges.models import (
    Ask,
    Met,
    MissionStrand,
    SmallChange,
    Step,
    StrandBarrier,
)

# A MissionStrand or a SmallChange: all of one call are of one kind.
type Whole = Any


class Gone(Exception):
    """Somebody took away, joined or took apart one of these a moment ago."""


@transaction.atomic
def join(*, into: Whole, others: Collection[Whole], by: User) -> Whole:
    """The others become part of `into`, whose words stay and which takes on all that is theirs.

    Their words, and what both have, stay with them unseen, so that `take_apart` brings them back as
    they were. A form that was opened before is stale: nobody writes over words unseen.

    Raises `Gone` where one of them is no longer there, and ValidationError for one that others were
    joined with: joining goes one step, so that it can be taken apart again.
    """
    whole, *parts = _held([into, *others])
    if type(whole)._base_manager.filter(merged_into__in=parts).exists():
        raise ValidationError(
            "Something was joined with the one whose words would go. Keep its words instead, or"
            " take it apart first."
        )
    for part in parts:
        if isinstance(part, SmallChange):
            _check_words_for_others(whole, part)
        part.merged_into = whole
        part.save(update_fields=["merged_into"])
        joining.take_over(part, whole)
    whole.version = max(one.version for one in (whole, *parts)) + 1
    whole.save(update_fields=["version"])
    record(f"{_noun(whole)} joined", whole, by=by, others=ids_of(parts))
    return whole


@transaction.atomic
def take_apart(*, into: Whole, others: Collection[Whole], by: User) -> bool:
    """Undo `join`: the others stand for themselves again, each with what it had.

    What was written since stays with `into`; what people took away meanwhile stays away. False, and
    no event, where none of them is part of it any more.
    """
    _one_at_a_time(into.programme_id)
    rows = type(into)._base_manager.select_for_update()
    parts = list(rows.filter(merged_into=into, pk__in=[one.pk for one in others]).order_by("pk"))
    for part in parts:
        part.merged_into = None
        part.save(update_fields=["merged_into"])
        joining.give_back(part, into)
    if parts:
        record(f"{_noun(into)} taken apart", into, by=by, others=ids_of(parts))
    return bool(parts)


@transaction.atomic
def split_change(
    *,
    change: SmallChange,
    pk: UUID,
    title: str,
    purpose: str,
    steps: Collection[Step],
    met: Collection[Met],
    asks: Collection[Ask],
    by: User,
) -> SmallChange:
    """A new change grows out of this one, where this one is, and takes these rows with it.

    Both have the strand and the teams, and an insight that rested on the one rests on both. Raises
    `Taken` for its title, and `Gone`.
    """
    _one_at_a_time(change.programme_id)
    changes = change.programme.small_changes
    if made := changes.filter(pk=pk).first():
        return made
    [here] = _held([change])
    new, _ = make_once(
        here.authority.small_changes,
        pk=pk,
        constraint="change_title_unique",
        programme=here.programme,
        title=title,
        purpose=purpose,
        position=next_position(changes),
        created_by=by,
        split_from=here,
        **{
            name: getattr(here, name)
            for name in ("strand", "stage", "status", "gift", "lead", "led_by", "illustrative")
        },
    )
    joining.give_to_both(new, here)
    chosen: list[Any] = [*steps, *met, *asks]
    theirs = [row for row in chosen if row.change_id == here.pk]
    joining.give_to_new(new, here, theirs, "change")
    record("change split", here, by=by, new=str(new.pk))
    return new


@transaction.atomic
def split_strand(
    *,
    strand: MissionStrand,
    pk: UUID,
    title: str,
    about: str,
    changes: Collection[SmallChange],
    barriers: Collection[Barrier],
    by: User,
) -> MissionStrand:
    """A new strand grows out of this one, and takes these changes with it.

    It comes from these barriers; this one goes on coming from all of its own. Raises `Taken` for
    its title, and `Gone`.
    """
    _one_at_a_time(strand.programme_id)
    strands = strand.programme.strands
    if made := strands.filter(pk=pk).first():
        return made
    [here] = _held([strand])
    new, _ = make_once(
        here.authority.strands,
        pk=pk,
        constraint="strand_title_unique",
        programme=here.programme,
        title=title,
        about=about,
        position=next_position(strands),
        split_from=here,
        illustrative=here.illustrative,
    )
    StrandBarrier.objects.bulk_create(
        StrandBarrier(authority_id=here.authority_id, strand=new, barrier=barrier)
        for barrier in barriers
    )
    theirs = [change for change in changes if change.strand_id == here.pk]
    joining.give_to_new(new, here, theirs, "strand")
    record("strand split", here, by=by, new=str(new.pk))
    return new


@transaction.atomic
def undo_split(*, new: Whole, by: User) -> bool:
    """The new one goes, and its rows go back; False, and no event, once anything was written in it.

    From then on the two are joined, if at all.
    """
    _one_at_a_time(new.programme_id)
    found = type(new)._base_manager.select_for_update(of=("self",)).filter(pk=new.pk).first()
    if found is None or found.split_from is None:
        return False
    whole = found.split_from.merged_into or found.split_from
    if joining.has_own_rows(found, whole):
        return False
    joining.take_back_from_new(found)
    record(f"{_noun(whole)} split undone", whole, by=by, new=str(found.pk))
    found.delete()
    return True


def _held(rows: list[Whole]) -> list[Whole]:
    """These as they stand now, kept from others until the end; raises `Gone`."""
    _one_at_a_time(rows[0].programme_id)
    model = type(rows[0])
    keys = [row.pk for row in rows]
    wanted = model._base_manager.filter(pk__in=keys, programme=rows[0].programme_id)
    # In one order for all, so that nobody waits for one another in a ring.
    found = {row.pk: row for row in wanted.select_for_update().order_by("pk")}
    if len(found) < len(set(keys)) or len(set(keys)) < len(keys):
        raise Gone
    if any(row.merged_into_id or getattr(row, "removed_at", None) for row in found.values()):
        raise Gone
    return [found[key] for key in keys]


def _one_at_a_time(programme_id: UUID) -> None:
    """Two people who join or split at once wait for one another; who writes does not."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme_id)


def _check_words_for_others(whole: SmallChange, part: SmallChange) -> None:
    if part.shares.filter(ended_at=None).exists() and whole.shares.exists():
        raise ValidationError(
            "Both have words for other authorities. Keep the words of the one that is shared, or"
            " take back what the other one shares first."
        )


def _noun(row: models.Model) -> str:
    return "strand" if isinstance(row, MissionStrand) else "change"
