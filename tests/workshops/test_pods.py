"""A learning pod's agenda, made from how the small changes stand."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from programmes.models import Milestone
from smallchanges import actions
from tests import factories
from tests.answers import follow, told
from workshops.actions import planning, pods
from workshops.models import PodAgenda, Workshop

NOW = timezone.now


@pytest.fixture
def template(db):
    """Hello, a look at each change, what next."""
    session = factories.TemplateFactory(key="pod", kind="pod", title="Learning pod")
    blocks = [("check-in", "Hello", 5), ("look", "One change", 8), ("check-in", "Thanks", 4)]
    for position, (kind, title, minutes) in enumerate(blocks):
        factories.TemplateBlockFactory(
            template=session, kind=kind, title=title, minutes=minutes, position=position
        )
    return session


@pytest.fixture
def changes(cast):
    """Made in an order that is not the agenda's: long ago, and quiet since, unless it says so."""

    def make(title, *, status="in progress", **more):
        change = factories.SmallChangeFactory(
            programme=cast.programme, title=title, status=status, **more
        )
        long_ago = NOW() - timedelta(weeks=20)
        type(change).objects.filter(pk=change.pk).update(created_at=long_ago)
        return change

    return make


def _date(cast, number=1, days=7):
    return factories.MilestoneFactory(
        programme=cast.programme,
        kind=Milestone.Kind.POD,
        number=number,
        laid_out_on=timezone.localdate() + timedelta(days=days),
    )


def _plan(cast, number=1, days=7) -> Workshop:
    date = _date(cast, number, days)
    return planning.plan_date(milestone=date, pk=date.pk, by=cast.facilitator)


def _agenda(workshop) -> list[tuple[str, str]]:
    rows = workshop.activities.order_by("position")
    return [(row.title, "if there’s time" if row.if_time else row.reason) for row in rows]


def test_stuck_comes_first_then_what_waits_then_what_is_quiet(cast, template, changes):
    told_of = changes("Told of")
    factories.UpdateFactory(change=told_of)
    changes("Quiet")
    asks = changes("Asks")
    factories.StakeholderFactory(change=asks, stance="unsure", what_we_ask="A yes")
    factories.UpdateFactory(change=asks)
    asked = changes("Asked")
    factories.AskFactory(change=asked)
    factories.UpdateFactory(change=asked)
    late = changes("Late")
    factories.StepFactory(change=late, due_on=timezone.localdate() - timedelta(days=1))
    factories.UpdateFactory(change=late)
    changes("Paused", status="paused")
    factories.UpdateFactory(change=changes("Helpless"), needs_help=True)
    opposed = changes("Opposed")
    factories.StakeholderFactory(change=opposed, stance="against")
    factories.UpdateFactory(change=opposed)
    for title, status in (("Idea", "proposed"), ("Stopped", "stopped")):
        changes(title, status=status)
    factories.SmallChangeFactory(programme=cast.other_programme, status="paused")
    pod = _plan(cast)
    pods.make_agenda(workshop=pod, minutes=120, by=cast.facilitator)
    assert _agenda(pod) == [
        ("Hello", ""),
        ("Paused", "Resting for now. No news since last time"),
        ("Late", "A step is past its day"),
        ("Helpless", "Help is wanted"),
        ("Opposed", "Somebody we need is against it"),
        ("Asks", "Waiting for an answer"),
        ("Asked", "Waiting for an answer"),
        ("Quiet", "No news since last time"),
        ("Told of", "News since last time"),
        ("Thanks", ""),
    ]
    look = pod.activities.get(title="Paused")
    assert (look.kind, look.change.title, look.minutes) == ("look", "Paused", 8)


def test_what_does_not_fit_is_listed_for_when_there_is_time(cast, template, changes):
    for number in range(18):
        changes(f"Change {number:02}")
    pod = _plan(cast)
    agenda = _agenda(pod)
    # An hour less hello and thanks is 51 minutes: six looks of eight.
    assert [why for _, why in agenda[1:7]] == ["No news since last time"] * 6
    assert (agenda[0][0], agenda[7][0]) == ("Hello", "Thanks")
    assert [why for _, why in agenda[8:]] == ["if there’s time"] * 12
    assert (pod.pod.minutes, pod.pod.unlisted) == (60, 0)
    changes("One more", status="paused")
    pods.make_agenda(workshop=pod, by=cast.facilitator)
    assert [_agenda(pod)[1][0], len(_agenda(pod))] == ["One more", 20]
    assert PodAgenda.objects.get().unlisted == 1


def test_nothing_to_look_at_leaves_the_ready_made_session(cast, template):
    pod = _plan(cast)
    assert [title for title, _ in _agenda(pod)] == ["Hello", "One change", "Thanks"]


