"""What an authority has already, found by the words of a file; and what one file adds to it."""

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from django.db import models
from django.utils import timezone

from blueprints.models import Commitment, Experiment, Insight, Need, Pillar
from programmes.editing import Taken
from programmes.models import (
    AuditEvent,
    Barrier,
    LocalAuthority,
    Membership,
    Opposite,
    Principle,
    Programme,
    Statement,
    Team,
    Value,
)
from smallchanges.models import Measure, Met, MissionStrand, SmallChange, Stakeholder, Step

from .journey import Journey
from .kinds import At, Moment, Words

# What a row says of itself that an illustrative file made, unless the file has better words.
MADE_UP = "all of it"
# What a person calls a column, where its own name would not do.
_LABELS = {
    "starts_on": "start date",
    "changes_prioritised": "how many changes came first",
    "scoping_notes": "scoping",
    "believes_in_practice": "scoping",
    "sees_system_falls_short": "scoping",
    "will_listen_to_staff": "scoping",
    "why": "plan",
    "success": "plan",
    "tracking": "plan",
    "lead": "who leads it",
    "led_by": "who leads it",
    "practitioner_lead": "practitioner lead",
    "sits_in": "where it sits",
    "we_try": "what we try",
    "we_expect": "what we expect",
    "how_we_know": "how we know",
    "from_on": "dates",
    "to_on": "dates",
    "due_on": "date",
    "done_at": "when it was done",
    "what_we_ask": "what we ask",
    "who_talks": "who talks to them",
    "what_came": "what came of it",
}


class Memory:
    """What people did in an authority since files were loaded, from its history."""

    # How the verbs end that tell of a row which somebody put into words, or on another day.
    _WORDED = (
        *(" edited", " reworded", " worded", " changed", " renamed"),
        *("date moved", "date put back", "step done", "step reopened", "stance moved"),
        "cycle begun",
    )
    _GONE = "team removed"

    def __init__(self, authority: LocalAuthority):
        events = AuditEvent.objects.filter(authority_id=authority.pk)
        ends = models.Q()
        for word in self._WORDED:
            ends |= models.Q(verb__endswith=word)
        by_people = events.filter(ends, actor_id__isnull=False)
        self._worded = set(by_people.values_list("target_id", flat=True))
        self._gone = set(events.filter(verb=self._GONE).values_list("target_id", flat=True))

    def is_peoples(self, row: models.Model) -> bool:
        """Whether a person has worded the row: a file then leaves it as it is."""
        return str(row.pk) in self._worded

    def is_gone(self, pk: UUID) -> bool:
        """Whether somebody removed the row for good."""
        return str(pk) in self._gone


class Shelf[R: models.Model]:
    """Rows of one kind in an authority, those taken away too, found by the words of a file.

    A row that a file makes has an id which follows from those words and from what holds the row.
    So it is found wherever people have moved it, and whatever they call it by now: loading the file
    again must not make it again.
    """

    def __init__(self, noun: str, rows: models.QuerySet[R], words: str, holder: str = ""):
        self._noun, self._words, self._holder = noun, words, holder
        self._by_pk: dict[UUID, R] = {}
        self._by_words: dict[tuple[Any, str], list[R]] = defaultdict(list)
        for row in rows:
            self.put(row)

    def put(self, row: R) -> None:
        self._by_pk[row.pk] = row
        holder = getattr(row, f"{self._holder}_id") if self._holder else None
        called = [getattr(row, self._words)]
        if isinstance(row, Statement) and row.source == Statement.Source.JOURNEY_FILE:
            called.append(row.source_ref)
        for words in called:
            self._by_words[holder, words.lower()].append(row)

    def pk_of(self, words: str, holder: models.Model) -> UUID:
        return uuid5(holder.pk, f"{self._noun}: {words.lower()}")

    def find(self, words: str, holder: models.Model) -> R | None:
        """The one that a file made, or one with these words; one that stands before others."""
        if row := self._by_pk.get(self.pk_of(words, holder)):
            return row
        alike = self._by_words.get((holder.pk if self._holder else None, words.lower()), [])
        standing = [row for row in alike if getattr(row, "removed_at", None) is None]
        return next(iter(standing or alike), None)

    def nearest(self, words: str) -> str:
        """What a refusal says is right."""
        called = [
            str(getattr(row, self._words))
            for row in self._by_pk.values()
            if getattr(row, "removed_at", None) is None
        ]
        known = {words.lower(): words for words in called}
        if near := difflib.get_close_matches(words.lower(), known, n=1):
            return f"Did you mean “{known[near[0]]}”?"
        return "Add it first, or leave it out."


