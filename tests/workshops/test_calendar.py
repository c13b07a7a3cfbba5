"""Calendar files: what a calendar reads in them."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from tests import factories
from workshops.agenda import agenda_of, in_hours, kept_free
from workshops.calendar import CANCEL, PUBLISH, REQUEST, event_of

# 09:30 in London, in summer time.
SUMMER = datetime(2026, 7, 2, 8, 30, tzinfo=UTC)
WINTER = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
LINK = "https://crescendo.example/own/workshops/1/"


@pytest.fixture
def workshop(cast):
    return factories.WorkshopFactory(
        programme=cast.programme, title="Mission", starts_at=SUMMER, place="Room 4; Town Hall"
    )


def _read(workshop, method=REQUEST, **more):
    text = event_of(workshop, method=method, link=LINK, length=kept_free(workshop), **more)
    calendar = Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_an_invitation_says_when_and_where(workshop):
    factories.ActivityFactory(workshop=workshop, minutes=50)
    factories.ActivityFactory(workshop=workshop, minutes=40)
    factories.ActivityFactory(workshop=workshop, minutes=30, is_skipped=True)
    calendar, event = _read(workshop, to="sam@own.example")
    assert (str(calendar["method"]), str(event["status"])) == ("REQUEST", "CONFIRMED")
    assert (event["dtstart"].dt, event["dtend"].dt) == (SUMMER, SUMMER + timedelta(minutes=90))
    assert str(event["summary"]) == "Mission (Own Borough)"
    assert (str(event["location"]), str(event["url"])) == ("Room 4; Town Hall", LINK)
    assert (str(event["attendee"]), str(event["uid"])) == (
        "mailto:sam@own.example",
        f"{workshop.pk}@workshops.crescendo",
    )


def test_times_are_in_utc_summer_and_winter(workshop):
    def stands() -> list[str]:
        text = event_of(workshop, method=PUBLISH, link=LINK, length=timedelta(hours=1))
        return [line for line in text.splitlines() if line.startswith("DT") and "STAMP" not in line]

    assert stands() == ["DTSTART:20260702T083000Z", "DTEND:20260702T093000Z"]
    workshop.starts_at = WINTER
    assert stands() == ["DTSTART:20261203T093000Z", "DTEND:20261203T103000Z"]


def test_news_has_the_same_id_and_a_higher_number(workshop):
    _, first = _read(workshop)
    workshop.invitation_number = 3
    workshop.starts_at = WINTER
    _, second = _read(workshop)
    assert (first["uid"], first["sequence"], second["sequence"]) == (second["uid"], 0, 3)


def test_called_off_it_names_the_day_that_it_was_on(workshop):
    workshop.starts_at = None
    calendar, event = _read(workshop, CANCEL, starts_at=WINTER)
    assert (str(calendar["method"]), str(event["status"])) == ("CANCEL", "CANCELLED")
    assert event["dtstart"].dt == WINTER
    with pytest.raises(ValueError, match="needs a day"):
        _read(workshop)


def test_ones_own_copy_invites_nobody(workshop):
    calendar, event = _read(workshop, PUBLISH)
    assert (str(calendar["method"]), "attendee" in event) == ("PUBLISH", False)


def test_words_cannot_break_out_of_their_line(workshop):
    workshop.title = "Mission\r\nATTENDEE:mailto:evil@own.example, \\; " + "ö" * 60
    _, event = _read(workshop)
    assert "attendee" not in event
    assert str(event["summary"]).endswith("ö (Own Borough)")
    text = event_of(workshop, method=REQUEST, link=LINK, length=timedelta(hours=1))
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_a_plan_without_blocks_keeps_an_hour_free(workshop):
    assert (kept_free(workshop), agenda_of(workshop).minutes) == (timedelta(hours=1), 0)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (20, "20 minutes"),
        (60, "1 hour"),
        (105, "1 hour 45 minutes"),
        (121, "2 hours 1 minute"),
    ],
)
def test_a_length_in_words(minutes, words):
    assert in_hours(minutes) == words
