"""The journey home: where we are, what waits for whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crescendo import journey as reading
from programmes.models import Gift, JourneyStep, Milestone
from smallchanges import actions
from smallchanges.models import ChangeTeam, Move, Stage, Status
from tests import factories


def _home(client):
    response = client.get("/own/")
    assert response.status_code == 200
    return response


def _fill(cast, rows: int):
    """`rows` of everything that the page shows."""
    blueprint = factories.BlueprintFactory(programme=cast.programme)
    for number in range(rows):
        for make in (
            factories.ValueFactory,
            factories.OppositeFactory,
            factories.PrincipleFactory,
        ):
            make(programme=cast.programme)
        strand = factories.MissionStrandFactory(programme=cast.programme)
        change = factories.SmallChangeFactory(
            programme=cast.programme, strand=strand, status=Status.IN_PROGRESS
        )
        Move.objects.create(
            authority=cast.authority,
            change=change,
            at=timezone.now() - timedelta(days=number),
            from_stage=Stage.MISSION,
            to_stage=Stage.DEVELOP,
            from_status=Status.CHOSEN,
            to_status=Status.IN_PROGRESS,
        )
        pillar = factories.PillarFactory(blueprint=blueprint)
        factories.ExperimentFactory(pillar=pillar, state="waiting for a yes")
        factories.MilestoneFactory(
            programme=cast.programme,
            kind=Milestone.Kind.POD,
            number=number + 1,
            laid_out_on=timezone.localdate() + timedelta(weeks=number),
        )
        _answered(cast)


def _answered(cast):
    """An impact survey of eight people that has closed."""
    survey = factories.SurveyFactory(
        programme=cast.programme, kind="impact", state="closed", people_answered=8
    )
    question = factories.QuestionFactory(survey=survey, area="purpose")
    factories.SurveyAnswerFactory.create_batch(8, question=question)


def test_from_week_14_on_the_evidence_pack_is_ready(cast, client_of):
    """For who runs the workshops, until somebody has written what was learned."""

    def told(user) -> list[str]:
        return [
            one.title
            for one in _home(client_of(user)).context["todo"]
            if one.url == "/own/evidence/"
        ]

    today = timezone.localdate()
    milestone = factories.MilestoneFactory(
        programme=cast.programme, kind=Milestone.Kind.INFLUENCE, number=0, laid_out_on=today
    )
    said = {}
    for week in (13, 14, 16, 17):
        Milestone.objects.filter(pk=milestone.pk).update(
            laid_out_on=today - timedelta(weeks=week - 1)
        )
        said[week] = told(cast.facilitator)
    near = ["Week 16 is near: your evidence pack is ready"]
    assert said == {13: [], 14: near, 16: near, 17: ["Your evidence pack is ready"]}
    assert told(cast.practitioner) == []
    factories.InsightFactory(programme=cast.programme)
    assert told(cast.facilitator) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_grow(cast, client_of, django_assert_num_queries, rows):
    _fill(cast, rows)
    client = client_of(cast.practitioner)
    with django_assert_num_queries(21):
        _home(client)


def test_an_authority_without_a_programme_says_what_comes_first(cast, client_of):
    cast.programme.delete()
    context = _home(client_of(cast.facilitator)).context
    assert context["headline"] == "Your story starts here"
    assert [item.title for item in context["todo"]] == ["Set up the programme"]
    assert _home(client_of(cast.practitioner)).context["todo"] == []


def test_a_programme_without_a_start_asks_for_one(cast, client_of):
    cast.programme.starts_on = None
    cast.programme.save()
    context = _home(client_of(cast.facilitator)).context
    assert [item.title for item in context["todo"]] == ["Give the launch a date"]


@pytest.mark.parametrize(
    ("done", "headline"),
    [
        ([], "What would give us more time with families?"),
        ([1], "Two small changes, on the way"),
        ([1, 2], "Two small changes, growing into something bigger"),
        ([1, 2, 3], "Small changes are how we work now"),
    ],
)
def test_the_heading_follows_the_steps_that_people_called_done(cast, client_of, done, headline):
    for step in done:
        JourneyStep.objects.create(
            authority=cast.authority, programme=cast.programme, step=step, done_at=timezone.now()
        )
    for status in (Status.CHOSEN, Status.EMBEDDED, Status.PROPOSED, Status.STOPPED):
        factories.SmallChangeFactory(
            programme=cast.programme,
            status=status,
            stage=Stage.GROW if status == Status.EMBEDDED else Stage.MISSION,
        )
    assert _home(client_of(cast.practitioner)).context["headline"] == headline


def test_a_call_for_help_waits_for_the_facilitator_until_somebody_is_asked(cast, client_of):
    change = factories.SmallChangeFactory(
        programme=cast.programme, title="Shared drive", status=Status.IN_PROGRESS
    )
    factories.UpdateFactory(change=change, needs_help=True)
    find = "Find help for “Shared drive”"

    def waits(person):
        return [item.title for item in _home(client_of(person)).context["todo"]]

    assert find in waits(cast.facilitator)
    assert find not in waits(cast.practitioner)
    factories.AskFactory(change=change)
    assert find not in waits(cast.facilitator)


def test_what_changed_lately_names_a_busy_change_once(cast):
    changes = factories.SmallChangeFactory.create_batch(2, programme=cast.programme)
    for hours, change in enumerate((changes[0], *[changes[1]] * 4)):
        Move.objects.create(
            authority=cast.authority,
            change=change,
            at=timezone.now() + timedelta(hours=hours),
            from_stage="mission",
            to_stage="mission",
            from_status="proposed",
            to_status="chosen",
        )
    moves = reading.lately(cast.programme)
    assert [move.change for move in moves] == [changes[1], changes[0]]


def test_counts_leave_out_what_was_taken_away_and_what_is_elsewhere(cast):
    _fill(cast, 2)
    factories.SmallChangeFactory(programme=cast.programme, gift=Gift.BEYOND_US)
    factories.SmallChangeFactory(programme=cast.other_programme, status=Status.CHOSEN)
    pillar = cast.authority.pillars.first()
    pillar.removed_at = timezone.now()
    pillar.save()
    assert reading.counts_of(cast.programme) == reading.Counts(
        living=2, ideas=1, pillars=1, experiments=1, waiting=1
    )


def test_an_open_workshop_can_be_entered_from_home(cast, client_of):
    _fill(cast, 1)
    open_now = factories.WorkshopFactory(programme=cast.programme, is_open=True)
    factories.WorkshopFactory(programme=cast.other_programme, is_open=True)
    client = client_of(cast.practitioner)
    assert _home(client).context["workshop"] == open_now
    assert client.post(f"/own/workshops/{open_now.pk}/enter/").status_code == 302
    assert client.get(f"/room/{open_now.pk}/").status_code == 200


def test_next_time_leads_to_the_plan_of_its_workshop(cast, client_of):
    milestone = factories.MilestoneFactory(programme=cast.programme, laid_out_on="2099-01-01")
    planned = factories.WorkshopFactory(programme=cast.programme, milestone=milestone)
    factories.WorkshopFactory(programme=cast.programme)
    page = _home(client_of(cast.practitioner))
    assert page.context["workshop"] == planned
    assert f'href="/own/workshops/{planned.pk}/"' in page.content.decode()


def test_next_time_is_today_or_later(cast, client_of):
    today = timezone.localdate()
    for number, days in enumerate((-7, 0, 7), 1):
        factories.MilestoneFactory(
            programme=cast.programme,
            kind=Milestone.Kind.POD,
            number=number,
            laid_out_on=today + timedelta(days=days),
        )
    context = _home(client_of(cast.practitioner)).context
    assert (context["next_time"].title, context["next_time"].on) == ("Learning pod 2", today)
    assert context["steps"][1][1] == "1 learning pod"


def test_next_time_is_the_earliest_of_what_is_planned_and_what_is_not(cast, client_of):
    now, client = timezone.now(), client_of(cast.practitioner)
    pods = [
        factories.MilestoneFactory(
            programme=cast.programme,
            kind=Milestone.Kind.POD,
            number=number,
            laid_out_on=timezone.localdate() + timedelta(days=days),
        )
        for number, days in enumerate((0, 7), 1)
    ]
    today, later = (
        factories.WorkshopFactory(programme=cast.programme, milestone=pod) for pod in pods
    )
    assert _home(client).context["workshop"] == today
    # It has been: what comes is the extra one, which the timeline does not know.
    factories.WorkshopFactory(programme=cast.programme, starts_at=now - timedelta(days=1))
    extra = factories.WorkshopFactory(
        programme=cast.programme, title="Extra", starts_at=now + timedelta(days=2)
    )
    today.ended_at = now
    today.save()
    coming = _home(client).context["next_time"]
    assert (coming.title, coming.starts_at, coming.workshop) == ("Extra", extra.starts_at, extra)
    extra.delete()
    coming = _home(client).context["next_time"]
    assert (coming.title, coming.on, coming.workshop) == ("Learning pod 2", pods[1].on, later)


def test_before_the_launch_each_is_told_what_comes_first(cast, client_of):
    cast.programme.starts_on = "2099-01-05"
    cast.programme.save()
    launch = factories.MilestoneFactory(programme=cast.programme, laid_out_on="2099-01-05")

    def told(user):
        context = _home(client_of(user)).context
        return [item.title for item in context["todo"]] or context["nothing_yet"][0]

    assert told(cast.facilitator) == ["Plan the next session: Launch"]
    assert (told(cast.practitioner), told(cast.manager)) == (
        "We begin on Monday 5 January 2099.",
        "We begin on Monday 5 January 2099.",
    )
    factories.WorkshopFactory(programme=cast.programme, milestone=launch)
    assert told(cast.facilitator) == "Everything is ready for the launch."
    cast.authority.memberships.exclude(user=cast.facilitator).update(ended_at=timezone.now())
    assert told(cast.facilitator) == ["Invite the people who take part"]


def test_a_manager_reads_of_experiments_that_wait_and_a_practitioner_does_not(cast, client_of):
    _fill(cast, 1)
    assert "Answer the experiment that’s waiting for your yes" in [
        item.title for item in _home(client_of(cast.manager)).context["todo"]
    ]
    assert _home(client_of(cast.practitioner)).context["todo"] == []


def test_a_practitioner_is_asked_about_a_quiet_change_of_their_own_team(cast, client_of):
    team = factories.TeamFactory(authority=cast.authority)
    membership = cast.practitioner.memberships.get()
    membership.teams.add(team, through_defaults={"authority": cast.authority})
    changes = {
        title: factories.SmallChangeFactory(
            programme=cast.programme, title=title, status=Status.IN_PROGRESS
        )
        for title in ("Quiet", "Moved", "Of another team")
    }
    for title in ("Quiet", "Moved"):
        ChangeTeam.objects.create(authority=cast.authority, change=changes[title], team=team)
    Move.objects.create(
        authority=cast.authority,
        change=changes["Moved"],
        at=timezone.now() - timedelta(weeks=1),
        from_stage=Stage.MISSION,
        to_stage=Stage.DEVELOP,
        from_status=Status.CHOSEN,
        to_status=Status.CHOSEN,
    )
    todo = _home(client_of(cast.practitioner)).context["todo"]
    assert [item.title for item in todo] == ["Where has “Quiet” got to?"]


def test_home_leads_each_person_to_their_first_page(cast, client_of):
    assert client_of(cast.practitioner).get("/")["Location"] == "/own/"
    assert client_of(cast.crescendo).get("/")["Location"] == "/portfolio/"
    factories.MembershipFactory(authority=cast.other, user=cast.practitioner)
    assert list(client_of(cast.practitioner).get("/").context["places"]) == [
        cast.other,
        cast.authority,
    ]


def test_the_bar_shows_what_the_person_can_use(cast, client_of):
    context = _home(client_of(cast.practitioner)).context
    assert [item.label for item in context["bar"]] == [
        *("Home", "Workshops", "Small changes", "Blueprint", "Golden thread", "Impact")
    ]
    about = [item.label for item in context["about"].items]
    assert (context["about"].name, about) == ("Own Borough", ["Our ambition", "Timeline", "People"])


def test_the_bar_leads_to_ones_only_place_from_pages_about_none(cast, client_of):
    def urls(user) -> list[str]:
        return [item.url for item in client_of(user).get("/help/").context["bar"]]

    assert urls(cast.practitioner) == [
        *("/own/", "/own/workshops/", "/own/changes/", "/own/blueprint/", "/own/thread/"),
        "/own/impact/",
    ]
    factories.MembershipFactory(authority=cast.other, user=cast.practitioner)
    assert urls(cast.practitioner) == []
    assert urls(cast.crescendo) == ["/portfolio/", "/toolkit/", "/portfolio/crescendo-team/"]


def test_a_move_that_was_taken_back_is_no_news(cast):
    change = factories.SmallChangeFactory(programme=cast.programme)
    for stage in ("develop", "influence"):
        last = actions.move(
            change=change, stage=stage, status="in progress", why="", by=cast.manager
        )
    assert last is not None
    actions.undo_move(last=last, by=cast.manager)
    assert [move.to_stage for move in reading.lately(cast.programme)] == ["develop"]
