"""What came out of a workshop becomes part of the journey, and keeps where it was first said."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from django.core.exceptions import BadRequest, ValidationError
from django.db import transaction

from blueprints import actions as blueprint_actions
from blueprints.models import Insight, Pillar
from programmes.actions import ambition
from programmes.audit import record
from programmes.editing import Taken, locked, make_once
from programmes.models import (
    Barrier,
    Gift,
    Membership,
    Opposite,
    Principle,
    Programme,
    Statement,
    User,
    Value,
)
from smallchanges import actions as change_actions
from smallchanges.models import Met, MissionStrand, SmallChange, Stakeholder, Step, Update
from workshops import telling
from workshops.actions import notes
from workshops.models import Activity, Group, Harvest, InGift, Note
from workshops.pods import LOOK_COLUMNS

STATEMENTS: dict[str, type[Statement]] = {
    "value": Value,
    "opposite": Opposite,
    "principle": Principle,
    "barrier": Barrier,
}
# Parts of a small change's plan: a note becomes words of one of its answers, or one of its steps.
ANSWERS = ("why", "success", "tracking")
STEP = "step"
IN_A_PLAN = (*ANSWERS, STEP)
# What comes of a look at a small change, and the field of a harvest that keeps it: an update, what
# helped, what got in the way, and a next step.
MOVED, HELPED, HINDERED, NEXT = "moved", "helped", "hindered", "next"
OF_A_LOOK = {MOVED: "update", HELPED: "met", HINDERED: "met", NEXT: "step"}
# Under which of a look's headings each belongs.
_HEADINGS = dict(zip(OF_A_LOOK, LOOK_COLUMNS, strict=True))
_MET = {HELPED: Met.Kind.ENABLER, HINDERED: Met.Kind.BARRIER}
# What small changes taught us: what gets in the way of change, and what helps it along.
INSIGHTS = {"insight": Insight.Kind.BARRIER, "enabler": Insight.Kind.ENABLER}
# Where a harvest keeps what it became, where that has another name than what was wished for.
_FIELDS = {
    **dict.fromkeys(IN_A_PLAN, "change"),
    **dict.fromkeys(INSIGHTS, "insight"),
    **OF_A_LOOK,
}
# What the room settled, as the journey says it: it knows nothing finer than a yes of somebody else.
GIFTS: dict[str, Gift] = {
    InGift.OURS: Gift.OURS,
    InGift.NEEDS_SPONSORSHIP: Gift.NEEDS_SPONSORSHIP,
    InGift.ANOTHER_AGENCY: Gift.NEEDS_SPONSORSHIP,
    InGift.BEYOND_US: Gift.BEYOND_US,
}
# Where somebody who must be on board stands, by how much support the room saw in them.
STANCES = {
    0: Stakeholder.Stance.NOT_ASKED,
    1: Stakeholder.Stance.AGAINST,
    2: Stakeholder.Stance.UNSURE,
    3: Stakeholder.Stance.UNSURE,
    4: Stakeholder.Stance.WARMING_UP,
    5: Stakeholder.Stance.ON_BOARD,
}
# How much weight their answer has, by how much influence the room saw in them.
INFLUENCES = {
    0: "",
    1: Stakeholder.Influence.LOW,
    2: Stakeholder.Influence.LOW,
    3: Stakeholder.Influence.MEDIUM,
    4: Stakeholder.Influence.HIGH,
    5: Stakeholder.Influence.HIGH,
}


class DoesNotFit(Exception):
    """The change has gone where this does not fit any more. The words are for whoever wished it."""

    def __init__(self, wish: "Wish", words: str):
        super().__init__(words)
        self.wish = wish


@dataclass(frozen=True)
class Wish:
    """What somebody wants to come of a note or a group, in the words that they gave it."""

    row: Note | Group
    to: str
    text: str
    strand: MissionStrand | None = None
    # Whose plan, or whose stakeholder, it becomes.
    change: SmallChange | None = None
    # The pillar of an experiment.
    pillar: Pillar | None = None
    # Of an update: where the change is now. Empty is where it was.
    stage: str = ""
    # Whether it asks for somebody's help; where nobody was asked, what was said before stands.
    needs_help: bool | None = None
    # Of a next step: who takes it on, and by when.
    owner: Membership | None = None
    due_on: date | None = None


@transaction.atomic
def gather(*, programme: Programme, wishes: list[Wish], by: User) -> list[Harvest]:
    """Make what is wished for, each once, however often it is asked; returns what is new.

    What is in the journey already, in the same words, is not made again: the note is linked to it.
    A strand brings its group's notes along as barriers; a pillar grows from those of its notes that
    are insights. Raises `DoesNotFit`, and makes nothing, where a change cannot go there.
    """
    # Groups last: by then the notes that are wished for as barriers and insights are some.
    ordered = sorted(wishes, key=lambda wish: wish.to in ("strand", "pillar"))
    made = []
    for wish in ordered:
        if (harvest := _one(programme, wish, by)) is not None:
            made.append(harvest)
    return made


def _one(programme: Programme, wish: Wish, by: User) -> Harvest | None:
    locked(wish.row)  # the same button, pressed at the same moment, waits here
    if wish.row.harvests.exists():
        return None
    target = _target(programme, wish, by)
    field = _FIELDS.get(wish.to, wish.to)
    source = {"note": wish.row} if isinstance(wish.row, Note) else {"group": wish.row}
    harvest = Harvest.objects.create(
        authority_id=programme.authority_id,
        activity_id=wish.row.activity_id,
        by=by,
        **source,
        **{field: target},
    )
    record("note harvested", harvest, by=by, to=field, row=str(target.pk))
    return harvest


def _target(programme: Programme, wish: Wish, by: User):
    pk = uuid5(wish.row.pk, wish.to)
    try:
        with transaction.atomic():
            return _make(programme, wish, pk, by)
    except Taken:
        return _there_already(programme, wish)


def _make(programme: Programme, wish: Wish, pk: UUID, by: User):
    if wish.change is not None and wish.to in ("stakeholder", *IN_A_PLAN):
        return _into_change(wish.change, wish, pk, by)
    if wish.change is not None and wish.to in OF_A_LOOK:
        return _of_a_look(wish.change, wish, pk, by)
    if wish.to in STATEMENTS:
        statement = ambition.add(
            programme=programme,
            kind=STATEMENTS[wish.to],
            text=wish.text,
            by=by,
            pk=pk,
            source=Statement.Source.WORKSHOP_NOTE,
            source_ref=str(wish.row.pk),
        )
        if isinstance(statement, Barrier):
            return _settled(statement, wish.row, by)
        return statement
    if wish.to == "strand":
        barriers = _barriers(programme, wish.row, by) if isinstance(wish.row, Group) else []
        return change_actions.add_strand(
            programme=programme, pk=pk, title=wish.text[:160], about="", barriers=barriers, by=by
        )
    if wish.to == "change":
        return change_actions.add_change(
            programme=programme,
            pk=pk,
            strand=wish.strand,
            teams=[],
            by=by,
            title=wish.text[:160],
            **({"gift": gift} if (gift := _gift_of(wish.row)) else {}),
        )
    return _into_blueprint(programme, wish, pk, by)


def _into_blueprint(programme: Programme, wish: Wish, pk: UUID, by: User):
    if wish.to == "pillar":
        return blueprint_actions.write_pillar(
            blueprint=blueprint_actions.begin(programme=programme, by=by),
            pk=pk,
            insights=_insights(wish.row) if isinstance(wish.row, Group) else [],
            by=by,
            title=wish.text,
        )
    if wish.to == "experiment" and wish.pillar is not None:
        return blueprint_actions.write_experiment(pillar=wish.pillar, pk=pk, by=by, title=wish.text)
    return blueprint_actions.write_insight(
        programme=programme, pk=pk, changes=[], by=by, text=wish.text, kind=INSIGHTS[wish.to]
    )


def _insights(group: Group) -> list[Insight]:
    """Those that a group's notes became."""
    became = Harvest.objects.filter(note__in=group.notes.shown(), insight__isnull=False)
    return list(Insight.objects.standing().filter(pk__in=became.values("insight")))


