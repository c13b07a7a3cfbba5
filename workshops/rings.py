"""Who reads the notes of a session: whoever was there. Everybody else reads what was agreed."""

from collections.abc import Collection
from dataclasses import replace

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Value
from django.db.models.expressions import Combinable

from programmes.models import User
from programmes.permissions import Permission
from workshops.afterwards import Part
from workshops.models import ActivityKind, CoFacilitator, Invitee, Participant
from workshops.reading import Thing


def reads_notes(user: User, permissions: Collection[Permission]) -> Combinable:
    """Of each workshop of a query: whether this person reads what people wrote in it.

    They took part, were invited or help to run it, or run every one. Whoever was sent out of the
    room was not there, invited or not.
    """
    if Permission.WORKSHOP_RUN in permissions:
        return Value(True)
    came = Participant.objects.filter(workshop=OuterRef("pk"), user=user)
    invited = Invitee.objects.filter(workshop=OuterRef("pk"), email=user.email.lower())
    helps = CoFacilitator.objects.filter(workshop=OuterRef("pk"), user=user)
    there = (
        Exists(helps)
        | Exists(came.taking_part())
        | Exists(invited) & ~Exists(came.exclude(removed_at=None))
    )
    return ExpressionWrapper(there, output_field=BooleanField())


def without_notes(parts: list[Part]) -> list[Part]:
    """The same parts, with counts where people's own words stood."""
    return [_without_notes(part) for part in parts]


def _without_notes(part: Part) -> Part:
    talks = part.activity.kind == ActivityKind.DISCUSS
    things = [_quiet(thing) for thing in part.things if talks or _is_everybodys(thing)]
    written = sum(len(notes) for _, _, notes in part.columns)
    alone = 0 if talks else len(part.things) - len(things)
    return replace(part, columns=[], things=things, unread=written + alone)


def _is_everybodys(thing: Thing) -> bool:
    """A group, or a barrier that the room took from the ambition."""
    return thing.note is None or thing.note.barrier_id is not None


def _quiet(thing: Thing) -> Thing:
    before = [replace(one, about="") if one.is_of_a_note else one for one in thing.before]
    return replace(
        thing,
        notes=[],
        unread=len(thing.notes),
        before=before,
        called="" if _is_everybodys(thing) else "One of the notes",
    )
