"""Where one authority is in its journey, and what waits for one person: read from every app."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import CharField, Func, IntegerField, OuterRef, Q, Subquery, Value
from django.urls import reverse
from django.utils import timezone

from blueprints import voices
from blueprints.evidence import Weeks, weeks_of
from blueprints.models import Experiment, Pillar, PlacingRound
from blueprints.reviews import waiting_by_sponsor
from blueprints.versions import voices_of
from crescendo.templatetags.house import day
from programmes.models import Milestone, Opposite, Principle, Programme
from programmes.models import Value as AmbitionValue
from programmes.permissions import Permission
from programmes.wording import in_words
from smallchanges.inbox import inbox_waiting
from smallchanges.models import Move, SmallChange, Status
from workshops.upcoming import Next

# A session is planned this long before its day.
GOOD_TIME = timedelta(weeks=4)


@dataclass(frozen=True)
class Counts:
    """What the four steps' one line of fact is made of."""

    living: int
    ideas: int
    pillars: int
    experiments: int
    waiting: int
    # The round of two voices that is open.
    placing: UUID | None = None


def counts_of(programme: Programme) -> Counts:
    """One query of five counts and an id, each on its own index."""
    changes = SmallChange.objects.filter(programme=OuterRef("pk"))
    pillars = Pillar.objects.standing().filter(blueprint__programme=OuterRef("pk"))
    experiments = Experiment.objects.in_standing_pillars().filter(
        pillar__blueprint__programme=OuterRef("pk")
    )
    rows = Programme.objects.filter(pk=programme.pk).values_list(
        count_of(changes.living()),
        count_of(changes.filter(status=Status.PROPOSED)),
        count_of(pillars),
        count_of(experiments),
        count_of(experiments.filter(state=Experiment.State.WAITING)),
        Subquery(PlacingRound.objects.open().filter(programme=OuterRef("pk")).values("pk")[:1]),
    )
    return Counts(*rows.get())


def count_of(rows):
    """A scalar subquery that counts `rows`."""
    count = Func(template="COUNT(*)", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(all=count).values("all"))


@dataclass
class Said:
    """One of the lists of step 1, in order, and what of it was made up to show a feature."""

    texts: list[str]
    made_up: list[str]

    def __iter__(self):
        return iter(self.texts)

    def __len__(self):
        return len(self.texts)

    @property
    def illustrative(self) -> str:
        return "all of it" if self.made_up == self.texts else ", ".join(self.made_up)


def words_of(programme: Programme) -> dict[str, Said]:
    """The values, their opposite and the principles, as `{"values": …, …}`; one query."""
    said = {name: Said([], []) for name in ("values", "opposites", "principles")}
    queries = [
        model.objects.standing()
        .filter(programme=programme)
        .order_by()
        .values_list(Value(name, output_field=CharField()), "position", "text", "illustrative")
        for name, model in (
            ("values", AmbitionValue),
            ("opposites", Opposite),
            ("principles", Principle),
        )
    ]
    for name, _, text, illustrative in sorted(queries[0].union(*queries[1:], all=True).order_by()):
        said[name].texts.append(text)
        if illustrative:
            said[name].made_up.append(text)
    return said


def lately(programme: Programme, limit: int = 4) -> list[Move]:
    """The newest move of each of the changes that moved last, with the change; one query.

    One that was taken back is no news, and neither is that it was: of as many as one press moves.
    """
    rows = Move.objects.filter(change__programme=programme, change__merged_into=None)
    rows = rows.select_related("change__strand")
    slipped: set[UUID] = set()
    newest: dict[UUID, Move] = {}
    for move in rows.order_by("-at")[:_LOOKED_AT]:
        if move.took_back:
            slipped.add(move.change_id)
        elif move.change_id in slipped:
            slipped.remove(move.change_id)
        else:
            # One busy change leaves room for others.
            newest.setdefault(move.change_id, move)
    return list(newest.values())[:limit]


_LOOKED_AT = 100


def pods_held(milestones: list[Milestone], today: date) -> int:
    return sum(1 for one in milestones if one.kind == Milestone.Kind.POD and one.on < today)


@dataclass(frozen=True)
class Todo:
    """One thing that waits for a person, with the minutes it takes."""

    minutes: int
    title: str
    about: str
    url: str


def for_you(
    request,
    programme: Programme | None,
    counts: Counts | None,
    coming: Next | None = None,
    milestones: Sequence[Milestone] = (),
) -> list[Todo]:
    """At most three things for this person this week, most pressing first. Six queries at most.

    `coming` is the next session, which somebody has to plan; `milestones` say which week it is.
    """
    if programme is None or counts is None:
        return _set_up(request, programme)
    todo = _asked(request) + _to_sign(request, programme)
    if Permission.TIMELINE_EDIT in request.permissions:
        todo += _set_up(request, programme)
    if Permission.WORKSHOP_RUN in request.permissions and coming is not None:
        todo += _prepare(request, programme, coming)
    if Permission.WORKSHOP_RUN in request.permissions:
        todo += _make_sense(request, programme, weeks_of(milestones))
    if Permission.PEOPLE_MANAGE in request.permissions and is_before_launch(programme):
        todo += _invite(request)
    if Permission.ASK_TEND in request.permissions:
        waiting = programme.small_changes.left_without_help().select_related("authority")
        todo += [_find_help(change) for change in waiting.order_by("created_at")[:3]]
    if Permission.REVIEW in request.permissions and counts.waiting:
        todo += _waiting_experiments(request, programme)
    if counts.placing and voices.voices_of(request.permissions):
        todo += _placing(request, counts.placing)
    if Permission.INBOX_ANSWER in request.permissions:
        todo += _inbox(request)
    todo += [_quiet_change(request, change) for change in _quiet_changes(request, programme)]
    return todo[:3]


