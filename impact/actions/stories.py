"""Telling a story, letting it go further on its teller's yes, taking it back, and picking one."""

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from impact.models import Crossing, Ring, Story, StoryPick
from programmes.audit import record
from programmes.editing import locked, make_once, put_back, take_away
from programmes.models import NoticeKind, Team, User
from programmes.notices import drop, drop_all, may_hear, notify, site_link
from smallchanges.models import SmallChange

# From the nearest to the farthest.
ORDER = [Ring.TEAM, Ring.AUTHORITY, Ring.PUBLIC]
# Time to take a pick back before its teller hears of it.
_TOLD_AFTER = timedelta(minutes=10)


class NotTheirs(PermissionDenied):
    """Its teller decides how far a story goes, and others do no more with it than that."""


@transaction.atomic
def tell_story(
    *,
    change: SmallChange,
    pk: UUID,
    text: str,
    teller: str,
    told_by: User | None,
    team: Team | None,
    by: User | None,
    **marks,
) -> Story:
    """It stays in `team`, or where there is none with its teller and the facilitators.

    Written down for somebody else it goes no further until that person signs in and says yes.
    """
    story, is_new = make_once(
        change.authority.stories,
        pk=pk,
        constraint="",
        change=change,
        text=text,
        teller=teller,
        told_by=told_by,
        team=team,
        **marks,
    )
    if is_new:
        record("story told", story, by=by, change=str(change.pk))
        if by and told_by and told_by != by:
            _ask(story, Ring.AUTHORITY)
    return story


@transaction.atomic
def tell_anew(*, story: Story, pk: UUID, text: str, teller: str, by: User) -> Story:
    """Other words are another story: it begins near its teller again, and the old one goes."""
    _only_its_teller(story, by)
    anew = tell_story(
        change=story.change,
        pk=pk,
        text=text,
        teller=teller,
        told_by=story.told_by,
        team=story.team,
        by=by,
    )
    remove_story(story=story, by=by)
    return anew


# --- how far it goes


@transaction.atomic
def cross(
    *, story: Story, ring: str, digest: str, by: User | None, person: User | None = None
) -> Story:
    """The teller's yes to the words that have this digest going as far as `ring`; twice is once.

    Further in than where it stands is no crossing: that is `take_back_story`. `person` says yes
    where the system writes it down, as for the demo.
    """
    row = locked(story)
    teller = person or by
    _only_its_teller(row, teller)
    if digest != row.digest or row.removed_at:
        raise NotTheirs("A yes is to the words that one has read.")
    if ORDER.index(Ring(ring)) > ORDER.index(Ring(row.ring)):
        yes = Crossing.objects.create(
            authority_id=row.authority_id, story=row, ring=ring, digest=digest, by=teller
        )
        _stand(row, ring, yes)
        record("story crossed", row, by=by, ring=str(ring))
    return row


@transaction.atomic
def take_back_story(*, story: Story, by: User) -> Story:
    """Its teller's: from now on it is read where it began, and nowhere else; twice is once."""
    row = locked(story)
    _only_its_teller(row, by)
    if row.ring != Ring.TEAM:
        was = row.ring
        _stand(row, Ring.TEAM, None)
        record("story taken back", row, by=by, ring=str(was))
    return row


@transaction.atomic
def give_story_again(*, story: Story, by: User) -> Story:
    """Undo `take_back_story`: it stands again on the yes on which it stood."""
    row = locked(story)
    _only_its_teller(row, by)
    yes = row.crossings.order_by("at").last()
    if row.ring == Ring.TEAM and yes is not None and not row.removed_at:
        _stand(row, yes.ring, yes)
        record("story given again", row, by=by, ring=str(yes.ring))
    return row


@transaction.atomic
def ask_for_story(*, story: Story, by: User) -> bool:
    """Ask its teller, once, whether it may go one ring further; False where nobody can be asked."""
    ring = next_ring(story)
    if ring is None or story.told_by == by or not _ask(story, ring):
        return False
    record("story asked for", story, by=by, ring=str(ring))
    return True


