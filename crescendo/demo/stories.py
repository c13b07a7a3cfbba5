"""What the demo's people tell of their small changes, what its facilitators noted, and who ran the
sessions. All of it is made up, and says so."""

from datetime import datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from crescendo.loading.desk import MADE_UP
from impact.actions import handover, learning, stories
from impact.models import Story, Whose
from programmes.models import LocalAuthority, Milestone, User
from smallchanges.models import SmallChange
from workshops.actions import planning
from workshops.models import Workshop

# By place: the change, how far it goes, how long ago it was told, who tells it, and the words.
_STORIES: dict[str, list[tuple[str, str, int, str, str]]] = {
    "tower-hamlets": [
        (
            "Define partner agency roles and share notetaking",
            "public",
            24,
            "A social worker",
            "I used to chair with my head down, typing. Now the school or the health visitor takes"
            " the minutes, and I can look at the family. In the first meeting like that, a mother"
            " stopped halfway and said: you’re really listening today. We hadn’t changed the plan."
            " We’d changed where I was looking.",
        ),
        (
            "Develop new ways to work with interpreters",
            "authority",
            17,
            "A social worker",
            "We meet the interpreter ten minutes before the visit now. It sounds like nothing. But"
            " they know what the visit is for, and the family doesn’t have to begin again.",
        ),
        (
            "Develop ways to celebrate success and show appreciation",
            "team",
            9,
            "A family support worker",
            "On Friday somebody read out what had gone well that week, and one of the things was"
            " mine. I’d forgotten it. I went into the weekend lighter.",
        ),
    ],
    "wandsworth": [
        (
            "Protected slots in practitioners' calendars",
            "authority",
            20,
            "An early help practitioner",
            "The two hours are in the calendar, and nobody books over them. A young person asked"
            " whether I’d be there next Thursday too, and for once I could simply say yes.",
        ),
    ],
}
_PICK = (
    "the learning pod in autumn",
    "It shows in one sentence what the minutes were about all along: where we look when a family"
    " speaks.",
)
# How many days ago; what happened, what was learned, what comes next.
_LEARNED: list[tuple[int, str, str, str]] = [
    (
        58,
        "The big table made two teams sit apart.",
        "People mix when there are fewer chairs than people at each table.",
        "Set out five small tables before anybody comes.",
    ),
    (
        30,
        "Two people spoke for most of the hour.",
        "Three quiet minutes of writing first, and everybody has something to say.",
        "Begin each round with writing.",
    ),
    (
        12,
        "A local champion ran the second half alone.",
        "It went better when I left the room than when I sat at the back.",
        "Agree beforehand when I come in, and when I don’t.",
    ),
]
_LASTS = timedelta(hours=2)


def load() -> None:
    """Once: what people did with it since stays."""
    there = set(Story.objects.filter(pk__in=[_pk(slug, 0) for slug in _STORIES]).values_list("pk"))
    for slug, told in _STORIES.items():
        if (_pk(slug, 0),) not in there and (place := _place(slug)):
            _tell(place, told)
    if Workshop.objects.filter(pk=_pk("session", 0)).exists():
        return
    place = _place("tower-hamlets")
    programme = place.current_programme() if place else None
    if programme:
        held = _hold(list(_past(programme)))
        _note(programme.authority, held)


def _place(slug: str) -> LocalAuthority | None:
    return LocalAuthority.objects.filter(slug=slug).first()


def _tell(place: LocalAuthority, told: list[tuple[str, str, int, str, str]]) -> None:
    teller = User.objects.filter(email=f"practitioner@{place.slug}.example").first()
    membership = place.memberships.standing().filter(user=teller).first() if teller else None
    changes = {one.title: one for one in place.small_changes.all()}
    if teller is None or membership is None:
        return
    team = membership.teams.first()
    for number, (title, ring, days, role, words) in enumerate(told):
        if title in changes:
            pk = _pk(place.slug, number)
            story = _story(changes[title], pk, ring, days, role, words, teller, team)
            if ring == "public":
                panel, why = _PICK
                stories.pick_story(
                    story=story,
                    pk=_pk("pick", number),
                    panel=panel,
                    why=why,
                    by=None,
                    picked_on=_day(days - 10),
                    illustrative=MADE_UP,
                )


def _story(change: SmallChange, pk, ring, days, role, words, teller, team) -> Story:
    story = stories.tell_story(
        change=change,
        pk=pk,
        text=words,
        teller=role,
        told_by=teller,
        team=team,
        by=None,
        told_on=_day(days),
        illustrative=MADE_UP,
    )
    if ring != "team":
        story.refresh_from_db()
        story = stories.cross(story=story, ring=ring, digest=story.digest, by=None, person=teller)
        story.crossings.update(illustrative=MADE_UP, at=_at(_day(days - 1), 15))
    return story


def _past(programme):
    return programme.milestones.filter(on__lt=timezone.localdate()).order_by("on", "number")


def _hold(milestones: list[Milestone]) -> list[Workshop]:
    """The sessions that were, each two hours from ten; Crescendo ran the first, then both did."""
    held = []
    for number, milestone in enumerate(milestones):
        workshop = planning.plan(
            programme=milestone.programme,
            pk=_pk("session", number),
            by=None,
            title=milestone.title,
            kind=milestone.kind,
            milestone=milestone,
            starts_at=_at(milestone.on, 10),
            place=milestone.place,
        )
        workshop.doors_opened_at = workshop.starts_at
        workshop.ended_at = _at(milestone.on, 10) + _LASTS
        workshop.illustrative = MADE_UP
        workshop.save(update_fields=["doors_opened_at", "ended_at", "illustrative"])
        # The agenda passes first, then the room, and the chasing last.
        for later, what in enumerate(("agenda", "facilitated", "chased")):
            handover.say_hands(
                workshop=workshop,
                what=what,
                whose=_whose(number - later, len(milestones)),
                by=None,
                illustrative=MADE_UP,
            )
        held.append(workshop)
    return held


def _whose(number: int, of: int) -> str:
    if number < of * 0.4:
        return Whose.CRESCENDO
    return Whose.BOTH if number < of * 0.6 else Whose.LOCAL


def _note(place: LocalAuthority, held: list[Workshop]) -> None:
    for number, (days, happened, learned, later) in enumerate(_LEARNED):
        day = _day(days)
        before = [one for one in held if one.starts_at and timezone.localdate(one.starts_at) <= day]
        learning.keep_learning(
            authority=place,
            pk=_pk("learning", number),
            on=timezone.localdate(before[-1].starts_at) if before else day,
            workshop=before[-1] if before else None,
            by=None,
            what_happened=happened,
            what_we_learned=learned,
            what_next=later,
            illustrative=MADE_UP,
        )


def _day(days: int):
    return timezone.localdate() - timedelta(days=days)


def _at(day, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())


def _pk(what: str, number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"crescendo.example/stories/{what}/{number}")