def _asked(request) -> list[Todo]:
    """What somebody waits for an answer to, from this person: before all else."""
    waiting = request.authority.asks.waiting().put_to(request.membership).count()
    if not waiting:
        return []
    return [
        Todo(
            2,
            "Answer what somebody asks of you"
            if waiting == 1
            else f"Answer the {in_words(waiting)} things that people ask of you",
            "A yes, a “yes, if” or a “no, because” all help",
            reverse("smallchanges:asks", args=[request.authority.slug]),
        )
    ]


def _to_sign(request, programme: Programme) -> list[Todo]:
    """A draft of the blueprint that waits for names, where theirs can be one and is not yet."""
    if not voices_of(request.permissions):
        return []
    drafts = request.authority.versions.to_sign().not_signed_by(request.user)
    return [
        Todo(
            5,
            f"Read version {draft.number} of the blueprint, and sign it",
            "It’s agreed with a practitioner’s name and a leader’s",
            reverse("blueprints:version", args=[request.authority.slug, draft.pk]),
        )
        for draft in drafts.filter(blueprint__programme=programme).defer("parts")
    ]


def _set_up(request, programme: Programme | None) -> list[Todo]:
    if Permission.TIMELINE_EDIT not in request.permissions:
        return []
    slug = request.authority.slug
    if programme is None:
        return [
            Todo(
                5,
                "Set up the programme",
                "Which service, how you’ll run it, and when it starts",
                reverse("programmes:programme", args=[slug]),
            )
        ]
    if programme.starts_on is None:
        return [
            Todo(
                2,
                "Give the launch a date",
                "Everything else on the timeline follows from it",
                reverse("programmes:programme", args=[slug]),
            )
        ]
    return []


def is_before_launch(programme: Programme) -> bool:
    return programme.starts_on is not None and programme.starts_on >= timezone.localdate()


def _prepare(request, programme: Programme, coming: Next) -> list[Todo]:
    """The plan of the next session, where it has none: in good time, and of the first at once."""
    is_soon = coming.on <= timezone.localdate() + GOOD_TIME or is_before_launch(programme)
    if coming.workshop is not None or not is_soon:
        return []
    return [
        Todo(
            5,
            f"Plan the next session: {coming.title}",
            "There’s a ready-made one to start from. Change anything you like",
            reverse("workshops:workshops", args=[request.authority.slug]),
        )
    ]


def _make_sense(request, programme: Programme, weeks: Weeks | None) -> list[Todo]:
    """From week 14 on, until somebody has written what was learned."""
    if weeks is None or not (weeks.is_near or weeks.is_over):
        return []
    if programme.insights.standing().exists():
        return []
    ready = "your evidence pack is ready"
    return [
        Todo(
            10,
            f"Week 16 is near: {ready}" if weeks.is_near else ready.capitalize(),
            "What the changes met, asked for and counted, to read before you make sense of it",
            reverse("blueprints:evidence", args=[request.authority.slug]),
        )
    ]


def _invite(request) -> list[Todo]:
    """Before the launch, while nobody else is here."""
    others = request.authority.memberships.standing().exclude(user=request.user)
    if others.exists():
        return []
    return [
        Todo(
            5,
            "Invite the people who take part",
            "Nobody else is here yet. Each gets an email with a link",
            reverse("programmes:people-invite", args=[request.authority.slug]),
        )
    ]


def nothing_yet(request, programme: Programme | None, coming: Next | None) -> tuple[str, str]:
    """What somebody for whom nothing waits is told: what comes to them, and how they'll know."""
    if coming is not None and programme is not None and is_before_launch(programme):
        if Permission.WORKSHOP_RUN in request.permissions:
            return (
                "Everything is ready for the launch.",
                "Its plan, who is invited and the code for the day are with the workshop.",
            )
        if Permission.BLUEPRINT_EDIT in request.permissions:
            return (
                f"We begin on {day(coming.on)}.",
                "You’ll get an invitation by email. Until then, tell your teams that you want to "
                "hear from them, and keep the time free for those who come.",
            )
        return (
            f"We begin on {day(coming.on)}.",
            "You’ll get an invitation by email. A phone is all you need on the day.",
        )
    if programme is None or programme.starts_on is None:
        if Permission.BLUEPRINT_EDIT in request.permissions:
            return (
                "Nothing to do yet.",
                "You’ll be invited when the launch has a date. Until then, think of who in your "
                "teams would like to be part of it.",
            )
        return (
            "Nothing to do yet.",
            "You’ll be invited when the launch has a date. From then on this page says what comes "
            "next.",
        )
    return (
        "Nothing needs you this week.",
        "When something does, it’s here, with the minutes it takes.",
    )


