"""What a room shows: the things that an activity is about, and what each audience may see."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from math import ceil
from operator import itemgetter

from programmes.models import Barrier
from workshops import maps, sums
from workshops.models import (
    Activity,
    ActivityKind,
    Agreement,
    Group,
    InGift,
    Mark,
    Note,
    Participant,
    SessionKind,
    Vote,
    Workshop,
    writer_digest,
)

# Kinds that are about groups or notes from earlier in the session.
ABOUT_EARLIER = (
    ActivityKind.THEME,
    ActivityKind.VOTE,
    ActivityKind.PLACE,
    ActivityKind.GIFT,
    ActivityKind.DISCUSS,
)
# Kinds whose notes are grouped, voted on, placed and harvested.
GIVES_NOTES = (ActivityKind.WRITE, ActivityKind.IDEAS)

# Whose it is to make happen, in the order of the marks' choices, as it is said in the room.
GIFTS: list[tuple[str, str]] = [
    (InGift.OURS, "Ours now"),
    (InGift.NEEDS_SPONSORSHIP, "Needs a yes"),
    (InGift.ANOTHER_AGENCY, "Another agency"),
    (InGift.BEYOND_US, "Beyond us"),
]


@dataclass
class Thing:
    """A group, or a note that stands alone, with what people said of it."""

    row: Group | Note
    notes: list[Note] = field(default_factory=list)
    dots: int = 0
    own: int = 0
    # Whether people are asked about it; the rest is kept, and shown beside it.
    is_asked: bool = True
    # One's own mark: two scores, or the choice of one.
    across: int = 0
    up: int = 0
    # What everybody's marks say together, once they are shown and where enough people marked it.
    number: int = 0
    spot: sums.Spot | None = None
    spread: list[int] = field(default_factory=list)
    # What was agreed about it in the talk that is shown, and what in others (`agreements.py`).
    agreement: Agreement | None = None
    before: list = field(default_factory=list)
    # For whoever does not read notes (`rings.py`): how many there are, and what to call one.
    unread: int = 0
    called: str = ""

    @property
    def group(self) -> Group | None:
        return self.row if isinstance(self.row, Group) else None

    @property
    def note(self) -> Note | None:
        return self.row if isinstance(self.row, Note) else None

    @property
    def pk(self):
        return self.row.pk

    @property
    def look(self) -> int:
        """A note wears the colour of the heading that it was written under."""
        return self.row.look if isinstance(self.row, Group) else self.row.column % 5 + 1

    @property
    def sorted(self) -> list[tuple]:
        """The four choices of whose gift it is, with how many said so; None where too few did."""
        counts: list = self.spread or [None] * len(GIFTS)
        return [(gift, words, count) for (gift, words), count in zip(GIFTS, counts, strict=True)]

    @property
    def gift_words(self) -> str:
        """Whose it is to make happen, once the room has settled that; else empty."""
        return dict(GIFTS).get(self.row.gift, "")

    def __str__(self):
        return self.called or str(self.row)


def holds(text: str, words: str) -> bool:
    """Whether a text holds each of these words, or parts of words; without any it does."""
    return all(word in text.casefold() for word in words.casefold().split())


def earlier(activity: Activity, kinds) -> list[Activity]:
    """The activities of these kinds before this one in the plan, nearest first."""
    return list(
        activity.workshop.activities.in_plan()
        .filter(kind__in=kinds, position__lt=activity.position)
        .order_by("-position")
    )


def source_notes(activity: Activity):
    """What a theme groups: notes written since the theme before it, and those brought in."""
    last = next(iter(earlier(activity, [ActivityKind.THEME])), None)
    sources = [
        one
        for one in earlier(activity, GIVES_NOTES)
        if one.is_revealed and (last is None or one.position > last.position)
    ]
    return (
        Note.objects.shown()
        .filter(activity__in=[activity, *sources])
        .select_related("activity")
        .order_by("activity__position", "position", "id")
    )


def groups_of(activity: Activity):
    """A theme activity's groups that stand, in their order."""
    return activity.groups.filter(merged_into=None, removed_at=None).order_by(
        "position", "created_at"
    )


def themed(activity: Activity) -> tuple[list[Thing], list[Note]]:
    """A theme activity's groups with their notes, and the notes that have no home yet."""
    groups = list(groups_of(activity))
    things = {group.pk: Thing(group) for group in groups}
    homeless = []
    for note in source_notes(activity):
        if note.group_id in things:
            things[note.group_id].notes.append(note)
        else:
            homeless.append(note)
    return list(things.values()), homeless


def barriers_to_read(activity: Activity) -> list[Barrier]:
    """What a Mission asks people to read before they add to it: the theme after it groups them."""
    if activity.kind != ActivityKind.WRITE or activity.workshop.kind != SessionKind.MISSION:
        return []
    return list(Barrier.objects.standing().filter(programme=activity.workshop.programme_id))


def things_of(activity: Activity) -> list[Thing]:
    """What a vote, a placing or a talk is about: the notes, or the groups, made nearest before it.

    A note that found no home in any group stands for itself, so that nobody's point is lost. Where
    people placed them, what is worth most and easiest to do comes first.
    """
    return by_worth(activity, _nearest(activity))


