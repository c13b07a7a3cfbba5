"""What came out of a workshop, and where it goes."""

from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from blueprints.models import Pillar
from programmes.forms.house import DayField
from programmes.models import Membership
from programmes.pages import go, page, tell
from smallchanges.models import MissionStrand, SmallChange, Stage, Status
from workshops import afterwards, agreements, reading
from workshops.actions import harvest
from workshops.actions.harvest import Wish
from workshops.doors import console_view
from workshops.models import (
    ABOUT_A_CHANGE,
    Activity,
    ActivityKind,
    Group,
    Harvest,
    Note,
    SessionKind,
    Workshop,
)

PARK = "park"
LEAVE = ""
CHOICES = {
    LEAVE: "Leave it here",
    "value": "A value",
    "opposite": "An opposite of our values",
    "principle": "A principle of our vision",
    "barrier": "A barrier",
    "strand": "A mission strand",
    "change": "A small change",
    "insight": "An insight: it gets in the way",
    "enabler": "An insight: it helps",
    "pillar": "A pillar of the blueprint",
    "experiment": "An experiment",
    PARK: "Park it for next time",
}
OF_A_ROLE = {LEAVE: "Leave it here", "stakeholder": "On board of a change", PARK: CHOICES[PARK]}
OF_A_PLAN = {
    LEAVE: "Leave it here",
    "why": "Why we need it",
    "success": "What success looks like",
    "step": "A step",
    "tracking": "How we’ll know",
    PARK: CHOICES[PARK],
}
OF_A_LOOK = {
    LEAVE: "Leave it here",
    harvest.MOVED: "An update: what moved",
    harvest.HELPED: "What helps",
    harvest.HINDERED: "What’s in the way",
    harvest.NEXT: "A next step",
    PARK: CHOICES[PARK],
}
# What a heading of a look says that its notes are.
_ON_A_LOOK = (
    (harvest.NEXT, ("next", "step")),
    (harvest.HINDERED, ("in the way", "stops", "stuck", "barrier")),
    (harvest.HELPED, ("help", "enabl")),
    (harvest.MOVED, ("moved", "happened", "news")),
)
# What the words of a plan's question say, where they are not ours: the first that fits.
_QUESTIONS = (
    ("tracking", ("know", "track", "measure", "hold one another")),
    ("step", ("step", "who ", "when", "first")),
    ("success", ("success", "expect", "look like")),
    ("why", ("why", "need", "try")),
)
# What the words of a heading say that its notes are.
_HEADINGS = (
    ("opposite", ("opposite", "moving away")),
    ("value", ("value", "we bring")),
    ("principle", ("heart", "principle", "vision")),
    ("barrier", ("stops us", "in the way", "barrier", "missing")),
    ("change", ("could try", "try", "idea")),
)
# In a sensemaking the same words tell of the system, and not of what to leave behind.
_TAUGHT = (("insight", ("it gets in the way",)), ("enabler", ("it helps",)))
_OF_GROUPS = {
    SessionKind.BLUEPRINT: "pillar",
    SessionKind.VALUES: "value",
    SessionKind.VISION: "principle",
    SessionKind.MISSION: "strand",
}
# Made of a group alone, which may have notes that it grows from.
_OF_A_GROUP = ("strand", "pillar")
# What has a title, and no more than fits in one.
_TITLED = ("strand", "change", "stakeholder", "pillar", "experiment")
LONGEST_WORDS = 300
LONGEST_TITLE = 160
# An idea's heading is its strand's title, as much of it as a heading takes.
LONGEST_HEADING = 60
LONGEST_ANSWER = SmallChange._meta.get_field("why").max_length or 0


