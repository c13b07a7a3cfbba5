"""What an authority has already, found by the words of a file; and what one file adds to it."""

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.db import models
from django.utils import timezone

from blueprints.models import Blueprint, Commitment, Experiment, Insight, Need, Pillar
from programmes.editing import Taken
from programmes.models import AuditEvent, LocalAuthority, Membership, Programme, Statement, Team
from smallchanges.models import Met, MissionStrand, SmallChange, Stakeholder, Step

from .journey import Journey
from .kinds import At, Moment, Words

# What a row says of itself that an illustrative file made, unless the file has better words.
MADE_UP = "made up to show a feature"
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
}


class Memory:
    """What was done in an authority before, from its history, which nobody can change."""

    # The last word of the verbs that tell of a new row, and of one that a person worded anew.
    _MADE = (" added", " written")
    _WORDED = (" edited", " reworded", " worded", " changed", " renamed", "date moved", "put back")

    def __init__(self, authority: LocalAuthority):
        self._made: dict[tuple[str, str], list[tuple[str, dict]]] = defaultdict(list)
        events = AuditEvent.objects.filter(authority_id=authority.pk)
        made = events.filter(_ends_with(self._MADE), actor_id=None).order_by("id")
        for noun, label, pk, details in made.values_list(
            "target_type", "target_label", "target_id", "details"
        ):
            self._made[noun, label.lower()].append((pk, details))
        worded = events.filter(_ends_with(self._WORDED), actor_id__isnull=False)
        self._worded = set(worded.values_list("target_id", flat=True))

    def made_as(self, noun: str, words: str) -> list[tuple[str, dict]]:
        """The ids of rows that a file made with these words, and what history adds to each."""
        return self._made.get((noun, words.lower()), [])

    def is_peoples(self, row: models.Model) -> bool:
        """Whether a person has worded the row since: a file then leaves it as it is."""
        return str(row.pk) in self._worded


def _ends_with(words: Iterable[str]) -> models.Q:
    found = models.Q()
    for word in words:
        found |= models.Q(verb__endswith=word)
    return found


