"""The list of workshops, and planning one: its title, day, place and helpers."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from icalendar import Calendar

from programmes.models import AuditEvent, Milestone
from tests import factories
from tests.answers import HTMX, errors, follow, told
from tests.at_once import while_waiting
from workshops.actions import planning
from workshops.models import Workshop

LIST = "/own/workshops/"
ADD = f"{LIST}add/"
PK = UUID(int=7)
# 09:30 in London.
START = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
SENT = {"title": "Mission", "starts_at": "2026-12-03T09:30", "place": "Town Hall"}


@pytest.fixture
def facilitator(cast, client_of):
    return client_of(cast.facilitator)


@pytest.fixture
def practitioner(cast, client_of):
    return client_of(cast.practitioner)


@pytest.fixture
def template(db):
    made = factories.TemplateFactory(
        key="mission", kind="mission", title="From barriers", about="A"
    )
    for number, minutes in enumerate((10, 35)):
        factories.TemplateBlockFactory(
            template=made,
            title=f"Block {number}",
            minutes=minutes,
            say="Say this",
            columns=["What stops us"],
            candour="anonymous",
            position=number,
        )
    return made


@pytest.fixture
def workshop(cast):
    return factories.WorkshopFactory(
        programme=cast.programme, title="Mission", kind="mission", starts_at=START, place="Library"
    )


def _date(cast, days: int = 30, **more) -> Milestone:
    on = timezone.localdate() + timedelta(days=days)
    return factories.MilestoneFactory(
        **{"programme": cast.programme, "kind": "mission", "laid_out_on": on} | more
    )


def _page(workshop, rest: str = "") -> str:
    return f"{LIST}{workshop.pk}/{rest}"


# --- the list


def test_the_list_has_what_comes_and_what_has_been(cast, facilitator, workshop):
    now = timezone.now()
    workshop.starts_at = now + timedelta(days=20)
    workshop.save()
    undated = factories.WorkshopFactory(programme=cast.programme)
    older = factories.WorkshopFactory(programme=cast.programme, ended_at=now - timedelta(days=9))
    newer = factories.WorkshopFactory(programme=cast.programme, ended_at=now)
    unplanned = _date(cast, 10)
    _date(cast, -10, kind="values")
    _date(cast, 12, kind="develop").workshops.add(workshop)
    context = facilitator.get(LIST).context
    coming = [one.workshop or one.milestone for one in context["coming"]]
    assert (coming, context["been"]) == ([unplanned, workshop, undated], [newer, older])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_many(
    cast, facilitator, practitioner, django_assert_num_queries, rows
):
    for number in range(rows):
        factories.WorkshopFactory(programme=cast.programme, starts_at=START)
        factories.WorkshopFactory(programme=cast.programme, ended_at=timezone.now())
        _date(cast, 10, kind="pod", number=number + 1)
    for client in (facilitator, practitioner):
        with django_assert_num_queries(6):
            client.get(LIST)


def test_what_is_open_comes_first_and_what_has_been_says_what_came_out(cast, practitioner):
    soon = timezone.now() + timedelta(days=1)
    planned = factories.WorkshopFactory(programme=cast.programme, starts_at=soon)
    is_open = factories.WorkshopFactory(programme=cast.programme, is_open=True)
    been = factories.WorkshopFactory(programme=cast.programme, ended_at=timezone.now())
    page = practitioner.get("/own/workshops/")
    assert [one.workshop for one in page.context["coming"]] == [is_open, planned]
    assert f'href="/own/workshops/{been.pk}/summary/"' in page.content.decode()


def test_before_there_is_one_it_says_what_will_be_here(cast, facilitator, practitioner):
    assert f'href="{ADD}"' in facilitator.get(LIST).content.decode()
    page = practitioner.get(LIST).content.decode()
    assert ("Nothing is planned at the moment" in page, ADD in page) == (True, False)
    cast.programme.delete()
    page = facilitator.get(LIST).content.decode()
    assert ("hasn’t begun here yet" in page, ADD in page) == (True, False)
    assert facilitator.get(ADD).status_code == 404


def test_who_reads_it_is_offered_nothing_to_plan(cast, practitioner, workshop):
    unplanned = _date(cast)
    page = practitioner.get(LIST).content.decode()
    assert (unplanned.title in page, "Plan it" in page, ADD in page) == (True, False, False)


def test_another_authoritys_workshops_are_not_in_it(cast, facilitator):
    factories.WorkshopFactory(programme=cast.other_programme, title="Theirs")
    factories.MilestoneFactory(programme=cast.other_programme, kind="launch")
    assert facilitator.get(LIST).context["coming"] == []


# --- one tap from the timeline


def test_a_date_becomes_a_workshop_from_its_ready_made_session(cast, facilitator, template):
    milestone = _date(cast, place="Town Hall")
    response = facilitator.post(f"{LIST}dates/{milestone.pk}/plan/")
    made = Workshop.objects.get()
    assert response["Location"] == _page(made)
    assert (made.title, made.kind, made.place) == (milestone.title, "mission", "Town Hall")
    assert (made.template, made.milestone, made.created_by) == (
        template,
        milestone,
        cast.facilitator,
    )
    start = timezone.localtime(made.starts_at)
    assert (start.date(), start.hour) == (milestone.on, 10)
    blocks = made.activities.order_by("position")
    assert [(one.title, one.minutes, one.candour) for one in blocks] == [
        ("Block 0", 10, "anonymous"),
        ("Block 1", 35, "anonymous"),
    ]
    assert [(one.say, one.columns) for one in blocks] == [("Say this", ["What stops us"])] * 2
    assert told(follow(facilitator, response)) == [f"Here’s a plan to start from: {made.title}"]


def test_a_date_is_planned_once_however_often_somebody_taps(cast, facilitator, template):
    milestone = _date(cast)
    timeline = "/own/timeline/"
    assert "Plan it" in facilitator.get(timeline).content.decode()
    addresses = {
        facilitator.post(f"{LIST}dates/{milestone.pk}/plan/")["Location"] for _ in range(2)
    }
    assert addresses == {_page(Workshop.objects.get())}
    page = facilitator.get(timeline).content.decode()
    assert ("See the plan" in page, "Plan it" in page) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_two_who_plan_a_date_at_once_get_one_workshop(cast):
    milestone = _date(cast)

    def plan(number):
        return planning.plan_date(milestone=milestone, pk=UUID(int=number), by=cast.facilitator).pk

    first, second = while_waiting(lambda: plan(1), lambda: plan(2))
    assert (first, second, Workshop.objects.count()) == (UUID(int=1), UUID(int=1), 1)


def test_a_date_without_a_ready_made_session_gets_an_empty_plan(cast, facilitator):
    facilitator.post(f"{LIST}dates/{_date(cast).pk}/plan/")
    made = Workshop.objects.get()
    assert (made.template, made.kind, made.activities.count()) == (None, "mission", 0)


def test_a_date_is_planned_by_a_button_alone(cast, facilitator, practitioner, client_of):
    address = f"{LIST}dates/{_date(cast).pk}/plan/"
    assert facilitator.get(address).status_code == 405
    assert practitioner.post(address).status_code == 403
    assert client_of(cast.outsider).post(address).status_code == 404
    assert Workshop.objects.count() == 0


# --- from a session, or from an empty page


def test_the_sessions_to_choose_from_say_what_is_in_them(facilitator, template):
    factories.TemplateFactory(key="mission", number=2, title="Old", retired_at=timezone.now())
    page = facilitator.get(ADD)
    (ready,) = page.context["ready"]
    assert (ready.template, ready.length, len(ready.blocks)) == (template, "45 minutes", 2)
    links = re.findall(r'href="(\?from=[\w-]+)"', page.content.decode())
    assert links == ["?from=mission", "?from=empty"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_choice_asks_as_often_for_many(facilitator, django_assert_num_queries, rows):
    for _ in range(rows):
        factories.TemplateBlockFactory()
    with django_assert_num_queries(6):
        facilitator.get(ADD)


def test_a_session_brings_its_date_along(cast, facilitator, template):
    milestone = _date(cast, place="Town Hall")
    initial = facilitator.get(f"{ADD}?from=mission").context["form"].initial
    assert (initial["milestone"], initial["title"]) == (milestone.pk, milestone.title)
    assert initial["place"] == "Town Hall"
    assert timezone.localdate(initial["starts_at"]) == milestone.on


def test_a_session_that_is_not_there_is_not_found(facilitator):
    assert facilitator.get(f"{ADD}?from=nothing").status_code == 404
    assert facilitator.post(ADD, {"template": str(PK)}).status_code == 404


def test_a_form_sent_twice_makes_one_workshop(cast, facilitator, template):
    sent = SENT | {"id": PK, "template": template.pk}
    for _ in range(2):
        assert facilitator.post(ADD, sent)["Location"] == f"{LIST}{PK}/"
    made = Workshop.objects.get()
    assert (made.pk, made.kind, made.starts_at, made.place) == (PK, "mission", START, "Town Hall")
    assert (made.activities.count(), AuditEvent.objects.count()) == (2, 1)


def test_an_empty_page_has_to_say_what_it_is_for(facilitator):
    sent = SENT | {"id": PK, "kind": ""}
    response = facilitator.post(ADD, sent)
    assert errors(response) == {"kind": ["Choose what kind of session it is."]}
    assert 'value="Town Hall"' in response.content.decode()
    facilitator.post(ADD, sent | {"kind": "pod"})
    made = Workshop.objects.get()
    assert (made.kind, made.template, made.activities.count()) == ("pod", None, 0)


@pytest.mark.parametrize(
    ("moment", "problem"),
    [
        ("soon", "Write the day and the time as in 03/12/2026 10:00."),
        ("1026-12-03T09:30", "Have a look at the year: that’s long ago."),
        ("2199-12-03T09:30", "Have a look at the year: that’s far away."),
    ],
)
def test_a_moment_that_is_none_is_told_of_and_kept(facilitator, template, moment, problem):
    sent = SENT | {"id": PK, "template": template.pk, "starts_at": moment}
    response = facilitator.post(ADD, sent)
    assert errors(response) == {"starts_at": [problem]}
    assert response.context["form"]["starts_at"].value() == moment
    assert Workshop.objects.count() == 0


def test_a_workshop_takes_its_date_on_the_timeline_along(cast, facilitator, template):
    milestone = _date(cast)
    facilitator.post(ADD, SENT | {"id": PK, "template": template.pk, "milestone": milestone.pk})
    milestone.refresh_from_db()
    assert (milestone.on, milestone.place) == (date(2026, 12, 3), "Town Hall")


def test_a_date_that_has_a_workshop_or_is_elsewhere_is_not_offered(cast, facilitator, workshop):
    taken = _date(cast)
    taken.workshops.add(workshop)
    theirs = factories.MilestoneFactory(programme=cast.other_programme)
    for one in (taken, theirs):
        response = facilitator.post(ADD, SENT | {"id": PK, "kind": "pod", "milestone": one.pk})
        assert list(errors(response)) == ["milestone"]


# --- the plan page


def test_start_times_follow_from_the_start(facilitator, workshop):
    for position, (minutes, is_out) in enumerate([(10, False), (30, True), (35, False)]):
        factories.ActivityFactory(
            workshop=workshop, minutes=minutes, is_skipped=is_out, position=position
        )
    page = facilitator.get(_page(workshop))
    agenda = page.context["agenda"]
    times = [slot.starts_at for slot in agenda.slots]
    assert times == [START, None, START + timedelta(minutes=10)]
    assert (agenda.minutes, agenda.ends_at) == (45, START + timedelta(minutes=45))
    assert re.findall(r"<b>(\d\d:\d\d)</b>", page.content.decode()) == ["09:30", "09:40"]


def test_without_a_day_the_plan_counts_from_its_start(cast, facilitator):
    workshop = factories.WorkshopFactory(programme=cast.programme)
    for _ in range(2):
        factories.ActivityFactory(workshop=workshop, minutes=15)
    page = facilitator.get(_page(workshop)).content.decode()
    assert ("<b>Start</b>" in page, "<b>+15</b>" in page, "No date yet" in page) == (True,) * 3


@pytest.mark.parametrize("rows", [1, 3])
def test_the_plan_asks_as_often_for_many(facilitator, workshop, django_assert_num_queries, rows):
    for _ in range(rows):
        factories.ActivityFactory(workshop=workshop, say="Say this")
        factories.InviteeFactory(workshop=workshop)
        factories.CoFacilitatorFactory(workshop=workshop)
    with django_assert_num_queries(7):
        facilitator.get(_page(workshop))


def test_a_member_reads_the_plan_and_not_what_is_for_who_runs_it(practitioner, workshop):
    factories.ActivityFactory(workshop=workshop, title="Open", prompt="Why?", say="Quietly now")
    factories.InviteeFactory(workshop=workshop, email="guest@elsewhere.example")
    page = practitioner.get(_page(workshop)).content.decode()
    seen = [word in page for word in ("Open", "Why?", "Quietly now", "guest@elsewhere", "Run it")]
    assert seen == [True, True, False, False, False]
    assert '<form method="post" action="/own/workshops' not in page


def test_what_has_ended_stays_as_it_was(facilitator, workshop):
    block = factories.ActivityFactory(workshop=workshop)
    Workshop.objects.update(ended_at=timezone.now())
    assert "Run it" not in facilitator.get(_page(workshop)).content.decode()
    for rest in ("edit/", "call-off/", "invite/", "blocks/add/", f"blocks/{block.pk}/edit/"):
        assert facilitator.get(_page(workshop, rest)).status_code == 404
    assert facilitator.post(_page(workshop, f"blocks/{block.pk}/remove/")).status_code == 404


def test_a_day_that_the_timeline_has_elsewhere_is_told_of(cast, facilitator, workshop):
    milestone = _date(cast, laid_out_on=date(2026, 12, 10))
    milestone.workshops.add(workshop)
    assert facilitator.get(_page(workshop)).context["timeline_on"] == date(2026, 12, 10)
    milestone.moved_to = date(2026, 12, 3)
    milestone.save()
    assert facilitator.get(_page(workshop)).context["timeline_on"] is None


# --- another day, called off, one's own calendar


def test_a_workshop_moves_and_its_date_with_it(cast, facilitator, workshop):
    milestone = _date(cast)
    milestone.workshops.add(workshop)
    sent = {"title": "Mission 1", "starts_at": "2026-12-10T13:00", "place": "", "version": 1}
    response = facilitator.post(_page(workshop, "edit/"), sent, headers=HTMX)
    assert response["HX-Redirect"] == _page(workshop)
    workshop.refresh_from_db()
    assert (workshop.title, workshop.place, workshop.version) == ("Mission 1", "", 2)
    assert workshop.starts_at == datetime(2026, 12, 10, 13, tzinfo=UTC)
    milestone.refresh_from_db()
    assert milestone.on == date(2026, 12, 10)
    assert told(follow(facilitator, response)) == ["Got it."]


def test_two_who_move_it_are_shown_both(facilitator, workshop):
    Workshop.objects.update(version=2)
    sent = {"title": "Mission", "starts_at": "2026-12-03T13:00", "place": "Library", "version": 1}
    response = facilitator.post(_page(workshop, "edit/"), sent)
    assert response.status_code == 409
    assert response.context["both"] == [
        (
            "When does it start?",
            "Thursday 3 December 2026, 09:30",
            "Thursday 3 December 2026, 13:00",
        )
    ]


def test_the_same_again_changes_nothing(facilitator, workshop):
    sent = {"title": "Mission", "starts_at": "2026-12-03T09:30", "place": "Library", "version": 1}
    facilitator.post(_page(workshop, "edit/"), sent)
    workshop.refresh_from_db()
    assert (workshop.version, AuditEvent.objects.count()) == (1, 0)


def test_a_workshop_is_called_off_after_a_question(facilitator, workshop):
    assert "Nobody has had a mail" in facilitator.get(_page(workshop, "call-off/")).content.decode()
    response = facilitator.post(_page(workshop, "call-off/"))
    assert (response["Location"], Workshop.objects.count()) == (LIST, 0)
    assert told(follow(facilitator, response)) == ["Called off: Mission"]


def test_what_has_begun_is_not_called_off(facilitator, workshop):
    Workshop.objects.update(doors_opened_at=timezone.now())
    response = facilitator.post(_page(workshop, "call-off/"))
    assert told(follow(facilitator, response)) == ["It has begun already, so it stays: Mission"]
    assert "call-off" not in facilitator.get(_page(workshop)).content.decode()


def test_a_member_puts_it_into_their_own_calendar(practitioner, workshop):
    factories.ActivityFactory(workshop=workshop, minutes=90)
    response = practitioner.get(_page(workshop, "workshop.ics"))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert (event["dtstart"].dt, event["dtend"].dt) == (START, START + timedelta(minutes=90))
    assert str(event["url"]) == f"http://testserver{_page(workshop)}"
    Workshop.objects.update(starts_at=None)
    assert practitioner.get(_page(workshop, "workshop.ics")).status_code == 404


# --- who helps


def test_members_who_could_not_run_it_otherwise_are_chosen(cast, facilitator, workshop):
    address = _page(workshop, "helpers/")
    form = facilitator.get(address).context["form"]
    assert [one.user for one in form.fields["helpers"].queryset] == [
        cast.manager,
        cast.practitioner,
    ]
    helper = cast.practitioner.memberships.get()
    for _ in range(2):
        facilitator.post(address, {"helpers": [helper.pk]})
    assert [one.user for one in workshop.co_facilitators.all()] == [cast.practitioner]
    assert facilitator.get(address).context["form"].initial == {"helpers": [helper.pk]}
    assert AuditEvent.objects.count() == 1
    facilitator.post(address, {})
    assert workshop.co_facilitators.count() == 0


def test_nobody_of_another_authority_helps(cast, facilitator, workshop):
    theirs = factories.MembershipFactory(authority=cast.other)
    response = facilitator.post(_page(workshop, "helpers/"), {"helpers": [theirs.pk]})
    assert (list(errors(response)), workshop.co_facilitators.count()) == (["helpers"], 0)


# --- who may


@pytest.mark.parametrize("rest", ["edit/", "call-off/", "helpers/", "invite/", "blocks/add/"])
def test_who_only_reads_changes_nothing(cast, practitioner, client_of, workshop, rest):
    sent = SENT | {"version": 1, "id": PK, "kind": "read", "minutes": 5}
    assert practitioner.post(_page(workshop, rest), sent).status_code == 403
    assert client_of(cast.outsider).post(_page(workshop, rest), sent).status_code == 404
    workshop.refresh_from_db()
    assert (workshop.place, workshop.version, workshop.activities.count()) == ("Library", 1, 0)


@pytest.mark.parametrize("rest", ["", "workshop.ics"])
def test_pages_to_read_take_no_post(facilitator, workshop, rest):
    assert facilitator.post(_page(workshop, rest)).status_code == 405
    assert facilitator.post(LIST).status_code == 405


def test_another_authoritys_workshop_is_not_found(cast, facilitator):
    theirs = factories.WorkshopFactory(programme=cast.other_programme, starts_at=START)
    for rest in ("", "edit/", "workshop.ics", "call-off/", "helpers/", "invite/", "blocks/add/"):
        assert facilitator.get(_page(theirs, rest)).status_code == 404
