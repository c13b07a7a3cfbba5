"""Theming: groups of notes that belong together. Everything here can be undone."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from programmes.audit import record
from programmes.editing import locked, next_position, save_version
from programmes.models import User
from workshops import telling
from workshops.actions import notes as note_actions
from workshops.models import Activity, Group, Note


@transaction.atomic
def add(*, activity: Activity, pk: UUID, title: str, notes: list[Note], by: User) -> Group:
    """A new group, with the notes that were picked; a form sent twice makes one."""
    group, is_new = Group.objects.get_or_create(
        pk=pk,
        activity=activity,
        defaults={
            "authority_id": activity.authority_id,
            "title": title,
            "position": next_position(activity.groups.all()),
        },
    )
    if is_new:
        record("group added", group, by=by)
        if notes:
            note_actions.place(activity=activity, notes=notes, group=group, by=by)
        telling.grouped(activity)
    return group


@transaction.atomic
def rename(*, group: Group, version: int, title: str, by: User) -> Group:
    """Raises `Stale` where somebody was quicker."""
    save_version(group, version=version, title=title)
    record("group renamed", group, by=by)
    telling.grouped(group.activity)
    return group


@transaction.atomic
def merge(*, group: Group, into: Group, by: User) -> Group:
    """One group becomes part of another. Its notes go along; undo brings back those that it had.

    Not of one that became part of another a moment ago: two could else be part of one another.
    """
    pair = Group.objects.filter(pk__in=[group.pk, into.pk]).order_by("pk")
    rows = {one.pk: one for one in pair.select_for_update(no_key=True)}
    row = rows[group.pk]
    if row.pk != into.pk and all(one.merged_into_id is None for one in rows.values()):
        row.merged_into = into
        row.save(update_fields=["merged_into"])
        kept = [str(pk) for pk in row.notes.values_list("pk", flat=True)]
        row.notes.update(group=into)
        record("group merged", row, by=by, into=str(into.pk), notes=kept)
        telling.grouped(row.activity)
    return row


@transaction.atomic
def split(*, group: Group, notes: list[UUID], by: User) -> Group:
    """Undo `merge`: it stands again, with those of these notes that are still where it went."""
    row = locked(group, may_be_pointed_at=True)
    if (into := row.merged_into) is not None:
        row.merged_into = None
        row.save(update_fields=["merged_into"])
        Note.objects.filter(pk__in=notes, group=into).update(group=row)
        record("group split", row, by=by, into=str(into.pk))
        telling.grouped(row.activity)
    return row


@transaction.atomic
def remove(*, group: Group, by: User) -> Group:
    """Take a group away; its notes look for a home again, and find it if it is put back."""
    row = locked(group, may_be_pointed_at=True)
    if row.removed_at is None:
        row.removed_at = timezone.now()
        row.save(update_fields=["removed_at"])
        record("group removed", row, by=by)
        telling.grouped(row.activity)
    return row


@transaction.atomic
def put_back(*, group: Group, by: User) -> Group:
    row = locked(group, may_be_pointed_at=True)
    if row.removed_at is not None:
        row.removed_at = None
        row.save(update_fields=["removed_at"])
        record("group put back", row, by=by)
        telling.grouped(row.activity)
    return row


@transaction.atomic
def settle_gift(*, row: Group | Note, gift: str, by: User, activity: Activity) -> str:
    """Whose it is to make happen, as people agreed; returns what was said before, for an undo."""
    now = locked(row, may_be_pointed_at=True)
    before = now.gift
    if before != gift:
        now.gift = row.gift = gift
        now.save(update_fields=["gift"])
        record("gift settled", now, by=by, gift=gift)
        telling.settled(activity)
    return before
