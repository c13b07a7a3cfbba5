"""Time back: one tap a range, gathered from five people on, and never anybody's own."""

import re
from datetime import date, timedelta
from math import inf

import pytest
from django.utils import timezone

from programmes.models import AuditEvent
from smallchanges.models import SmallChange, TimeBack
from smallchanges.timeback import (
    Range,
    TimeBackReading,
    gathered,
    in_hours,
    in_words,
    middle_of,
    week_of,
)
from tests import factories
from tests.answers import HTMX, follow, told

MONDAY = date(2026, 11, 30)


@pytest.fixture
def change(cast):
    return factories.SmallChangeFactory(programme=cast.programme, status="in progress")


@pytest.fixture
def page(change):
    return f"/own/changes/{change.pk}/"


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def _part(response) -> str:
    html = response.content.decode()
    return html[html.index('<div id="change-time"') :].split("</section>")[0]


def _said(member: int, week: int, gives_back: str, costs: str = "none") -> TimeBack:
    """Of so many weeks ago."""
    week_then = MONDAY - timedelta(weeks=week)
    return TimeBack(member_id=member, week=week_then, gives_back=gives_back, costs=costs)


def _gathered(*answers):
    return gathered(answers, today=MONDAY + timedelta(days=2))


# --- the arithmetic


def test_what_is_left_is_a_range_at_its_widest():
    assert Range(3, 6).less(Range(0, 1)) == Range(2, 6)
    assert Range(0, 1).less(Range(3, 6)) == Range(-6, -2)
    assert Range(6, inf).less(Range(6, inf)) == Range(-inf, inf)


def test_the_middle_of_ranges_holds_the_middle_of_what_is_true():
    """Whatever the true numbers are in their ranges, their median is in the middle range."""
    ranges = [Range(0, 1), Range(3, 6), Range(1, 3), Range(6, inf), Range(3, 6)]
    assert middle_of(ranges) == Range(3, 6)
    assert middle_of(ranges[:4]) == Range(2, 4.5)
    # Without an end only where half of them have none.
    assert middle_of([Range(0, 1), Range(6, inf)]) == Range(3, inf)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (Range(0, 0), "no time"),
        (Range(0, 1), "up to 1 hour"),
        (Range(1.5, 4.5), "1 to 5 hours"),
        (Range(6, inf), "more than 6 hours"),
    ],
)
def test_hours_are_said_no_finer_than_they_are_known(hours, said):
    assert in_hours(hours) == said


@pytest.mark.parametrize(
    ("net", "said"),
    [
        (Range(2, 5), "About 2 to 5 hours a week for the team, net"),
        (Range(0, 1), "Up to 1 hour a week for the team, net"),
        (Range(5, inf), "More than 5 hours a week for the team, net"),
        (Range(0, 0), "It gives back as much as it takes"),
        (Range(-6, -2), "So far it takes 2 to 6 hours a week more than it gives back"),
        (Range(-inf, -5), "So far it takes more than 5 hours a week more than it gives back"),
        (
            Range(-1, 3),
            "Between 1 hour lost and 3 hours won a week for the team, net: too wide to tell",
        ),
        (
            Range(-inf, inf),
            "Between many hours lost and many hours won a week for the team, net: too wide to tell",
        ),
    ],
)
def test_a_net_range_says_first_whether_it_is_a_gain(net, said):
    assert in_words(net) == said


# --- small groups


def test_fewer_than_five_people_are_not_shown_however_often_they_answer():
    answers = [_said(member, week, "1 to 3") for member in range(4) for week in (1, 2, 3, 4)]
    assert _gathered(*answers) is None
    shown = _gathered(*answers, _said(4, 4, "1 to 3"))
    assert (shown.n, shown.net) == (5, Range(1, 3))


def test_only_whole_answers_of_the_four_weeks_that_have_ended_count():
    """So nobody who looks before and after somebody answers sees what they said."""
    four = [_said(member, 1, "1 to 3") for member in range(4)]
    for other in (
        _said(9, 0, "more than 6"),  # the week that goes on
        _said(9, 5, "more than 6"),  # too long ago
        _said(9, 1, "", "3 to 6"),  # half an answer
        _said(9, 1, "3 to 6", ""),
        _said(3, 2, "more than 6"),  # the same person
    ):
        assert _gathered(*four, other) is None


def test_of_each_the_latest_answer_counts_once():
    four = [_said(member, 1, "1 to 3") for member in range(4)]
    both = [_said(9, 2, "more than 6"), _said(9, 1, "1 to 3", "under 1")]
    for answers in ([*four, *both], [*reversed(both), *four]):
        shown = _gathered(*answers)
        assert (shown.n, shown.gives_back, shown.costs) == (5, Range(1, 3), Range(0, 0))


def test_what_it_costs_is_taken_off_each_answer():
    answers = [_said(member, 1, "3 to 6", "under 1") for member in range(5)]
    assert _gathered(*answers).net == Range(2, 6)


# --- in the browser


