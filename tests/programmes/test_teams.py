"""The teams of the service: named, renamed, and taken away while nothing belongs to them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.utils import timezone

from programmes.actions import invitations, people, places
from programmes.models import AuditEvent, Invitation, Team
from tests import factories
from tests.answers import errors, follow, told
from tests.at_once import while_waiting

PAGE = "/own/teams/"
ADD = f"{PAGE}add/"


@pytest.fixture
def north(cast):
    return factories.TeamFactory(authority=cast.authority, name="North")


def _names(response) -> list[str]:
    return [team.name for team in response.context["teams"]]


def _add(client, name: str, pk=None):
    return client.post(ADD, {"id": pk or uuid4(), "name": name})


def _link(team, row) -> None:
    """`row` belongs to the team."""
    row.teams.add(team, through_defaults={"authority": team.authority})


# --- the page


def test_teams_stand_by_name_and_only_ones_own(cast, facilitator, client_of, north):
    factories.TeamFactory(authority=cast.authority, name="East")
    factories.TeamFactory(authority=cast.other, name="Elsewhere")
    assert _names(facilitator.get(PAGE)) == ["East", "North"]
    assert _names(client_of(cast.outsider).get("/other/teams/")) == ["Elsewhere"]


def test_without_a_team_the_page_says_what_teams_are_for(facilitator):
    body = facilitator.get(PAGE).content.decode()
    assert ("No team yet." in body, f'href="{ADD}"' in body) == (True, True)


def test_what_is_made_up_says_so(cast, facilitator):
    factories.TeamFactory(authority=cast.authority, illustrative="all of it")
    assert "Illustrative: all of it" in facilitator.get(PAGE).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_grow(cast, facilitator, django_assert_num_queries, rows):
    for _ in range(rows):
        factories.TeamFactory(authority=cast.authority)
    with django_assert_num_queries(4):
        facilitator.get(PAGE)


# --- adding


def test_a_team_is_added(cast, facilitator):
    page = follow(facilitator, _add(facilitator, "  Family   Support East "))
    assert (_names(page), told(page)) == (
        ["Family Support East"],
        ["Added Family Support East."],
    )
    event = AuditEvent.objects.get(verb="team added")
    assert (event.authority_id, event.actor_id, event.target_label) == (
        *(cast.authority.pk, cast.facilitator.pk, "Family Support East"),
    )


def test_a_form_that_is_sent_twice_makes_one_team(facilitator):
    pk = uuid4()
    assert [_add(facilitator, "North", pk).status_code for _ in range(2)] == [302, 302]
    assert Team.objects.count() == 1


@pytest.mark.parametrize("name", ["north", " NORTH ", "North"])
def test_a_name_that_is_there_is_refused(facilitator, north, name):
    page = _add(facilitator, name)
    assert errors(page) == {"name": ["There’s a team with this name already."]}
    assert Team.objects.count() == 1


def test_two_authorities_may_have_a_team_of_the_same_name(facilitator, cast):
    factories.TeamFactory(authority=cast.other, name="North")
    assert _add(facilitator, "North").status_code == 302


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_name_that_cannot_be_is_refused(facilitator, name):
    page = _add(facilitator, name)
    assert (list(errors(page)), Team.objects.count()) == (["name"], 0)


def test_another_authoritys_id_gives_nothing_away(cast, facilitator):
    theirs = factories.TeamFactory(authority=cast.other, name="Elsewhere")
    assert _add(facilitator, "Mine", theirs.pk).status_code == 400
    theirs.refresh_from_db()
    assert (theirs.name, theirs.authority, Team.objects.count()) == ("Elsewhere", cast.other, 1)


def test_forged_fields_of_a_team_change_nothing(cast, facilitator):
    facilitator.post(
        ADD,
        {"id": uuid4(), "name": "North", "authority": cast.other.pk, "illustrative": "no"},
    )
    team = Team.objects.get()
    assert (team.authority, team.illustrative) == (cast.authority, "")


# --- renaming


def test_a_team_is_renamed_and_what_belongs_to_it_stays(cast, facilitator, north):
    _link(north, cast.manager.memberships.get())
    page = follow(facilitator, facilitator.post(f"{PAGE}{north.pk}/edit/", {"name": "North West"}))
    assert (_names(page), told(page)) == (["North West"], ["It’s called North West now."])
    assert [str(team) for team in cast.manager.memberships.get().teams.all()] == ["North West"]


def test_a_name_of_another_team_is_refused(cast, facilitator, north):
    factories.TeamFactory(authority=cast.authority, name="East")
    page = facilitator.post(f"{PAGE}{north.pk}/edit/", {"name": "EAST"})
    north.refresh_from_db()
    assert (errors(page), north.name) == (
        {"name": ["There’s a team with this name already."]},
        "North",
    )
    assert "Rename North" in page.content.decode()


def test_the_case_of_a_name_can_be_changed(facilitator, north):
    facilitator.post(f"{PAGE}{north.pk}/edit/", {"name": "NORTH"})
    north.refresh_from_db()
    assert north.name == "NORTH"


# --- taking away


def test_a_team_that_nothing_belongs_to_is_taken_away_after_a_question(facilitator, north):
    address = f"{PAGE}{north.pk}/remove/"
    assert "Take North away?" in facilitator.get(address).content.decode()
    assert Team.objects.count() == 1
    page = follow(facilitator, facilitator.post(address))
    assert (_names(page), told(page)) == ([], ["North is gone from the list."])


def _barrier(cast):
    return factories.BarrierFactory(programme=cast.programme)


def _change(cast):
    return factories.SmallChangeFactory(programme=cast.programme)


def _invitation(cast):
    return Invitation.objects.create(
        authority=cast.authority,
        email="new@own.example",
        roles=["practitioner"],
        secret_digest="digest",
        expires_at=timezone.now() + timedelta(days=1),
    )


def _member(cast):
    return cast.manager.memberships.get()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_barrier, "Barriers"),
        (_change, "Small changes"),
        (_invitation, "Invitations"),
        (_member, "People"),
    ],
)
def test_a_team_that_something_belongs_to_stays_and_says_what(
    cast, facilitator, north, make, words
):
    _link(north, make(cast))
    address = f"{PAGE}{north.pk}/remove/"
    for page in (facilitator.get(address), facilitator.post(address)):
        assert page.context["linked"] == [words.lower()]
        assert f"<li>{words}</li>" in page.content.decode()
    assert Team.objects.get() == north


def test_everything_that_belongs_to_a_team_is_named(cast, facilitator, north):
    for make in (_member, _barrier, _invitation, _change):
        _link(north, make(cast))
    page = facilitator.get(f"{PAGE}{north.pk}/remove/")
    assert page.context["linked"] == ["barriers", "invitations", "people", "small changes"]


def test_what_is_over_holds_no_team(cast, facilitator, north):
    """Nobody could give it to another team any more."""
    _link(north, _member(cast))
    people.end(membership=_member(cast), by=cast.facilitator)
    gone = _barrier(cast)
    _link(north, gone)
    gone.removed_at = timezone.now()
    gone.save()
    facilitator.post(f"{PAGE}{north.pk}/remove/")
    assert Team.objects.count() == 0


def test_an_answered_or_withdrawn_invitation_holds_no_team(cast, facilitator, north):
    kept = _invitation(cast)
    _link(north, kept)
    invitations.withdraw(invitation=kept, by=cast.facilitator)
    facilitator.post(f"{PAGE}{north.pk}/remove/")
    assert Team.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_linked_in_the_same_moment_does_not_hang_on_a_team_that_is_gone(cast, north):
    change = _change(cast)
    _, refused = while_waiting(
        lambda: places.remove_team(team=north, by=cast.facilitator), lambda: _link(north, change)
    )
    assert (type(refused), list(change.teams.all())) == (IntegrityError, [])
