"""Values, their opposite, principles and barriers: one set of verbs for the four kinds.

Those that write words raise `programmes.editing.Taken` where the same is said already, and `edit`
raises `Stale` where somebody was quicker.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from programmes.audit import ids_of, record
from programmes.editing import (
    make_once,
    next_position,
    save_version,
    shift,
    take_away,
    unless_taken,
)
from programmes.editing import put_back as give_back
from programmes.merging import copy_links, withdraw_links
from programmes.models import Barrier, BarrierTeam, Programme, Statement, Team, User


class Gone(Exception):
    """Somebody took away or merged one of these a moment ago."""


@transaction.atomic
def add(
    *,
    programme: Programme,
    kind: type[Statement],
    text: str,
    by: User | None,
    pk: UUID | None = None,
    source: str = Statement.Source.TYPED,
    source_ref: str = "",
    illustrative: str = "",
) -> Statement:
    """A new sentence, after those that are there; the one that has `pk` already if sent twice."""
    rows: QuerySet[Any] = kind.objects.all()
    statement, made = make_once(
        rows.filter(authority=programme.authority_id),
        pk=pk or uuid4(),
        constraint=_said_once(kind),
        authority_id=programme.authority_id,
        programme=programme,
        text=text,
        position=next_position(rows.filter(programme=programme)),
        source=source,
        source_ref=source_ref,
        created_by=by,
        illustrative=illustrative,
    )
    if made:
        record(f"{_noun(kind)} added", statement, by=by, source=source)
    return statement


@transaction.atomic
def edit(*, statement: Statement, version: int, text: str, by: User) -> Statement:
    """Better words for the same thing."""
    _word(statement, version=version, text=text)
    record(f"{_noun(statement)} edited", statement, by=by)
    return statement


@transaction.atomic
def edit_barrier(
    *,
    barrier: Barrier,
    version: int,
    text: str,
    gift: str,
    teams: Collection[Team],
    by: User | None,
    **marks: str,
) -> Barrier:
    """As `edit`, with whose gift it is and the teams that meet it.

    `marks`: illustrative, where it is to be set.
    """
    _word(barrier, version=version, text=text, gift=gift, **marks)
    _set_teams(barrier, teams)
    record("barrier edited", barrier, by=by, gift=gift, teams=ids_of(teams))
    return barrier


@transaction.atomic
def move(*, row: Statement, places: int, by: User) -> bool:
    """Up (-1) or down (+1) in its list; False, and no event, where it is at the end already."""
    _one_at_a_time(row.programme_id)
    rows = type(row).objects.standing().filter(programme=row.programme_id)
    moved = shift(rows, row, by=places)
    if moved:
        record(f"{_noun(row)} moved", row, by=by, places=places)
    return moved


@transaction.atomic
def remove(*, statement: Statement, by: User) -> bool:
    """Take it off the list; it can be put back with all its links.

    False, and no event, where it has left the list meanwhile.
    """
    _one_at_a_time(statement.programme_id)
    statement.refresh_from_db()
    if not statement.stands:
        return False
    take_away(statement, by=by)
    record(f"{_noun(statement)} removed", statement, by=by)
    return True


@transaction.atomic
def put_back(*, statement: Statement, by: User) -> bool:
    """Undo `remove`. False, and no event, where it is back already."""
    _one_at_a_time(statement.programme_id)
    statement.refresh_from_db()
    if statement.removed_at is None:
        return False
    with unless_taken(_said_once(statement)):
        give_back(statement)
    record(f"{_noun(statement)} put back", statement, by=by)
    return True


@transaction.atomic
def merge[S: Statement](*, into: S, others: Collection[S], by: User) -> S:
    """The others become part of `into`, whose words stay and which takes on all their links.

    Their own words and links stay with them unseen, so that `unmerge` brings them back as they
    were. Raises `Gone` where one of them has left the list meanwhile.
    """
    _one_at_a_time(into.programme_id)
    standing = type(into).objects.standing().filter(programme=into.programme_id)
    found = standing.in_bulk([into.pk, *(other.pk for other in others)])
    if into.pk not in found or any(other.pk not in found for other in others):
        raise Gone
    parts = [found[other.pk] for other in others]
    for part in parts:
        part.merged_into = into
        part.save(update_fields=["merged_into"])
        copy_links(part, into)
    record(f"{_noun(into)} merged", into, by=by, others=ids_of(parts))
    return into


@transaction.atomic
def unmerge[S: Statement](*, into: S, others: Collection[S], by: User) -> bool:
    """Undo `merge`: the others stand for themselves again, each with just the links it had.

    False, and no event, where none of them is part of `into` any more.
    """
    _one_at_a_time(into.programme_id)
    # It may have been merged on itself since it was read.
    into.refresh_from_db()
    parts = list(type(into).objects.filter(merged_into=into, pk__in=[other.pk for other in others]))
    for part in parts:
        part.merged_into = None
        with unless_taken(_said_once(part)):
            part.save(update_fields=["merged_into"])
        withdraw_links(part, into)
    if parts:
        record(f"{_noun(into)} unmerged", into, by=by, others=ids_of(parts))
    return bool(parts)


def _one_at_a_time(programme_id: UUID) -> None:
    """Two people who order or merge at once wait for one another; who adds does not."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme_id)


def _word(statement: Statement, *, version: int, **words: str) -> None:
    with unless_taken(_said_once(statement)):
        save_version(statement, version=version, **words)


def _set_teams(barrier: Barrier, teams: Collection[Team]) -> None:
    """Links that stay are not touched: they remember the merge that they came with."""
    links = BarrierTeam.objects.filter(barrier=barrier)
    links.exclude(team__in=teams).delete()
    linked = set(links.values_list("team_id", flat=True))
    BarrierTeam.objects.bulk_create(
        BarrierTeam(authority_id=barrier.authority_id, barrier=barrier, team=team)
        for team in teams
        if team.pk not in linked
    )


def _said_once(kind: Statement | type[Statement]) -> str:
    """The constraint that keeps the same words from standing twice in a list."""
    return f"{kind._meta.model_name}_said_once"


def _noun(kind: Statement | type[Statement]) -> str:
    return str(kind._meta.verbose_name)