def _gift_of(row: Note | Group) -> str:
    """What the room settled of it, or of the group that it is in; empty where it did not."""
    settled = row.gift or (row.group.gift if isinstance(row, Note) and row.group else "")
    return GIFTS[settled] if settled else ""


def _settled(barrier: Barrier, row: Note | Group, by: User) -> Barrier:
    """The barrier with whose gift it is, as the room settled it last."""
    gift = _gift_of(row)
    if gift in ("", barrier.gift):
        return barrier
    now = locked(barrier)
    return ambition.edit_barrier(
        barrier=now, version=now.version, text=now.text, gift=gift, teams=now.teams.all(), by=by
    )


def _into_change(change: SmallChange, wish: Wish, pk: UUID, by: User) -> SmallChange | Stakeholder:
    """A stakeholder of a change, one of its steps, or words behind those of its plan's answer."""
    if wish.to == "stakeholder":
        note = wish.row if isinstance(wish.row, Note) else Note()
        return change_actions.add_stakeholder(
            change=change,
            pk=pk,
            by=by,
            who=wish.text,
            what_we_ask=note.ask,
            stance=STANCES[note.support],
            influence=INFLUENCES[note.influence],
        )
    if wish.to == STEP:
        change_actions.add_step(
            change=change, pk=pk, text=wish.text, owner=None, due_on=None, by=by
        )
        return change
    now = locked(change)  # behind what stands there by now: nobody's words are lost
    answer = "\n".join(filter(None, [getattr(now, wish.to), wish.text]))
    return change_actions.edit_change(
        change=now,
        version=now.version,
        strand=now.strand,
        teams=list(now.teams.all()),
        by=by,
        **{wish.to: answer},
    )


