"""A learning pod's agenda: made from how the small changes stand, and kept in line with it."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from programmes.audit import record
from programmes.editing import locked
from programmes.models import Team, User
from workshops import plans, telling
from workshops.agenda import length_of
from workshops.models import Activity, ActivityKind, Candour, PodAgenda, Workshop
from workshops.pods import LOOK, LOOK_COLUMNS, OPPOSITE, STORY, State, key_of

# A look at one change, where no ready-made session says it in other words.
_LOOK = {
    "kind": ActivityKind.LOOK,
    "prompt": "What moved, what helps, what’s in the way, and what next?",
    "say": "What moved, even by an inch? If nothing did, what took its place? No blame in it.",
    "minutes": 8,
    "columns": LOOK_COLUMNS,
    "candour": Candour.HIDDEN,
}
A_POD_TAKES = 60
# How many changes an agenda lists for when there is time left.
MOST_IF_TIME = 12


class DoorsOpened(Exception):
    """People have the agenda in front of them: it is changed by hand from now on."""


@dataclass
class Made:
    """What a new look at the changes did to an agenda."""

    added: list[Activity] = field(default_factory=list)
    gone: int = 0


@transaction.atomic
def make_agenda(
    *,
    workshop: Workshop,
    by: User | None,
    minutes: int | None = None,
    for_team: bool = False,
    team: Team | None = None,
) -> Made:
    """Make a pod's blocks from how the changes stand, or bring them up to date.

    Whatever people did to the plan stays: blocks of their own, other words, what they left out or
    took away, and their order. `minutes` is how long the pod may take, as before unless it is said;
    with `for_team` it is about `team`'s changes, or about everybody's where that is None.

    Raises `DoorsOpened` once people can be in.
    """
    row = locked(workshop)
    if row.doors_opened_at is not None:
        raise DoorsOpened
    agenda, _ = PodAgenda.objects.get_or_create(
        workshop=row,
        defaults={"authority_id": row.authority_id, "minutes": _length_of_template(row)},
    )
    if row.milestone:
        agenda.number = row.milestone.number or None
    agenda.minutes = minutes or agenda.minutes
    agenda.team = team if for_team else agenda.team
    agenda.made_at = timezone.now()
    made = _Plan(row, agenda).make()
    agenda.save()
    record(
        "agenda made",
        row,
        by=by,
        added=len(made.added),
        gone=made.gone,
        minutes=agenda.minutes,
        team=str(agenda.team_id or ""),
    )
    return made


def _length_of_template(workshop: Workshop) -> int:
    """A pod takes an hour, unless the session that it starts from takes longer by itself."""
    blocks = list(workshop.template.blocks.all()) if workshop.template else []
    return max(A_POD_TAKES, length_of(blocks))


class _Plan:
    """The blocks of one pod while its agenda is made."""

    def __init__(self, workshop: Workshop, agenda: PodAgenda):
        self.workshop, self.agenda = workshop, agenda
        self.state = State(workshop, agenda.team)
        self.were = list(workshop.activities.order_by("position", "created_at"))
        self.blocks = list(self.were)
        self.by_key = {block.agenda_key: block for block in self.were if block.agenda_key}
        self.made = Made()

    def make(self) -> Made:
        looks = self._looks()
        patterns = [block for block in self.blocks if _is_pattern(block)]
        wanted = [*(looks or patterns), *filter(None, [self._story(), self._question()])]
        if looks:
            self._remove(patterns)
        stale = [block for block in self.by_key.values() if block not in wanted]
        self._remove([block for block in stale if not _is_touched(block)])
        self._put_in_order(wanted)
        self._share_time([block for block in self.blocks if block in looks])
        self._list_no_more_than_fit()
        self._save()
        return self.made

    # -- what is wanted

    def _looks(self) -> list[Activity]:
        """A block for each change, the most pressing first, with why it is there today."""
        template = self.workshop.template
        pattern = template.blocks.filter(kind=ActivityKind.LOOK).first() if template else None
        words = pattern.words() if pattern else _LOOK
        longest = Activity._meta.get_field("reason").max_length
        # Whoever added a look at a change by hand needs no second one.
        by_hand = {block.change_id for block in self.blocks if not block.agenda_key}
        looks = []
        for topic in self.state.topics():
            if topic.change.pk in by_hand:
                continue
            said = {"title": plans.title_of_look(topic.change), "change": topic.change}
            if (block := self._block(key_of(LOOK, topic.change), words | said)) is not None:
                block.reason = topic.reason[:longest]
                looks.append(block)
        return looks

    def _story(self) -> Activity | None:
        standing = self._standing(STORY)
        if self._was_left_out(STORY) or (standing and _is_touched(standing)):
            return standing
        if (story := self.state.story()) is None:
            return standing
        key, change = story
        title = plans.title_of_look(change)
        words = {
            "kind": ActivityKind.READ,
            "title": "A good story",
            "prompt": f"“{title}” is growing. What made it work, and who else could use it?",
            "say": "Whoever was close to it tells it in two minutes. Then: what could travel?",
            "minutes": 4,
            "change": change,
        }
        return self._block(key, words)

    def _question(self) -> Activity | None:
        # The one that is there stays: it is no other each time that somebody looks.
        standing = self._standing(OPPOSITE)
        if standing or self._was_left_out(OPPOSITE):
            return standing
        if (opposite := self.state.opposite()) is None:
            return None
        words = {
            "kind": ActivityKind.WRITE,
            "title": "A quiet question",
            "prompt": f"Any sign of “{opposite.text.rstrip('.')[:240]}” lately?",
            "say": "We once described the exact opposite of us. Any sign of it, even a small one?"
            " No blame in it: it’s how we look after ourselves.",
            "minutes": 4,
            "candour": Candour.ANONYMOUS,
        }
        return self._block(key_of(OPPOSITE, opposite), words)

    def _standing(self, what: str) -> Activity | None:
        found = (block for key, block in self.by_key.items() if key.startswith(f"{what} "))
        return next(found, None)

    def _was_left_out(self, what: str) -> bool:
        return any(key.startswith(f"{what} ") for key in self.agenda.left_out)

    def _block(self, key: str, words: dict[str, Any]) -> Activity | None:
        """The block of this key: as it stands, or a new one; None where people took it out."""
        if key in self.by_key:
            return self.by_key[key]
        if key in self.agenda.left_out:
            return None
        here = {"authority_id": self.workshop.authority_id, "workshop": self.workshop}
        block = Activity(**here, agenda_key=key, **words)
        self.made.added.append(block)
        return block

    # -- where it stands, and whether there is time for it

    def _put_in_order(self, wanted: list[Activity]) -> None:
        if self.agenda.is_ordered:
            at = self._behind_the_agenda()
            self.blocks[at:at] = [block for block in wanted if block in self.made.added]
        else:
            own = [block for block in self.blocks if block not in wanted]
            at = self._beginning(own)
            self.blocks = [*own[:at], *wanted, *own[at:]]

    def _behind_the_agenda(self) -> int:
        places = [n for n, block in enumerate(self.blocks) if block.agenda_key]
        in_time = [n for n in places if not self.blocks[n].if_time]
        return in_time[-1] + 1 if in_time else self._beginning(self.blocks)

    def _beginning(self, own: list[Activity]) -> int:
        """Where the agenda begins among other blocks: where it did before, else after hello."""
        began = next(
            (n for n, one in enumerate(self.were) if one.agenda_key or _is_pattern(one)), None
        )
        if began is not None:
            return sum(block in own for block in self.were[:began])
        return int(bool(own) and own[0].kind == ActivityKind.CHECK_IN)

    def _share_time(self, looks: list[Activity]) -> None:
        """Say of each look whether there is time for it, unless people have said so.

        There is always time for the first.
        """
        others = [block for block in self.blocks if block not in looks]
        left = self.agenda.minutes - _minutes_of(others)
        for n, block in enumerate(looks):
            is_settled = self.agenda.is_ordered and block not in self.made.added
            if not (is_settled or _is_touched(block)):
                block.if_time = n > 0 and left < block.minutes
            left -= _minutes_of([block])
        if not self.agenda.is_ordered:
            self.blocks.sort(key=lambda block: block.if_time)

    def _list_no_more_than_fit(self) -> None:
        """Of many changes that there is no time for, an agenda lists the most pressing alone."""
        rest = [b for b in self.blocks if b.if_time and b.agenda_key and not _is_touched(b)]
        over = rest[MOST_IF_TIME:]
        self.agenda.unlisted = len(over)
        self.made.added = [block for block in self.made.added if block not in over]
        self._remove([block for block in over if block in self.were])
        self.blocks = [block for block in self.blocks if block not in over]

    # -- writing

    def _remove(self, blocks: list[Activity]) -> None:
        self.made.gone += sum(bool(block.agenda_key) for block in blocks)
        self.blocks = [block for block in self.blocks if block not in blocks]
        Activity.objects.filter(pk__in=[block.pk for block in blocks]).delete()

    def _save(self) -> None:
        for position, block in enumerate(self.blocks):
            block.position = position
        there = [block for block in self.blocks if block not in self.made.added]
        Activity.objects.bulk_create(self.made.added)
        Activity.objects.bulk_update(there, ["position", "reason", "if_time"])


def _minutes_of(blocks: list[Activity]) -> int:
    return length_of(block for block in blocks if not (block.is_skipped or block.if_time))


def _is_pattern(block: Activity) -> bool:
    """A look that is for no change: what a ready-made session says of each of them."""
    is_look = block.kind == ActivityKind.LOOK and block.change_id is None
    return is_look and not block.agenda_key and not _is_touched(block)


def _is_touched(block: Activity) -> bool:
    """Whether people changed it, left it out or said when there is time for it."""
    return block.version > 1 or block.is_skipped or block.opened_at is not None


@transaction.atomic
def set_if_time(*, block: Activity, if_time: bool, by: User) -> bool:
    """Only if there is time for it, or for certain; False where that is so already.

    It goes to the end of the plan, or behind the last look that there is time for.
    """
    workshop, row = locked(block.workshop), locked(block)
    if row.if_time == if_time or row.opened_at is not None:
        return False
    row.if_time = if_time
    row.version += 1
    row.save(update_fields=["if_time", "version"])
    others = workshop.activities.exclude(pk=row.pk).order_by("position", "created_at")
    blocks = list(others)
    looks = [n for n, one in enumerate(blocks) if one.kind == ActivityKind.LOOK and not one.if_time]
    blocks.insert(looks[-1] + 1 if looks and not if_time else len(blocks), row)
    for position, one in enumerate(blocks):
        one.position = position
    Activity.objects.bulk_update(blocks, ["position"])
    record("block put to the end" if if_time else "block given time", row, by=by)
    telling.screen(row.workshop)
    return True


# --- what people do to the plan, as the agenda remembers it; inside their transaction


def keep_order(workshop: Workshop) -> None:
    """From now on it stays in the order that people gave it."""
    PodAgenda.objects.filter(workshop=workshop).update(is_ordered=True)


def leave_out(block: Activity) -> None:
    """Somebody took the block away: it doesn't come back by itself."""
    if block.agenda_key and (agenda := _agenda_of(block.workshop)):
        agenda.left_out.append(block.agenda_key)
        agenda.save(update_fields=["left_out"])


def take_back_in(workshop: Workshop, key: str) -> None:
    if key and (agenda := _agenda_of(workshop)):
        agenda.left_out = [one for one in agenda.left_out if one != key]
        agenda.save(update_fields=["left_out"])


def _agenda_of(workshop: Workshop) -> PodAgenda | None:
    return PodAgenda.objects.filter(workshop=workshop).select_for_update().first()
