"""Word back: what became of what people said was in the way.

From something that was said the thread is followed onwards, as in `programme.md`: barrier, mission
strand, small change, insight, pillar, experiment. What happened on it is told as people put it in
consultations: we asked, you said, we did, and this we could not do, because.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from blueprints.models import Answer, Decision, Evidence, Experiment, PillarInsight, Promise
from programmes.models import Barrier, Gift, Programme, Team, User
from smallchanges.models import Move, Offered, SmallChange, Status, StrandBarrier, Verdict
from workshops import reading
from workshops.afterwards import Fate
from workshops.models import Harvest, Note, Participant

# What a thing that was said can have become, in the order of the thread. What becomes something
# else is told of in the workshop's own summary.
ON_THE_THREAD = ("barrier", "strand", "change", "insight", "pillar", "experiment")
IN_THE_INBOX = "What could be different, or is in the way?"
WHAT_STOPS_US = "What stops us from working like that?"


@dataclass(frozen=True)
class Said:
    """What somebody said, the question that it answered, and the row of the journey it became."""

    words: str
    asked: str
    kind: str
    pk: UUID


@dataclass(frozen=True)
class Deed:
    """Something that happened: in words, when, why not, and where one reads more."""

    words: str
    at: datetime | None = None
    because: str = ""
    url: str = ""
    # What of it was made up for the demo, in words.
    illustrative: str = ""


@dataclass
class WordBack:
    """One thing that somebody said, where it is read, and all that came of it."""

    said: Said
    url: str
    did: list[Deed] = field(default_factory=list)
    under_way: list[Deed] = field(default_factory=list)
    could_not: list[Deed] = field(default_factory=list)
    # When an experiment of a pillar that it led to last moved, or a promise for it was kept or not.
    blueprint_moved_at: datetime | None = None

    @property
    def newest(self) -> datetime | None:
        """When something last happened on it."""
        deeds = (*self.did, *self.under_way, *self.could_not)
        return max((deed.at for deed in deeds if deed.at), default=None)


# --- who said what


def said_by_teams(programme: Programme, teams: Collection[Team]) -> list[Said]:
    """The barriers that their people put on the list, each once; one query."""
    rows = Barrier.objects.standing().filter(programme=programme, teams__in=teams).distinct()
    return [Said(str(row), WHAT_STOPS_US, "barrier", row.pk) for row in rows]


def said_by(programme: Programme, user: User, key_of: Callable[[UUID], str | None]) -> list[Said]:
    """What this person wrote in workshops, and what became part of the journey; three queries.

    `key_of` gives what their device alone knows of a workshop: by that an anonymous note is found
    to be theirs, and by nothing that is kept here.
    """
    rooms = {
        one.workshop_id: one
        for one in Participant.objects.filter(user=user, workshop__programme=programme)
    }
    notes = Note.objects.standing().filter(activity__workshop__in=rooms)
    return said_in(
        note
        for note in notes.select_related("activity")
        if reading.is_own(
            note, rooms[note.activity.workshop_id], key_of(note.activity.workshop_id) or ""
        )
    )


def said_in(notes: Iterable[Note]) -> list[Said]:
    """Of these notes, with `activity` fetched, those that became part of the thread; one query."""
    notes = list(notes)
    groups = {note.group_id for note in notes if note.group_id}
    harvests = Harvest.objects.filter(Q(note__in=notes) | Q(group__in=groups))
    by_row = {one.note_id or one.group_id: one.became for one in harvests}
    said = []
    for note in notes:
        became = by_row.get(note.pk) or by_row.get(note.group_id)
        if became and became[0] in ON_THE_THREAD:
            said.append(Said(note.text, note.activity.prompt or note.activity.title, *became))
    return said


def offered_by(programme: Programme, user: User) -> list[WordBack]:
    """What this person offered in the inbox with their name and got an answer to."""
    found: list[WordBack] = []
    onwards: list[Said] = []
    for one in Offered.objects.answered().filter(authority=programme.authority, by=user):
        one.authority = programme.authority
        if one.barrier_id:
            onwards.append(Said(one.text, IN_THE_INBOX, "barrier", one.barrier_id))
        elif one.change_id:
            onwards.append(Said(one.text, IN_THE_INBOX, "change", one.change_id))
        else:
            url = one.get_absolute_url()
            back = WordBack(Said(one.text, IN_THE_INBOX, "offered", one.pk), url)
            deeds = back.could_not if one.state == Offered.State.NOT_NOW else back.under_way
            deeds.append(Deed(one.get_state_display(), one.answered_at, one.answer, url))
            found.append(back)
    return [*word_back(programme, onwards), *found]


def voices_moved_since(programme: Programme, since: datetime) -> set[int]:
    """The ids of people of whom something that they said led to a blueprint that moved since.

    What was said without a name is nobody's here.
    """
    named = Harvest.objects.filter(
        activity__workshop__programme=programme, note__participant__user__isnull=False
    )
    voices: dict[Said, set[int]] = defaultdict(set)
    for user, *became in named.values_list("note__participant__user", *ON_THE_THREAD):
        for kind, pk in zip(ON_THE_THREAD, became, strict=True):
            if pk:
                voices[Said("", "", kind, pk)].add(user)
    moved = [
        back.said
        for back in word_back(programme, voices)
        if back.blueprint_moved_at and back.blueprint_moved_at >= since
    ]
    return set().union(*(voices[said] for said in moved))


# --- what came of it


def word_back(
    programme: Programme, said: Collection[Said], *, with_words: bool = True
) -> list[WordBack]:
    """What came of each, what moved last first. Fifteen queries at most, however many there are.

    Without `with_words` it says what became of it, and nothing that somebody wrote as a reason, a
    rule or a promise, since those may name a person: for guests.
    """
    if not said:
        return []
    thread = _Thread(programme, said, with_words=with_words)
    backs = []
    for one in said:
        back = WordBack(one, thread.url_of(one))
        for pk in thread.changes_of(one):
            thread.tell_of_change(back, thread.changes[pk])
        for experiment in thread.experiments_of(one):
            thread.tell_of_experiment(back, experiment)
        thread.tell_of_rules(back, one)
        thread.tell_of_gift(back, one)
        if not with_words:
            _leave_out_reasons(back)
        backs.append(back)
    # What nothing came of yet comes last, in the order in which it was said.
    return sorted(backs, key=lambda back: -back.newest.timestamp() if back.newest else 0)


def since_then(programme: Programme, fates: Collection[Fate]) -> list[tuple[Fate, WordBack | None]]:
    """Each of somebody's notes in one workshop with what came of it since, without reasons."""
    said = {
        Said("", "", *fate.harvest.became)
        for fate in fates
        if fate.harvest and fate.harvest.became[0] in ON_THE_THREAD
    }
    backs = {
        (back.said.kind, back.said.pk): back
        for back in word_back(programme, said, with_words=False)
    }
    return [(fate, backs.get(fate.harvest.became) if fate.harvest else None) for fate in fates]