def test_how_a_change_came_to_grow_is_a_story_once(cast, template, changes):
    change = changes("Arrived", status="in progress", stage="influence")
    told = actions.share_update(
        change=change, pk=uuid4(), text="All do it", stage="grow", by=cast.practitioner
    )
    other = changes("Came", status="in progress", stage="influence")
    move = actions.move(
        change=other, stage="grow", status="in progress", why="They asked for it", by=cast.manager
    )
    assert move is not None
    keys = [
        list(_plan(cast, number, 7 * number).activities.values_list("agenda_key", flat=True))
        for number in (1, 2, 3)
    ]
    stories = [[key for key in one if key.startswith("story")] for one in keys]
    assert stories == [[f"story {move.pk}"], [f"story {told.pk}"], []]


def test_a_good_story_and_a_quiet_question_are_others_each_time(cast, client_of, template, changes):
    grown = changes("Grown", status="embedded", stage="grow")
    first, second = (factories.OppositeFactory(programme=cast.programme) for _ in range(2))
    story = factories.UpdateFactory(change=grown)
    earlier = factories.UpdateFactory(change=grown, at=NOW() - timedelta(days=9))
    one, two, three = (_plan(cast, number, 7 * number) for number in (1, 2, 3))
    keys = [
        list(pod.activities.order_by("position").values_list("agenda_key", flat=True))[2:-1]
        for pod in (one, two, three)
    ]
    assert [key[-1] for key in keys] == [
        f"opposite {first.pk}",
        f"opposite {second.pk}",
        f"opposite {first.pk}",
    ]
    assert [key[0] for key in keys[:2]] == [f"story {story.pk}", f"story {earlier.pk}"]
    assert not any("story" in key for key in keys[2])
    # It is a story of its change, which nobody chooses another for.
    facilitator = client_of(cast.facilitator)
    page = facilitator.get(one.get_absolute_url()).content.decode()
    assert "For the small change <b>Grown</b></p>" in page
    told_there = one.activities.get(kind="read")
    assert (told_there.change, told_there.prompt[:8]) == (grown, "“Grown” ")
    question = one.activities.get(title="A quiet question")
    assert (question.prompt, question.candour) == (
        f"Any sign of “{first.text}” lately?",
        "anonymous",
    )


def test_what_was_not_reached_is_carried_over(cast, template, changes):
    for title in ("Reached", "Not reached", "Left out"):
        changes(title)
    stuck = changes("Stuck", status="paused")
    one = _plan(cast)
    opened = NOW() - timedelta(days=1)
    reached = one.activities.filter(title__in=["Reached", "Stuck"])
    reached.update(opened_at=opened)
    one.activities.filter(title="Left out").update(is_skipped=True)
    Workshop.objects.filter(pk=one.pk).update(doors_opened_at=opened, ended_at=NOW())
    # What was said there of a change is no news since.
    told_there = factories.UpdateFactory(change=stuck)
    factories.HarvestFactory(activity=reached.get(title="Stuck"), value=None, update=told_there)
    two = _plan(cast, 2, 30)
    assert _agenda(two)[1:5] == [
        ("Stuck", "Resting for now. No news since last time"),
        ("Not reached", "Carried over from Learning pod 1. No news since last time"),
        ("Reached", "No news since last time"),
        ("Left out", "No news since last time"),
    ]


def test_a_refresh_keeps_what_people_did(cast, template, changes):
    for title in ("Edited", "Taken away", "Skipped", "Moved on"):
        changes(title)
    pod = _plan(cast)
    blocks = {block.title: block for block in pod.activities.all()}
    planning.change_block(
        block=blocks["Edited"], version=1, title="Our words", minutes=20, by=cast.facilitator
    )
    planning.remove_block(block=blocks["Taken away"], by=cast.facilitator)
    planning.skip_block(block=blocks["Skipped"], is_skipped=True, by=cast.facilitator)
    planning.add_block(
        workshop=pod, pk=UUID(int=1), kind="read", title="A break", by=cast.facilitator
    )
    blocks["Moved on"].change.delete()
    changes("New", status="paused")
    pods.make_agenda(workshop=pod, by=cast.facilitator)
    assert [title for title, _ in _agenda(pod)] == [
        *("Hello", "New", "Our words", "Skipped"),
        *("Thanks", "A break"),
    ]
    assert pod.activities.get(title="Skipped").is_skipped
    assert pod.activities.get(title="Our words").minutes == 20
    # An order of their own stays; what is new comes behind it.
    planning.order_block(row=pod.activities.get(title="Skipped"), places=-2, by=cast.facilitator)
    changes("Newer", status="paused")
    pods.make_agenda(workshop=pod, by=cast.facilitator)
    assert [title for title, _ in _agenda(pod)] == [
        *("Hello", "Skipped", "New", "Our words", "Newer"),
        *("Thanks", "A break"),
    ]


