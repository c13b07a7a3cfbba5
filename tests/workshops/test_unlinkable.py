"""Somebody with the whole database looks for who wrote an anonymous note, and who gave which dot.

They try everything that PostgreSQL keeps: keys, times, which transaction wrote a row (`xmin`) or
locked it (`xmax`), where it lies (`ctid`), digests made from all that is known, history, and what
the stream told. Each trick guesses a person for each row; by chance one of forty guesses is right.
"""

import hashlib
import hmac
import itertools
import random
import uuid
from dataclasses import dataclass

import pytest
from django.utils import timezone

from tests import factories
from tests.factories import guest_key
from tests.linkage import Row, dump, orders_of, rho
from workshops.actions import notes, room, suggestions, votes
from workshops.models import (
    Activity,
    ActivityKind,
    Candour,
    Note,
    Participant,
    Suggestion,
    Vote,
)

PEOPLE = 40
# One guess is right on average; nine or more of one trick come in one run of a million.
BY_CHANCE = 8
# Of forty in random order, beyond four standard deviations.
RHO_BY_CHANCE = 0.7


# --- the tricks


def _told_in_one_row(dump, targets, people) -> dict[str, str]:
    """Any row anywhere that names both of them, the row itself too."""
    names = {
        person.values["id"]: [
            form
            for name in (person.values["id"], person.values["key_digest"])
            for form in (name, name.replace("-", ""))
        ]
        for person in people
    }
    guesses = {}
    texts = [row.text for rows in dump.values() for row in rows]
    for target in targets:
        pk = target.values["id"]
        about = [text for text in texts if pk in text or pk.replace("-", "") in text]
        for person, forms in names.items():
            if any(form in text for text in about for form in forms):
                guesses[pk] = person
    return guesses


def _written_beside(targets, others: dict[str, Row], mark: str = "xmin") -> dict[str, str]:
    """The person whose row the nearest transaction wrote, or by its `xmax` locked."""

    def far(person: str, target: Row) -> int:
        return abs(getattr(others[person], mark) - target.xmin)

    return {
        target.values["id"]: min(others, key=lambda person: far(person, target))
        for target in targets
    }


def _made_from(dump, targets, people, field: str) -> dict[str, str]:
    """A digest of anything that is known of a person with anything that is known of the row."""
    rooms = dump["workshops_activity"]
    secrets = [bytes.fromhex(row.values["secret"].removeprefix("\\x")) for row in rooms]
    others = [*secrets, *(form for row in rooms for form in _forms(row.values["id"]))]
    known = {
        person.values["id"]: [
            *_forms(person.values["id"]),
            *_forms(person.values["key_digest"]),
        ]
        for person in people
    }
    of_person = {
        digest: pk
        for pk, forms in known.items()
        for one in forms
        for digest in {
            hashlib.sha256(one).hexdigest(),
            *(made for other in others for made in _made_of(one, other)),
        }
    }
    guesses = {}
    for target in targets:
        pk, wanted = target.values["id"], target.values[field]
        guesses[pk] = of_person.get(wanted) or next(
            (
                person
                for person, forms in known.items()
                for one, other in itertools.product(forms, _forms(pk))
                if wanted in _made_of(one, other)
            ),
            "",
        )
    return guesses


def _made_of(one: bytes, other: bytes) -> set[str]:
    return {
        hmac.new(one, other, hashlib.sha256).hexdigest(),
        hmac.new(other, one, hashlib.sha256).hexdigest(),
        hashlib.sha256(one + other).hexdigest(),
    }


def _forms(value: str) -> list[bytes]:
    plain = value.replace("-", "")
    return [value.encode(), plain.encode(), bytes.fromhex(plain)]


@dataclass
class Found:
    """By the trick: how many guesses were right, and how much of the order it told."""

    right: dict[str, int]
    rho: dict[str, float]

    def beyond_chance(self) -> list[str]:
        return sorted(
            [trick for trick, right in self.right.items() if right > BY_CHANCE]
            + [trick for trick, rho in self.rho.items() if abs(rho) > RHO_BY_CHANCE]
        )


def _attack(table: str, field: str, truth: dict[str, str]) -> Found:
    """Try everything on the rows of a table whose writers `truth` knows."""
    held = dump()
    people = held["workshops_participant"]
    targets = [row for row in held[table] if row.values["id"] in truth]
    assert len(targets) == len(truth)
    takers = {
        row.values["participant_id"]: row
        for row in held["workshops_takingpart"]
        if row.values["activity_id"] == targets[0].values["activity_id"]
    }
    by_pk = {row.values["id"]: row for row in people}
    guesses = {
        "told in one row": _told_in_one_row(held, targets, people),
        "digest": _made_from(held, targets, people, field),
        "xmin beside taking part": _written_beside(targets, takers),
        "xmin beside participant": _written_beside(targets, by_pk),
        "xmin beside a participant's lock": _written_beside(targets, by_pk, "xmax"),
    }
    told = {}
    person_orders = {
        f"participant {name}": [row.values["id"] for row in rows]
        for name, rows in orders_of(people, ["number", "created_at", "seen_at", "id"]).items()
    } | {
        f"taking part {name}": [row.values["participant_id"] for row in rows]
        for name, rows in orders_of(list(takers.values()), ["created_at", "id"]).items()
    }
    target_orders = orders_of(targets, ["created_at", "position", "id", "slot", field])
    for (by, rows), (with_, persons) in itertools.product(
        target_orders.items(), person_orders.items()
    ):
        trick, pks = f"{by} with {with_}", [row.values["id"] for row in rows]
        guesses[trick] = dict(zip(pks, persons, strict=True))
        told[trick] = rho([persons.index(truth[pk]) for pk in pks])
    right = {
        trick: sum(truth[pk] == person for pk, person in guess.items())
        for trick, guess in guesses.items()
    }
    return Found(right, told)


