"""The address that a member's own calendar reads: dates alone, and only while they take part."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from programmes.actions import timeline
from programmes.models import Milestone
from tests import factories
from tests.answers import follow, told
from workshops.actions import calendars, planning
from workshops.calendar import dates_of, key_of
from workshops.models import CalendarFeed

DAY = date(2026, 7, 2)
# 09:30 in London, in summer time.
SUMMER = datetime(2026, 7, 2, 8, 30, tzinfo=UTC)


@pytest.fixture
def feed(cast):
    membership = cast.authority.memberships.get(user=cast.practitioner)
    return calendars.renew(membership=membership, by=cast.practitioner)


def _ask(feed, authority="own", **headers):
    """As a calendar program asks: without a session."""
    return Client().get(f"/{authority}/calendar.ics", {"key": key_of(feed)}, headers=headers)


def _events(text: str) -> list:
    calendar = Calendar.from_ical(text)
    assert calendar.errors == []
    events = calendar.walk("VEVENT")
    assert [one.errors for one in events] == [[] for _ in events]
    return events


def _date(cast, on=DAY, number=1, **more):
    return factories.MilestoneFactory(
        programme=cast.programme, kind=Milestone.Kind.POD, number=number, laid_out_on=on, **more
    )


def test_it_holds_the_dates_and_nothing_else(cast, feed):
    pod = _date(cast, place="Town Hall; room 4")
    planned = _date(cast, number=2, on=DAY + timedelta(weeks=4))
    workshop = factories.WorkshopFactory(
        programme=cast.programme, title="Pod, with us", starts_at=SUMMER, milestone=planned
    )
    factories.ActivityFactory(workshop=workshop, minutes=50, say="Say nothing", prompt="Canary")
    factories.ActivityFactory(workshop=workshop, minutes=50, if_time=True)
    factories.WorkshopFactory(programme=cast.programme, title="Without a day")
    factories.WorkshopFactory(programme=cast.other_programme, title="Foreign", starts_at=SUMMER)
    factories.MilestoneFactory(programme=cast.other_programme)
    answer = _ask(feed)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    workshops, dates = _events(answer.content.decode())
    assert (str(workshops["summary"]), workshops["dtstart"].dt, workshops["dtend"].dt) == (
        "Pod, with us (Own Borough)",
        SUMMER,
        SUMMER + timedelta(minutes=50),
    )
    assert str(workshops["uid"]) == f"{workshop.pk}@workshops.crescendo"
    assert (str(dates["summary"]), dates["dtstart"].dt, str(dates["location"])) == (
        "Learning pod 1 (Own Borough)",
        DAY,
        "Town Hall; room 4",
    )
    assert str(dates["uid"]) == f"{pod.pk}@dates.crescendo"
    for words in ("Say nothing", "Canary", "Foreign", "Without a day"):
        assert words not in answer.content.decode()


def test_a_date_that_moves_keeps_its_id_with_a_higher_number(cast, feed):
    pod = _date(cast)
    [before] = _events(dates_of(cast.authority))
    timeline.move(milestone=pod, on=DAY + timedelta(days=1), place="", by=cast.facilitator)
    [moved] = _events(dates_of(cast.authority))
    timeline.put_back(milestone=pod, by=cast.facilitator)
    [back] = _events(dates_of(cast.authority))
    assert before["uid"] == moved["uid"] == back["uid"]
    assert before["sequence"] < moved["sequence"] < back["sequence"]
    assert moved["dtstart"].dt == DAY + timedelta(days=1)
    row = planning.plan_date(milestone=pod, pk=pod.pk, by=cast.facilitator)
    [planned] = _events(dates_of(cast.authority))
    assert str(planned["uid"]) == f"{row.pk}@workshops.crescendo"


def test_it_opens_for_nobody_else(cast, feed, client_of):
    assert _ask(feed).status_code == 200
    assert _ask(feed, "other").status_code == 404
    for key in ("", "no", key_of(feed) + "x", feed.secret.hex):
        assert Client().get("/own/calendar.ics", {"key": key}).status_code == 404
    # Nor by a session alone.
    assert client_of(cast.practitioner).get("/own/calendar.ics").status_code == 404


def test_it_ends_with_the_membership(cast, feed):
    membership = feed.membership
    membership.ended_at = timezone.now()
    membership.save()
    assert _ask(feed).status_code == 404
    membership.ended_at = None
    membership.save()
    assert _ask(feed).status_code == 200
    cast.practitioner.is_active = False
    cast.practitioner.save()
    assert _ask(feed).status_code == 404


def test_what_has_not_changed_is_not_sent_again(cast, feed):
    pod = _date(cast)
    first = _ask(feed)
    again = _ask(feed, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "private" in first["Cache-Control"]
    timeline.move(milestone=pod, on=DAY + timedelta(days=1), place="", by=cast.facilitator)
    assert _ask(feed, **{"If-None-Match": first["ETag"]}).status_code == 200


def test_it_is_made_renewed_and_stopped_on_its_page(cast, client_of):
    member, page = client_of(cast.manager), "/own/timeline/calendar/"
    assert "You have no address yet." in member.get(page).content.decode()
    response = member.post(f"{page}renew/")
    assert told(follow(member, response)) == ["Here’s your address. It’s yours alone."]
    first = CalendarFeed.objects.get()
    assert key_of(first) in member.get(page).content.decode()
    assert _ask(first).status_code == 200
    member.post(f"{page}renew/")
    second = CalendarFeed.objects.get()
    assert (_ask(first).status_code, _ask(second).status_code) == (404, 200)
    response = member.post(f"{page}stop/")
    assert told(follow(member, response))[-1:] == [
        "Stopped. Your calendar gets no more dates from us."
    ]
    assert _ask(second).status_code == 404
    member.post(f"{page}stop/")
    # Somebody of the Crescendo team who takes no part has none.
    crescendo = client_of(cast.crescendo)
    assert "for people who take part here" in crescendo.get(page).content.decode()
    for name in ("renew", "stop"):
        assert crescendo.post(f"{page}{name}/").status_code == 302
    assert not CalendarFeed.objects.exists()


def test_many_dates_are_read_in_as_few_statements(cast, feed, django_assert_num_queries):
    for number in (1, 2):
        if number == 2:
            for more in (2, 3):
                _date(cast, number=more)
                factories.WorkshopFactory(programme=cast.programme, starts_at=SUMMER)
        else:
            _date(cast)
            factories.WorkshopFactory(programme=cast.programme, starts_at=SUMMER)
        with django_assert_num_queries(6):
            assert _ask(feed).status_code == 200
