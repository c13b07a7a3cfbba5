"""Asking people by mail, once, and reminding once those who have not answered."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from programmes import links
from programmes.audit import ids_of, record
from programmes.editing import locked
from programmes.models import MailedLink, Membership, Notice, NoticeKind, Team, User
from programmes.notices import at_nine, is_awaited, notify, site_link
from surveys.models import Asked, Survey
from surveys.reading import halfway

from .voices import NotOpen

_A_DAY = timedelta(days=1)


@transaction.atomic
def ask_by_mail(
    *,
    survey: Survey,
    members: Collection[Membership],
    by: User | None,
    teams: Collection[Team] = (),
    roles: Collection[str] = (),
) -> int:
    """Mail each of these a link of their own; who was asked before is left alone.

    Answers how many are asked now for the first time. `teams` and `roles` are what was chosen, for
    history, which keeps nobody's name. Raises `NotOpen`.
    """
    row = locked(survey)
    if not row.is_open:
        raise NotOpen
    before = set(row.asked.values_list("membership_id", flat=True))
    new = [one for one in members if one.pk not in before]
    half = halfway(row)
    for member in new:
        asked = Asked.objects.create(
            authority_id=row.authority_id,
            survey=row,
            membership=member,
            # Nobody hears of it twice within a day or two.
            was_reminded=half is not None and half <= timezone.now() + _A_DAY,
        )
        _write_to(asked, member, row, round_="asked", due_at=timezone.now())
    if new:
        record(
            "survey mailed", row, by=by, people=len(new), teams=ids_of(teams), roles=sorted(roles)
        )
    return len(new)


@transaction.atomic
def remind(*, survey: Survey, due_at: datetime, by: User | None = None) -> int:
    """Remind everybody who was asked by mail and has not answered, unless they were reminded.

    Answers how many. History says so without naming anybody.
    """
    row = locked(survey)
    if not row.is_open:
        return 0
    quiet = row.asked.filter(has_answered=False, was_reminded=False)
    waiting = list(quiet.select_related("membership__user").order_by("pk"))
    # Everybody counts as reminded, so that somebody who is asked later is not written to twice in
    # a few days, and no row tells who had answered by then.
    row.asked.update(was_reminded=True)
    for asked in waiting:
        if asked.membership.ended_at is None and asked.membership.user.is_active:
            _write_to(asked, asked.membership, row, round_="reminded", due_at=due_at)
    if waiting:
        record("survey reminded", row, by=by)
    return len(waiting)


def follow_closing_day(survey: Survey) -> None:
    """Let the links that were mailed last as long as the survey does by now."""
    targets = list(survey.asked.values_list("pk", flat=True))
    open_links = MailedLink.objects.open().filter(
        authority_id=survey.authority_id, purpose=MailedLink.Purpose.SURVEY, target__in=targets
    )
    open_links.update(expires_at=timezone.now() + _lives(survey))


def forget_asked(survey: Survey) -> None:
    """Who was asked, and each of their links and mails: none of it tells who answered any more.

    The links stay, one for each person and worthless, so that an old mail leads to a kind word.
    """
    for asked in survey.asked.all():
        links.revoke(authority=survey.authority, purpose=MailedLink.Purpose.SURVEY, target=asked.pk)
        mailed = MailedLink.objects.filter(authority_id=survey.authority_id, target=asked.pk)
        # A second one would say that they had not answered by halfway.
        kept = mailed.order_by("created_at").values_list("pk", flat=True)[:1]
        mailed.exclude(pk__in=list(kept)).delete()
    Notice.objects.filter(
        authority_id=survey.authority_id, key__startswith=f"survey {survey.pk} "
    ).delete()
    survey.asked.all().delete()


def _write_to(
    asked: Asked, member: Membership, survey: Survey, *, round_: str, due_at: datetime
) -> None:
    email, key = member.user.email, f"survey {survey.pk} {round_} {member.pk}"
    authority = survey.authority
    if not is_awaited(authority=authority, to=email, kind=NoticeKind.SURVEY, key=key):
        return
    token = links.make_link(
        authority=authority,
        purpose=MailedLink.Purpose.SURVEY,
        target=asked.pk,
        email=email,
        lives=_lives(survey),
    )
    notify(
        authority=authority,
        to=email,
        kind=NoticeKind.SURVEY,
        key=key,
        template=f"surveys/email/{round_}",
        context={
            "survey": survey,
            "name": member.user.name,
            "link": site_link(reverse("surveys:mailed", args=[authority.slug, token])),
        },
        due_at=due_at,
    )


def _lives(survey: Survey) -> timedelta:
    """Until the day after it closes, or as long as any link where no day was said."""
    if survey.closes_on is None:
        return links.LIVES
    ends = at_nine(survey.closes_on + _A_DAY)
    return max(ends - timezone.now(), _A_DAY)