def test_after_the_doors_opened_it_stays(cast, template, changes):
    changes("Quiet")
    pod = _plan(cast)
    Workshop.objects.filter(pk=pod.pk).update(doors_opened_at=NOW())
    with pytest.raises(pods.DoorsOpened):
        pods.make_agenda(workshop=pod, by=cast.facilitator)


def test_one_teams_pod_looks_at_its_changes_alone(cast, template, changes):
    ours, theirs = changes("Ours"), changes("Theirs")
    team, other = (factories.TeamFactory(authority=cast.authority) for _ in range(2))
    ours.teams.add(team, through_defaults={"authority": cast.authority})
    theirs.teams.add(other, through_defaults={"authority": cast.authority})
    pod = _plan(cast)
    pods.make_agenda(workshop=pod, for_team=True, team=team, by=cast.facilitator)
    assert [title for title, _ in _agenda(pod)] == ["Hello", "Ours", "Thanks"]
    pods.make_agenda(workshop=pod, for_team=True, by=cast.facilitator)
    assert len(_agenda(pod)) == 4


def test_the_agenda_counts_no_more_statements_for_more_changes(
    cast, template, changes, django_assert_num_queries
):
    changes("One")
    pod = _plan(cast)
    with django_assert_num_queries(QUERIES):
        pods.make_agenda(workshop=pod, by=cast.facilitator)
    for number in range(6):
        factories.UpdateFactory(change=changes(f"More {number}"))
    pods.make_agenda(workshop=pod, by=cast.facilitator)
    with django_assert_num_queries(QUERIES):
        pods.make_agenda(workshop=pod, by=cast.facilitator)


QUERIES = 22


# --- the pages


def _url(pod, name, *args):
    return f"/own/workshops/{pod.pk}/{name}"


def test_a_tap_brings_the_plan_up_to_date(cast, client_of, template, changes):
    changes("Quiet")
    pod = _plan(cast)
    facilitator = client_of(cast.facilitator)
    page = facilitator.get(f"/own/workshops/{pod.pk}/").content.decode()
    assert "<b>No news since last time.</b>" in page
    assert "Made from our changes" in page
    changes("New", status="paused")
    response = facilitator.post(_url(pod, "agenda/"))
    assert told(follow(facilitator, response)) == [
        "The agenda is up to date: 1 new. What you changed is as you left it."
    ]
    again = facilitator.post(_url(pod, "agenda/"))
    assert told(follow(facilitator, again)) == ["The agenda is up to date: nothing has changed."]


def test_how_long_and_for_whom(cast, client_of, template, changes):
    ours = changes("Ours")
    team = factories.TeamFactory(authority=cast.authority, name="North team")
    ours.teams.add(team, through_defaults={"authority": cast.authority})
    changes("Theirs")
    pod = _plan(cast)
    facilitator = client_of(cast.facilitator)
    wrong = facilitator.post(_url(pod, "agenda/"), {"minutes": "5", "team": "nobody"})
    assert set(wrong.context["form"].errors) == {"minutes", "team"}
    facilitator.post(_url(pod, "agenda/"), {"minutes": "45", "team": team.pk})
    agenda = PodAgenda.objects.get()
    assert (agenda.minutes, agenda.team) == (45, team)
    assert [title for title, _ in _agenda(pod)] == ["Hello", "Ours", "Thanks"]
    page = facilitator.get(f"/own/workshops/{pod.pk}/").content.decode()
    assert "those of North team, for 45 minutes" in page
    Workshop.objects.filter(pk=pod.pk).update(doors_opened_at=NOW())
    response = facilitator.post(_url(pod, "agenda/"))
    assert told(follow(facilitator, response)) == [
        "The doors have been open, so the agenda stays as people saw it."
    ]


def test_time_is_made_for_a_block_by_hand(cast, client_of, template, changes):
    for number in range(8):
        changes(f"Change {number}")
    pod = _plan(cast)
    block = pod.activities.filter(if_time=True).first()
    facilitator = client_of(cast.facilitator)
    url = _url(pod, f"blocks/{block.pk}/time/")
    response = facilitator.post(url, {"if_time": "no"})
    assert told(follow(facilitator, response)) == [f"There’s time for it: {block}"]
    titles = [title for title, _ in _agenda(pod)]
    assert (titles.index(block.title), titles.index("Thanks")) == (7, 8)
    pods.make_agenda(workshop=pod, by=cast.facilitator)
    block.refresh_from_db()
    assert not block.if_time
    assert [title for title, _ in _agenda(pod)][7:9] == [block.title, "Thanks"]
    page = facilitator.post(url, {"if_time": "yes"}, headers={"HX-Request": "true"})
    assert "If there’s time" in page.content.decode()
    assert _agenda(pod)[-1] == (block.title, "if there’s time")