def _nearest(activity: Activity) -> list[Thing]:
    if notes := list(source_notes(activity)):  # written since the last theme
        return [Thing(note) for note in notes]
    for theme in earlier(activity, [ActivityKind.THEME]):
        things, homeless = themed(theme)
        if things or homeless:
            return things + [Thing(note) for note in homeless]
    return []


def by_worth(activity: Activity, things: list[Thing]) -> list[Thing]:
    """In the order of the nearest placing before it that is shown: impact times feasibility."""
    shown = last_shown(activity, ActivityKind.PLACE)
    return _sorted_by_worth(things, sums.spots(shown)) if shown else things


def _sorted_by_worth(things: list[Thing], spots: dict) -> list[Thing]:
    def worth(thing: Thing) -> float:
        return spots[thing.pk].worth if thing.pk in spots else 0

    return sorted(things, key=worth, reverse=True)


def worths(workshop: Workshop) -> dict:
    """What each thing is worth by its id, wherever the workshop placed it and showed it."""
    places = workshop.activities.filter(kind=ActivityKind.PLACE, revealed_at__isnull=False)
    return {pk: spot.worth for place in places for pk, spot in sums.spots(place).items()}


def dots(workshop: Workshop) -> Counter:
    """The dots on each thing by its id, as those votes of a workshop say that are shown.

    Of two votes about the same things, such as a first look and a choice, the last counts.
    """
    shown = Vote.objects.filter(activity__workshop=workshop, activity__revealed_at__isnull=False)
    rows = shown.values_list("activity", "group", "note")
    votes: list[Counter] = []
    for _, of_one in groupby(rows.order_by("activity__position"), key=itemgetter(0)):
        vote = Counter(group or note for _, group, note in of_one)
        votes = [one for one in votes if not one.keys() & vote.keys()] + [vote]
    return sum(votes, Counter())


def placed(activity: Activity, things: list[Thing]) -> list[Thing]:
    """The things with where they were placed, the best first, numbered; only once it is shown."""
    if not activity.is_revealed:
        return things
    spots = sums.spots(activity)
    for thing in things:
        thing.spot = spots.get(thing.pk)
    things = _sorted_by_worth(things, spots)
    for number, thing in enumerate(things, start=1):
        thing.number = number if thing.spot else 0
    return things


def with_spread(activity: Activity, things: list[Thing]) -> list[Thing]:
    """The things with how many marked each choice, once it is shown."""
    spreads = sums.spreads(activity, len(InGift)) if activity.is_revealed else {}
    for thing in things:
        thing.spread = spreads.get(thing.pk, [])
    return things


# What five answers say, where a question brings no words of its own as its headings.
ANSWERS = ("Not at all", "A little", "Somewhat", "Quite", "Very")
FACES = ("Rough", "Low", "All right", "Good", "Great")


def answers_of(activity: Activity) -> list[tuple[int, str]]:
    """The five answers of a pulse, or of a check-in's faces, with their words."""
    own = activity.columns if len(activity.columns) == len(ANSWERS) else ANSWERS
    words = FACES if activity.kind == ActivityKind.CHECK_IN else own
    return list(enumerate(words, start=1))


# How many stand on the big screen at once, in two columns that the back of a room can read; and of
# those that have a line of what was agreed below them.
ON_A_PAGE, TALKED_ABOUT_ON_A_PAGE = 14, 8


def pages_of(activity: Activity, rows: list) -> list[list[tuple]]:
    """Rows with their numbers, in as many pages as the big screen turns."""
    most = TALKED_ABOUT_ON_A_PAGE if activity.kind == ActivityKind.DISCUSS else ON_A_PAGE
    numbered = list(enumerate(rows, start=1))
    return [numbered[at : at + most] for at in range(0, len(numbered), most)]


# As many groups as stand beside one another, each with a few of its notes.
GROUPS_ON_A_PAGE = 5


@dataclass(frozen=True)
class GroupsPage:
    """Which of a theme's groups the big screen shows, where not all of them fit on it."""

    number: int
    pages: int
    count: int

    @classmethod
    def of(cls, workshop: Workshop, count: int) -> "GroupsPage":
        """The one that the facilitator turned to, or the last where there are fewer by now."""
        pages = max(ceil(count / GROUPS_ON_A_PAGE), 1)
        return cls(min(workshop.screen_page, pages), pages, count)

    @property
    def first(self) -> int:
        return (self.number - 1) * GROUPS_ON_A_PAGE + 1

    @property
    def last(self) -> int:
        return min(self.number * GROUPS_ON_A_PAGE, self.count)

    @property
    def before(self) -> int:
        """The page before it, round and round."""
        return self.number - 1 or self.pages

    @property
    def after(self) -> int:
        return self.number % self.pages + 1