def _find_help(change: SmallChange) -> Todo:
    return Todo(
        5,
        f"Find help for “{change.title}”",
        "They told us that they can’t do it alone. Whose yes or time would help?",
        f"{change.get_absolute_url()}#help-wanted",
    )


def _waiting_experiments(request, programme: Programme) -> list[Todo]:
    """Those whose pillars this person sponsors, and those of nobody; one query."""
    by_sponsor = waiting_by_sponsor(programme)
    mine = by_sponsor.get(request.membership.pk, 0) if request.membership else 0
    waiting = mine + by_sponsor.get(None, 0)
    if not waiting:
        return []
    return [
        Todo(
            2,
            "Answer the experiment that’s waiting for your yes"
            if waiting == 1
            else f"Answer the {in_words(waiting)} experiments that are waiting for your yes",
            "A yes, a “yes, if” or a “not yet, because” all help",
            reverse("blueprints:reviews", args=[request.authority.slug]),
        )
    ]


def _inbox(request) -> list[Todo]:
    """What waits in the inbox beyond what was promised, and what somebody has to look at first."""
    waiting = inbox_waiting(request.authority)
    held = waiting.held if Permission.INBOX_RUN in request.permissions else 0
    if waiting.overdue:
        about = f"{in_words(waiting.overdue).capitalize()} waited longer than you promised"
    elif held:
        about = "Something may name a person: nobody reads it until you’ve looked"
    else:
        return []
    url = reverse("smallchanges:inbox", args=[request.authority.slug])
    return [Todo(5, "Answer what waits in the inbox", about, url)]


def _placing(request, pk: UUID) -> list[Todo]:
    """What this person has not placed yet, in the round of two voices that is open."""
    placing = request.authority.placing_rounds.get(pk=pk)
    if not placing.takes_places:
        return []
    left = placing.things.count() - len(voices.own_of(placing, voices.member(request.user)).places)
    if not left:
        return []
    return [
        Todo(
            3,
            "Place yours: how do you see it?",
            f"Two voices, open until {day(placing.closes_on)}",
            reverse("blueprints:voices-place", args=[request.authority.slug, pk]),
        )
    ]


def _quiet_changes(request, programme: Programme) -> list[SmallChange]:
    """Changes of this person's own, or of their teams, that have gone quiet."""
    membership = request.membership
    if membership is None:
        return []
    return list(
        programme.small_changes.quiet()
        .filter(Q(lead=membership) | Q(teams__memberships=membership))
        .distinct()
        .order_by("created_at")[:3]
    )


def _quiet_change(request, change: SmallChange) -> Todo:
    return Todo(
        2,
        f"Where has “{change.title}” got to?",
        "It’s been quiet for a while. A step back counts as learning too",
        f"{change.get_absolute_url()}#update",
    )


def headline(programme: Programme | None, here: int, counts: Counts | None) -> tuple[str, str]:
    """The hero's heading and the sentence beside it, from where the journey is (step 1 to 4)."""
    if programme is None or counts is None:
        return (
            "Your story starts here",
            "Once the programme is set up, this page shows where you are, what comes next and "
            "what became of what you said.",
        )
    few = in_words(counts.living).capitalize()
    if here <= 1:
        return (
            "What would give us more time with families?",
            "We begin with what matters to us, what gets in the way, and how we want to work "
            "together.",
        )
    if here == 2:
        if not counts.living:
            return (
                "Looking for our first small changes",
                "From the barriers we named come strands, and from strands come changes small "
                "enough to make ourselves.",
            )
        return (
            f"{few} small change{'s' if counts.living != 1 else ''}, on the way",
            "Each one is ours to make. Every four weeks we look at what moved, what helped and "
            "what got in the way.",
        )
    if here == 3:
        return (
            f"{few} small change{'s' if counts.living != 1 else ''}, growing into something bigger"
            if counts.living
            else "From small changes to something bigger",
            "You’ve made the changes you could make yourselves. Now practitioners and leaders are "
            "turning what you learned into a local blueprint.",
        )
    return (
        "Small changes are how we work now",
        "Listening, testing and learning carry on, with or without a programme.",
    )


def step_facts(states: list, counts: Counts, pods_held: int) -> list[tuple]:
    """Each of the four states beside the one line of fact that goes with it."""
    facts = {
        1: "Values, vision and barriers",
        2: _joined(
            (counts.living, "small change", "small changes"),
            (pods_held, "learning pod", "learning pods"),
        )
        or "Mission, Develop, Influence, Grow",
        3: _joined(
            (counts.pillars, "pillar", "pillars"),
            (counts.experiments, "experiment to try", "experiments to try"),
        )
        or "From what we learned to what we’ll change",
        4: "Making this how we work",
    }
    return [(state, facts[state.step]) for state in states]


def _joined(*counted: tuple[int, str, str]) -> str:
    return ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in counted if n)