def next_ring(story: Story) -> Ring | None:
    """Where its next yes would take it; None where it is with everybody."""
    place = ORDER.index(Ring(story.ring)) + 1
    return ORDER[place] if place < len(ORDER) else None


def _only_its_teller(story: Story, by: User | None) -> None:
    if by is None or story.told_by_id != by.pk:
        raise NotTheirs("Only whoever told a story decides how far it goes.")


def _stand(row: Story, ring: str, yes: Crossing | None) -> None:
    row.ring, row.crossing = ring, yes
    row.save(update_fields=["ring", "crossing"])


def _ask(story: Story, ring: Ring) -> bool:
    """The mail says that somebody asks, and where; no word of the story travels."""
    teller = story.told_by
    if teller is None or not may_hear(teller, of=story.authority):
        return False
    asked = notify(
        authority=story.authority,
        to=teller.email,
        kind=NoticeKind.REPLY,
        key=f"story {story.pk} {ring}",
        template="impact/email/story_asked",
        context={"link": site_link(story.get_absolute_url()), "ring": ring},
    )
    return asked is not None


# --- taken away


@transaction.atomic
def remove_story(*, story: Story, by: User) -> bool:
    """Nobody reads it any more. False, and no event, where it was taken away already."""
    row = locked(story)
    if row.removed_at is not None:
        return False
    take_away(row, by=by)
    drop_all(authority=row.authority, about=f"story {row.pk}")
    record("story removed", row, by=by)
    return True


@transaction.atomic
def put_back_story(*, story: Story, by: User) -> None:
    """Undo `remove_story`, for whoever took it away: nobody overrules that for them."""
    row = locked(story)
    if row.removed_at is None:
        return
    if row.removed_by_id != by.pk:
        raise NotTheirs("Whoever took it away can put it back.")
    put_back(row)
    record("story put back", row, by=by)


# --- picks


@transaction.atomic
def pick_story(
    *, story: Story, pk: UUID, panel: str, why: str, by: User | None, **marks
) -> StoryPick:
    """A panel picked what all here may read, and says why; its teller is told."""
    # Its teller may take it back in this very moment.
    row = locked(story, may_be_pointed_at=True)
    if row.removed_at or row.ring == Ring.TEAM:
        raise NotTheirs("Nobody picks what not everybody here may read.")
    pick, is_new = make_once(
        row.authority.story_picks,
        pk=pk,
        constraint="",
        story=row,
        panel=panel,
        why=why,
        **marks,
    )
    if is_new:
        record("story picked", pick, by=by, story=str(story.pk))
        _tell_of_pick(pick, by)
    return pick


@transaction.atomic
def remove_pick(*, pick: StoryPick, by: User) -> bool:
    row = locked(pick)
    if row.removed_at is not None:
        return False
    take_away(row, by=by)
    drop(authority=row.authority, key=_key(row))
    record("story pick removed", row, by=by)
    return True


@transaction.atomic
def put_back_pick(*, pick: StoryPick, by: User) -> None:
    """Undo `remove_pick`."""
    row = locked(pick)
    if row.removed_at is not None:
        put_back(row)
        record("story pick put back", row, by=by)


def _key(pick: StoryPick) -> str:
    return f"story pick {pick.pk}"


def _tell_of_pick(pick: StoryPick, by: User | None) -> None:
    teller = pick.story.told_by
    if teller is None or teller == by or not may_hear(teller, of=pick.authority):
        return
    notify(
        authority=pick.authority,
        to=teller.email,
        kind=NoticeKind.REPLY,
        key=_key(pick),
        template="impact/email/story_picked",
        context={"link": site_link(pick.story.get_absolute_url())},
        due_at=timezone.now() + _TOLD_AFTER,
    )
