"""The golden thread: its page, from any point to both ends, and links as PostgreSQL finds them."""

import random
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from impact.thread import Point, Web, point_of
from impact.thread_map import MOST
from programmes.actions import ambition
from smallchanges import actions
from tests.factories import (
    ActivityFactory,
    BarrierFactory,
    BlueprintFactory,
    EvidenceFactory,
    ExperimentFactory,
    GroupFactory,
    HarvestFactory,
    InsightFactory,
    MissionStrandFactory,
    NoteFactory,
    ObservationFactory,
    ParticipantFactory,
    PillarFactory,
    ProgrammeFactory,
    SmallChangeFactory,
    StoryFactory,
    WorkshopFactory,
)
from tests.impact.threads import walked_by_postgres, weave

pytestmark = pytest.mark.django_db
FEW = {"barriers": 7, "strands": 4, "changes": 6, "insights": 5, "pillars": 3, "experiments": 5}
# Of the whole page: who asks, where the point stands, all links, and what the story tells.
QUERIES = 35


@pytest.fixture
def thread(cast):
    """One of each kind, from a barrier to what an experiment showed."""
    of = {"programme": cast.programme}
    barrier = BarrierFactory(**of, text="Minutes fall to us")
    strand = MissionStrandFactory(**of, title="Work as partners")
    strand.barriers.add(barrier, through_defaults={"authority": cast.authority})
    change = SmallChangeFactory(**of, strand=strand, title="Share the notes")
    insight = InsightFactory(**of, text="Nobody knows who may")
    EvidenceFactory(insight=insight, change=change)
    pillar = PillarFactory(blueprint=BlueprintFactory(**of), title="Better partnerships")
    pillar.insights.add(insight, through_defaults={"authority": cast.authority})
    experiment = ExperimentFactory(pillar=pillar, title="Take turns", state="trying")
    return {
        "barrier": barrier,
        "strand": strand,
        "change": change,
        "insight": insight,
        "pillar": pillar,
        "experiment": experiment,
        "result": experiment,
    }


@pytest.fixture
def look(cast, client_of):
    client = client_of(cast.practitioner)
    return lambda at, **more: client.get("/own/thread/", {"at": str(at), **more})


def _told(response) -> str:
    return " ".join(response.content.decode().split())


def _titles(thread) -> list[str]:
    return [str(thread[kind]) for kind in ("barrier", "strand", "change", "insight", "pillar")]


def test_every_point_leads_to_both_ends(thread, look):
    ObservationFactory(cycle=thread["experiment"].cycle, text="A school took the notes.")
    for kind, row in thread.items():
        response = look(f"{kind}-{row.pk}")
        told = _told(response)
        assert response.status_code == 200
        assert [words for words in _titles(thread) if words not in told] == [], kind
        assert "A school took the notes." in told
        assert [one.kind for one in response.context["story"].path] == [
            *("barrier", "strand", "change", "insight", "pillar", "experiment", "result")
        ]
        assert told.count('aria-current="true"') == (0 if kind == "insight" else 1)


def test_gaps_are_said_with_one_thing_to_do_for_who_may(cast, client_of, thread, look):
    thread["experiment"].delete()
    told = _told(look(f"barrier-{thread['barrier'].pk}"))
    assert "No experiment yet" in told
    assert "Nobody asked yet." in told
    assert "Add one to the pillar" not in told
    at = {"at": f"pillar-{thread['pillar'].pk}"}
    assert "Add one to the pillar" in _told(client_of(cast.facilitator).get("/own/thread/", at))
    alone = BarrierFactory(programme=cast.programme, text="Nothing came of it")
    told = _told(look(f"barrier-{alone.pk}"))
    for gap in ("No strand yet", "No small change yet", "No pillar yet", "No experiment yet"):
        assert gap in told
    assert "Too soon to say." in told


def test_a_barrier_leads_straight_to_what_was_learned(cast, thread, look):
    lone = BarrierFactory(programme=cast.programme, text="No time")
    EvidenceFactory(insight=thread["insight"], change=None, barrier=lone)
    response = look(f"barrier-{lone.pk}")
    assert [one.kind for one in response.context["story"].path] == [
        *("barrier", "insight", "pillar", "experiment", "result")
    ]
    assert _told(response).count("Straight to what we learned") == 2