class Desk:
    """One authority and its programme, while files are written into them."""

    programme: Programme

    def __init__(self, authority: LocalAuthority):
        self.authority = authority
        self.memory = Memory(authority)
        # Whether the timeline was laid out by the loading that goes on.
        self.is_laid_out = False

    def _in_programme[R: models.Model](self, kind: type[R], words: str, *links: str) -> Shelf[R]:
        rows = kind._base_manager.filter(programme=self.programme).prefetch_related(*links)
        return Shelf(str(kind._meta.verbose_name), rows, words, "programme")

    def _in_blueprint[R: models.Model](self, kind: type[R], words: str, *links: str) -> Shelf[R]:
        rows = kind._base_manager.filter(blueprint__programme=self.programme)
        rows = rows.prefetch_related(*links)
        return Shelf(str(kind._meta.verbose_name), rows, words, "blueprint")

    def _in_change[R: models.Model](self, noun: str, rows: models.QuerySet[R], words: str):
        return Shelf(noun, rows.filter(change__programme=self.programme), words, "change")

    @cached_property
    def teams(self) -> Shelf[Team]:
        return Shelf("team", Team.objects.filter(authority=self.authority), "name")

    @cached_property
    def statements(self) -> dict[type[Statement], Shelf]:
        """Values, opposites, principles and barriers."""
        kinds: dict[type[Statement], list[str]]
        kinds = {Value: [], Opposite: [], Principle: [], Barrier: ["teams", "merged_into"]}
        return {kind: self._in_programme(kind, "text", *links) for kind, links in kinds.items()}

    @cached_property
    def strands(self) -> Shelf[MissionStrand]:
        return self._in_programme(MissionStrand, "title", "barriers__merged_into")

    @cached_property
    def changes(self) -> Shelf[SmallChange]:
        return self._in_programme(SmallChange, "title", "teams", "strand", "lead")

    @cached_property
    def moved(self) -> set[UUID]:
        """The ids of changes that have passed the gate."""
        rows = SmallChange.objects.filter(programme=self.programme, moves__isnull=False)
        return set(rows.values_list("pk", flat=True))

    @cached_property
    def plan_steps(self) -> Shelf[Step]:
        return self._in_change("step", Step._base_manager.select_related("owner"), "text")

    @cached_property
    def stakeholders(self) -> Shelf[Stakeholder]:
        return self._in_change("stakeholder", Stakeholder._base_manager.all(), "who")

    @cached_property
    def measures(self) -> Shelf[Measure]:
        rows = Measure._base_manager.prefetch_related("readings")
        return self._in_change("measure", rows, "what")

    @cached_property
    def met(self) -> dict[str, Shelf[Met]]:
        """What changes met, by kind."""
        return {
            kind: self._in_change(kind, Met._base_manager.filter(kind=kind), "text")
            for kind in Met.Kind.values
        }

    @cached_property
    def insights(self) -> Shelf[Insight]:
        return self._in_programme(Insight, "text", "changes")

    @cached_property
    def lines(self) -> dict[type[Commitment | Need], Shelf]:
        """Commitments and needs."""
        return {kind: self._in_blueprint(kind, "text") for kind in (Commitment, Need)}

    @cached_property
    def pillars(self) -> Shelf[Pillar]:
        return self._in_blueprint(Pillar, "title", "insights", "sponsor", "practitioner_lead")

    @cached_property
    def experiments(self) -> Shelf[Experiment]:
        rows = Experiment.objects.filter(pillar__blueprint__programme=self.programme).with_cycles()
        return Shelf("experiment", rows, "title", "pillar")

    @cached_property
    def tried(self) -> set[UUID]:
        """The ids of experiments that have passed their gate."""
        rows = Experiment.objects.filter(authority=self.authority, moves__isnull=False)
        return set(rows.values_list("pk", flat=True))

    @cached_property
    def people(self) -> dict[str, Membership]:
        """By e-mail address. Those who have left are in it too: what they did stays theirs."""
        rows = self.authority.memberships.select_related("user")
        standing_last = sorted(rows, key=lambda row: row.ended_at is None)
        return {row.user.email: row for row in standing_last}

    @cached_property
    def sponsors(self) -> set[UUID]:
        return set(self.authority.memberships.sponsors().values_list("pk", flat=True))