@dataclass
class Row:
    """One thing that was said, and what it could become."""

    row: Note | Group
    to: str
    text: str
    strand: MissionStrand | None
    notes: list[Note]
    became: Harvest | None = None
    error: str = ""
    change: SmallChange | None = None
    pillar: Pillar | None = None
    # Of a look at a change: where it is now, who takes the step on, and by when, as typed.
    stage: str = ""
    owner: Membership | None = None
    due: str = ""
    due_on: date | None = None
    # Nobody said yet whose plan it is, or which pillar's experiment.
    waits: bool = False
    dots: int = 0

    @property
    def pk(self):
        return self.row.pk

    @property
    def is_in_a_group(self) -> bool:
        """It goes where its group goes, so nobody has to look at it by itself."""
        return isinstance(self.row, Note) and self.row.group_id is not None

    @property
    def asks_for_a_change(self) -> bool:
        return self.row.activity.is_about_a_change

    @property
    def is_of_a_look(self) -> bool:
        return self.row.activity.kind == ActivityKind.LOOK

    @property
    def choices(self) -> dict[str, str]:
        """A group cannot be parked: its notes can."""
        if self.row.activity.kind == ActivityKind.STAKEHOLDERS:
            return OF_A_ROLE
        if self.row.activity.kind == ActivityKind.PLAN:
            return OF_A_PLAN
        if self.is_of_a_look:
            return OF_A_LOOK
        if isinstance(self.row, Note):
            return {to: words for to, words in CHOICES.items() if to not in _OF_A_GROUP}
        return {to: words for to, words in CHOICES.items() if to != PARK}


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def harvest_page(request, workshop):
    parts = _parts(workshop)
    strands = list(workshop.programme.strands.standing())
    changes = list(workshop.programme.small_changes.exclude(status=Status.STOPPED))
    pillars = _pillars(workshop)
    looks = any(row.is_of_a_look and not row.became for _, rows in parts for row in rows)
    members = list(request.authority.memberships.standing().with_people()) if looks else []
    if request.method == "POST":
        wishes, parked = _asked(request, parts, [*strands, *changes, *pillars, *members])
        made = _made(request, workshop, parts, wishes)
        if made is not None:
            harvest.park(notes=parked, is_parked=True, by=request.user)
            waiting = [row for _, rows in parts for row in rows if row.waits]
            tell(request, _said(len(made), len(parked), waiting))
            return go(request, _url(workshop))
    context = {
        "workshop": workshop,
        "parts": parts,
        "laid_out": [(activity, *_apart(rows)) for activity, rows in parts],
        "strands": strands,
        "changes": changes,
        "pillars": pillars,
        "members": members,
        "stages": Stage.choices,
    }
    return page(request, "workshops/harvest.html", context)


def _made(request, workshop: Workshop, parts, wishes: list[Wish]) -> list[Harvest] | None:
    """What came of the wishes; None, and nothing at all, where one of them cannot be."""
    rows = {row.pk: row for _, some in parts for row in some}
    if any(row.error for row in rows.values()):
        return None
    try:
        return harvest.gather(programme=workshop.programme, wishes=wishes, by=request.user)
    except harvest.DoesNotFit as error:
        rows[error.wish.row.pk].error = str(error)
        return None


def _apart(rows: list[Row]) -> tuple[list[Row], list[Row], bool, bool]:
    """What stands by itself, and what is in a group; whether something in a group is wrong, and
    whether anything waits for a small change to go to.
    """
    grouped = [row for row in rows if row.is_in_a_group]
    alone = [row for row in rows if not row.is_in_a_group]
    asks = any(row.asks_for_a_change and not row.became for row in rows)
    return alone, grouped, any(row.error for row in grouped), asks


def _url(workshop: Workshop) -> str:
    return reverse("workshops:harvest", args=[workshop.authority.slug, workshop.pk])


def _pillars(workshop: Workshop) -> list[Pillar]:
    standing = workshop.authority.pillars.standing()
    return list(standing.filter(blueprint__programme=workshop.programme_id))


def _said(made: int, parked: int, waiting: list[Row]) -> str:
    words = []
    if made:
        words.append(f"{made} brought into the journey.")
    if parked:
        words.append(f"{parked} parked for next time.")
    if waiting:
        what = "pillar" if any(row.to == "experiment" for row in waiting) else "small change"
        whose = "it’s" if len(waiting) == 1 else "they’re"
        words.append(f"{len(waiting)} left here: choose the {what} {whose} for.")
    return " ".join(words) or "Nothing new: all of it is where it was."


