"""Answering: one voice by each way in, changed until the close; and nothing leads back to it."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from programmes.links import make_link
from programmes.models import AuditEvent, MailedLink
from surveys import links
from surveys.actions import NotOpen, close_survey
from surveys.actions.answers import answer
from surveys.forms.answering import name_of
from surveys.models import SurveyAnswer
from surveys.said import Said, Sheet, said_by
from tests import factories
from tests.at_once import while_waiting


@pytest.fixture
def survey(cast):
    return factories.SurveyFactory(
        programme=cast.programme,
        state="open",
        title="How are we?",
        closes_on=timezone.localdate() + timedelta(days=9),
    )


@pytest.fixture
def extent(survey):
    return factories.QuestionFactory(survey=survey, text="I feel valued")


@pytest.fixture
def words(survey):
    return factories.QuestionFactory(survey=survey, kind="text", text="What gets in the way?")


def _mail(survey, membership):
    asked = factories.AskedFactory(survey=survey, membership=membership)
    token = make_link(
        authority=survey.authority,
        purpose=MailedLink.Purpose.SURVEY,
        target=asked.pk,
        email=membership.user.email,
    )
    return asked, f"/own/answer/mail/{token}/"


def _all(survey) -> list[tuple]:
    rows = SurveyAnswer.objects.filter(question__survey=survey).order_by("question__position")
    return list(rows.values_list("question__text", "option", "text", "work"))


def test_a_member_is_one_voice_by_every_way_in(client_of, cast, survey, extent, words):
    """By the survey's page, the poster's link and the mail; and all changes are of one answer."""
    member = cast.authority.memberships.get(user=cast.practitioner)
    asked, mail = _mail(survey, member)
    practitioner, reader = client_of(cast.practitioner), Client()
    page = f"/own/surveys/{survey.pk}/answer/"
    first = practitioner.get(page)
    assert ("Anonymous: nobody can tell who said what" in first.text, first["Cache-Control"]) == (
        True,
        "no-store, private",
    )
    sent = {name_of(extent): "2", name_of(words): "Forms.", "work": "practitioner"}
    assert practitioner.post(page, sent).url == page
    asked.refresh_from_db()
    assert (asked.has_answered, _all(survey)) == (
        True,
        [
            ("I feel valued", 2, None, "practitioner"),
            ("What gets in the way?", None, "Forms.", "practitioner"),
        ],
    )
    assert practitioner.get(page).context["is_sent"] is True
    # The same person's, as the poster and the mail show it too.
    poster = links.address_of(survey)
    for who, way in ((practitioner, poster), (reader, mail)):
        shown = who.get(f"{way}?change=1")
        assert shown.context["form"].initial[name_of(extent)] == "2"
    # What is emptied is gone, and the other changed; a mailed link is not used up.
    for option in ("3", "1"):
        assert reader.post(mail, {name_of(extent): option}).url == mail
    assert (_all(survey), survey.voices.count()) == ([("I feel valued", 1, None, "")], 1)
    reader.post(mail, {name_of(extent): ""})
    asked.refresh_from_db()
    assert (_all(survey), survey.voices.count(), asked.has_answered) == ([], 0, False)


def test_a_guests_voice_lies_on_the_device_alone(client_of, cast, survey, extent):
    """Each device is a voice; the next person on one begins afresh; no table knows the device."""
    poster = links.address_of(survey)
    one, other = Client(), client_of(cast.outsider)
    one.get(poster)
    key = one.cookies["survey-key"]
    assert (key["httponly"], key["samesite"]) == (True, "Lax")
    # Sent twice, as by two presses of the button.
    for _ in range(2):
        assert one.post(poster, {name_of(extent): "3"}).url == poster
    other.get(poster)
    other.post(poster, {name_of(extent): "0"})
    assert one.get(f"{poster}?change=1").context["form"].initial[name_of(extent)] == "3"
    assert survey.voices.count() == 2
    one.post(poster, {"afresh": "yes"})
    assert one.get(poster).context["has_answered"] is False
    one.post(poster, {name_of(extent): "3"})
    assert survey.voices.count() == 3
    said = one.cookies["survey-key"].value.split(":")[0]
    assert _tables_with(said) == []
    nullifiers = set(SurveyAnswer.objects.values_list("nullifier", flat=True))
    assert len(nullifiers) == 3
    for found in nullifiers:
        assert _tables_with(found) == ["surveys_surveyanswer"]
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert [set(one) for one in kept] == [
        {"_auth_user_id", "_auth_user_backend", "_auth_user_hash"}
    ]
    assert AuditEvent.objects.count() == 0


def _tables_with(text: str) -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT 1 FROM "{table}" row WHERE row::text LIKE %s LIMIT 1', [f"%{text}%"]
            )
            found += [table] * cursor.rowcount
    return found


def test_links_that_open_nothing_say_why(client_of, cast, survey, extent):
    member = cast.authority.memberships.get(user=cast.practitioner)
    _, mail = _mail(survey, member)
    token = links.token_of(survey)
    draft = factories.SurveyFactory(programme=cast.programme, title="Being written")
    outside = client_of(cast.crescendo)
    tried = [
        (Client(), "/own/answer/nonsense/", 404, "isn’t one of ours"),
        (Client(), f"/other/answer/{token}/", 404, "isn’t one of ours"),
        (Client(), "/own/answer/mail/nonsense/", 404, "isn’t one of ours"),
        (client_of(cast.manager), mail, 404, "mailed to somebody else"),
        (Client(), links.address_of(draft), 410, "isn’t open yet"),
        (outside, f"/own/surveys/{survey.pk}/answer/", 200, "nothing for you to answer"),
    ]
    for client, address, status, why in tried:
        response = client.get(address)
        assert (response.status_code, why in response.text) == (status, True), address
    close_survey(survey=survey)
    poster = links.address_of(survey)
    for address, status in ((mail, 404), (poster, 410)):
        response = Client().get(address)
        assert (response.status_code, "It has closed" in response.text) == (status, True)
    # Who had it open reads what they wrote.
    typed = Client().post(poster, {name_of(extent): "2"})
    assert (typed.status_code, "To a moderate extent" in typed.text) == (409, True)
    assert _all(survey) == []


def test_a_name_is_warned_of_and_an_empty_sheet_is_not_counted(cast, survey, extent, words):
    guest, poster = Client(), links.address_of(survey)
    guest.get(poster)
    empty = guest.post(poster, {})
    assert "Answer at least one of them" in empty.text
    named = {name_of(words): "Ask Mr Example about it"}
    warned = guest.post(poster, named)
    assert ("This looks like somebody’s name" in warned.text, _all(survey)) == (True, [])
    assert guest.post(poster, named | {"anyway": "yes"}).status_code == 302
    assert list(SurveyAnswer.objects.values_list("text", "look")) == [
        ("Ask Mr Example about it", "")
    ]


def test_each_kind_of_question_is_kept_as_it_is_said(cast, survey):
    team = factories.TeamFactory(authority=cast.authority)
    foreign = factories.TeamFactory(authority=cast.other)
    kinds = {
        "extent": ("1", Said(option=1)),
        "scale": ("4", Said(option=4)),
        "share": ("5", Said(option=5)),
        "choice": ("1", Said(option=1)),
        "choices": (["0", "1"], Said(options=(0, 1))),
        "number": ("2.50", Said(number=2.5)),
        "text": ("Words", Said(text="Words")),
    }
    asked = {
        kind: factories.QuestionFactory(
            survey=survey, kind=kind, options=["Tea", "Walk"] if "choice" in kind else []
        )
        for kind in kinds
    }
    none = factories.QuestionFactory(survey=survey, kind="choices", options=["Tea", "Walk"])
    guest, poster = Client(), links.address_of(survey)
    guest.get(poster)
    sent = {name_of(asked[kind]): said for kind, (said, _) in kinds.items()}
    sent[name_of(none)] = ["none"]
    wrong = [
        sent | {name_of(asked["extent"]): "4"},
        sent | {name_of(none): ["none", "0"]},
        sent | {name_of(asked["number"]): "many"},
        sent | {"team": str(foreign.pk)},
        sent | {"work": "director"},
    ]
    for one in wrong:
        assert guest.post(poster, one).status_code == 200
    assert _all(survey) == []
    assert guest.post(poster, sent | {"team": str(team.pk)}).status_code == 302
    kept = said_by(survey, _key(guest))
    assert kept == Sheet(
        said={one: kinds[kind][1] for kind, one in asked.items()} | {none: Said(options=())},
        team=team,
    )
    again = guest.get(f"{poster}?change=1").context["form"]
    assert {name: again.initial[name] for name in sent} == sent | {name_of(asked["number"]): 2.5}


def _key(client) -> str:
    request = RequestFactory().get("/")
    request.COOKIES = {name: one.value for name, one in client.cookies.items()}
    return links.key_of(request)


def test_a_flood_of_guests_is_slowed_and_members_are_not(client_of, cast, survey, extent, settings):
    settings.ACCOUNT_RATE_LIMITS = {"survey_answer": "2/m/key"}
    poster = links.address_of(survey)
    answers = []
    for _ in range(3):
        guest = Client()
        guest.get(poster)
        answers.append(guest.post(poster, {name_of(extent): "1"}))
    assert [one.status_code for one in answers] == [302, 302, 200]
    assert "Wait a minute" in answers[-1].text
    assert client_of(cast.manager).post(poster, {name_of(extent): "1"}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_sheets_of_one_voice_at_once_are_one(survey, extent, words):
    """Whole, the later one, and not half of each."""
    sheets = [
        Sheet({extent: Said(option=1)}),
        Sheet({extent: Said(option=3), words: Said(text="Forms")}),
    ]
    did = while_waiting(
        *(lambda sheet=sheet: answer(survey=survey, voice="one", sheet=sheet) for sheet in sheets)
    )
    assert (did, survey.voices.count()) == ((None, None), 1)
    assert said_by(survey, "one") == sheets[1]


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_the_close_at_once_lose_nothing_and_link_nothing(survey, extent):
    sheet = Sheet({extent: Said(option=3)}, work="manager")

    def say():
        return answer(survey=survey, voice="one", sheet=sheet)

    while_waiting(say, lambda: close_survey(survey=survey))
    survey.refresh_from_db()
    assert survey.people_answered == 1
    assert list(SurveyAnswer.objects.values_list("option", "nullifier", "work")) == [(3, None, "")]

    late = factories.SurveyFactory(programme=survey.programme, state="open")
    asked = factories.QuestionFactory(survey=late)
    _, refused = while_waiting(
        lambda: close_survey(survey=late),
        lambda: answer(survey=late, voice="one", sheet=Sheet({asked: Said(option=3)})),
    )
    assert isinstance(refused, NotOpen)
    late.refresh_from_db()
    assert (late.people_answered, asked.answers.count(), late.voices.count()) == (0, 0, 0)
