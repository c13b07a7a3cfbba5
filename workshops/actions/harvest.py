"""What came out of a workshop becomes part of the journey, and keeps where it was first said."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from blueprints import actions as blueprint_actions
from blueprints.models import Insight
from programmes.actions import ambition
from programmes.audit import record
from programmes.editing import Taken
from programmes.models import Barrier, Opposite, Principle, Programme, Statement, User, Value
from smallchanges import actions as change_actions
from smallchanges.models import MissionStrand, SmallChange
from workshops.models import Group, Harvest, Note

STATEMENTS: dict[str, type[Statement]] = {
    "value": Value,
    "opposite": Opposite,
    "principle": Principle,
    "barrier": Barrier,
}


@dataclass(frozen=True)
class Wish:
    """What somebody wants to come of a note or a group, in the words that they gave it."""

    row: Note | Group
    to: str
    text: str
    strand: MissionStrand | None = None


@transaction.atomic
def gather(*, programme: Programme, wishes: list[Wish], by: User) -> list[Harvest]:
    """Make what is wished for, each once, however often it is asked; returns what is new.

    What is in the journey already, in the same words, is not made again: the note is linked to it.
    A strand brings its group's notes along as barriers.
    """
    # Strands last: by then the notes that are wished for as barriers are some.
    ordered = sorted(wishes, key=lambda wish: wish.to == "strand")
    made = []
    for wish in ordered:
        if (harvest := _one(programme, wish, by)) is not None:
            made.append(harvest)
    return made


def _one(programme: Programme, wish: Wish, by: User) -> Harvest | None:
    if wish.row.harvests.exists():
        return None
    target = _target(programme, wish, by)
    source = {"note": wish.row} if isinstance(wish.row, Note) else {"group": wish.row}
    try:
        with transaction.atomic():
            harvest = Harvest.objects.create(
                authority_id=programme.authority_id,
                activity_id=wish.row.activity_id,
                by=by,
                **source,
                **{wish.to: target},
            )
    except IntegrityError:  # somebody pressed the same button at the same moment
        return None
    record("note harvested", harvest, by=by, to=wish.to, row=str(target.pk))
    return harvest


def _target(programme: Programme, wish: Wish, by: User):
    pk = uuid5(wish.row.pk, wish.to)
    try:
        with transaction.atomic():
            return _make(programme, wish, pk, by)
    except Taken:
        return _there_already(programme, wish)


def _make(programme: Programme, wish: Wish, pk: UUID, by: User):
    if wish.to in STATEMENTS:
        return ambition.add(
            programme=programme,
            kind=STATEMENTS[wish.to],
            text=wish.text,
            by=by,
            pk=pk,
            source=Statement.Source.WORKSHOP_NOTE,
            source_ref=str(wish.row.pk),
        )
    if wish.to == "strand":
        barriers = _barriers(programme, wish.row, by) if isinstance(wish.row, Group) else []
        return change_actions.add_strand(
            programme=programme, pk=pk, title=wish.text[:160], about="", barriers=barriers, by=by
        )
    if wish.to == "change":
        return change_actions.add_change(
            programme=programme, pk=pk, strand=wish.strand, teams=[], by=by, title=wish.text[:160]
        )
    return blueprint_actions.write_insight(
        programme=programme, pk=pk, changes=[], by=by, text=wish.text, kind=Insight.Kind.BARRIER
    )


def _there_already(programme: Programme, wish: Wish):
    if wish.to in STATEMENTS:
        rows = STATEMENTS[wish.to].objects.standing().filter(programme=programme)
        return rows.get(text__iexact=wish.text)
    if wish.to == "strand":
        return programme.strands.standing().get(title__iexact=wish.text[:160])
    if wish.to == "change":
        return SmallChange.objects.get(programme=programme, title__iexact=wish.text[:160])
    return Insight.objects.standing().get(programme=programme, text__iexact=wish.text)


def _barriers(programme: Programme, group: Group, by: User) -> list[Barrier]:
    """The barriers that a group's notes stand for; a note that is none yet becomes one."""
    found = []
    for note in group.notes.shown().select_related("barrier"):
        if note.barrier is not None:
            found.append(note.barrier)
            continue
        harvest = note.harvests.first() or _one(programme, Wish(note, "barrier", note.text), by)
        if harvest is not None and harvest.barrier is not None:
            found.append(harvest.barrier)
    return [barrier for barrier in dict.fromkeys(found) if barrier.stands]


@transaction.atomic
def park(*, notes: list[Note], is_parked: bool, by: User) -> None:
    """Leave notes for the next session to open with, or take them from there."""
    for note in notes:
        if note.is_parked != is_parked:
            note.is_parked = is_parked
            note.save(update_fields=["is_parked"])
            record("note parked" if is_parked else "note unparked", note, by=by)