def _parts(workshop: Workshop) -> list[tuple[Activity, list[Row]]]:
    """Each activity that gave something, with what it gave, in the plan's order."""
    standing = workshop.programme.strands.standing()
    strands = {strand.title[:LONGEST_HEADING]: strand for strand in standing}
    worths, dots = reading.worths(workshop), reading.dots(workshop)
    to, agreed = _of_group(workshop), agreements.of_groups(workshop)
    came = afterwards.came_by_thing(workshop)
    parts = []
    for activity in workshop.activities.in_plan():
        if activity.kind == ActivityKind.THEME:
            rows = [
                _row(thing.row, to, thing.notes, text=_phrase_of(to, agreed.get(thing.pk, "")))
                for thing in reading.themed(activity)[0]
            ]
        elif activity.kind in _HARVESTED and activity.is_revealed:
            rows = [_row(note, *_of_note(note, activity, strands)) for note in _notes(activity)]
            if workshop.kind == SessionKind.BLUEPRINT and activity.kind == ActivityKind.IDEAS:
                _put_to_pillars(rows, activity)
        else:
            continue
        for row in rows:
            row.dots, row.became = dots[row.pk], came.get(row.pk)
        if _chose_few(workshop, rows, dots):
            for row in rows:
                row.to = row.to if row.dots or row.to == PARK else LEAVE
        _leave_what_was_left(rows)
        if rows:
            rows.sort(key=lambda row: -worths.get(row.pk, 0))
            parts.append((activity, rows))
    return parts


def _leave_what_was_left(rows: list[Row]) -> None:
    """Ideas beside others that were brought in were left on purpose: nothing brings them in by
    itself when somebody comes back for the rest of the workshop. Each can still be chosen.
    """
    if any(row.became for row in rows):
        for row in rows:
            row.to = LEAVE if row.to == "change" else row.to


def _put_to_pillars(rows: list[Row], activity: Activity) -> None:
    """What could be tried in each pillar: its heading is the pillar's title."""
    pillars = {one.title[:LONGEST_HEADING]: one for one in _pillars(activity.workshop)}
    for row in rows:
        if isinstance(row.row, Note) and row.to != PARK:
            row.to, row.strand = "experiment", None
            row.pillar = pillars.get(_heading(row.row, activity))


def _chose_few(workshop: Workshop, rows: list[Row], dots) -> bool:
    """Whether people grouped these and put their dots on the few that matter most.

    What got none is not offered as a value or a principle by itself. It stays, and can be chosen.
    """
    named = _of_group(workshop) in ("value", "principle")
    return named and bool(dots) and any(row.is_in_a_group for row in rows)


_HARVESTED = (*reading.GIVES_NOTES, *ABOUT_A_CHANGE)


def _notes(activity: Activity):
    return (
        activity.notes.shown()
        .select_related("activity__workshop", "group")
        .order_by("column", "position")
    )


def _phrase_of(to: str, agreed: str) -> str:
    """What a strand is called: the mission that people turned a theme into, where it fits."""
    return agreed if to == "strand" and len(agreed) <= LONGEST_TITLE else ""


def _row(row: Note | Group, to: str, notes=(), strand=None, text: str = "") -> Row:
    if isinstance(row, Note) and row.is_parked:
        to = PARK
    return Row(row, to, text or str(row), strand, list(notes))


def _of_group(workshop: Workshop) -> str:
    return _OF_GROUPS.get(SessionKind(workshop.kind), LEAVE)


def _of_note(
    note: Note, activity: Activity, strands: dict
) -> tuple[str, list, MissionStrand | None]:
    """What a note could become: an idea a change of its strand, others by their heading."""
    heading = _heading(note, activity)
    if activity.kind == ActivityKind.IDEAS:
        return "change", [], strands.get(heading)
    if activity.kind == ActivityKind.STAKEHOLDERS:
        return "stakeholder", [], None
    if activity.kind == ActivityKind.PLAN:
        return _of_a_question(heading.lower()), [], None
    if activity.kind == ActivityKind.LOOK:
        words = heading.lower()
        fits = (to for to, signs in _ON_A_LOOK if any(sign in words for sign in signs))
        return next(fits, LEAVE), [], None
    if note.group_id is not None and _of_group(activity.workshop) not in (LEAVE, "strand"):
        return LEAVE, [], None  # its group stands for it
    words = heading.lower()
    known = _TAUGHT if activity.workshop.kind == SessionKind.SENSEMAKING else _HEADINGS
    to = next((to for to, signs in known if any(sign in words for sign in signs)), LEAVE)
    return to, [], None


