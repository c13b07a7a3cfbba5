"""The Crescendo team's portfolio."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blueprints.models import Experiment
from crescendo.portfolio import places
from programmes.models import Gift, JourneyStep
from smallchanges.models import Move, Stage, Status
from tests import factories


def _names(response) -> list[str]:
    return [place.name for place in response.context["places_found"]]


def test_every_place_by_name_with_where_it_is(cast, client_of):
    JourneyStep.objects.create(
        authority=cast.authority, programme=cast.programme, step=1, done_at=timezone.now()
    )
    for step in (1, 2, 3, 4):
        JourneyStep.objects.create(
            authority=cast.other, programme=cast.other_programme, step=step, done_at=timezone.now()
        )
    empty = factories.LocalAuthorityFactory(name="New Borough")
    response = client_of(cast.crescendo).get("/portfolio/")
    assert _names(response) == [empty.name, cast.other.name, cast.authority.name]
    assert [place.here for place in response.context["places_found"]] == [1, 5, 2]
    assert [place.service for place in response.context["places_found"]] == [
        None,
        "Family Support",
        "Family Support",
    ]


def test_only_the_crescendo_team_finds_it(cast, client_of):
    assert client_of(cast.facilitator).get("/portfolio/").status_code == 404


@pytest.fixture
def needy(cast):
    """One place has a quiet change that needs a sponsor; the other has one that just moved."""
    factories.SmallChangeFactory(
        programme=cast.programme, status=Status.CHOSEN, gift=Gift.NEEDS_SPONSORSHIP
    )
    moved = factories.SmallChangeFactory(programme=cast.other_programme, status=Status.CHOSEN)
    Move.objects.create(
        authority=cast.other,
        change=moved,
        at=timezone.now() - timedelta(days=1),
        from_stage=Stage.MISSION,
        to_stage=Stage.DEVELOP,
        from_status=Status.CHOSEN,
        to_status=Status.CHOSEN,
    )
    return cast


@pytest.mark.parametrize("needs", ["quiet", "sponsor"])
def test_it_shows_who_needs_a_hand(needy, client_of, needs):
    response = client_of(needy.crescendo).get("/portfolio/", {"needs": needs})
    assert _names(response) == [needy.authority.name]


def test_search_and_an_empty_find(needy, client_of):
    client = client_of(needy.crescendo)
    assert _names(client.get("/portfolio/", {"q": "other"})) == [needy.other.name]
    nothing = client.get("/portfolio/", {"q": "zzz", "needs": "quiet"}).content.decode()
    assert "No places match “zzz” with “Gone quiet”." in nothing


def test_htmx_gets_the_region_alone(cast, client_of):
    response = client_of(cast.crescendo).get("/portfolio/", headers={"HX-Request": "true"})
    assert response.content.decode().strip().startswith('<div id="portfolio-places">')
    assert response["Vary"].count("HX-Request") == 1


@pytest.mark.parametrize("more", [1, 3])
def test_query_count_does_not_grow(cast, client_of, django_assert_num_queries, more):
    for _ in range(more):
        factories.ProgrammeFactory()
    client = client_of(cast.crescendo)
    with django_assert_num_queries(5):
        client.get("/portfolio/")


def test_a_programme_that_ended_says_nothing_of_a_place(cast):
    for programme in (cast.programme, cast.other_programme):
        factories.SmallChangeFactory(programme=programme, status=Status.CHOSEN)
        factories.ExperimentFactory(
            pillar__blueprint__programme=programme, state=Experiment.State.WAITING
        )
    cast.programme.ended_on = timezone.localdate()
    cast.programme.save()
    found = {
        place.name: (place.service, place.living, place.quiet, place.waiting) for place in places()
    }
    assert found == {
        cast.authority.name: (None, 0, 0, 0),
        cast.other.name: ("Family Support", 1, 1, 1),
    }
    assert [place.name for place in places(search="family")] == [cast.other.name]
