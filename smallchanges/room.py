"""Who must be in the room: the few people whose yes frees the most changes, as one meeting."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from django.db.models import Exists, OuterRef, Q

from programmes.models import Programme
from smallchanges.models import LIVING, Ask, SmallChange, Stakeholder, Status

# How many people a meeting may take; the third is what a page offers first.
SEATS = (2, 3, 4, 6, 8)
# With so many to choose from every set is looked at: 4,096 of them.
_EXACT = 12
# Minutes: to begin and end a meeting, for a change, and for each yes that it needs.
_BEGIN, _OF_A_CHANGE, _OF_A_YES = 10, 3, 4


def best_room[K: Hashable](needs: Mapping[K, frozenset[str]], seats: int) -> frozenset[str]:
    """The people, at most `seats`, with whom the most of these things have all that they need.

    Of several such sets a smallest one, and of those the first by name, so that it stays the same.
    A thing is freed only when everybody whose yes it needs is there: one of two leaves it where it
    was. That makes it the set-union knapsack problem (Goldschmidt, Nehme, Yu: Naval Research
    Logistics 41, 1994, 833-842), which has set cover inside it and is as hard. Among twelve people
    or fewer every set is looked at. Among more it is greedy: time and again the missing people are
    brought in who free the most things for each seat that they take, which is what Arulselvan
    (Discrete Applied Mathematics 169, 2014, 214-218) shows to come close where few things hang on
    one person, as here.
    """
    wanted = Counter(people for people in needs.values() if 0 < len(people) <= seats)
    everybody = sorted(frozenset().union(*wanted))
    if len(everybody) <= _EXACT:
        return _best_of_all(wanted, everybody, seats)
    return _greedily(wanted, seats)


def _freed(wanted: Counter, present: frozenset[str]) -> int:
    return sum(count for people, count in wanted.items() if people <= present)


def _best_of_all(wanted: Counter, everybody: list[str], seats: int) -> frozenset[str]:
    best, most = frozenset[str](), 0
    for size in range(1, min(seats, len(everybody)) + 1):
        for chosen in combinations(everybody, size):
            present = frozenset(chosen)
            if (freed := _freed(wanted, present)) > most:
                best, most = present, freed
    return best


def _greedily(wanted: Counter, seats: int) -> frozenset[str]:
    with_one: dict[str, set[frozenset[str]]] = defaultdict(set)
    for people in wanted:
        for person in people:
            with_one[person].add(people)

    def rank(bundle: frozenset[str]) -> tuple[float, list[str]]:
        """What these people free who are not there yet: nothing but what one of them is needed for.

        To look at all that is wanted for each would take seconds for thousands of changes.
        """
        needing = set().union(*(with_one[person] for person in bundle))
        freed = sum(wanted[people] for people in needing if people <= present | bundle)
        return -freed / len(bundle), sorted(bundle)

    present: frozenset[str] = frozenset()
    while True:
        bundles = {people - present for people in wanted if not people <= present}
        fitting = [one for one in bundles if len(present) + len(one) <= seats]
        if not fitting:
            return present
        present |= min(fitting, key=rank)


# --- of an authority


@dataclass
class Person:
    """Somebody whose yes is needed, by name or by role, and what for."""

    key: str
    name: str
    about: str = ""
    # What is asked of them, by change.
    wanted: dict[SmallChange, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def for_changes(self) -> list[tuple[SmallChange, list[str]]]:
        return list(self.wanted.items())


@dataclass(frozen=True)
class Item:
    """One change on the agenda: who has to say what, and how long it takes."""

    change: SmallChange
    people: list[Person]
    minutes: int

    @property
    def says(self) -> list[tuple[Person, list[str]]]:
        return [(person, person.wanted[self.change]) for person in self.people]


@dataclass(frozen=True)
class Meeting:
    """Who is in the room, what they look at, and what stays as it is."""

    people: list[Person]
    agenda: list[Item]
    left: list[Item]
    # Stuck, and nobody is named whose yes would help.
    quiet: list[SmallChange]

    @property
    def minutes(self) -> int:
        return _BEGIN + sum(item.minutes for item in self.agenda)

    @property
    def stuck(self) -> int:
        return len(self.agenda) + len(self.left) + len(self.quiet)


def room_of(programme: Programme, seats: int) -> Meeting:
    """One meeting for what is stuck; four queries.

    A living change, or an idea that somebody was asked about, is stuck while an ask has no answer,
    while somebody who must be on board is not, or when it has gone quiet. On the agenda comes first
    what needs the most people: whoever is there for that alone can leave.
    """
    asked = Ask.objects.waiting().filter(change=OuterRef("pk"))
    alive = Q(status__in=LIVING) | Q(Exists(asked), status=Status.PROPOSED)
    changes = {change.pk: change for change in programme.small_changes.filter(alive).for_list()}
    quiet = set(programme.small_changes.quiet().values_list("pk", flat=True))
    people = _people_of(programme, changes)
    needs: dict[SmallChange, frozenset[str]] = {
        change: frozenset(one.key for one in people.values() if change in one.wanted)
        for change in changes.values()
    }
    present = best_room({change: needed for change, needed in needs.items() if needed}, seats)
    items = [
        Item(
            change,
            [people[key] for key in sorted(needed)],
            _OF_A_CHANGE + _OF_A_YES * len(needed),
        )
        for change, needed in needs.items()
        if needed
    ]
    items.sort(key=lambda item: (-len(item.people), item.change.title.lower()))
    return Meeting(
        people=sorted(
            (people[key] for key in present),
            key=lambda one: (-len(one.wanted), one.name.lower()),
        ),
        agenda=[item for item in items if needs[item.change] <= present],
        left=[item for item in items if not needs[item.change] <= present],
        quiet=[changes[pk] for pk in changes if pk in quiet and not needs[changes[pk]]],
    )


def _people_of(programme: Programme, changes: dict) -> dict[str, Person]:
    """Everybody whose yes a living change waits for.

    Somebody whom an ask is put to is the stakeholder that it is linked to, or that is called as
    they are, or as what they do is called.
    """
    asks = list(
        Ask.objects.standing()
        .filter(change__in=changes)
        .select_related("member__user", "stakeholder")
        .order_by("asked_at", "pk")
    )
    people: dict[str, Person] = {}
    known_as: dict[str, str] = {}
    for ask in asks:
        key = f"member {ask.member_id}" if ask.member_id else f"address {ask.email}"
        for name in (ask.who, ask.role):
            if name:
                known_as.setdefault(name.lower(), key)
        if ask.state == Ask.State.WAITING:
            person = people.setdefault(key, Person(key, ask.who, ask.their_role))
            person.wanted[changes[ask.change_id]].append(ask.what)
    asked = {ask.stakeholder_id for ask in asks}
    not_yet = Stakeholder.objects.standing().filter(change__in=changes)
    for one in not_yet.exclude(stance=Stakeholder.Stance.ON_BOARD):
        if one.pk in asked:
            continue  # the ask says whether they answered
        key = known_as.get(one.who.lower(), f"called {one.who.lower()}")
        person = people.setdefault(key, Person(key, one.who))
        wanted = person.wanted[changes[one.change_id]]
        if one.what_we_ask and one.what_we_ask not in wanted:
            wanted.append(one.what_we_ask)
    return people