def test_forks_are_drawn_and_told(cast, thread, look):
    other = PillarFactory(blueprint=thread["pillar"].blueprint, title="Business support")
    insight = InsightFactory(programme=cast.programme, text="A sign-off is missing")
    EvidenceFactory(insight=insight, change=thread["change"])
    other.insights.add(insight, through_defaults={"authority": cast.authority})
    response = look(f"barrier-{thread['barrier'].pk}")
    told = _told(response)
    assert "It also fed" in told
    assert "“A sign-off is missing”" in told
    pillars = response.context["columns"][3]
    assert [(cell.words, cell.is_on, cell.is_fork) for cell in pillars.cells] == [
        ("1 Better partnerships", True, False),
        ("2 Business support", False, True),
    ]
    assert [kind for kind, _ in response.context["columns"][2].wires] == ["fork", "on"]


def test_what_was_joined_leads_to_what_it_became(cast, thread, look):
    part = BarrierFactory(programme=cast.programme, text="We always write")
    ambition.merge(into=thread["barrier"], others=[part], by=cast.facilitator)
    change = SmallChangeFactory(
        programme=cast.programme, strand=thread["strand"], title="One template"
    )
    actions.join(into=thread["change"], others=[change], by=cast.facilitator)
    response = look(f"barrier-{part.pk}")
    assert response.status_code == 302
    assert response.url == f"/own/thread/?at=barrier-{thread['barrier'].pk}"
    told = _told(look(f"change-{thread['change'].pk}"))
    assert "Joined with “We always write”." in told
    assert "Joined with “One template”." in told


def test_a_barrier_is_quoted_as_its_note_said_it_for_those_who_could_read_it_in_the_room(
    thread, look, cast, client_of
):
    workshop = WorkshopFactory(programme=cast.programme)
    activity = ActivityFactory(workshop=workshop, revealed_at=timezone.now())
    group = GroupFactory(activity=activity)
    for text, state in (
        ("They all look at me to write", {}),
        ("I always end up with the pen", {}),
        ("It is always Jo who writes", {"held_for": "guard"}),
        ("Never mind me", {"removed_at": timezone.now()}),
    ):
        NoteFactory(activity=activity, group=group, text=text, **state)
    HarvestFactory(activity=activity, note=None, group=group, value=None, barrier=thread["barrier"])
    at = f"barrier-{thread['barrier'].pk}"
    # Whoever was not there reads the words that were brought in, and how many said the like.
    told = _told(look(at))
    raw = ("They all look", "always end up", "on our list")
    assert [words for words in raw if words in told] == []
    assert "One other note said something like it." in told
    facilitator = client_of(cast.facilitator)
    assert "It stands on our list as" in _told(facilitator.get("/own/thread/", {"at": at}))
    ParticipantFactory(workshop=workshop, user=cast.practitioner)
    told = _told(look(at))
    quoted = [words for words in ("They all look at me", "I always end up") if words in told]
    assert len(quoted) == 1
    assert "One other note said something like it." in told
    assert "It stands on our list as" in told
    assert "Jo who writes" not in told
    assert "Never mind me" not in told
    activity.revealed_at = None
    activity.save()
    assert quoted[0] not in _told(look(at))


def test_what_was_taken_away_is_on_no_thread(thread, look):
    thread["insight"].removed_at = thread["strand"].removed_at = timezone.now()
    thread["insight"].save()
    thread["strand"].save()
    told = _told(look(f"barrier-{thread['barrier'].pk}"))
    assert [words for words in _titles(thread)[1:] if words in told] == [
        "Share the notes",
        "Better partnerships",
    ]
    assert "Follow" in told
    assert look(f"strand-{thread['strand'].pk}").status_code == 404


def test_a_story_is_told_once_its_teller_lets_everybody_read_it(thread, look):
    StoryFactory(change=thread["change"], text="I looked up and joined in.", ring="authority")
    # Newer, and not for everybody.
    StoryFactory(change=thread["change"], text="Kept in the team.")
    told = _told(look(f"result-{thread['result'].pk}"))
    assert "“I looked up and joined in.”" in told
    assert "Kept in the team." not in told


