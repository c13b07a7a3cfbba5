"""Ready-made sessions. A new version is a new row: workshops keep the one they started from."""

from itertools import chain, count
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from programmes.audit import record
from programmes.editing import Stale, shift
from programmes.models import User
from workshops.models import Template, TemplateBlock

# Not its position: to put the list in order makes no new version.
_OF_A_TEMPLATE = ("kind", "title", "about")


@transaction.atomic
def write(*, template: Template, by: User, blocks: list[dict], **fields) -> Template:
    """A new version after `template`, with these words; people start from it from now on.

    Raises `Stale` with the version in use where somebody wrote a newer one meanwhile. The same
    words again make no new version.
    """
    row = _versions(template.key).get(pk=template.pk)
    if row.retired_at is not None:
        raise Stale(_versions(template.key).filter(retired_at=None).first() or row)
    wanted = {"kind": row.kind, "position": row.position} | fields
    if _same(row, wanted, blocks):
        return row
    return _next(row.key, wanted, blocks, by)


@transaction.atomic
def load(*, sessions: list[dict], by: User | None) -> list[Template]:
    """Bring in the sessions that come with Crescendo; returns the versions that are new.

    Makes a version where a file changed since it was last brought in. A session that the Crescendo
    team rewrote, or that nobody should start from any more, stays as they left it.
    """
    rows = Template.objects.order_by("pk").select_for_update().prefetch_related("blocks")
    versions: dict[str, list[Template]] = {}
    for row in sorted(rows, key=lambda row: -row.number):
        versions.setdefault(row.key, []).append(row)
    return [
        _next(session["key"], _placed(session, versions), session["blocks"], by)
        for session in sessions
        if _is_news(versions.get(session["key"], []), session)
    ]


def _placed(session: dict, versions: dict[str, list[Template]]) -> dict:
    """What a file says of a session; one that is in the list stays where people put it."""
    there = versions.get(session["key"])
    fields = _without(session, "key", "blocks")
    return fields | {"position": there[0].position} if there else fields


def _is_news(versions: list[Template], session: dict) -> bool:
    """Whether a file says something else than when it was last brought in, and may be used."""
    if not versions:
        return True
    newest = versions[0]
    is_ours = newest.created_by_id is None and newest.retired_at is None
    fields = _without(session, "key", "blocks")
    return is_ours and not _same(newest, fields, session["blocks"])


def _without(told: dict, *names: str) -> dict:
    return {name: value for name, value in told.items() if name not in names}


def _versions(key: str):
    """Of one session, kept from others until the transaction ends."""
    return Template.objects.filter(key=key).select_for_update()


def _same(row: Template, fields: dict, blocks: list[dict]) -> bool:
    stand = [block.words() for block in row.blocks.all()]
    return stand == blocks and all(
        getattr(row, name) == fields[name] for name in _OF_A_TEMPLATE if name in fields
    )


def _next(key: str, fields: dict, blocks: list[dict], by: User | None) -> Template:
    now = timezone.now()
    Template.objects.filter(key=key, retired_at=None).update(retired_at=now)
    last = Template.objects.filter(key=key).aggregate(last=Max("number"))["last"] or 0
    row = Template.objects.create(key=key, number=last + 1, created_by=by, **fields)
    TemplateBlock.objects.bulk_create(
        TemplateBlock(template=row, position=position, **block)
        for position, block in enumerate(blocks)
    )
    record("template written", row, by=by, number=row.number)
    return row


@transaction.atomic
def make(
    *, pk: UUID, by: User, kind: str, title: str, about: str, blocks: list[dict]
) -> tuple[Template, bool]:
    """A session that was not there before, at the end; and whether it was made now."""
    # One at a time, so that two with one title get two keys.
    everything = list(Template.objects.order_by("pk").select_for_update())
    if (there := next((one for one in everything if one.pk == pk), None)) is not None:
        return there, False
    position = max((one.position for one in everything), default=0) + 1
    key = _free_key(title, {one.key for one in everything})
    fields = {"pk": pk, "kind": kind, "title": title, "about": about, "position": position}
    return _next(key, fields, blocks, by), True


def _free_key(title: str, taken: set[str]) -> str:
    word = slugify(title)[:50] or "session"
    keys = chain([word], (f"{word}-{number}" for number in count(2)))
    return next(key for key in keys if key not in taken)


@transaction.atomic
def order(*, row: Template, places: int, by: User) -> bool:
    """Up (less than 0) or down in the list that people start from; False at its ends."""
    if not places or not shift(Template.objects.newest(), row, by=places):
        return False
    record("template moved", row, by=by, places=places)
    return True


@transaction.atomic
def retire(*, template: Template, by: User) -> bool:
    """Nobody starts from it any more; False where that is so already."""
    row = _versions(template.key).get(pk=template.pk)
    if row.retired_at is not None:
        return False
    row.retired_at = timezone.now()
    row.save(update_fields=["retired_at"])
    record("template retired", row, by=by, number=row.number)
    return True


@transaction.atomic
def bring_back(*, template: Template, by: User) -> bool:
    """Undo `retire`; False where another version is in use."""
    versions = list(_versions(template.key))
    if any(one.retired_at is None for one in versions):
        return False
    row = max(versions, key=lambda one: one.number)
    row.retired_at = None
    row.save(update_fields=["retired_at"])
    record("template brought back", row, by=by, number=row.number)
    return True
