"""What came out of a workshop, and where it goes."""

from dataclasses import dataclass

from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programmes.pages import go, page, tell
from smallchanges.models import MissionStrand
from workshops import reading
from workshops.actions import harvest
from workshops.actions.harvest import Wish
from workshops.doors import console_view
from workshops.models import Activity, ActivityKind, Group, Harvest, Note, SessionKind, Workshop

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
    "insight": "An insight",
    PARK: "Park it for next time",
}
# What the words of a heading say that its notes are.
_HEADINGS = (
    ("opposite", ("opposite", "moving away")),
    ("value", ("value", "we bring")),
    ("principle", ("heart", "principle", "vision")),
    ("barrier", ("stops us", "in the way", "barrier", "missing")),
    ("change", ("could try", "try", "idea")),
)
_OF_GROUPS = {
    SessionKind.VALUES: "value",
    SessionKind.VISION: "principle",
    SessionKind.MISSION: "strand",
}
LONGEST_WORDS = 300


@dataclass
class Row:
    """One thing that was said, and what it could become."""

    row: Note | Group
    to: str
    text: str
    strand: MissionStrand | None
    became: Harvest | None
    notes: list[Note]
    error: str = ""

    @property
    def pk(self):
        return self.row.pk

    @property
    def choices(self) -> dict[str, str]:
        """A group cannot be parked: its notes can."""
        if isinstance(self.row, Note):
            return {to: words for to, words in CHOICES.items() if to != "strand"}
        return {to: words for to, words in CHOICES.items() if to != PARK}


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def harvest_page(request, workshop):
    parts = _parts(workshop)
    strands = list(workshop.programme.strands.standing())
    if request.method == "POST":
        wishes, parked = _asked(request, parts, strands)
        if not any(row.error for _, rows in parts for row in rows):
            made = harvest.gather(programme=workshop.programme, wishes=wishes, by=request.user)
            harvest.park(notes=parked, is_parked=True, by=request.user)
            tell(request, _said(len(made), len(parked)))
            return go(request, _url(workshop))
    context = {"workshop": workshop, "parts": parts, "strands": strands}
    return page(request, "workshops/harvest.html", context)


def _url(workshop: Workshop) -> str:
    return reverse("workshops:harvest", args=[workshop.authority.slug, workshop.pk])


def _said(made: int, parked: int) -> str:
    words = []
    if made:
        words.append(f"{made} brought into the journey.")
    if parked:
        words.append(f"{parked} parked for next time.")
    return " ".join(words) or "Nothing new: all of it is where it was."


def _parts(workshop: Workshop) -> list[tuple[Activity, list[Row]]]:
    """Each activity that gave something, with what it gave, in the plan's order."""
    strands = {strand.title: strand for strand in workshop.programme.strands.standing()}
    worths = reading.worths(workshop)
    parts = []
    for activity in workshop.activities.in_plan():
        if activity.kind == ActivityKind.THEME:
            rows = [
                _row(thing.row, _of_group(workshop), thing.notes)
                for thing in reading.themed(activity)[0]
            ]
        elif activity.kind in reading.GIVES_NOTES and activity.is_revealed:
            rows = [_row(note, *_of_note(note, activity, strands)) for note in _notes(activity)]
        else:
            continue
        if rows:
            rows.sort(key=lambda row: -worths.get(row.pk, 0))
            parts.append((activity, rows))
    return parts


def _notes(activity: Activity):
    return (
        activity.notes.shown().select_related("activity__workshop").order_by("column", "position")
    )


def _row(row: Note | Group, to: str, notes=(), strand=None) -> Row:
    became = row.harvests.first()
    if isinstance(row, Note) and row.is_parked:
        to = PARK
    return Row(row, to, str(row), strand, became, list(notes))


def _of_group(workshop: Workshop) -> str:
    return _OF_GROUPS.get(SessionKind(workshop.kind), LEAVE)


def _of_note(
    note: Note, activity: Activity, strands: dict
) -> tuple[str, list, MissionStrand | None]:
    """What a note could become: an idea a change of its strand, others by their heading."""
    heading = activity.columns[note.column] if note.column < len(activity.columns) else ""
    if activity.kind == ActivityKind.IDEAS:
        return "change", [], strands.get(heading)
    if note.group_id is not None and _of_group(activity.workshop) not in (LEAVE, "strand"):
        return LEAVE, [], None  # its group stands for it
    words = heading.lower()
    to = next((to for to, signs in _HEADINGS if any(sign in words for sign in signs)), LEAVE)
    return to, [], None


def _asked(request, parts, strands) -> tuple[list[Wish], list[Note]]:
    """What the form wishes; puts an error beside each row that cannot be made like that."""
    by_pk = {str(strand.pk): strand for strand in strands}
    wishes, parked = [], []
    for _, rows in parts:
        for row in rows:
            if row.became or f"to-{row.pk}" not in request.POST:
                continue
            row.to = request.POST[f"to-{row.pk}"]
            row.text = " ".join(request.POST.get(f"text-{row.pk}", "").split())
            row.strand = by_pk.get(request.POST.get(f"strand-{row.pk}", ""))
            row.error = _error(row)
            if row.error:
                continue
            if row.to == PARK and isinstance(row.row, Note):
                parked.append(row.row)
            elif row.to != LEAVE:
                wishes.append(Wish(row.row, row.to, row.text, row.strand))
    return wishes, parked


def _error(row: Row) -> str:
    if row.to not in row.choices:
        return "Choose one from the list."
    if row.to in (LEAVE, PARK):
        return ""
    longest = 160 if row.to in ("strand", "change") else LONGEST_WORDS
    if not row.text:
        return "Write what it should say."
    if len(row.text) > longest:
        return f"Make it shorter: {longest} characters fit, this has {len(row.text)}."
    return ""