def results(activity: Activity, things: list[Thing]) -> dict:
    """What everybody may see of what people marked and scored, once it is shown."""
    if activity.kind in (ActivityKind.PULSE, ActivityKind.CHECK_IN):
        before: dict = {"answers": answers_of(activity), "marked": sums.how_many_marked(activity)}
    elif activity.kind == ActivityKind.GIFT:
        before = {"gifts": GIFTS}
    else:
        before = {}
    return before | (_results_shown(activity, things) if activity.is_revealed else {})


def _results_shown(activity: Activity, things: list[Thing]) -> dict:
    if activity.kind == ActivityKind.GIFT:
        return {
            "gift_columns": [
                (words, [thing for thing in things if thing.row.gift == gift])
                for gift, words in GIFTS
            ],
            "unsettled": [thing for thing in things if thing.is_asked and not thing.row.gift],
        }
    if activity.kind == ActivityKind.PLACE:
        shown = [thing for thing in things if thing.spot]
        rows = [(thing.number, thing.look, str(thing), thing.spot) for thing in shown]
        return {"dots": maps.dots_of_spots(rows)}
    if activity.kind == ActivityKind.STAKEHOLDERS:
        roles = sums.roles(activity.notes.shown())
        return {"roles": roles, "dots": maps.dots_of_roles(roles)}
    if activity.kind in (ActivityKind.PULSE, ActivityKind.CHECK_IN):
        counts = sums.counts(activity)
        most = max(counts, default=0)
        return {
            "bars": [
                (answer, words, count, round(100 * count / most))
                for (answer, words), count in zip(answers_of(activity), counts, strict=False)
            ]
        }
    return {}


def with_marks(activity: Activity, things: list[Thing], voter: str) -> list[Thing]:
    """The things with one person's own marks."""
    own = marks_of(activity, voter)
    for thing in things:
        if (mark := own.get(thing.pk)) is not None:
            thing.across, thing.up = mark.across, mark.up
    return things


def with_dots(activity: Activity, things: list[Thing], voter: str = "") -> list[Thing]:
    """The things with one's own dots; once they are revealed everybody's, and most first."""
    votes = list(activity.votes.values_list("voter", "group", "note"))
    every = Counter(group or note for _, group, note in votes)
    own = Counter(group or note for who, group, note in votes if who == voter)
    for thing in things:
        thing.own = own[thing.pk]
        thing.dots = every[thing.pk] if activity.is_revealed else 0
    return sorted(things, key=lambda thing: -thing.dots)


def last_shown(activity: Activity, kind: ActivityKind) -> Activity | None:
    """The nearest of a kind before an activity, such as a vote, whose result is shown."""
    return next((one for one in earlier(activity, [kind]) if one.is_revealed), None)


def by_dots(activity: Activity, things: list[Thing]) -> list[Thing]:
    """For a talk: what got most dots first, where there was a vote."""
    vote = last_shown(activity, ActivityKind.VOTE)
    if vote is None:
        return things
    return with_dots(vote, things)


def is_own(note: Note, participant: Participant, key: str) -> bool:
    """Whether they wrote it: by who they are in the room, or by what their device alone knows."""
    if note.participant_id is not None:
        return note.participant_id == participant.pk
    return note.writer_digest == writer_digest(key, note.pk)


def own_notes(activity: Activity, participant: Participant, key: str) -> list[Note]:
    """What this person wrote here; an anonymous note is theirs where the device's key says so."""
    rows = activity.notes.standing().order_by("column", "id")
    return [note for note in rows if is_own(note, participant, key)]


def columns_of(activity: Activity, notes) -> list[tuple[int, str, list[Note]]]:
    """The notes under each of an activity's headings; one without a heading where it has none."""
    by_column = defaultdict(list)
    for note in notes:
        by_column[note.column].append(note)
    return [
        (number, title, by_column[number]) for number, title in enumerate(activity.columns or [""])
    ]


def steps_of(workshop: Workshop) -> list[tuple[Activity, str]]:
    """The plan with where each activity is: done, now or next.

    One that was jumped over is not done: of a look, the next pod's agenda says so too.
    """
    plan = list(workshop.activities.in_plan().select_related("change"))
    here = next((at for at, one in enumerate(plan) if one.pk == workshop.current_id), -1)
    return [
        (one, "now" if at == here else "done" if at < here and one.opened_at else "next")
        for at, one in enumerate(plan)
    ]


def parts_up_to(workshop: Workshop, activity: Activity) -> list[tuple[str, bool]]:
    """The plan as those in the room see it: each part's title, and whether it is this one.

    A part that is still to come has no title here: it may be changed yet.
    """
    plan = workshop.activities.in_plan().values_list("position", "title")
    here = activity.position
    return [(title if position <= here else "", position == here) for position, title in plan]


def how_many_gave(activity: Activity) -> int:
    return activity.takers.filter(participant__removed_at=None).count()


def own_votes(activity: Activity, voter: str) -> int:
    return Vote.objects.filter(activity=activity, voter=voter).count()


def marks_of(activity: Activity, voter: str) -> dict:
    """One person's marks by the thing's id; under None the one about no thing."""
    rows = Mark.objects.filter(activity=activity, voter=voter)
    return {mark.group_id or mark.note_id: mark for mark in rows}
