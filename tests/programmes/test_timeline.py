"""The timeline: laid out from the launch, moved by people, and shown."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from programmes.actions import places
from programmes.actions import timeline as actions
from programmes.models import AuditEvent, Milestone
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo
from tests.at_once import while_waiting

Kind = Milestone.Kind
# A Thursday.
LAUNCH = date(2026, 10, 1)
# Weeks after the launch, by title, in the programme's model with a pod every four weeks.
MODEL = {
    "Launch": 0,
    "Ambition workshop: values and their opposite": 2,
    "Ambition workshop: vision and barriers": 4,
    "Small changes workshop 1: Mission": 6,
    "Small changes workshop 2: Develop": 8,
    "Small changes workshop 3: Influence": 10,
    "Learning pod 1": 14,
    "Learning pod 2": 18,
    "Learning pod 3": 22,
    "Learning pod 4": 26,
    "Sensemaking": 28,
    "Blueprint co-design": 32,
    "Celebration": 36,
}


@pytest.fixture
def programme(cast):
    """One with a timeline, laid out from its launch."""
    return _start(cast.programme, LAUNCH, by=cast.facilitator)


def _start(programme, day: date | None, *, every: int = 4, by):
    programme.starts_on, programme.pod_every_weeks = day, every
    programme.save()
    actions.lay_out(programme=programme, by=by)
    return programme


def _days(programme) -> dict[str, date]:
    return {str(row): row.on for row in programme.milestones.all()}


def _pod(programme, number: int) -> Milestone:
    return programme.milestones.get(kind=Kind.POD, number=number)


def _move(row, on: date, place: str = "", *, cast) -> bool:
    return actions.move(milestone=row, on=on, place=place, by=cast.facilitator)


def _events() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def _at(monkeypatch, moment: datetime) -> None:
    """It is this moment for whoever asks Django."""
    monkeypatch.setattr(timezone, "now", lambda: moment)


# --- laid out


def test_it_is_laid_out_from_the_launch_in_whole_weeks(programme):
    assert _days(programme) == {
        title: LAUNCH + timedelta(weeks=weeks) for title, weeks in MODEL.items()
    }
    assert _events() == ["timeline laid out"]


@pytest.mark.parametrize(
    ("every", "pods"), [(1, 16), (2, 8), (3, 5), (4, 4), (5, 3), (8, 2), (9, 1), (16, 1)]
)
def test_pods_fit_in_sixteen_weeks_and_never_share_a_day(cast, every, pods):
    programme = _start(cast.programme, LAUNCH, every=every, by=cast.facilitator)
    days = list(_days(programme).values())
    assert (programme.milestones.filter(kind=Kind.POD).count(), len(days)) == (pods, 9 + pods)
    assert days == sorted(set(days))
    assert {day.isoweekday() for day in days} == {LAUNCH.isoweekday()}


@pytest.mark.parametrize(
    ("launch", "first_pod"),
    [
        # Pods on either side of the clocks going back, and of them going forward.
        (date(2026, 7, 19), date(2026, 10, 25)),
        (date(2026, 12, 20), date(2027, 3, 28)),
        # From a leap day, and on one.
        (date(2028, 2, 29), date(2028, 6, 6)),
        (date(2027, 11, 23), date(2028, 2, 29)),
        # Over the turn of the year.
        (date(2026, 12, 31), date(2027, 4, 8)),
    ],
)
def test_a_week_is_seven_days_whatever_the_calendar_does(cast, launch, first_pod):
    programme = _start(cast.programme, launch, by=cast.facilitator)
    assert _pod(programme, 1).on == first_pod
    assert {day.isoweekday() for day in _days(programme).values()} == {launch.isoweekday()}


def test_laid_out_again_nothing_changes_and_nothing_is_told(cast, programme):
    before = list(programme.milestones.values())
    actions.lay_out(programme=programme, by=cast.facilitator)
    assert (list(programme.milestones.values()), _events()) == (before, ["timeline laid out"])


def test_a_new_start_moves_all_but_what_people_moved(cast, programme):
    _move(_pod(programme, 2), date(2027, 2, 6), cast=cast)
    _start(programme, LAUNCH + timedelta(weeks=1), by=cast.facilitator)
    later = {title: LAUNCH + timedelta(weeks=weeks + 1) for title, weeks in MODEL.items()}
    assert _days(programme) == later | {"Learning pod 2": date(2027, 2, 6)}
    assert _pod(programme, 2).laid_out_on == later["Learning pod 2"]


def test_a_new_rhythm_drops_pods_unless_they_have_a_day_or_a_place_of_their_own(cast, programme):
    _move(_pod(programme, 4), date(2027, 4, 2), cast=cast)
    _move(_pod(programme, 3), _pod(programme, 3).on, "The library", cast=cast)
    _start(programme, LAUNCH, every=8, by=cast.facilitator)
    pods = {title: on for title, on in _days(programme).items() if title.startswith("Learning")}
    assert pods == {
        "Learning pod 1": LAUNCH + timedelta(weeks=18),
        "Learning pod 2": LAUNCH + timedelta(weeks=26),
        "Learning pod 3": LAUNCH + timedelta(weeks=34),
        "Learning pod 4": date(2027, 4, 2),
    }


def test_without_a_start_only_what_people_moved_is_left(cast, programme):
    _move(_pod(programme, 1), date(2027, 1, 9), "Town Hall", cast=cast)
    _start(programme, None, by=cast.facilitator)
    assert _days(programme) == {"Learning pod 1": date(2027, 1, 9)}
    assert actions.put_back(milestone=_pod(programme, 1), by=cast.facilitator) is False
    assert _days(programme) == {"Learning pod 1": date(2027, 1, 9)}


def test_changing_the_programme_lays_its_timeline_out(cast):
    row = cast.programme
    fields = {"service": row.service, "starts_on": LAUNCH, "pod_every_weeks": 4}
    places.change_programme(programme=row, version=1, by=cast.facilitator, **fields)
    assert len(_days(row)) == len(MODEL)
    assert _events() == ["programme changed", "timeline laid out"]


@pytest.mark.django_db(transaction=True)
def test_laid_out_twice_at_once_no_date_is_there_twice(cast):
    cast.programme.starts_on = LAUNCH
    cast.programme.save()

    def lay_out():
        return len(actions.lay_out(programme=cast.programme, by=cast.facilitator))

    assert while_waiting(lay_out, lay_out) == (13, 13)
    assert (len(_days(cast.programme)), _events()) == (13, ["timeline laid out"])


@pytest.mark.django_db(transaction=True)
def test_a_pod_that_gets_a_day_of_its_own_while_the_rhythm_changes_stays(cast, programme):
    pod = _pod(programme, 4)

    def move():
        return _move(pod, date(2027, 4, 2), cast=cast)

    def change():
        _start(programme, LAUNCH, every=8, by=cast.manager)

    assert while_waiting(move, change) == (True, None)
    assert _pod(programme, 4).on == date(2027, 4, 2)
    assert programme.milestones.filter(kind=Kind.POD).count() == 3


# --- moved by people


def test_move_and_undo(cast, programme, facilitator):
    pod = _pod(programme, 1)
    address = f"/own/timeline/{pod.pk}/move/"
    form = facilitator.get(address).context["form"]
    assert form.initial == {"on": pod.on, "place": ""}
    data = {"on": "2027-01-09", "place": "Town Hall & annexe"}
    answer = facilitator.post(address, data)
    assert answer["Location"] == "/own/timeline/"
    page = follow(facilitator, answer)
    assert told(page) == ["Learning pod 1 is on Saturday 9 January 2027 now."]
    pod.refresh_from_db()
    assert (pod.on, pod.place) == (date(2027, 1, 9), "Town Hall & annexe")
    page = follow(facilitator, undo(facilitator, page))
    assert told(page) == ["Learning pod 1 is back on Thursday 7 January 2027."]
    pod.refresh_from_db()
    assert (pod.on, pod.moved_to, pod.place) == (date(2027, 1, 7), None, "")
    assert _events() == ["timeline laid out", "date moved", "date moved"]


def test_undo_of_a_second_move_leads_to_the_first(programme, facilitator):
    pod = _pod(programme, 1)
    for day, place in (("2027-01-08", "Library"), ("2027-01-09", "Town Hall")):
        data = {"on": day, "place": place}
        answer = facilitator.post(f"/own/timeline/{pod.pk}/move/", data, headers=HTMX)
        assert answer["HX-Redirect"] == "/own/timeline/"
        page = follow(facilitator, answer)
    undo(facilitator, page)
    pod.refresh_from_db()
    assert (pod.on, pod.place) == (date(2027, 1, 8), "Library")


@pytest.mark.parametrize("day", ["2027-01-09", "9/1/2027", "9 January 2027"])
def test_a_day_is_taken_as_people_write_it(cast, programme, facilitator, day):
    pod = _pod(programme, 1)
    facilitator.post(f"/own/timeline/{pod.pk}/move/", {"on": day, "place": ""})
    pod.refresh_from_db()
    assert pod.on == date(2027, 1, 9)


@pytest.mark.parametrize(
    ("day", "error"),
    [
        ("", "Choose a day"),
        ("2027-02-30", "Write the day as in 3 December 2026, or 03/12/2026."),
        ("1999-12-31", "Have a look at the year: that’s long ago"),
        ("2100-01-01", "Have a look at the year: that’s far away"),
    ],
)
def test_a_day_that_is_none_is_asked_for_again(cast, programme, facilitator, day, error):
    pod = _pod(programme, 1)
    page = facilitator.post(f"/own/timeline/{pod.pk}/move/", {"on": day, "place": "Town Hall"})
    assert (page.status_code, errors(page)) == (200, {"on": [error]})
    assert (page.context["form"]["on"].value(), page.context["form"]["place"].value()) == (
        day,
        "Town Hall",
    )
    pod.refresh_from_db()
    assert (pod.on, pod.place) == (date(2027, 1, 7), "")


def test_moved_to_where_it_is_nothing_happens(cast, programme, facilitator):
    pod = _pod(programme, 1)
    data = {"on": pod.on.isoformat(), "place": ""}
    page = follow(facilitator, facilitator.post(f"/own/timeline/{pod.pk}/move/", data))
    assert (told(page), _events()) == ([], ["timeline laid out"])


def test_back_to_plan_and_undo(cast, programme, facilitator):
    pod = _pod(programme, 1)
    _move(pod, date(2027, 1, 9), "Town Hall", cast=cast)
    answer = facilitator.post(f"/own/timeline/{pod.pk}/put-back/")
    page = follow(facilitator, answer)
    assert told(page) == ["Learning pod 1 is back to plan: Thursday 7 January 2027."]
    pod.refresh_from_db()
    assert (pod.on, pod.place) == (date(2027, 1, 7), "Town Hall")
    page = follow(facilitator, undo(facilitator, page))
    pod.refresh_from_db()
    assert (pod.on, pod.place) == (date(2027, 1, 9), "Town Hall")
    assert _events()[1:] == ["date moved", "date put back", "date moved"]


def test_back_to_plan_where_it_follows_the_plan_changes_nothing(programme, facilitator):
    pod = _pod(programme, 1)
    page = follow(facilitator, facilitator.post(f"/own/timeline/{pod.pk}/put-back/"))
    assert (told(page), _events()) == ([], ["timeline laid out"])


def test_a_pod_that_the_rhythm_has_no_place_for_can_go_and_come_back(cast, programme, facilitator):
    pod = _pod(programme, 4)
    _move(pod, date(2027, 4, 2), "Town Hall", cast=cast)
    _start(programme, LAUNCH, every=8, by=cast.facilitator)
    page = follow(facilitator, facilitator.post(f"/own/timeline/{pod.pk}/put-back/"))
    assert (told(page), programme.milestones.filter(number=4).exists()) == (
        ["Learning pod 4 is off the timeline."],
        False,
    )
    button = undo(facilitator, page)
    assert told(follow(facilitator, button)) == ["Learning pod 4 is back on Friday 2 April 2027."]
    back = _pod(programme, 4)
    assert (back.on, back.place) == (date(2027, 4, 2), "Town Hall")
    assert _events()[-2:] == ["pod dropped", "pod kept"]
    facilitator.post("/own/timeline/pods/4/keep/?on=2027-05-05&place=")
    assert (_pod(programme, 4), _events()[-1]) == (back, "pod kept")


@pytest.mark.django_db(transaction=True)
def test_a_pod_that_two_bring_back_at_once_is_there_once(cast, programme):
    _start(programme, LAUNCH, every=16, by=cast.facilitator)

    def keep():
        return actions.keep_pod(
            programme=programme, number=2, on=date(2027, 4, 2), place="", by=cast.facilitator
        ).number

    assert while_waiting(keep, keep) == (2, 2)
    assert programme.milestones.filter(kind=Kind.POD, number=2).count() == 1


@pytest.mark.parametrize("query", ["", "?on=&place=", "?on=soon&place=", "?place=Town+Hall"])
def test_an_undo_that_names_no_day_is_refused(cast, programme, facilitator, query):
    pod = _pod(programme, 1)
    for address in (f"{pod.pk}/move-back/", "pods/4/keep/"):
        assert facilitator.post(f"/own/timeline/{address}{query}").status_code == 400
    assert _events() == ["timeline laid out"]


@pytest.mark.parametrize("number", [0, 17])
def test_a_pod_has_a_number_that_a_rhythm_could_give_it(programme, facilitator, number):
    answer = facilitator.post(f"/own/timeline/pods/{number}/keep/?on=2027-04-02")
    assert answer.status_code == 400


# --- who may

ADDRESSES = {
    "{pk}/move/": 200,
    "{pk}/move-back/?on=2027-01-09": 405,
    "{pk}/put-back/": 405,
    "pods/4/keep/?on=2027-01-09": 405,
}


@pytest.mark.parametrize(("address", "by_get"), ADDRESSES.items())
def test_moving_is_for_those_who_may_and_by_post(cast, client_of, programme, address, by_get):
    address = "/own/timeline/" + address.format(pk=_pod(programme, 1).pk)
    statuses = {
        who: client_of(getattr(cast, who)).post(address).status_code
        for who in ("practitioner", "manager", "outsider")
    }
    assert statuses == {"practitioner": 403, "manager": 403, "outsider": 404}
    assert client_of(cast.facilitator).get(address).status_code == by_get
    assert _events() == ["timeline laid out"]


def test_a_date_of_another_authority_is_not_found(cast, facilitator):
    foreign = factories.MilestoneFactory(programme=cast.other_programme)
    for pk in (foreign.pk, uuid4()):
        for address in ("move/", "move-back/?on=2027-01-09", "put-back/"):
            assert facilitator.post(f"/own/timeline/{pk}/{address}").status_code == 404


def test_without_a_programme_no_pod_comes_back(cast, facilitator):
    cast.programme.delete()
    assert facilitator.post("/own/timeline/pods/4/keep/?on=2027-01-09").status_code == 404


# --- shown


def _stops(client) -> list[tuple]:
    """Each date as the page shows it: its title, and what is said of it."""
    said = ("is_past", "is_next", "is_extra", "was_moved")
    return [
        (str(stop.milestone), *(word for word in said if getattr(stop, word)))
        for stop in client.get("/own/timeline/").context["stops"]
    ]


def test_what_is_past_what_is_next_and_what_was_moved(cast, programme, client_of, monkeypatch):
    _move(_pod(programme, 1), date(2026, 12, 10), cast=cast)
    _move(_pod(programme, 4), date(2027, 4, 2), cast=cast)
    _start(programme, LAUNCH, every=8, by=cast.facilitator)
    _at(monkeypatch, datetime(2026, 12, 11, 12, tzinfo=UTC))
    assert _stops(client_of(cast.facilitator)) == [
        ("Launch", "is_past"),
        ("Ambition workshop: values and their opposite", "is_past"),
        ("Ambition workshop: vision and barriers", "is_past"),
        ("Small changes workshop 1: Mission", "is_past"),
        ("Small changes workshop 2: Develop", "is_past"),
        ("Small changes workshop 3: Influence", "is_past"),
        ("Learning pod 1", "is_past", "was_moved"),
        ("Learning pod 2", "is_next"),
        ("Learning pod 4", "is_extra"),
        ("Sensemaking",),
        ("Blueprint co-design",),
        ("Celebration",),
    ]


def test_the_page_begins_with_what_comes_next_or_says_that_all_is_past(
    cast, programme, client_of, monkeypatch
):
    coming = []
    for moment in (datetime(2026, 10, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)):
        _at(monkeypatch, moment)
        coming.append(client_of(cast.manager).get("/own/timeline/").context["coming"])
    assert coming == [programme.milestones.get(kind=Kind.LAUNCH), None]


@pytest.mark.parametrize(
    ("moment", "upcoming"),
    [
        # In summer time the day in London begins an hour before it does in UTC.
        (
            datetime(2026, 10, 15, 22, 59, tzinfo=UTC),
            "Ambition workshop: values and their opposite",
        ),
        (datetime(2026, 10, 15, 23, 0, tzinfo=UTC), "Ambition workshop: vision and barriers"),
        # After the clocks went back, on 25 October 2026, it does not.
        (datetime(2026, 10, 29, 23, 59, tzinfo=UTC), "Ambition workshop: vision and barriers"),
        (datetime(2026, 10, 30, 0, 0, tzinfo=UTC), "Small changes workshop 1: Mission"),
        # And forward again on 28 March 2027.
        (datetime(2027, 4, 15, 22, 59, tzinfo=UTC), "Sensemaking"),
        (datetime(2027, 4, 15, 23, 0, tzinfo=UTC), "Blueprint co-design"),
    ],
)
def test_today_is_the_day_in_london(cast, programme, client_of, monkeypatch, moment, upcoming):
    _at(monkeypatch, moment)
    coming = [title for title, *said in _stops(client_of(cast.manager)) if "is_next" in said]
    assert coming == [upcoming]


def test_each_date_is_written_with_its_weekday_and_what_it_is_for(cast, programme, client_of):
    _move(_pod(programme, 1), date(2026, 12, 10), "Town Hall", cast=cast)
    text = client_of(cast.practitioner).get("/own/timeline/").content.decode()
    days = re.findall(r'<time datetime="([\d-]+)"><b>(.*?)</b><span>(.*?)</span>', text)
    assert days[:2] == [
        ("2026-10-01", "1 October 2026", "Thursday"),
        ("2026-10-15", "15 October 2026", "Thursday"),
    ]
    assert re.findall(r"Moved\. .*?\.", text) == [
        "Moved. The plan had it on Thursday 7 January 2027."
    ]
    assert re.findall(r"Where:</span> (.*?)<", text) == ["Town Hall"]
    assert len(re.findall(r'<p class="muted date__about">[^<]+</p>', text)) == len(MODEL)
    # Who may not move dates gets no buttons.
    assert re.findall(r'<form[^>]*method="post"|/move/', text) == []


def test_a_moved_date_that_the_plan_catches_up_with_is_not_called_moved(
    cast, programme, facilitator
):
    _move(_pod(programme, 1), date(2027, 1, 14), cast=cast)
    _start(programme, LAUNCH + timedelta(weeks=1), by=cast.facilitator)
    pod = _pod(programme, 1)
    assert (pod.on, pod.laid_out_on, pod.moved_to) == (date(2027, 1, 14),) * 3
    assert [stop for stop in _stops(facilitator) if "was_moved" in stop] == []


@pytest.mark.parametrize(("who", "can_begin"), [("facilitator", True), ("practitioner", False)])
@pytest.mark.parametrize("has_programme", [True, False])
def test_before_a_launch_the_page_says_what_comes_first(
    cast, client_of, who, can_begin, has_programme
):
    if has_programme:
        cast.programme.starts_on = None
        cast.programme.save()
    else:
        cast.programme.delete()
    page = client_of(getattr(cast, who)).get("/own/timeline/")
    assert (page.context["stops"], page.context["can_begin"]) == ([], can_begin)
    links = re.findall(r'<main.*?href="(/own/programme/|/own/)"', page.content.decode(), re.S)
    assert links == ["/own/programme/" if can_begin else "/own/"]


def test_everybody_of_the_authority_reads_it_and_nobody_else(cast, client_of, programme):
    factories.MilestoneFactory(programme=cast.other_programme, place="Elsewhere")
    assert len(_stops(client_of(cast.manager))) == len(MODEL)
    assert client_of(cast.outsider).get("/own/timeline/").status_code == 404
    assert _stops_of_other(client_of(cast.outsider)) == ["Elsewhere"]


def _stops_of_other(client) -> list[str]:
    stops = client.get("/other/timeline/").context["stops"]
    return [stop.milestone.place for stop in stops]


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_grow(cast, facilitator, django_assert_num_queries, rows):
    for number in range(rows):
        factories.MilestoneFactory(programme=cast.programme, kind=Kind.POD, number=number + 1)
    with django_assert_num_queries(5):
        facilitator.get("/own/timeline/")
