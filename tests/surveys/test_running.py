"""Writing a survey, opening it, asking by mail, and closing it: by the pages and by the worker."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.utils import timezone

from programmes.models import AuditEvent, MailedLink, Notice
from programmes.notices import send_due
from surveys import actions, reminders
from surveys.actions import voices
from surveys.core import core_of
from surveys.models import Question, SplitGroup, Survey, SurveyAnswer, Tally
from tests import factories
from tests.answers import errors, follow, told, undo

PAGE = "/own/surveys/"
PK, QUESTION = UUID(int=7), UUID(int=8)
MONDAY = datetime(2026, 11, 30, 10, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def facilitator(cast, client_of):
    return client_of(cast.facilitator)


@pytest.fixture
def practitioner(cast, client_of):
    return client_of(cast.practitioner)


def _open(cast, **values) -> Survey:
    survey = factories.SurveyFactory(programme=cast.programme, title="How it is")
    factories.QuestionFactory(survey=survey, text="I feel heard")
    return actions.open_survey(survey=survey, by=cast.facilitator, **values)


def _say(survey: Survey, voice, **values) -> None:
    """One voice answers each question with "moderate", unless `values` say otherwise."""
    row = voices.speak(survey, voice)
    for question in survey.questions.all():
        SurveyAnswer.objects.create(
            authority_id=row.authority_id,
            question=question,
            nullifier=question.nullifier(row, voice),
            **({"option": 2} | values),
        )


# --- a draft


def test_a_draft_is_written_ordered_and_opened_and_then_stays_as_it_is(facilitator, cast):
    said = {"id": PK, "kind": "pulse", "moment": "start", "intro": "", "asks_team": "on"}
    for _ in range(2):
        answer = facilitator.post(f"{PAGE}add/", said)
        assert (answer.status_code, answer.url) == (302, f"{PAGE}{PK}/")
    survey = Survey.objects.get()
    assert (survey.title, survey.asks_team, survey.asks_work) == (
        "Time with families, at the start",
        True,
        False,
    )
    (core,) = survey.questions.all()
    assert core.core == "pulse-families"
    own = {"id": QUESTION, "kind": "choice", "text": "Where?", "options": "Office\n\n Home \nHome"}
    wrong = facilitator.post(f"{PAGE}{PK}/questions/add/", own | {"options": "Office"})
    assert errors(wrong) == {
        "options": ["Write 2 to 12 different answers, each on its own line. This has 1."]
    }
    for _ in range(2):
        facilitator.post(f"{PAGE}{PK}/questions/add/", own)
    question = Question.objects.get(pk=QUESTION)
    assert (question.options, question.position) == (["Office", "Home"], 1)
    of_question = f"{PAGE}{PK}/questions/{QUESTION}/"
    anew = own | {"text": "Where did you work?", "version": 1}
    assert facilitator.post(f"{of_question}edit/", anew).status_code == 302
    # Somebody who had it open before overwrites nothing.
    assert facilitator.post(f"{of_question}edit/", anew | {"text": "When?"}).status_code == 409
    facilitator.post(f"{of_question}order/", {"way": "up"})
    assert [str(one) for one in survey.questions.all()] == ["Where did you work?", core.text]
    # Taken away, put back; a locked one has no such button.
    facilitator.get(PAGE)  # reads what was told so far
    after = follow(facilitator, facilitator.post(f"{of_question}remove/"))
    assert after.context["questions"] == [core]
    assert told(follow(facilitator, undo(facilitator, after))) == ["It’s back: Where did you work?"]
    assert facilitator.post(f"{PAGE}{PK}/questions/{core.pk}/remove/").status_code == 404
    facilitator.post(f"{of_question}remove/")
    # Opened: what was taken away is gone for good, and nothing can be changed.
    facilitator.post(f"{PAGE}{PK}/open/", {"closes_on": timezone.localdate().isoformat()})
    survey.refresh_from_db()
    assert (survey.is_open, survey.closes_on) == (True, timezone.localdate())
    assert list(survey.questions.all()) == [core]
    assert facilitator.post(f"{of_question}put-back/").status_code == 404
    facilitator.get(PAGE)
    for address in ("edit/", "questions/add/"):
        answer = follow(facilitator, facilitator.post(f"{PAGE}{PK}/{address}", own | said))
        assert told(answer) == ["It has opened, so its questions stay as people were asked them."]
    with pytest.raises(actions.NotADraft):
        actions.remove_survey(survey=survey, by=cast.facilitator)
    # By mistake, and nobody has answered: back. Somebody has: it stays open.
    facilitator.post(f"{PAGE}{PK}/back-to-draft/")
    survey.refresh_from_db()
    assert (survey.is_draft, bytes(survey.secret)) == (True, b"")
    facilitator.post(f"{PAGE}{PK}/open/", {"closes_on": ""})
    survey.refresh_from_db()
    voices.speak(survey, "somebody")
    facilitator.get(PAGE)
    answer = follow(facilitator, facilitator.post(f"{PAGE}{PK}/back-to-draft/"))
    assert told(answer) == ["Somebody has answered, so it stays open. You can close it."]


def test_a_draft_is_there_for_those_who_run_surveys_and_one_that_asks_nothing_stays_shut(
    facilitator, practitioner, cast
):
    survey = factories.SurveyFactory(programme=cast.programme, title="Only a draft")
    open_ = _open(cast)
    for browser, titles in (
        (facilitator, {"Only a draft", "How it is"}),
        (practitioner, {"How it is"}),
    ):
        page = browser.get(PAGE)
        assert {str(one) for one in page.context["drafts"] + page.context["open"]} == titles
        assert [title in page.content.decode() for title in sorted(titles)] == [True] * len(titles)
    assert practitioner.get(survey.get_absolute_url()).status_code == 404
    page = practitioner.get(open_.get_absolute_url())
    assert (page.context["link"], page.context["qr"]) == ("", "")
    answer = facilitator.post(f"{PAGE}{survey.pk}/open/", {"closes_on": ""})
    assert errors(answer) == {"__all__": ["It asks nothing yet. Add a question first."]}
    after = follow(facilitator, facilitator.post(f"{PAGE}{survey.pk}/remove/"))
    assert [str(one) for one in after.context["open"] + after.context["drafts"]] == ["How it is"]
    undo(facilitator, after)
    survey.refresh_from_db()
    assert survey.removed_at is None


@pytest.mark.parametrize("how_many", [1, 3])
def test_query_count_does_not_grow(practitioner, cast, django_assert_num_queries, how_many):
    for _ in range(how_many):
        _say(_open(cast), "a")
        factories.SurveyFactory(programme=cast.programme, state="closed")
    with django_assert_num_queries(4):
        page = practitioner.get(PAGE)
    assert [one.answered_so_far for one in page.context["open"]] == [1] * how_many


# --- by mail


def test_people_are_asked_once_reminded_once_and_forgotten_at_the_close(
    facilitator, cast, settings
):
    survey = _open(cast, closes_on=timezone.localdate() + timedelta(days=14))
    page = facilitator.post(f"{PAGE}{survey.pk}/ask/", {"who": "everybody"})
    assert (page.context["count"], survey.asked.count()) == (3, 0)
    foreign = factories.TeamFactory(authority=cast.other).pk
    factories.TeamFactory(authority=cast.authority)
    page = facilitator.post(f"{PAGE}{survey.pk}/ask/", {"who": "some", "teams": [foreign]})
    assert errors(page)["teams"] == ["Choose from the list."]
    # A role that is ticked while everybody stays chosen: a mail can't be called back.
    page = facilitator.post(
        f"{PAGE}{survey.pk}/ask/", {"who": "everybody", "roles": ["manager"], "sure": 2}
    )
    assert (page.status_code, bool(page.context["form"].errors["who"])) == (200, True)
    assert survey.asked.count() == 0
    facilitator.post(f"{PAGE}{survey.pk}/ask/", {"who": "some", "roles": ["manager"], "sure": 1})
    assert survey.asked.get().membership.user == cast.manager
    page = facilitator.post(f"{PAGE}{survey.pk}/ask/", {"who": "everybody", "sure": 3})
    assert page.context["count"] == 2  # who was asked gets no second mail
    facilitator.post(f"{PAGE}{survey.pk}/ask/", {"who": "everybody", "sure": 2})
    assert (survey.asked.count(), MailedLink.objects.count()) == (3, 3)
    survey.asked.filter(membership__user=cast.manager).update(has_answered=True)
    # Halfway: those who have not answered, once.
    opened = timezone.localtime(survey.opened_at)
    for day in (3, 10, 11):
        reminders.queue_reminders(opened + timedelta(days=day))
    keys = sorted(Notice.objects.values_list("key", flat=True))
    assert [key.split()[2] for key in keys] == ["asked"] * 3 + ["reminded"] * 2
    Notice.objects.update(due_at=MONDAY)
    send_due(now=MONDAY)
    assert len(mail.outbox) == 5
    assert ["/own/answer/mail/" in one.body for one in mail.outbox] == [True] * 5
    told_of = AuditEvent.objects.filter(verb__startswith="survey mailed").order_by("id")
    assert [one.details for one in told_of] == [
        {"people": 1, "teams": [], "roles": ["manager"]},
        {"people": 2, "teams": [], "roles": []},
    ]
    # The close: no row tells who answered, or who had not by halfway; each link is worthless.
    actions.close_survey(survey=survey, by=cast.facilitator)
    assert (survey.asked.count(), Notice.objects.count()) == (0, 0)
    links = MailedLink.objects.all()
    assert [(one.is_open, one.email) for one in links.order_by("email")] == [
        (False, f"{name}@own.example") for name in ("facilitator", "manager", "practitioner")
    ]
    survey.refresh_from_db()
    assert (survey.people_asked, survey.people_answered) == (3, 0)


# When a survey opens (UTC) and its last day; when half of it is over, and its last day, in UTC.
DAYS = {
    "half is the Sunday on which clocks go back, so Monday": (
        ("2026-10-19 09:00", "2026-10-31"),
        ("2026-10-26 09:00", "2026-11-01 00:00"),
    ),
    "the day on which clocks go back is its last, and has 25 hours": (
        ("2026-10-16 09:00", "2026-10-25"),
        ("2026-10-20 08:00", "2026-10-26 00:00"),
    ),
    "opened after midnight here, and before it in UTC": (
        ("2026-10-24 23:30", "2026-10-29"),
        ("2026-10-27 09:00", "2026-10-30 00:00"),
    ),
    "half is the Sunday on which clocks go forward, so Monday": (
        ("2027-03-22 09:00", "2027-04-03"),
        ("2027-03-29 08:00", "2027-04-03 23:00"),
    ),
    "the day on which clocks go forward is its last, and has 23 hours": (
        ("2027-03-19 09:00", "2027-03-28"),
        ("2027-03-23 09:00", "2027-03-28 23:00"),
    ),
    "half is the leap day": (
        ("2028-02-25 09:00", "2028-03-04"),
        ("2028-02-29 09:00", "2028-03-05 00:00"),
    ),
}


@pytest.mark.parametrize("days", DAYS.values(), ids=DAYS)
def test_it_reminds_and_closes_once_whatever_the_clocks_do(cast, days, monkeypatch):
    (opened, last), (half, over) = days
    opened, half, over = (
        datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (opened, half, over)
    )
    survey = factories.SurveyFactory(
        programme=cast.programme, state="open", opened_at=opened, closes_on=last
    )
    factories.AskedFactory(survey=survey, membership=cast.authority.memberships.first())

    def runs(now: datetime) -> tuple[int, int]:
        """As the worker does, twice; how often it has reminded and closed since the start."""
        monkeypatch.setattr(timezone, "now", lambda: now)
        for _ in range(2):
            actions.close_due(now)
            reminders.queue_reminders(now)
        verbs = list(AuditEvent.objects.values_list("verb", flat=True))
        return verbs.count("survey reminded"), verbs.count("survey closed")

    moment = timedelta(minutes=1)
    assert runs(half - moment) == (0, 0)
    assert runs(half) == runs(half + timedelta(days=1)) == runs(over - moment) == (1, 0)
    notice = Notice.objects.get()
    assert (notice.due_at, " reminded " in notice.key) == (half, True)
    assert runs(over) == runs(over + timedelta(days=3)) == (1, 1)
    # A worker that was away until after its last day closes it, and reminds nobody.
    late = factories.SurveyFactory(
        programme=cast.programme, state="open", opened_at=opened, closes_on=last
    )
    factories.AskedFactory(survey=late, membership=cast.authority.memberships.first())
    assert runs(over + timedelta(days=3)) == (1, 2)
    assert not Notice.objects.exists()


def test_somebody_who_wants_no_such_mails_and_who_was_asked_late_get_none(cast, facilitator):
    survey = _open(cast, closes_on=timezone.localdate() + timedelta(days=4))
    factories.NoticeChoiceFactory(
        authority=cast.authority, email=cast.manager.email, kind="survey", stopped_at=timezone.now()
    )
    page = facilitator.post(f"{PAGE}{survey.pk}/ask/", {"who": "everybody"})
    assert page.context["count"] == 2
    Survey.objects.filter(pk=survey.pk).update(opened_at=timezone.now() - timedelta(days=20))
    facilitator.post(f"{PAGE}{survey.pk}/ask/", {"who": "everybody", "sure": 2})
    reminders.queue_reminders(timezone.now() + timedelta(days=2))
    assert Notice.objects.filter(key__contains=" reminded ").count() == 0


# --- the close


def test_the_worker_closes_what_is_over_and_results_come_out_once(cast, facilitator):
    survey = _open(cast, closes_on=timezone.localdate())
    north, south = (
        factories.TeamFactory(authority=cast.authority, name=name) for name in ("North", "South")
    )
    for number in range(8):
        _say(survey, f"n{number}", team=north, work="practitioner", option=number % 4)
    for number in range(6):
        _say(survey, f"s{number}", team=south, work="practitioner")
    for number in range(3):
        _say(survey, f"b{number}", work="business support", option=0)
    voices.speak(survey, "n1")  # once more changes nothing
    actions.close_due(timezone.now())
    survey.refresh_from_db()
    assert survey.is_open
    actions.close_due(timezone.now() + timedelta(days=1))
    survey.refresh_from_db()
    assert (survey.people_answered, survey.people_asked, survey.closed_by) == (17, None, None)
    # Three who named no team, and three in business support: joined, and said without a number.
    groups = {
        (one.by, one.label): (
            one.joined_because,
            [(t.answered, t.counts) for t in one.tallies.all()],
        )
        for one in SplitGroup.objects.all()
    }
    assert groups == {
        ("team", "North"): ("", [(8, [4, 4])]),
        ("team", "South and people who named no team"): (
            "Only a few people who named no team answered, so they’re joined with South.",
            [(9, [3, 6])],
        ),
    }
    # Nothing is added after the close, by no way.
    with pytest.raises(voices.NotOpen):
        voices.speak(survey, "late")
    with pytest.raises(voices.NotOpen):
        actions.back_to_draft(survey=survey, by=cast.facilitator)
    with pytest.raises(actions.NotADraft):
        actions.open_survey(survey=survey, by=cast.facilitator)
    kept = list(SurveyAnswer.objects.order_by("pk").values()), list(Tally.objects.values())
    actions.close_survey(survey=survey, by=cast.facilitator, people_asked=99)
    assert kept == (
        list(SurveyAnswer.objects.order_by("pk").values()),
        list(Tally.objects.values()),
    )
    survey.refresh_from_db()
    assert survey.people_asked is None


def test_the_close_asks_how_many_were_asked_and_questions_are_split_only_where_they_hold(
    cast, facilitator
):
    survey = _open(cast)
    rare = factories.QuestionFactory(survey=survey, text="Rarely answered")
    words = factories.QuestionFactory(survey=survey, kind="text", text="Why?")
    teams = [factories.TeamFactory(authority=cast.authority, name=name) for name in "AB"]
    first = survey.questions.get(text="I feel heard")
    for number in range(12):
        row = voices.speak(survey, number)
        for question in [first, rare] if number < 9 else [first]:
            SurveyAnswer.objects.create(
                authority_id=row.authority_id,
                question=question,
                nullifier=question.nullifier(row, number),
                option=3,
                team=teams[number % 2],
            )
        SurveyAnswer.objects.create(
            authority_id=row.authority_id,
            question=words,
            nullifier=words.nullifier(row, number),
            text=f"Words {number}",
            team=teams[number % 2],
        )
    page = facilitator.post(f"{PAGE}{survey.pk}/close/", {"people_asked": "11"})
    assert errors(page) == {
        "people_asked": ["12 answered, so at least 12 were asked. Or leave it empty."]
    }
    facilitator.post(f"{PAGE}{survey.pk}/close/", {"people_asked": "20"})
    survey.refresh_from_db()
    assert (survey.people_asked, survey.people_answered) == (20, 12)
    # Four of team B answered the rare one: it is not split at all, and words never are.
    found = Tally.objects.order_by("group__position")
    assert [(one.question, one.group.label, one.counts) for one in found] == [
        (first, "A", [0, 6]),
        (first, "B", [0, 6]),
    ]
    assert {one.team for one in SurveyAnswer.objects.all()} == {None}


def test_what_is_locked_is_asked_by_every_kind(cast):
    for number, kind in enumerate(Survey.Kind):
        survey = actions.add_survey(
            programme=cast.programme,
            pk=UUID(int=number + 20),
            kind=kind,
            moment="start",
            title="Any",
            by=cast.facilitator,
        )
        assert [one.core for one in survey.questions.all()] == [one.key for one in core_of(kind)]


def test_a_day_that_has_gone_by_and_one_far_away_are_refused(facilitator, cast):
    survey = _open(cast)
    said = [
        errors(facilitator.post(f"{PAGE}{survey.pk}/closing-day/", {"closes_on": day.isoformat()}))
        for day in (date(2020, 1, 1), timezone.localdate() + timedelta(days=91))
    ]
    assert said == [
        {"closes_on": ["That day has gone by. Choose today or a later day."]},
        {"closes_on": ["That’s far away. Choose a day within the next 90."]},
    ]
