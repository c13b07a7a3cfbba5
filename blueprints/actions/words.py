"""Writing what the blueprint stands for, and what it needs."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from blueprints.models import Blueprint, Line
from programmes.audit import record
from programmes.editing import make_once, next_position, save_version, unless_taken
from programmes.models import Programme, User

from .rows import ONCE, noun


@transaction.atomic
def begin(*, programme: Programme, by: User | None) -> Blueprint:
    """The programme's blueprint, made on first use; asked twice, even at once, it is made once."""
    blueprint, made = Blueprint.objects.get_or_create(
        programme=programme, defaults={"authority": programme.authority}
    )
    if made:
        record("blueprint begun", blueprint, by=by)
    return blueprint


@transaction.atomic
def word_focus(
    *, blueprint: Blueprint, version: int, focus: str, by: User | None, **marks: str
) -> Blueprint:
    """`marks`: illustrative, where it is to be set."""
    save_version(blueprint, version=version, focus=focus, **marks)
    record("focus worded", blueprint, by=by)
    return blueprint


@transaction.atomic
def write_line(
    *,
    kind: type[Line],
    blueprint: Blueprint,
    pk: UUID,
    text: str,
    by: User | None,
    illustrative: str = "",
) -> Line:
    """A new commitment or need, after those that are there."""
    rows: QuerySet[Any] = kind.objects.all()
    line, made = make_once(
        rows.filter(authority=blueprint.authority),
        pk=pk,
        constraint=ONCE[kind],
        authority=blueprint.authority,
        blueprint=blueprint,
        text=text,
        position=next_position(rows.filter(blueprint=blueprint)),
        illustrative=illustrative,
    )
    if made:
        record(f"{noun(line)} written", line, by=by)
    return line


@transaction.atomic
def reword_line(*, line: Line, version: int, text: str, by: User) -> Line:
    with unless_taken(ONCE[type(line)]):
        save_version(line, version=version, text=text)
    record(f"{noun(line)} reworded", line, by=by)
    return line