@dataclass
class Sheet:
    """One file, while it is written into its authority, with the count of what it added."""

    desk: Desk
    journey: Journey
    added: int = 0
    filled: int = 0

    @property
    def is_made_up(self) -> bool:
        return bool(self.journey.illustrative)

    def mark(self, own: str | None, otherwise: str = MADE_UP) -> str:
        """What a row says of itself that this file makes."""
        return own or (otherwise if self.is_made_up else "")

    def add[R: models.Model](
        self,
        shelf: Shelf[R],
        words: str,
        holder: models.Model,
        action: Callable[..., R],
        at: At,
        **fields: Any,
    ) -> R | None:
        """The new row; None, after `at.refuse()`, where another has words so alike."""
        try:
            row = action(pk=shelf.pk_of(words, holder), by=None, **fields)
        except Taken:
            at.refuse(
                f"“{words}” is there already, in letters that count as the same."
                " Take one of them out."
            )
            return None
        shelf.put(row)
        self.added += 1
        return row

    def blanks(self, row: models.Model, **said: Any) -> dict[str, Any]:
        """What this file says where the row says nothing, and no person has worded it since."""
        if self.desk.memory.is_peoples(row):
            return {}
        return {
            name: value
            for name, value in said.items()
            if value not in (None, "") and getattr(row, name) in (None, "")
        }

    def marks(self, row: Any, own: str | None, filled: Iterable[str]) -> dict[str, str]:
        """`illustrative` for a row that is there, once this file has filled these columns of it."""
        if self.desk.memory.is_peoples(row):
            return {}
        labels = [_LABELS.get(name, name.replace("_", " ")) for name in filled]
        if not self.is_made_up and not own:
            return {}
        if row.illustrative and (not labels or row.illustrative in (own, MADE_UP)):
            return {}
        said = [own] if own else labels
        if row.illustrative:
            said = [*row.illustrative.split(", "), *said]
        words = ", ".join(dict.fromkeys(said))[:200]
        return {"illustrative": words} if words else {}

    # --- what the words of the file stand for

    def named[R: models.Model](self, words: list[Words], shelf: Shelf[R], noun: str) -> list[R]:
        """The rows that these words name; those that people removed for good are left out."""
        found, programme = {}, self.desk.programme
        for one in words:
            row = shelf.find(one.text, programme)
            if row is not None:
                found[row.pk] = row
            elif not self.desk.memory.is_gone(shelf.pk_of(one.text, programme)):
                right = shelf.nearest(one.text)
                one.at.refuse(f"“{one.text}” is no {noun} of {self.desk.authority}. {right}")
        return list(found.values())

    def person(self, row: Any, key: str) -> Membership | None:
        """Who stands in `row` under `key`."""
        email = getattr(row, key)
        if email is None:
            return None
        member = self.desk.people.get(email.lower())
        if member is None:
            near = difflib.get_close_matches(email.lower(), self.desk.people, n=1)
            right = f"Did you mean {near[0]}?" if near else "Invite them first, or leave it out."
            row.at.into(key).refuse(f"{email} takes no part in {self.desk.authority}. {right}")
        return member

    def standing_person(self, row: Any, key: str) -> Membership | None:
        """As `person`; nobody where they have left since."""
        member = self.person(row, key)
        return member if member and member.ended_at is None else None


def at_noon(moment: Moment | None, after: int = 0) -> datetime | None:
    """A moment of that day, later by the minute for each that came before; never to come."""
    if moment is None:
        return None
    noon = datetime.combine(moment.day, time(12), timezone.get_current_timezone())
    return min(noon + timedelta(minutes=after), timezone.now())