def _leave_out_reasons(back: WordBack) -> None:
    for deeds in (back.did, back.under_way, back.could_not):
        deeds[:] = [Deed(deed.words, deed.at, illustrative=deed.illustrative) for deed in deeds]


class _Thread:
    """The links onwards from what was said, and the rows at their ends, each asked for once."""

    def __init__(self, programme: Programme, said: Collection[Said], *, with_words: bool):
        self.with_words = with_words
        self.slug = programme.authority.slug
        wanted: dict[str, set[UUID]] = defaultdict(set)
        for one in said:
            wanted[one.kind].add(one.pk)
        self._merged = _roots(programme, wanted["barrier"])
        barriers = {self._merged.get(pk, pk) for pk in wanted["barrier"]}
        self.barriers = Barrier.objects.in_bulk(barriers)
        self._strands = _links(
            StrandBarrier.objects.filter(barrier__in=barriers, strand__removed_at=None),
            "barrier",
            "strand",
        )
        strands = wanted["strand"].union(*self._strands.values())
        self.changes: dict[UUID, SmallChange] = {
            one.pk: one
            for one in programme.small_changes.filter(
                Q(strand__in=strands) | Q(pk__in=wanted["change"])
            ).prefetch_related(Prefetch("moves", Move.objects.order_by("-at")))
        }
        self._of_strand: dict[UUID | None, list[UUID]] = defaultdict(list)
        for change in self.changes.values():
            change.authority = programme.authority
            self._of_strand[change.strand_id].append(change.pk)
        evidence = Evidence.objects.filter(insight__removed_at=None)
        of_changes = evidence.filter(change__in=self.changes)
        self._insights_of_change = _links(of_changes, "change", "insight")
        of_barriers = evidence.filter(barrier__in=barriers)
        self._insights_of_barrier = _links(of_barriers, "barrier", "insight")
        insights = wanted["insight"].union(
            *self._insights_of_change.values(), *self._insights_of_barrier.values()
        )
        self._pillars = _links(
            PillarInsight.objects.filter(insight__in=insights, pillar__removed_at=None),
            "insight",
            "pillar",
        )
        pillars = wanted["pillar"].union(*self._pillars.values())
        self._of_pillar: dict[UUID, list[Experiment]] = defaultdict(list)
        self._experiments: dict[UUID, Experiment] = {}
        for experiment in _experiments(pillars, wanted["experiment"]):
            experiment.authority = programme.authority
            self._of_pillar[experiment.pillar_id].append(experiment)
            self._experiments[experiment.pk] = experiment
        self._rules: dict[UUID, list[Any]] = defaultdict(list)
        rules = programme.authority.rules.standing().filter(
            barrier__in=[*barriers, *wanted["barrier"]], verdict__isnull=False
        )
        for rule in rules.select_related("verdict"):
            rule.authority = programme.authority
            self._rules[self._merged.get(rule.barrier_id, rule.barrier_id)].append(rule)

    def _root(self, one: Said) -> UUID:
        return self._merged.get(one.pk, one.pk)

    def url_of(self, one: Said) -> str:
        match one.kind:
            case "barrier":
                return reverse("programmes:ambition", args=[self.slug], fragment="barriers")
            case "strand":
                return reverse("smallchanges:strand", args=[self.slug, one.pk])
            case "change":
                return reverse("smallchanges:change", args=[self.slug, one.pk])
            case "experiment":
                return reverse("blueprints:experiment", args=[self.slug, one.pk])
            case "insight":
                return reverse("blueprints:insights", args=[self.slug], fragment=f"row-{one.pk}")
        return reverse("blueprints:blueprint", args=[self.slug])

    def changes_of(self, one: Said) -> list[UUID]:
        if one.kind == "change":
            return [one.pk] if one.pk in self.changes else []
        strands = [one.pk] if one.kind == "strand" else self._strands[self._root(one)]
        return _each_once(pk for strand in strands for pk in self._of_strand[strand])

    def experiments_of(self, one: Said) -> list[Experiment]:
        if one.kind == "experiment":
            return [self._experiments[one.pk]] if one.pk in self._experiments else []
        if one.kind == "pillar":
            return self._of_pillar[one.pk]
        insights = (
            [one.pk]
            if one.kind == "insight"
            else [
                *self._insights_of_barrier[self._root(one)],
                *(pk for change in self.changes_of(one) for pk in self._insights_of_change[change]),
            ]
        )
        pillars = _each_once(pk for insight in insights for pk in self._pillars[insight])
        return [experiment for pillar in pillars for experiment in self._of_pillar[pillar]]

    def tell_of_change(self, back: WordBack, change: SmallChange) -> None:
        moves = list(change.moves.all())
        at = moves[0].at if moves else None
        more = {"url": change.get_absolute_url(), "illustrative": change.illustrative}
        title = f"“{change}”"
        match change.status:
            case Status.EMBEDDED:
                back.did.append(Deed(f"{title} is how we work now", at, change.result, **more))
            case Status.STOPPED:
                why = next((move.why for move in moves if move.is_learning), "")
                back.could_not.append(Deed(f"We tried {title}, and stopped", at, why, **more))
            case Status.IN_PROGRESS:
                back.under_way.append(Deed(f"{title} is under way", at, **more))
            case Status.CHOSEN:
                back.under_way.append(Deed(f"{title} was chosen", at, **more))
            case Status.PAUSED:
                back.under_way.append(Deed(f"{title} is resting for now", at, **more))
            case Status.PROPOSED if change.gift == Gift.BEYOND_US:
                why = "That’s a national rule. We pass it on."
                back.could_not.append(Deed(f"{title} is beyond us", at, why, **more))

    def tell_of_experiment(self, back: WordBack, experiment: Experiment) -> None:
        moves = list(experiment.moves.all())
        at = moves[0].at if moves else None
        why = moves[0].why if moves else ""
        told = [promise.told_at for promise in experiment.promises.all()]
        answered = [answer.at for answer in experiment.answers.all()]
        happened = [back.blueprint_moved_at, at, *told, *answered]
        back.blueprint_moved_at = max((one for one in happened if one), default=None)
        # Made up is what is told: the move or the answer, and only before either the experiment.
        url = experiment.get_absolute_url()
        more = {"url": url, "illustrative": (moves[0] if moves else experiment).illustrative}
        title = f"“{experiment}”"
        answer = next(iter(experiment.answers.all()), None)
        answered_with = {"url": url, "illustrative": answer.illustrative if answer else ""}
        match experiment.state, experiment.decision:
            case Experiment.State.DECIDED, Decision.STOP:
                back.could_not.append(Deed(f"We tried {title}, and stopped", at, why, **more))
            case Experiment.State.DECIDED, Decision.ADAPT:
                back.under_way.append(Deed(f"{title} is being changed, to try again", at, **more))
            case Experiment.State.DECIDED, Decision.AMPLIFY:
                back.did.append(Deed(f"{title} works, and goes to more places", at, why, **more))
            case Experiment.State.DECIDED, _:
                back.did.append(Deed(f"{title} works: it’s how we work now", at, why, **more))
            case Experiment.State.TRYING, _:
                back.under_way.append(Deed(f"We’re trying {title}", at, **more))
            case Experiment.State.WAITING, _ if answer and answer.kind == Answer.Kind.YES_IF:
                words = f"{title} got a “yes, if”"
                back.under_way.append(Deed(words, answer.at, answer.words, **answered_with))
            case Experiment.State.WAITING, _:
                back.under_way.append(Deed(f"{title} waits for a leader’s yes", at, **more))
            case _ if answer and answer.kind == Answer.Kind.NOT_YET:
                back.could_not.append(
                    Deed(f"{title}: not yet", answer.at, answer.words, **answered_with)
                )
        for promise in experiment.promises.all():
            if promise.kept is not None:
                words = "A promise was kept" if promise.kept else "A promise wasn’t kept"
                words = f"{words}: {promise}" if self.with_words else words
                deed = Deed(words, promise.told_at, promise.why, url, promise.illustrative)
                (back.did if promise.kept else back.could_not).append(deed)

    def tell_of_rules(self, back: WordBack, one: Said) -> None:
        for rule in self._rules[self._root(one)]:
            verdict = rule.verdict
            named = f"“{rule}”" if self.with_words else "A rule that we looked into"
            more = {"url": rule.get_absolute_url(), "illustrative": rule.illustrative}
            if verdict.is_cleared:
                words = f"{named} was no rule after all"
                back.did.append(Deed(words, verdict.at, verdict.may_do, **more))
            elif verdict.kind == Verdict.Kind.LAW:
                words = f"{named} is the law"
                back.could_not.append(Deed(words, verdict.at, verdict.found, **more))

    def tell_of_gift(self, back: WordBack, one: Said) -> None:
        barrier = self.barriers.get(self._root(one)) if one.kind == "barrier" else None
        if barrier is not None and barrier.gift == Gift.BEYOND_US:
            why = "No authority can change it alone. We keep it, and pass it on."
            back.could_not.append(Deed("It’s beyond us here", None, why, back.url))


def _roots(programme: Programme, barriers: Collection[UUID]) -> dict[UUID, UUID]:
    """Of barriers that became part of another: which one they are part of by now."""
    merged = dict(
        Barrier.objects.merged().filter(programme=programme).values_list("pk", "merged_into_id")
        if barriers
        else ()
    )

    def root(pk: UUID) -> UUID:
        while pk in merged:
            pk = merged[pk]
        return pk

    return {pk: root(pk) for pk in merged}


def _links(rows: QuerySet, start: str, end: str) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for here, there in rows.order_by("created_at").values_list(start, end):
        found[here].append(there)
    return found


def _each_once(pks: Iterable[UUID]) -> list[UUID]:
    return list(dict.fromkeys(pks))


def _experiments(pillars: Collection[UUID], pks: Collection[UUID]) -> QuerySet[Experiment]:
    return (
        Experiment.objects.in_standing_pillars()
        .filter(Q(pillar__in=pillars) | Q(pk__in=pks))
        .prefetch_related(
            "moves",
            Prefetch("answers", Answer.objects.standing()),
            Prefetch("promises", Promise.objects.standing()),
        )
    )