# --- the room


@pytest.fixture
def workshop():
    return factories.WorkshopFactory(is_open=True)


@pytest.fixture
def by(workshop):
    return factories.UserFactory()


@pytest.fixture
def people(workshop):
    return [factories.ParticipantFactory(workshop=workshop) for _ in range(PEOPLE)]


def _activity(workshop, kind: ActivityKind, **values) -> Activity:
    return factories.ActivityFactory(
        workshop=workshop, kind=kind, opened_at=timezone.now(), **values
    )


def _look_in(person: Participant) -> None:
    """As each page of the room does before it does anything else."""
    person.seen_at = timezone.now()
    person.save(update_fields=["seen_at"])


def _write(activity: Activity, people: list[Participant]) -> dict[str, str]:
    """Everybody writes a note, one after another; returns who wrote which."""
    truth = {}
    for person in people:
        _look_in(person)
        note = notes.write(
            activity=activity,
            participant=person,
            key=guest_key(person),
            pk=uuid.uuid4(),
            text="What nobody says aloud",
        )
        truth[str(note.pk)] = str(person.pk)
    return truth


def _of_notes(truth) -> list[str]:
    return _attack("workshops_note", "writer_digest", truth).beyond_chance()


@pytest.mark.django_db(transaction=True)
def test_a_note_with_a_hidden_name_is_found_so_the_tricks_work(workshop, people):
    """The facilitator can see these; that is said beside the box."""
    activity = _activity(workshop, ActivityKind.WRITE, candour=Candour.HIDDEN)
    assert "told in one row" in _of_notes(_write(activity, people))


@pytest.mark.django_db(transaction=True)
def test_nobody_is_found_behind_an_anonymous_note_once_all_are_shown(workshop, people, by):
    activity = _activity(workshop, ActivityKind.WRITE, candour=Candour.ANONYMOUS)
    truth = _write(activity, people)
    # Until then the rows lie as they were written: it is showing them that breaks the link.
    before = _of_notes(truth)
    assert "xmin beside taking part" in before
    assert {"told in one row", "digest"} & set(before) == set()
    notes.reveal(activity=activity, by=by)
    assert _of_notes(truth) == []


@pytest.mark.django_db(transaction=True)
def test_nor_behind_one_that_was_never_shown_or_came_late(workshop, people, by):
    shown = _activity(workshop, ActivityKind.WRITE, candour=Candour.ANONYMOUS)
    notes.reveal(activity=shown, by=by)
    late = _write(shown, people)
    never = _write(_activity(workshop, ActivityKind.CHECK_IN, candour=Candour.ANONYMOUS), people)
    room.end(workshop=workshop, by=by)
    assert (_of_notes(late), _of_notes(never)) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_nor_behind_one_that_was_changed_after_all_were_shown(workshop, people, by):
    activity = _activity(workshop, ActivityKind.WRITE, candour=Candour.ANONYMOUS)
    truth = _write(activity, people)
    notes.reveal(activity=activity, by=by)
    for pk, person in truth.items():
        _look_in(Participant.objects.get(pk=person))
        note = Note.objects.get(pk=pk)
        notes.change(note=note, version=note.version, text="What somebody says aloud")
    room.end(workshop=workshop, by=by)
    assert _of_notes(truth) == []


@pytest.mark.django_db(transaction=True)
def test_nobody_is_found_behind_a_dot_once_the_workshop_is_over(workshop, people, by):
    theme = _activity(workshop, ActivityKind.THEME)
    activity = _activity(workshop, ActivityKind.VOTE, dots=1, most_on_one=1)
    groups = [factories.GroupFactory(activity=theme) for _ in people]
    random.shuffle(groups)
    truth = {}
    for person, group in zip(people, groups, strict=True):
        _look_in(person)
        votes.put(activity=activity, participant=person, group=group, had={0}, wanted=1)
        truth[group.pk] = str(person.pk)
    # While the room is open, the server can tell whose dots are whose: people change them.
    assert {"digest", "xmin beside a participant's lock"} <= set(_of_votes(truth))
    room.end(workshop=workshop, by=by)
    assert _of_votes(truth) == []


def _of_votes(truth) -> list[str]:
    """`truth` says who gave a group its one dot: the rows themselves are others in the end."""
    rows = Vote.objects.values_list("pk", "group")
    return _attack(
        "workshops_vote", "voter", {str(pk): truth[group] for pk, group in rows}
    ).beyond_chance()


@pytest.mark.django_db(transaction=True)
def test_nor_behind_a_suggestion(workshop, people, by):
    activity = _activity(workshop, ActivityKind.THEME, takes_suggestions=True)
    own = [factories.NoteFactory(activity=activity) for _ in people]
    random.shuffle(own)
    truth = {}
    for person, note in zip(people, own, strict=True):
        _look_in(person)
        suggestions.suggest(activity=activity, participant=person, note=note, title="Trust")
        truth[note.pk] = str(person.pk)
    assert "digest" in _of_suggestions(truth)
    room.end(workshop=workshop, by=by)
    assert _of_suggestions(truth) == []


def _of_suggestions(truth) -> list[str]:
    rows = Suggestion.objects.values_list("pk", "note")
    return _attack(
        "workshops_suggestion", "voter", {str(pk): truth[note] for pk, note in rows}
    ).beyond_chance()