def _of_a_look(change: SmallChange, wish: Wish, pk: UUID, by: User) -> Update | Met | Step:
    """What people said of a change on a pod, where its own page has it."""
    if wish.to == NEXT:
        return change_actions.add_step(
            change=change, pk=pk, text=wish.text, owner=wish.owner, due_on=wish.due_on, by=by
        )
    if wish.to in _MET:
        return change_actions.add_met(
            change=change, pk=pk, kind=_MET[wish.to], text=wish.text, by=by
        )
    now = locked(change)  # where it is by now, and not where it was when a page was made
    needs_help = wish.needs_help
    if needs_help is None:
        needs_help = SmallChange.objects.needing_help().filter(pk=now.pk).exists()
    try:
        return change_actions.share_update(
            change=now,
            pk=pk,
            text=wish.text,
            stage=wish.stage or now.stage,
            needs_help=needs_help,
            by=by,
        )
    except ValidationError as error:
        raise DoesNotFit(wish, " ".join(error.messages)) from error


def _there_already(programme: Programme, wish: Wish):
    if wish.to == "stakeholder" and wish.change is not None:
        return wish.change.stakeholders.standing().get(who__iexact=wish.text)
    if wish.to in _MET and wish.change is not None:
        return wish.change.met.standing().get(kind=_MET[wish.to], text__iexact=wish.text)
    if wish.to in STATEMENTS:
        rows = STATEMENTS[wish.to].objects.standing().filter(programme=programme)
        return rows.get(text__iexact=wish.text)
    if wish.to == "strand":
        return programme.strands.standing().get(title__iexact=wish.text[:160])
    if wish.to == "change":
        return SmallChange.objects.get(programme=programme, title__iexact=wish.text[:160])
    if wish.to == "pillar":
        pillars = programme.authority.pillars.standing().filter(blueprint__programme=programme)
        return pillars.get(title__iexact=wish.text)
    if wish.to == "experiment" and wish.pillar is not None:
        return wish.pillar.experiments.standing().get(title__iexact=wish.text)
    return Insight.objects.standing().get(programme=programme, text__iexact=wish.text)


def _barriers(programme: Programme, group: Group, by: User) -> list[Barrier]:
    """The barriers that a group's notes stand for; a note that is none yet becomes one."""
    found = []
    for note in group.notes.shown().select_related("barrier", "group"):
        if note.barrier is not None:
            found.append(_settled(note.barrier, note, by))
            continue
        harvest = note.harvests.first() or _one(programme, Wish(note, "barrier", note.text), by)
        if harvest is not None and harvest.barrier is not None:
            found.append(harvest.barrier)
    return [barrier for barrier in dict.fromkeys(found) if barrier.stands]


@transaction.atomic
def write_down(
    *, activity: Activity, pk: UUID, to: str, text: str, by: User, **of_it
) -> Harvest | None:
    """What somebody said in a look at a change, as a note of it and on the change at once.

    None the second time. `of_it`: `stage`, `needs_help`, `owner` and `due_on`, as a `Wish` has
    them. Raises `DoesNotFit`.
    """
    now = notes.held(activity)
    if now.change is None:
        raise BadRequest("Choose which small change this is about first.")
    title = _HEADINGS[to]
    note, is_new = make_once(
        now.notes,
        pk=pk,
        constraint="",
        authority_id=now.authority_id,
        column=now.columns.index(title) if title in now.columns else 0,
        text=text,
        candour=now.candour,
        created_at=now.day_given,
        position=now.next_position,
    )
    made = _one(now.workshop.programme, Wish(note, to, text, change=now.change, **of_it), by)
    if is_new:
        telling.written(note)
    return made


@transaction.atomic
def park(*, notes: list[Note], is_parked: bool, by: User) -> None:
    """Leave notes for the next session to open with, or take them from there."""
    for note in notes:
        if note.is_parked != is_parked:
            note.is_parked = is_parked
            note.save(update_fields=["is_parked"])
            record("note parked" if is_parked else "note unparked", note, by=by)