class Shelf[R: models.Model]:
    """All rows of one kind in an authority, those taken away too, found by their words.

    One that people renamed is found by the words that a file made it with: loading the file again
    must not make it again. With `inside`, rows are told apart by what they belong to as well.
    """

    def __init__(self, rows: models.QuerySet[R], memory: Memory, words: str, inside: str = ""):
        self._memory, self._words, self._inside = memory, words, inside
        self._noun = str(rows.model._meta.model_name)
        self._by_pk: dict[str, R] = {}
        self._by_words: dict[tuple[Any, str], list[R]] = defaultdict(list)
        for row in rows:
            self.put(row)

    def put(self, row: R) -> None:
        self._by_pk[str(row.pk)] = row
        for words in self._called(row):
            self._by_words[self._holder(row), words.lower()].append(row)

    def _called(self, row: R) -> Iterable[str]:
        yield getattr(row, self._words)
        if isinstance(row, Statement) and row.source == Statement.Source.JOURNEY_FILE:
            yield row.source_ref

    def _holder(self, row: R) -> Any:
        return getattr(row, f"{self._inside}_id") if self._inside else None

    def find(self, words: str, holder: models.Model | None = None) -> R | None:
        """One that stands, before one that was taken away."""
        named = self._by_words.get((holder.pk if holder else None, words.lower()), [])
        for row in sorted(named, key=lambda row: getattr(row, "removed_at", None) is not None):
            return row
        for pk, details in self._memory.made_as(self._noun, words):
            row = self._by_pk.get(pk)
            if row is not None and self._began_in(row, details, holder):
                return row
        return None

    def _began_in(self, row: R, details: dict, holder: models.Model | None) -> bool:
        """Whether it was made in `holder`, wherever people have put it since."""
        if holder is None:
            return True
        return details.get(self._inside, str(self._holder(row))) == str(holder.pk)

    def is_gone(self, words: str) -> bool:
        """Whether a file made such a row, and people took it away for good."""
        return any(
            pk not in self._by_pk for pk, _ in self._memory.made_as(self._noun, words)
        ) and not self.find(words)

    def nearest(self, words: str) -> str:
        known = {
            str(getattr(row, self._words)).lower(): str(getattr(row, self._words))
            for row in self._by_pk.values()
            if getattr(row, "removed_at", None) is None
        }
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

    def _shelf[R: models.Model](self, kind: type[R], words: str, inside: str = "") -> Shelf[R]:
        rows = kind._base_manager.filter(authority=self.authority)
        return Shelf(rows, self.memory, words, inside)

    @cached_property
    def teams(self) -> Shelf[Team]:
        return self._shelf(Team, "name")

    @cached_property
    def _statements(self) -> dict[type[Statement], Shelf]:
        return {}

    def statements(self, kind: type[Statement]) -> Shelf:
        """Values, opposites, principles or barriers of the programme."""
        if kind not in self._statements:
            rows = kind._base_manager.filter(programme=self.programme)
            self._statements[kind] = Shelf(rows, self.memory, "text")
        return self._statements[kind]

    @cached_property
    def strands(self) -> Shelf[MissionStrand]:
        rows = MissionStrand._base_manager.filter(programme=self.programme)
        return Shelf(rows, self.memory, "title")

    @cached_property
    def changes(self) -> Shelf[SmallChange]:
        rows = SmallChange._base_manager.filter(programme=self.programme)
        return Shelf(rows, self.memory, "title")

    @cached_property
    def moved(self) -> set:
        """The ids of changes that have passed the gate."""
        rows = SmallChange.objects.filter(programme=self.programme, moves__isnull=False)
        return set(rows.values_list("pk", flat=True))

    @cached_property
    def plan_steps(self) -> Shelf[Step]:
        return self._shelf(Step, "text", inside="change")

    @cached_property
    def stakeholders(self) -> Shelf[Stakeholder]:
        return self._shelf(Stakeholder, "who", inside="change")

    @cached_property
    def barriers_met(self) -> Shelf[Met]:
        rows = Met._base_manager.filter(authority=self.authority, kind=Met.Kind.BARRIER)
        return Shelf(rows, self.memory, "text", inside="change")

    @cached_property
    def enablers_met(self) -> Shelf[Met]:
        rows = Met._base_manager.filter(authority=self.authority, kind=Met.Kind.ENABLER)
        return Shelf(rows, self.memory, "text", inside="change")

    @cached_property
    def insights(self) -> Shelf[Insight]:
        rows = Insight._base_manager.filter(programme=self.programme)
        return Shelf(rows, self.memory, "text")

    @cached_property
    def blueprint(self) -> Blueprint | None:
        return Blueprint.objects.filter(programme=self.programme).first()

    def _of_blueprint[R: models.Model](self, kind: type[R], words: str) -> Shelf[R]:
        rows = kind._base_manager.filter(blueprint__programme=self.programme)
        return Shelf(rows, self.memory, words)

    @cached_property
    def commitments(self) -> Shelf[Commitment]:
        return self._of_blueprint(Commitment, "text")

    @cached_property
    def needs(self) -> Shelf[Need]:
        return self._of_blueprint(Need, "text")

    @cached_property
    def pillars(self) -> Shelf[Pillar]:
        return self._of_blueprint(Pillar, "title")

    @cached_property
    def experiments(self) -> Shelf[Experiment]:
        return self._shelf(Experiment, "title", inside="pillar")

    @cached_property
    def tried(self) -> set:
        """The ids of experiments that have passed their gate."""
        rows = Experiment.objects.filter(authority=self.authority, moves__isnull=False)
        return set(rows.values_list("pk", flat=True))

    @cached_property
    def people(self) -> dict[str, Membership]:
        """By e-mail address. Those who have left are in it too: what they did stays theirs."""
        rows = self.authority.memberships.select_related("user").order_by("-ended_at")
        ended_first = sorted(rows, key=lambda row: row.ended_at is None)
        return {row.user.email: row for row in ended_first}

    @cached_property
    def sponsors(self) -> set:
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

    def add(self, at: At, action: Callable, **words: Any) -> Any:
        """The new row; None, after `at.refuse()`, where another has words so alike."""
        try:
            row = action(pk=uuid4(), by=None, **words)
        except Taken:
            at.refuse("is there already, in letters that count as the same. Take one of them out.")
            return None
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
        """The rows that these words name; those that people took away for good are left out."""
        found = []
        for one in words:
            row = shelf.find(one.text)
            if row is not None:
                found.append(row)
            elif not shelf.is_gone(one.text):
                one.at.refuse(
                    f"“{one.text}” is no {noun} of {self.desk.authority}. {shelf.nearest(one.text)}"
                )
        return list({row.pk: row for row in found}.values())

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
