"""Where people see a theme's notes, added up: how many suggest what, never who.

Only the console is told of it, and each person of their own.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from programmes import guard
from workshops.models import Activity, Group, Note, Suggestion

# Most agree where more than half of those who suggest something do, and one person is not most.
FEWEST_TO_AGREE = 2


@dataclass(frozen=True)
class Tally:
    """How many see a note in one group, or in one of a new name."""

    group: Group | None
    title: str
    count: int

    def __str__(self):
        return str(self.group) if self.group else self.title

    @property
    def target(self) -> Group | str:
        return self.group or same(self.title)

    @property
    def may_name(self) -> bool:
        """Whether somebody should look at the words before everybody sees them."""
        return self.group is None and bool(guard.look(self.title))


def same(words: str) -> str:
    """What two ways of writing one name have in common."""
    return " ".join(words.casefold().split())


class Targets:
    """The groups that suggestions may point at, as they stand by now."""

    def __init__(self, activity: Activity):
        self._all = {group.pk: group for group in activity.groups.all()}
        self._by_title = {
            same(group.title): group
            for group in self._all.values()
            if group.removed_at is None and group.merged_into_id is None
        }

    def of(self, suggestion: Suggestion) -> Group | str | None:
        """A group that stands, a name that none has yet, or None where the group is gone."""
        if suggestion.group_id is None:
            return self.named(suggestion.title) or same(suggestion.title)
        return self._standing(suggestion.group_id)

    def named(self, title: str) -> Group | None:
        return self._by_title.get(same(title))

    def _standing(self, pk: UUID) -> Group | None:
        """The group itself, or the one that it became part of."""
        group = self._all.get(pk)
        while group is not None and group.merged_into_id is not None:
            group = self._all.get(group.merged_into_id)
        return group if group is not None and group.removed_at is None else None


def tallies(activity: Activity, targets: Targets | None = None) -> dict[UUID, list[Tally]]:
    """What is suggested for each note, by its id, most first; not what has come about already."""
    targets = targets or Targets(activity)
    found: dict[UUID, dict[Group | str, list[Suggestion]]] = defaultdict(lambda: defaultdict(list))
    for suggestion in activity.suggestions.open().select_related("note"):
        target = targets.of(suggestion)
        if target is None or (isinstance(target, Group) and target.pk == suggestion.note.group_id):
            continue
        found[suggestion.note_id][target].append(suggestion)
    return {
        note: sorted(
            (_tally(target, several) for target, several in by_target.items()),
            key=lambda tally: (-tally.count, same(str(tally))),
        )
        for note, by_target in found.items()
    }


def _tally(target: Group | str, several: list[Suggestion]) -> Tally:
    if isinstance(target, Group):
        return Tally(target, "", len(several))
    return Tally(None, min(one.title for one in several), len(several))


def agreed(several: list[Tally]) -> Tally | None:
    """What most agree on, if they do, and nobody has to look at it first."""
    first = several[0]
    most = first.count >= FEWEST_TO_AGREE and first.count * 2 > sum(one.count for one in several)
    return first if most and not first.may_name else None


def put_beside(notes: Iterable[Note], activity: Activity) -> int:
    """Say beside each note what is suggested for it; returns for how many most agree."""
    by_note = tallies(activity)
    count = 0
    for note in notes:
        note.suggested = by_note.get(note.pk, [])
        count += bool(note.suggested and agreed(list(note.suggested)))
    return count


def put_own_beside(notes: Iterable[Note], activity: Activity, voter: str) -> None:
    """Say beside each note what this one person suggested for it."""
    rows = activity.suggestions.filter(voter=voter).select_related("group")
    own = {one.note_id: one for one in rows}
    for note in notes:
        note.own_suggestion = own.get(note.pk)