def test_one_tap_says_one_thing_and_a_later_one_replaces_it(cast, practitioner, change, page):
    for sent in ({"gives_back": "1 to 3"}, {"costs": "under 1"}, {"gives_back": "3 to 6"}):
        response = practitioner.post(f"{page}time-back/", sent)
        assert response["Location"] == f"{page}?add=time#change-time"
        shown = follow(practitioner, response)
    said = change.time_back.get()
    assert (said.gives_back, said.costs, said.member) == (
        *("3 to 6", "under 1", cast.practitioner.memberships.get()),
    )
    assert said.week == week_of(timezone.localdate())
    assert told(shown)[-1] == "Got it. It counts from Monday, together with what others say."
    # The same again writes nothing.
    practitioner.post(f"{page}time-back/", {"gives_back": "3 to 6"})
    assert list(AuditEvent.objects.values_list("verb", "details")) == [("time back told", {})] * 3


def test_htmx_gets_the_region_with_the_button_pressed(practitioner, page):
    response = practitioner.post(f"{page}time-back/", {"costs": "under 1"}, headers=HTMX)
    html = response.content.decode()
    assert html.strip().startswith('<div id="change-time"')
    assert ("<html" in html, html.count('id="change-')) == (False, 1)
    pressed = re.findall(r'name="(\w+)" value="([^"]*)" aria-pressed="true"', html)
    assert pressed == [("costs", "under 1")]
    assert 'id="adder-time" open' in html
    assert told(response) == ["Got it. One more tap and it counts."]


@pytest.mark.parametrize("sent", [{}, {"costs": ""}, {"costs": "a day"}, {"member": "1 to 3"}])
def test_what_is_no_range_is_refused(practitioner, page, sent):
    assert practitioner.post(f"{page}time-back/", sent).status_code == 400
    assert practitioner.get(f"{page}time-back/").status_code == 405
    assert TimeBack.objects.count() == 0


def test_an_answer_can_be_taken_back_and_nothing_is_kept(practitioner, page):
    practitioner.post(f"{page}time-back/", {"costs": "under 1"})
    for said in ("Taken back. Nothing is kept of it.", "There was nothing to take back."):
        response = follow(practitioner, practitioner.post(f"{page}time-back/take-back/"))
        assert told(response)[-1] == said
    assert TimeBack.objects.count() == 0


def test_nobody_sees_what_another_said(cast, client_of, practitioner, change, page):
    """Neither on the page, in any of its modes, nor in the files, nor in history."""
    for _ in range(4):
        factories.TimeBackFactory(change=change, week=week_of(timezone.localdate()), costs="none")
    practitioner.post(f"{page}time-back/", {"gives_back": "more than 6", "costs": "3 to 6"})
    for person in (cast.manager, cast.facilitator, cast.crescendo):
        other = client_of(person)
        for mode in ({}, {"add": "time"}, {"arrange": "story"}):
            assert 'aria-pressed="true"' not in _part_or_none(other.get(page, mode))
        for file in ("/own/changes.csv", "/own/changes.xlsx"):
            assert b"more than 6" not in other.get(file).content
    assert not AuditEvent.objects.filter(details__icontains="more").exists()
    assert 'aria-pressed="true"' in _part(practitioner.get(page))


def _part_or_none(response) -> str:
    return _part(response) if 'id="change-time"' in response.content.decode() else ""


def test_what_five_said_is_shown_with_how_many(cast, client_of, practitioner, change, page):
    last_week = week_of(timezone.localdate()) - timedelta(weeks=1)
    for count in range(5):
        words = _words(_part(practitioner.get(page)))
        assert words.startswith("Time back Too few answers to show yet")
        factories.TimeBackFactory(
            change=change, week=last_week, gives_back="3 to 6", costs="under 1"
        )
        assert change.time_back.count() == count + 1
    words = _words(_part(practitioner.get(page)))
    assert words.startswith(
        "Time back About 2 to 6 hours a week for the team, net , from what five people said in the"
        " last four weeks. A week, it gives back 3 to 6 hours and takes up to 1 hour."
    )
    # Whoever runs the programme reads it, and is not asked: it is not their time.
    crescendo = client_of(cast.crescendo)
    assert "adder-time" not in _part(crescendo.get(page))
    response = crescendo.post(f"{page}time-back/", {"costs": "none"})
    assert told(follow(crescendo, response))[-1].startswith("Only people who work here")
    assert change.time_back.count() == 5


def test_an_idea_gives_nobody_time_yet(cast, practitioner, page):
    SmallChange.objects.update(status="proposed")
    assert 'id="change-time"' not in practitioner.get(page).content.decode()
    reading = TimeBackReading(SmallChange(status="proposed"), cast.practitioner.memberships.get())
    assert reading.is_asked is False


def test_outsiders_say_nothing_here(practitioner, outsider, page, other_change):
    theirs = f"/own/changes/{other_change.pk}/"
    for place in ("time-back/", "time-back/take-back/"):
        assert outsider.post(f"{page}{place}", {"costs": "none"}).status_code == 404
        assert practitioner.post(f"{theirs}{place}", {"costs": "none"}).status_code == 404
    assert TimeBack.objects.count() == 0