def test_nobody_sees_the_threads_of_others(cast, client_of, thread, look):
    foreign = BarrierFactory(programme=cast.other_programme, text="Not yours to read")
    assert look(f"barrier-{foreign.pk}").status_code == 404
    assert look(f"change-{uuid4()}").status_code == 404
    assert "Not yours to read" not in _told(look("", q="Not yours"))
    at = {"at": f"barrier-{thread['barrier'].pk}"}
    assert client_of(cast.outsider).get("/own/thread/", at).status_code == 404


@pytest.mark.parametrize("at", ["barrier", "barrier-1", "team-" + "0" * 32, "é" * 500])
def test_an_address_that_names_no_point_says_so(thread, look, at):
    response = look(at)
    assert response.status_code == 200
    assert "We couldn’t read which point that link meant" in _told(response)


def test_before_anybody_named_a_barrier_it_says_how_a_thread_begins(cast, client_of):
    told = _told(client_of(cast.practitioner).get("/own/thread/"))
    assert "No thread begins here yet." in told


def _stir(made, chance, by) -> None:
    """Join, or join and split, and take away some of what was woven."""
    barriers = chance.sample(made["barrier"], 4)
    ambition.merge(into=barriers[0], others=barriers[1:2], by=by)
    if chance.random() < 0.5:
        ambition.merge(into=barriers[2], others=barriers[:1], by=by)
        changes = chance.sample(made["change"], 2)
        actions.join(into=changes[0], others=changes[1:], by=by)
    else:
        strands = chance.sample(made["strand"], 2)
        actions.join(into=strands[0], others=strands[1:], by=by)
        whole = chance.choice(made["change"])
        actions.split_change(
            change=whole,
            pk=uuid4(),
            title="Made two",
            purpose="",
            steps=[],
            met=[one for one in made["piece"]["met"] if one.change_id == whole.pk],
            asks=[],
            by=by,
        )
    gone = {"removed_at": timezone.now()}
    for row in (made["insight"][0], made["pillar"][0], made["experiment"][0], barriers[3]):
        type(row).objects.filter(pk=row.pk).update(**gone)
    for kind in ("met", "ask", "rule", "measure"):
        piece = made["piece"][kind][0]
        type(piece).objects.filter(pk=piece.pk).update(**gone)


def test_links_are_those_that_postgres_finds_by_itself(cast):
    """Twenty worlds of chance links, joined, split and taken away from; every point of each."""
    for seed in range(20):
        with transaction.atomic():
            programme = ProgrammeFactory()
            made = weave(programme, **FEW, seed=seed)
            _stir(made, random.Random(seed), cast.facilitator)
            web = Web(programme)
            for way, links in (("onwards", web.onwards), ("back", web.back)):
                ours = {point: web.reach(point, links) for point in web.words}
                assert ours == walked_by_postgres(way), (seed, way)
            for point in web.words:
                path = web.path(point)
                assert point in path
                assert set(path) <= web.around(point)
                assert [one.place for one in path] == sorted({one.place for one in path})
            transaction.set_rollback(True)


def test_two_thousand_barriers_take_as_many_queries_as_ten(
    cast, client_of, django_assert_num_queries
):
    sizes = {
        cast.other_programme: (10, 3, 5, 4, 2, 4),
        cast.programme: (2000, 20, 200, 60, 6, 100),
    }
    names = ("barriers", "strands", "changes", "insights", "pillars", "experiments")
    pages = {}
    for programme, numbers in sizes.items():
        weave(programme, **dict(zip(names, numbers, strict=True)))
        client = client_of(cast.crescendo)
        address = f"/{programme.authority.slug}/thread/"
        at = str(client.get(address).context["at"])
        with django_assert_num_queries(QUERIES):
            pages[numbers[0]] = client.get(address, {"at": at})
    many = pages[2000]
    assert max(len(column.cells) for column in many.context["columns"]) == MOST
    assert "And 1,993 more" in _told(many)
    assert len(many.content) < 3 * len(pages[10].content)
    found = client.get(address, {"q": "barrier 1"})
    assert len(found.context["found"]["hits"]) == 20
    assert point_of(f"change-{uuid4()}x") is None
    assert Point("pillar", uuid4()).place == 4
