"""Rows that go along when strands or small changes are joined, or when one is made two.

Every row that points at a strand or a change goes from the one to the other, also rows of apps
above this one, which are not named here. `MovedRow` remembers each, so that it can go back. A row
whose like is at the other already stays where it is, unseen with its change, and comes back with
it. A model says of itself where it is otherwise: `stays_when_joined`, or `goes_with_both` of what
both shall have where one is made two.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction

from programmes.merging import copy_links, withdraw_links
from programmes.models import AuditEvent
from smallchanges.models import MissionStrand, MovedRow, Share, StrandBarrier

# A MissionStrand or a SmallChange, and a part of it the same.
type Whole = Any
_OWN = {"id", "created_at"}


def take_over(part: Whole, into: Whole) -> None:
    """All that points at `part` points at `into`, but for what is there already."""
    for table, link in _tables(type(part)):
        # What others read of a change is numbered from one: two such rows are never mixed.
        if table is Share and into.shares.exists():
            continue
        keys = table._base_manager.filter(**{link: part}).values_list("pk", flat=True)
        _move(list(keys), table, link, was=part, now=into, deed=part)


def give_back(part: Whole, into: Whole) -> None:
    """Undo `take_over`, once `part` is no longer merged into `into`."""
    _take_back(MovedRow.objects.filter(**_of(part), is_split=False))
    # What stood in the way of another part's rows may be gone with these.
    for other in type(part)._base_manager.filter(merged_into=into):
        take_over(other, into)
    if isinstance(part, MissionStrand):
        _follow_barriers(part, into)


def give_to_new(new: Whole, whole: Whole, rows: Iterable[models.Model], link: str) -> None:
    """These rows of `whole` go to `new`, which grew out of it."""
    by_table: dict[type[models.Model], list[UUID]] = {}
    for row in rows:
        by_table.setdefault(type(row), []).append(row.pk)
    for table, keys in by_table.items():
        _move(keys, table, link, was=whole, now=new, deed=new, is_split=True)


def give_to_both(new: Whole, whole: Whole) -> None:
    """What a whole rested on, both rest on."""
    for table, link in _tables(type(whole)):
        if getattr(table, "goes_with_both", False):
            rows = table._base_manager.filter(**{link: whole})
            table._base_manager.bulk_create(_copy(row, link, new) for row in rows)


def take_back_from_new(new: Whole) -> None:
    """Undo `give_to_new`; what it came from may be joined with another by now."""
    model = type(new)
    homes = _take_back(MovedRow.objects.filter(**_of(new), is_split=True))
    for home in model._base_manager.filter(pk__in=homes, merged_into__isnull=False):
        take_over(home, home.merged_into)


def has_own_rows(new: Whole, whole: Whole) -> bool:
    """Whether anything was written in `new` since it grew out of `whole`."""
    model = type(new)
    edited = AuditEvent.objects.filter(
        authority_id=new.authority_id, target_id=str(new.pk), verb__endswith=" edited"
    )
    if new.merged_into_id or edited.exists():
        return True
    if model._base_manager.filter(models.Q(merged_into=new) | models.Q(split_from=new)).exists():
        return True
    came = set(new.moved_rows.filter(is_split=True).values_list("row", flat=True))
    for table, link in _tables(model, with_what_stays=True):
        rows = table._base_manager.filter(**{link: new}).exclude(pk__in=came)
        if getattr(table, "goes_with_both", False):
            theirs = {_end(row, link) for row in table._base_manager.filter(**{link: whole})}
            if table is not StrandBarrier and any(_end(row, link) not in theirs for row in rows):
                return True
        elif rows.exists():
            return True
    return False


def _tables(
    model: type[models.Model], *, with_what_stays: bool = False
) -> Iterator[tuple[type[models.Model], str]]:
    """The tables that point at strands, or at changes, each with the name of its link."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        table = relation.related_model
        stays = getattr(table, "stays_when_joined", False) and not with_what_stays
        if table not in (model, MovedRow) and not stays:
            yield table, relation.field.name


def _of(whole: Whole) -> dict[str, Whole]:
    return {"strand" if isinstance(whole, MissionStrand) else "change": whole}


def _move(
    keys: list[UUID],
    table: type[models.Model],
    link: str,
    *,
    was: Whole,
    now: Whole,
    deed: Whole,
    is_split: bool = False,
) -> None:
    """All at once where nothing stands in the way; else one by one, and those that do stay."""
    if not keys:
        return
    if not _point(table, keys, link, at=now.pk):
        keys = [key for key in keys if _point(table, [key], link, at=now.pk)]
    MovedRow.objects.bulk_create(
        MovedRow(
            authority_id=was.authority_id,
            **_of(deed),
            is_split=is_split,
            table=table._meta.label_lower,
            row=key,
            link=link,
            was=was.pk,
            now=now.pk,
        )
        for key in keys
    )


def _point(
    table: type[models.Model], keys: Collection[UUID], link: str, *, at: UUID, **only: Any
) -> bool:
    """Let these rows point there; False where one of them has its like there already."""
    try:
        with transaction.atomic():
            table._base_manager.filter(pk__in=keys, **only).update(**{f"{link}_id": at})
    except IntegrityError:
        return False
    return True


def _take_back(moved: Iterable[MovedRow]) -> set[UUID]:
    """Take these moves out of the chains that they are in; where rows went back to.

    A row that has gone on since stays where it is, and goes back further once that is undone. One
    that people gave to another meanwhile stays too.
    """
    homes = set()
    for one in list(moved):
        later = MovedRow.objects.filter(
            table=one.table,
            row=one.row,
            link=one.link,
            was=one.now,
            created_at__gt=one.created_at,
        ).first()
        if later:
            later.was = one.was
            later.save(update_fields=["was"])
        else:
            table = apps.get_model(one.table)
            here = {one.link: one.now}
            if not _point(table, [one.row], one.link, at=one.was, **here):
                _make_way(table, one)
                _point(table, [one.row], one.link, at=one.was, **here)
            homes.add(one.was)
        one.delete()
    return homes


def _make_way(table: type[models.Model], moved: MovedRow) -> None:
    """A link that came with a merged barrier gives way to the same link that was there first."""
    if table is StrandBarrier:
        row = StrandBarrier.objects.get(pk=moved.row)
        StrandBarrier.objects.filter(
            strand=moved.was, barrier=row.barrier_id, merged_from__isnull=False
        ).delete()


def _follow_barriers(*strands: Whole) -> None:
    """What was merged into a barrier gives it the links that it has by now, and no others."""
    links = StrandBarrier.objects.filter(strand__in=strands, barrier__merged_into__isnull=False)
    parts: dict[UUID, Any]
    parts = {link.barrier_id: link.barrier for link in links.select_related("barrier")}
    for part in parts.values():
        withdraw_links(part, part.merged_into)
        while part.merged_into:
            copy_links(part, part.merged_into)
            part = part.merged_into


def _end(row: models.Model, link: str) -> tuple:
    """What a link leads to: all that it holds beside the strand or the change."""
    return tuple(
        getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in {*_OWN, link, "illustrative"}
    )


def _copy(row: models.Model, link: str, new: Whole) -> models.Model:
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in _OWN
    }
    return type(row)(**values | {f"{link}_id": new.pk})