def _heading(note: Note, activity: Activity) -> str:
    return activity.columns[note.column] if note.column < len(activity.columns) else ""


def _of_a_question(words: str) -> str:
    return next((to for to, signs in _QUESTIONS if any(sign in words for sign in signs)), "why")


def _asked(request, parts, offered: list) -> tuple[list[Wish], list[Note]]:
    """What the form wishes; puts an error beside each row that cannot be made like that."""
    by_pk = {(type(one), str(one.pk)): one for one in offered}

    def chosen(kind: type, name: str, otherwise=None):
        return by_pk.get((kind, request.POST.get(name, "")), otherwise)

    wishes, parked = [], []
    room_left = _RoomInPlans()
    for activity, rows in parts:
        # One for all of a part, which a row of its own may say otherwise.
        said = request.POST.get(f"change-of-{activity.pk}", str(activity.change_id or ""))
        for_all = by_pk.get((SmallChange, said))
        for row in rows:
            if row.became or f"to-{row.pk}" not in request.POST:
                continue
            row.to = request.POST[f"to-{row.pk}"]
            row.text = " ".join(request.POST.get(f"text-{row.pk}", "").split())
            row.strand = chosen(MissionStrand, f"strand-{row.pk}")
            if row.asks_for_a_change and row.to not in (LEAVE, PARK):
                row.change = chosen(SmallChange, f"change-{row.pk}", for_all)
                row.waits = row.change is None
                _read_of_a_look(request, row, chosen)
            elif row.to == "experiment":
                if f"pillar-{row.pk}" in request.POST:
                    row.pillar = chosen(Pillar, f"pillar-{row.pk}")
                row.waits = row.pillar is None
            if row.waits:
                continue
            row.error = _error(row) or room_left.error(row)
            if row.error:
                continue
            if row.to == PARK and isinstance(row.row, Note):
                if not row.row.is_parked:
                    parked.append(row.row)
            elif row.to != LEAVE:
                wish = Wish(row.row, row.to, row.text, row.strand, row.change, row.pillar)
                if row.is_of_a_look:
                    of_it = {"stage": row.stage, "owner": row.owner, "due_on": row.due_on}
                    wish = replace(wish, **of_it)
                wishes.append(wish)
    return wishes, parked


def _read_of_a_look(request, row: Row, chosen) -> None:
    row.stage = request.POST.get(f"stage-{row.pk}", "")
    row.owner = chosen(Membership, f"owner-{row.pk}")
    row.due = request.POST.get(f"due-{row.pk}", "").strip()[:40]


def _error(row: Row) -> str:
    if row.to not in row.choices:
        return "Choose one from the list."
    if row.to == harvest.MOVED and row.stage not in ("", *Stage.values):
        return "Choose one from the list."
    if row.to == harvest.NEXT:
        try:
            row.due_on = _DAY.clean(row.due)
        except ValidationError as error:
            return error.messages[0]
    if row.to in (LEAVE, PARK):
        return ""
    longest = LONGEST_TITLE if row.to in _TITLED else LONGEST_WORDS
    if not row.text:
        return "Write what it should say."
    if len(row.text) > longest:
        return f"Make it shorter: {longest} characters fit, this has {len(row.text)}."
    return ""


_DAY = DayField(required=False)


class _RoomInPlans:
    """How much an answer of a change's plan still takes, as one note after the other goes in."""

    def __init__(self):
        self.used: dict[tuple, int] = {}

    def error(self, row: Row) -> str:
        if row.to not in harvest.ANSWERS or row.change is None:
            return ""
        here = (row.change.pk, row.to)
        used = self.used.get(here, len(getattr(row.change, row.to))) + 1 + len(row.text)
        if used > LONGEST_ANSWER:
            return f"The plan’s answer is full: {LONGEST_ANSWER} characters fit. Leave one out."
        self.used[here] = used
        return ""
