"""Somebody with the whole database after the close looks for who gave which answer.

200 people answer one question each, asked by mail. They try every row that names a person: any that
names an answer too, which transaction wrote it (`xmin`), where it lies (`ctid`), times, keys and
digests of what is known, history, mails and links; each against every order of the answers.
"""

import hashlib
import hmac
import itertools
import random
import re

import pytest
from django.db import transaction

from programmes.models import Membership
from surveys import actions
from surveys.models import Asked, SurveyAnswer, Voice
from tests import factories
from tests.linkage import Row, dump, orders_of, rho

PEOPLE = 200
# By chance one guess in 200 is right (more than 3 once in 53 times), and |rho| is 0.07 on average.
MOST_RIGHT, MOST_RHO = 3, 0.15
# What works does so each time; chance alone does not, three times with the same trick.
CLOSES = 3

_TOKEN = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,64}|[\w.+-]+@[\w.-]+")


def _people(authority) -> dict[str, str]:
    """Each membership by everything that a row may call it."""
    found = {}
    for one in Membership.objects.filter(authority=authority).select_related("user"):
        for name in (one.pk, one.pk.hex, one.user.email):
            found[str(name)] = str(one.pk)
    return found


def _answer(survey, question, members) -> dict[str, str]:
    """Everybody in some order, each in a transaction; returns who said which number."""
    truth = {}
    for number, member in enumerate(members):
        with transaction.atomic():
            row = actions.speak(survey, member.pk)
            SurveyAnswer.objects.create(
                authority_id=row.authority_id,
                question=question,
                nullifier=question.nullifier(row, member.pk),
                number=number,
                work="practitioner",
            )
            Asked.objects.filter(survey=row, membership=member).update(has_answered=True)
        truth[str(number)] = str(member.pk)
    return truth


def _beyond_chance(question, names: dict[str, str], truth: dict[str, str]) -> set[str]:
    """The tricks that found more than chance does."""
    held = dump()
    answers = [
        row for row in held["surveys_surveyanswer"] if row.values["question_id"] == str(question.pk)
    ]
    assert len(answers) == PEOPLE
    whose = {row.values["id"]: truth[str(int(row.values["number"]))] for row in answers}
    guesses: dict[str, dict[str, str]] = {"digest": _by_digest(held, answers, names)}
    told: dict[str, float] = {}
    orders = orders_of(answers, ["created_at", "id", "nullifier"])
    for table, rows in held.items():
        if table == "surveys_surveyanswer":
            continue
        persons = {id(row): _named(row, names) for row in rows}
        guesses[f"{table} names both"] = {
            pk: persons[id(row)]
            for row in rows
            for pk in _TOKEN.findall(row.text)
            if pk in whose and persons[id(row)]
        }
        of_people = {persons[id(row)]: row for row in rows if persons[id(row)]}
        if len(of_people) < PEOPLE:
            continue
        for mark, other in itertools.product(("xmin", "xmax"), repeat=2):
            by_mark = {getattr(row, other): pk for pk, row in of_people.items()}
            guesses[f"{table} {mark} {other}"] = {
                row.values["id"]: by_mark.get(getattr(row, mark), "") for row in answers
            }
        known = orders_of(list(of_people.values()), ["created_at", "id", "name", "sent_at"])
        for (by, told_rows), (beside, person_rows) in itertools.product(
            orders.items(), known.items()
        ):
            trick = f"{by} with {table} {beside}"
            pks = [row.values["id"] for row in told_rows]
            ranked = [persons[id(row)] for row in person_rows]
            guesses[trick] = dict(zip(pks, ranked, strict=True))
            told[trick] = rho([ranked.index(whose[pk]) for pk in pks])
    return {
        trick
        for trick, guess in guesses.items()
        if sum(whose[pk] == person for pk, person in guess.items()) > MOST_RIGHT
    } | {trick for trick, told_by in told.items() if abs(told_by) >= MOST_RHO}


def _named(row: Row, names: dict[str, str]) -> str:
    """The one person whom a row names; empty where it names none or several."""
    found = {names[token] for token in _TOKEN.findall(row.text) if token in names}
    return found.pop() if len(found) == 1 else ""


def _by_digest(held, answers: list[Row], names: dict[str, str]) -> dict[str, str]:
    """A nullifier, made anew of anything that is known of a person and of the survey."""
    keys = [
        bytes.fromhex(row.values["secret"].removeprefix("\\x")) for row in held["surveys_survey"]
    ]
    found = {}
    for answer in answers:
        asked = answer.values["question_id"].replace("-", "")
        for (name, person), key in itertools.product(names.items(), keys):
            told = f"{asked} {name}".encode()
            if hmac.new(key, told, hashlib.sha256).hexdigest() == answer.values["nullifier"]:
                found[answer.values["id"]] = person
        if not any(keys) and answer.values["nullifier"] is None:
            break
    return found


@pytest.mark.django_db(transaction=True)
def test_nobody_is_found_behind_an_answer_once_a_survey_has_closed():
    survey = factories.SurveyFactory()
    authority, by = survey.authority, factories.UserFactory()
    members = factories.MembershipFactory.create_batch(PEOPLE, authority=authority)
    names = _people(authority)
    suspected = None
    for at in range(CLOSES):
        if at:
            survey = factories.SurveyFactory(programme=survey.programme)
        question = factories.QuestionFactory(survey=survey, kind="number")
        survey = actions.open_survey(survey=survey, by=by)
        actions.ask_by_mail(survey=survey, members=members, by=by)
        # Nobody answers in the order of a list; their order is one that the attacker knows.
        order = random.sample(members, PEOPLE)
        truth = _answer(survey, question, order)
        if at == 0:
            # While it is open a copy of the database tells: that is said on the page.
            open_ = _beyond_chance(question, names, truth)
            assert {"digest", "surveys_asked xmin xmin"} <= open_
        actions.close_survey(survey=survey, by=by)
        found = _beyond_chance(question, names, truth)
        suspected = found if suspected is None else suspected & found
        survey.refresh_from_db()
        assert (Voice.objects.count(), Asked.objects.count()) == (0, 0)
        assert (survey.people_asked, survey.people_answered) == (PEOPLE, PEOPLE)
        assert bytes(survey.secret) == b""
        rows = SurveyAnswer.objects.filter(question=question)
        assert set(rows.values_list("nullifier", "team", "work")) == {(None, None, "")}
        assert rows.values("created_at").distinct().count() == 1
        if not suspected:
            break
    assert suspected == set()
