"""What others may read of a small change: written, asked about, shared, taken back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from programmes.audit import record
from programmes.editing import Stale, locked, save_version
from programmes.models import Membership, NoticeKind, User
from programmes.notices import drop, may_hear, notify, site_link
from smallchanges.models import Consent, Share, SmallChange
from smallchanges.sharing import Asking, people_of, same_words

_GONE = "These words have been changed, or taken back, since you opened this page."


@transaction.atomic
def write_share(
    *, change: SmallChange, version: int, by: User | None, illustrative: str = "", **words: str
) -> Share:
    """Write what others may read of a change, as words that nobody has been asked about yet.

    Words that somebody was asked about stay as they were: these are then new ones, with the next
    version, and the yes of before is none to them. What is shared stays until they are shared.
    `version` is 0 before the first. Raises `Stale` where somebody was quicker.
    """
    locked(change, may_be_pointed_at=True)
    newest = change.shares.first()
    if newest and same_words(newest, words) and newest.ended_at is None:
        return newest
    if newest and newest.version != version:
        raise Stale(newest)
    if newest and newest.is_in_the_making and newest.asked_at is None:
        save_version(newest, version=version, illustrative=illustrative, **words)
        record("share edited", newest, by=by)
        return newest
    if newest and newest.is_in_the_making:
        _end(newest, by=by)
        _stop_asking(newest)
    share = Share.objects.create(
        authority_id=change.authority_id,
        change=change,
        version=newest.version + 1 if newest else 1,
        illustrative=illustrative,
        **words,
    )
    record("share prepared", share, by=by)
    return share


@transaction.atomic
def ask_about_share(*, share: Share, by: User | None) -> None:
    """Ask those whose change it is for their yes to exactly these words, by mail and on its page.

    Raises ValidationError where nobody could be asked.
    """
    share = _held(share)
    if share.asked_at or not share.is_in_the_making:
        return
    people = list(people_of(share.change))
    if not people:
        raise ValidationError(
            "Nobody could be asked yet. Say which teams are trying this change, or who leads it."
        )
    share.asked_at, share.asked_by = timezone.now(), by
    share.save(update_fields=["asked_at", "asked_by"])
    if by is not None:
        for membership in people:
            _ask(share, membership)
    record("share asked about", share, by=by, people=len(people))


@transaction.atomic
def answer_share(
    *, share: Share, membership: Membership, says: str, why: str, by: User | None
) -> Consent:
    """Say yes to exactly these words, or not yet, and why.

    Once they are shared, a "not yet" takes them back at once. Raises ValidationError where the
    words have gone, or where this person is not asked about them.
    """
    share = _held(share)
    if share.asked_at is None or share.ended_at is not None:
        raise ValidationError(_GONE)
    if Asking(share).of(membership) is None:
        raise ValidationError("It’s for the people who are trying this change to say.")
    is_yes = says == Consent.Says.YES
    if not is_yes and share.is_open:
        _end(share, by=by)
        record("share taken back", share, by=by)
    consent, _ = Consent.objects.update_or_create(
        share=share,
        membership=membership,
        defaults={
            "authority_id": share.authority_id,
            "says": says,
            "digest": share.digest if is_yes else None,
            "why": "" if is_yes else why,
            "at": timezone.now(),
        },
    )
    drop(authority=share.authority, key=_key(share, membership))
    record("share answered", consent, by=by, says=says)
    _tell_whoever_asked(share, is_yes=is_yes)
    return consent


@transaction.atomic
def open_share(*, share: Share, by: User | None) -> None:
    """The gate to other authorities: these words, and nothing else of the change, can be read.

    Side effects: the older words that it replaces end; what waits to be asked is not asked any
    more; the event "share opened". Raises ValidationError where its team has not agreed to exactly
    these words.
    """
    share = _held(share)
    if share.is_open:
        return
    if not share.is_in_the_making:
        raise ValidationError(_GONE)
    asking = Asking(share)
    if share.asked_at is None or not asking.is_agreed:
        raise ValidationError("Its team hasn’t said yes to these words yet.")
    for before in share.change.shares.all():
        if before.is_open:
            _end(before, by=by)
    share.shared_at, share.shared_by, share.consent = timezone.now(), by, asking.yes[0]
    share.save(update_fields=["shared_at", "shared_by", "consent"])
    _stop_asking(share)
    record("share opened", share, by=by)


@transaction.atomic
def take_back_share(*, share: Share, by: User) -> None:
    """Nobody elsewhere can read it any more. What grew from it goes on growing.

    Words that were not shared yet are put aside, and nobody is asked about them any more.
    """
    share = _held(share)
    if share.ended_at is None:
        verb = "share taken back" if share.is_open else "share put aside"
        _end(share, by=by)
        _stop_asking(share)
        record(verb, share, by=by)


@transaction.atomic
def put_back_share(*, share: Share, by: User) -> None:
    """Undo `take_back_share`; of what was shared, for as long as its team's yes to it stands.

    Raises ValidationError where it does not, or where there are other words by now.
    """
    share = _held(share)
    if share.ended_at is None:
        return
    asking = Asking(share)
    no_more = share.was_taken_back and not asking.is_agreed
    if no_more or share.change.shares.first() != share:
        raise ValidationError(_GONE)
    share.ended_at = share.ended_by = None
    share.consent = asking.yes[0] if share.shared_at else None
    share.save(update_fields=["ended_at", "ended_by", "consent"])
    record("share put back", share, by=by)


def _held(share: Share) -> Share:
    """The share as it stands now; whoever else writes about this change waits."""
    locked(share.change, may_be_pointed_at=True)
    return Share.objects.select_related("change__authority", "authority").get(pk=share.pk)


def _end(share: Share, *, by: User | None) -> None:
    share.ended_at, share.ended_by, share.consent = timezone.now(), by, None
    share.save(update_fields=["ended_at", "ended_by", "consent"])


def _key(share: Share, membership: Membership) -> str:
    return f"share {share.pk} {membership.pk}"


def _ask(share: Share, membership: Membership) -> None:
    notify(
        authority=share.authority,
        to=membership.user.email,
        kind=NoticeKind.ASK,
        key=_key(share, membership),
        template="smallchanges/email/share_asked",
        context={"change": share.change, "link": site_link(share.get_absolute_url())},
    )


def _stop_asking(share: Share) -> None:
    for membership in people_of(share.change):
        drop(authority=share.authority, key=_key(share, membership))


def _tell_whoever_asked(share: Share, *, is_yes: bool) -> None:
    """What they wait for: the yes after which they can share it, or the first "not yet"."""
    asked = share.asked_by
    if share.shared_at or asked is None or (is_yes and not Asking(share).is_agreed):
        return
    if not may_hear(asked, of=share.authority):
        return
    said = "agreed" if is_yes else "not_yet"
    notify(
        authority=share.authority,
        to=asked.email,
        kind=NoticeKind.ANSWER,
        key=f"share {said} {share.pk}",
        template=f"smallchanges/email/share_{said}",
        context={"change": share.change, "link": site_link(share.get_absolute_url())},
    )
