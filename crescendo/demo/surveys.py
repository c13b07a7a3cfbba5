"""What Tower Hamlets’ people answered at the start, on the way and after 16 weeks, and what
Warrington’s are being asked: all made up.

Asked, taken in and closed by the same actions as anybody's; only the days are put back afterwards.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils import timezone

from crescendo.loading.desk import MADE_UP
from programmes.models import LocalAuthority, Programme, Team
from surveys.actions.answers import take_sheets
from surveys.actions.closing import close_survey
from surveys.actions.drafts import add_survey
from surveys.actions.looks import look_at
from surveys.actions.opening import open_survey
from surveys.models import Question, Survey, SurveyAnswer, Work
from surveys.said import Said, Sheet

_PLACE = "tower-hamlets"
_ASKED = 22
_TEAM_1, _TEAM_2 = (f"Family Support and Protection team {number}" for number in (1, 2))
_P, _M, _B = Work.PRACTITIONER, Work.MANAGER, Work.BUSINESS_SUPPORT
# Who answers: a team and what they do, each.
type _Who = Sequence[tuple[str, str]]
_START: _Who = (
    *[(_TEAM_1, _P)] * 8,
    *[(_TEAM_1, _M)] * 2,
    *[(_TEAM_2, _P)] * 7,
    *[(_TEAM_2, _B)] * 3,
    *[(_TEAM_2, _M)] * 2,
)
_AFTER: _Who = (
    *[(_TEAM_1, _P)] * 6,
    *[(_TEAM_1, _M)] * 2,
    *[(_TEAM_2, _P)] * 7,
    *[(_TEAM_2, _B)] * 3,
    (_TEAM_2, _M),
)
# By core question, what each says, in their order: 0 is “not at all”, 3 “to a large extent”.
_CHECK_START = {
    "check-time": "3112212021 100000011010",
    "check-change": "0001210211 021111100312",
    "check-connected": "1022211131 212221330120",
    "check-valued": "1011321021 210020122213",
}
_CHECK_AFTER = {
    "check-time": "11220320 12322211012",
    "check-change": "01122233 11122222333",
    "check-connected": "22322311 23312330223",
    "check-valued": "31221322 31222021130",
}
# Of the pulse, by its week: 0 is “less than 10%”, 5 “half or more”.
_PULSES = {
    0: "1010401111 2300322112",
    8: "04223122 010131211",
    16: "02214322 21232413133",
}
_KEEPS = (
    "Writing the same visit up in three places.",
    "Minutes. I leave a core group with an hour of typing.",
    "Looking for the newest version of a form.",
    "Meetings that could have been a message.",
    "Chasing answers to referrals.",
    "Travel between schools, mostly at the same hour.",
    "Admin at the end of the day, when families are at home.",
    "Less than it was. The shared folder has helped.",
    "Waiting for a decision that nobody wants to make.",
    "Court papers, and printing them.",
    "Two systems that don’t talk to each other.",
)
_WANTED = (
    "That we go on asking each other what gets in the way.",
    "One form for every service in the house.",
    "A free morning each week that nobody may book.",
    "Business support at every core group.",
    "That a good idea doesn’t need three signatures.",
    "More visits, fewer emails.",
    "To hear what became of what we said.",
    "Time to think before a meeting, and not only after.",
    "That new people are shown the shared folder on day one.",
    "Partners who bring their own notes.",
)
# Of the pulse that is open: who has answered so far, and what.
_ASKS_NOW = "warrington"
_ANSWERED_SO_FAR = {"Child in Need": "12201", "Fostering": "0213"}
_OPENED_AGO, _OPEN_FOR = timedelta(days=3), timedelta(days=14)
# Nobody has looked at the last of them yet, and one is kept back.
_KEPT_BACK = _KEEPS[8]
_WAITING = (_KEEPS[10],)


@transaction.atomic
def load() -> None:
    _load_closed()
    _load_open()


def _load_closed() -> None:
    """Once: what people did with it since stays."""
    place = LocalAuthority.objects.filter(slug=_PLACE).first()
    programme = place.current_programme() if place else None
    if place is None or programme is None or programme.starts_on is None:
        return
    if programme.surveys.filter(pk=_pk("check 0")).exists():
        return
    teams = {one.name: one for one in Team.objects.filter(authority=place)}
    if not {_TEAM_1, _TEAM_2} <= teams.keys():
        return
    for week, moment, who, said in (
        (0, Survey.Moment.START, _START, _CHECK_START),
        (16, Survey.Moment.AFTER, _AFTER, _CHECK_AFTER),
    ):
        words = {"check-keeps": _KEEPS, "check-wanted": _WANTED} if week else {}
        title = f"Temperature check, {'after 16 weeks' if week else 'at the start'}"
        check = _open(programme, f"check {week}", Survey.Kind.TEMPERATURE, moment, title)
        _take_in(check, who, teams, _options(said), words)
        _close(check, starts_on=programme.starts_on, week=week)
    for week, shares in _PULSES.items():
        moment = {0: Survey.Moment.START, 8: Survey.Moment.DURING}.get(week, Survey.Moment.AFTER)
        title = f"Time with families, week {week}" if week else "Time with families, at the start"
        pulse = _open(programme, f"pulse {week}", Survey.Kind.PULSE, moment, title)
        team_1, team_2 = shares.split()
        who = [(_TEAM_1, "")] * len(team_1) + [(_TEAM_2, "")] * len(team_2)
        _take_in(pulse, who, teams, _options({"pulse-families": shares}), {})
        _close(pulse, starts_on=programme.starts_on, week=week)
    _look(place)


def _load_open() -> None:
    """One that can be answered, unless one is there; a week on another, so that there always is."""
    if Survey.objects.open().filter(authority__slug=_ASKS_NOW).exists():
        return
    place = LocalAuthority.objects.filter(slug=_ASKS_NOW).first()
    programme = place.current_programme() if place else None
    if place is None or programme is None or programme.starts_on is None:
        return
    teams = {one.name: one for one in Team.objects.filter(authority=place)}
    opened = timezone.now() - _OPENED_AGO
    week = (timezone.localdate(opened) - programme.starts_on).days // 7
    if not _ANSWERED_SO_FAR.keys() <= teams.keys() or week < 1:
        return
    word = f"{_ASKS_NOW} pulse {week}"
    if programme.surveys.filter(pk=_pk(word)).exists():
        return
    title = f"Time with families, week {week}"
    pulse = _open(programme, word, Survey.Kind.PULSE, Survey.Moment.DURING, title)
    who = [(team, "") for team, said in _ANSWERED_SO_FAR.items() for _ in said]
    said = {"pulse-families": "".join(_ANSWERED_SO_FAR.values())}
    _take_in(pulse, who, teams, _options(said), {})
    Survey.objects.filter(pk=pulse.pk).update(
        opened_at=opened, created_at=opened, closes_on=timezone.localdate(opened) + _OPEN_FOR
    )
    _mark(pulse)


def _open(programme: Programme, word: str, kind: str, moment: str, title: str) -> Survey:
    survey = add_survey(
        programme=programme,
        pk=_pk(word),
        kind=kind,
        moment=moment,
        title=title,
        asks_work=kind != Survey.Kind.PULSE,
        by=None,
        illustrative=MADE_UP,
    )
    return open_survey(survey=survey, by=None)


def _options(said: dict[str, str]) -> dict[str, list[int]]:
    return {key: [int(one) for one in digits if one != " "] for key, digits in said.items()}


def _take_in(
    survey: Survey,
    who: _Who,
    teams: dict[str, Team],
    options: dict[str, list[int]],
    words: dict[str, tuple[str, ...]],
) -> None:
    questions = {one.core: one for one in survey.questions.all()}
    sheets = [
        Sheet(
            said=dict(_said_by(place, questions, options, words)),
            team=teams[team],
            work=work,
        )
        for place, (team, work) in enumerate(who)
    ]
    take_sheets(survey=survey, batch=_pk(f"sheets {survey.pk}"), sheets=sheets, by=None)


def _said_by(
    place: int,
    questions: dict[str, Question],
    options: dict[str, list[int]],
    words: dict[str, tuple[str, ...]],
) -> Iterable[tuple[Question, Said]]:
    """What the person at this place says."""
    for key, chosen in options.items():
        yield questions[key], Said(option=chosen[place])
    for key, texts in words.items():
        if place < len(texts):
            yield questions[key], Said(text=texts[place])


def _close(survey: Survey, *, starts_on: date, week: int) -> None:
    """In its week of the programme: the actions know of no day but today."""
    close_survey(survey=survey, people_asked=_ASKED)
    noon = datetime.combine(starts_on, time(12), timezone.get_current_timezone())
    opened = noon + timedelta(weeks=week)
    Survey.objects.filter(pk=survey.pk).update(
        opened_at=opened, closed_at=opened + timedelta(days=4), created_at=opened
    )
    _mark(survey)


def _mark(survey: Survey) -> None:
    Question.objects.filter(survey=survey).update(illustrative=MADE_UP)
    SurveyAnswer.objects.filter(question__survey=survey).update(illustrative=MADE_UP)


def _look(place: LocalAuthority) -> None:
    for answer in SurveyAnswer.objects.of_closed().filter(authority=place, text__isnull=False):
        if answer.text not in _WAITING:
            is_kept = answer.text == _KEPT_BACK
            look = SurveyAnswer.Look.KEPT_BACK if is_kept else SurveyAnswer.Look.SHOWN
            look_at(answer=answer, look=look, by=None)


def _pk(word: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"{_PLACE} surveys {word}")
