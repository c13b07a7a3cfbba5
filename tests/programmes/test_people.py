"""Who takes part: found, shown, changed and ended."""

from datetime import timedelta
from itertools import chain, combinations
from uuid import uuid4

import pytest
from django.utils import timezone

from programmes.actions import people as actions
from programmes.models import AuditEvent, Membership, Role
from programmes.permissions import CRESCENDO_TEAM, grantable_by
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo
from tests.tables import table

PAGE = "/own/people/"
CAPTION = "People who take part in Own Borough"
# What every form of ours sends, even where nothing is ticked.
TOKEN = {"csrfmiddlewaretoken": "token"}
P, M, F = Role.PRACTITIONER.value, Role.MANAGER.value, Role.FACILITATOR.value


@pytest.fixture
def north(cast):
    return factories.TeamFactory(authority=cast.authority, name="North")


def _of(person) -> Membership:
    return person.memberships.get()


def _put(person, team) -> None:
    _of(person).teams.add(team, through_defaults={"authority": team.authority})


def _names(response) -> list[str]:
    return [str(member.user) for member in response.context["members"]]


def _as_it_is(person) -> tuple[list[str], list[str]]:
    membership = _of(person)
    return membership.roles, [team.name for team in membership.teams.all()]


# --- the page


def test_a_practitioner_reads_names_roles_and_teams(cast, practitioner, north):
    _put(cast.manager, north)
    assert table(practitioner.get(PAGE), CAPTION) == [
        ["FE Facilitator Example", "Facilitator", "None yet"],
        ["ME Manager Example", "Manager", "North"],
        ["PE Practitioner Example You", "Practitioner", "None yet"],
    ]


def test_who_manages_people_sees_addresses_and_what_can_be_done(cast, facilitator):
    assert table(facilitator.get(PAGE), CAPTION) == [
        [
            *("FE Facilitator Example You", "Facilitator", "None yet"),
            *("facilitator@own.example", "Change what Facilitator Example does here"),
        ],
        [
            *("ME Manager Example", "Manager", "None yet", "manager@own.example"),
            "Change what Manager Example does here End the place of Manager Example",
        ],
        [
            *("PE Practitioner Example", "Practitioner", "None yet", "practitioner@own.example"),
            "Change what Practitioner Example does here End the place of Practitioner Example",
        ],
    ]


@pytest.mark.parametrize("who", ["practitioner", "manager"])
def test_addresses_and_invitations_are_not_for_everybody(cast, client_of, facilitator, who):
    """Not even the address, or the initials, of somebody who has given no name."""
    _invitation(cast, "invited@own.example")
    factories.MembershipFactory(
        authority=cast.authority, user__email="zoe@nameless.example", user__name=""
    )
    seen = facilitator.get(PAGE).content.decode()
    page = client_of(getattr(cast, who)).get(PAGE)
    body = page.content.decode()
    assert [word in seen for word in ("manager@own", "zoe@", ">Z<", "invited@own")] == [
        *(True, True, False, True)
    ]
    assert [word in body for word in ("manager@own", "zoe@", ">Z<", "invited@own")] == [False] * 4
    assert table(page, CAPTION)[0] == ["No name yet", "Practitioner", "None yet"]
    assert "invitations" not in page.context


def _invitation(cast, email, **fields):
    return cast.authority.invitations.create(
        **{"email": email, "roles": [P], "secret_digest": email, "invited_by": cast.facilitator}
        | {"expires_at": timezone.now() + timedelta(days=3)}
        | fields
    )


def test_several_roles_are_one_line_of_words(cast, practitioner):
    Membership.objects.filter(user=cast.manager).update(roles=[F, M, P])
    (row,) = [row for row in table(practitioner.get(PAGE), CAPTION) if "Manager Example" in row[0]]
    assert row[1] == "Practitioner, manager and facilitator"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Facilitator Example", "Manager Example", "Practitioner Example"]),
        ("q=MANAG", ["Manager Example"]),
        ("q=practitioner@own", ["Practitioner Example"]),
        ("role=manager", ["Manager Example"]),
        ("role=manager&q=fac", []),
        ("role=director", ["Facilitator Example", "Manager Example", "Practitioner Example"]),
        ("q=100%25", []),
        ("q=_", []),
        ("team=nonsense", ["Facilitator Example", "Manager Example", "Practitioner Example"]),
        ("page=99", ["Facilitator Example", "Manager Example", "Practitioner Example"]),
        ("page=x", ["Facilitator Example", "Manager Example", "Practitioner Example"]),
    ],
)
def test_people_are_found_by_what_the_address_asks(facilitator, query, found):
    assert _names(facilitator.get(f"{PAGE}?{query}")) == found


def test_people_are_found_by_their_team(cast, facilitator, north):
    _put(cast.manager, north)
    assert _names(facilitator.get(f"{PAGE}?team={north.pk}")) == ["Manager Example"]


def test_another_authoritys_team_finds_nobody_out(cast, facilitator):
    """It is no team here, so it asks for nothing."""
    elsewhere = factories.TeamFactory(authority=cast.other, name="Elsewhere")
    _put(cast.outsider, elsewhere)
    page = facilitator.get(f"{PAGE}?team={elsewhere.pk}")
    assert (_names(page), "Elsewhere" in page.content.decode()) == (
        ["Facilitator Example", "Manager Example", "Practitioner Example"],
        False,
    )


def test_a_search_does_not_tell_addresses_to_those_who_may_not_see_them(practitioner, facilitator):
    query = f"{PAGE}?q=manager@own"
    assert (_names(facilitator.get(query)), _names(practitioner.get(query))) == (
        ["Manager Example"],
        [],
    )


def test_where_nobody_matches_the_page_says_what_was_asked_and_how_to_go_back(practitioner, north):
    body = practitioner.get(f"{PAGE}?q=zebra&role=manager&team={north.pk}").content.decode()
    assert "You’re looking for “zebra” with the role manager in North." in body
    assert f'href="{PAGE}">Show everyone' in body


def test_htmx_gets_the_list_alone_with_the_count_for_screen_readers(practitioner):
    part = practitioner.get(f"{PAGE}?q=manager", headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div id="people-found">')
    assert '<span hx-swap-oob="innerHTML:#people-count" hidden>One person found</span>' in part


def test_the_search_form_says_what_it_found(practitioner, north):
    body = practitioner.get(f"{PAGE}?q=a&role=manager&team={north.pk}").content.decode()
    assert 'value="a"' in body
    assert '<option value="manager" selected>' in body
    assert f'<option value="{north.pk}" selected>' in body


def test_ended_and_deactivated_people_are_not_on_the_list(cast, facilitator):
    actions.end(membership=_of(cast.manager), by=cast.facilitator)
    cast.practitioner.is_active = False
    cast.practitioner.save()
    assert _names(facilitator.get(PAGE)) == ["Facilitator Example"]


def test_a_long_list_comes_in_pages_that_keep_what_was_asked(cast, facilitator):
    for number in range(51):
        factories.MembershipFactory(
            authority=cast.authority, user__name=f"Kim {number:02}", roles=[M]
        )
    first = facilitator.get(f"{PAGE}?q=kim")
    assert (len(first.context["members"]), "?q=kim&amp;page=2" in first.content.decode()) == (
        50,
        True,
    )
    assert _names(facilitator.get(f"{PAGE}?q=kim&page=2")) == ["Kim 50"]


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_grow(cast, client_of, django_assert_num_queries, rows):
    for number in range(rows):
        team = factories.TeamFactory(authority=cast.authority)
        member = factories.MembershipFactory(authority=cast.authority)
        member.teams.add(team, through_defaults={"authority": cast.authority})
        invitation = _invitation(cast, f"{number}@own.example")
        invitation.teams.add(team, through_defaults={"authority": cast.authority})
    for who, queries in (("facilitator", 11), ("practitioner", 7)):
        client = client_of(getattr(cast, who))
        with django_assert_num_queries(queries):
            client.get(PAGE)


# --- changing what somebody does


def _edit(person) -> str:
    return f"{PAGE}{_of(person).pk}/edit/"


def test_roles_and_teams_are_changed_together(cast, facilitator, north):
    page = facilitator.get(_edit(cast.manager))
    assert page.context["form"].initial["roles"] == [M]
    response = facilitator.post(_edit(cast.manager), {"roles": [P, F], "teams": [north.pk]})
    page = follow(facilitator, response)
    assert _as_it_is(cast.manager) == ([F, P], ["North"])
    assert told(page) == ["Changed what Manager Example does here."]
    event = AuditEvent.objects.get(verb="membership changed")
    assert event.details == {
        "before": {"roles": [M], "teams": []},
        "roles": [F, P],
        "teams": [str(north.pk)],
    }


def test_the_form_offers_roles_and_teams_as_boxes_to_tick(cast, facilitator, north):
    """What a form adds to itself has to reach the page."""
    _put(cast.manager, north)
    body = facilitator.get(_edit(cast.manager)).content.decode()
    for name, value, is_ticked in (
        ("roles", P, False),
        ("roles", M, True),
        ("roles", F, False),
        ("teams", north.pk, True),
    ):
        (box,) = [
            part.split(">")[0]
            for part in body.split("<input")
            if f'name="{name}" value="{value}"' in part
        ]
        assert (" checked" in box) == is_ticked


def test_a_person_needs_at_least_one_role(cast, facilitator):
    page = facilitator.post(_edit(cast.manager), {"teams": []} | TOKEN)
    assert errors(page) == {"roles": ["Choose at least one role."]}
    assert _as_it_is(cast.manager) == ([M], [])


@pytest.mark.parametrize("role", ["crescendo team", "director", "", "\0"])
def test_a_role_that_does_not_exist_is_refused(cast, facilitator, role):
    page = facilitator.post(_edit(cast.manager), {"roles": [P, role]})
    assert (page.status_code, "roles" in errors(page), _as_it_is(cast.manager)) == (
        *(200, True),
        ([M], []),
    )


def test_another_authoritys_team_is_refused(cast, facilitator, north):
    elsewhere = factories.TeamFactory(authority=cast.other)
    page = facilitator.post(_edit(cast.manager), {"roles": [M], "teams": [elsewhere.pk]})
    assert errors(page) == {"teams": ["Choose from the list."]}
    assert _as_it_is(cast.manager) == ([M], [])


def test_forged_fields_change_nothing(cast, facilitator):
    mine = _of(cast.manager)
    facilitator.post(
        _edit(cast.manager),
        {
            "roles": [M],
            "user": cast.outsider.pk,
            "authority": cast.other.pk,
            "id": uuid4(),
            "ended_at": "2020-01-01",
            "is_crescendo_team": "on",
            "email": "forged@own.example",
            "name": "Forged",
            "is_active": "",
        },
    )
    before = (mine.pk, cast.authority, cast.manager, None, "manager@own.example", False, True)
    now = Membership.objects.get(pk=mine.pk)
    assert before == (
        *(now.pk, now.authority, now.user, now.ended_at),
        *(now.user.email, now.user.is_crescendo_team, now.user.is_active),
    )


def test_saving_what_is_already_so_leaves_no_event(cast, facilitator):
    facilitator.post(_edit(cast.manager), {"roles": [M]})
    assert list(AuditEvent.objects.values_list("verb")) == []


def test_an_ended_membership_cannot_be_changed(cast, facilitator):
    address = _edit(cast.manager)
    actions.end(membership=_of(cast.manager), by=cast.facilitator)
    assert facilitator.post(address, {"roles": [F]}).status_code == 404


# --- nobody above what they may


def test_nobody_changes_their_own_roles(cast, facilitator, north):
    page = facilitator.get(_edit(cast.facilitator))
    assert list(page.context["form"].fields) == ["teams"]
    facilitator.post(_edit(cast.facilitator), {"roles": [P, M, F], "teams": [north.pk]})
    assert _as_it_is(cast.facilitator) == ([F], ["North"])


def test_without_teams_there_is_nothing_of_ones_own_to_change(cast, facilitator):
    body = facilitator.get(_edit(cast.facilitator)).content.decode()
    assert "There are no teams to be in yet." in body
    facilitator.post(_edit(cast.facilitator), {"roles": [P]})
    assert _as_it_is(cast.facilitator) == ([F], [])


def test_a_member_of_the_crescendo_team_does_not_change_their_own_roles_in_a_place(cast, client_of):
    factories.MembershipFactory(authority=cast.authority, user=cast.crescendo, roles=[P])
    client_of(cast.crescendo).post(_edit(cast.crescendo), {"roles": [F]})
    assert _as_it_is(cast.crescendo) == ([P], [])


def _sets_of_roles():
    return list(chain.from_iterable(combinations([P, M, F], n) for n in (1, 2, 3)))


@pytest.mark.parametrize("held", _sets_of_roles(), ids="+".join)
def test_who_may_give_which_role(cast, client_of, held):
    """Holders of every set of roles try to give somebody every set of roles."""
    Membership.objects.filter(user=cast.facilitator).update(roles=list(held))
    client, target = client_of(cast.facilitator), _edit(cast.manager)
    for wanted in _sets_of_roles():
        Membership.objects.filter(user=cast.manager).update(roles=[M])
        status = client.post(target, {"roles": list(wanted)}).status_code
        if F in held:
            assert (status, _as_it_is(cast.manager)[0]) == (302, sorted(wanted))
        else:
            assert (status, _as_it_is(cast.manager)[0]) == (403, [M])


@pytest.mark.parametrize(
    ("held", "may_give"),
    [
        (set(), set()),
        ({P}, set()),
        ({M}, set()),
        ({P, M}, set()),
        ({F}, {P, M, F}),
        ({P, F}, {P, M, F}),
        ({CRESCENDO_TEAM}, {P, M, F}),
        ({CRESCENDO_TEAM, P}, {P, M, F}),
    ],
)
def test_the_policy_of_giving_roles(held, may_give):
    assert grantable_by(held) == may_give


@pytest.mark.parametrize("who", ["practitioner", "manager"])
def test_who_may_not_manage_people_cannot_change_or_end_anybody(cast, client_of, who):
    client = client_of(getattr(cast, who))
    address = f"{PAGE}{_of(cast.facilitator).pk}"
    for verb in ("edit", "end"):
        assert client.post(f"{address}/{verb}/", {"roles": [P]}).status_code == 403
    assert _as_it_is(cast.facilitator) == ([F], [])


# --- ending and taking back


def _end(person) -> str:
    return f"{PAGE}{_of(person).pk}/end/"


def test_ending_asks_first_and_closes_the_door_at_the_next_request(cast, client_of, facilitator):
    theirs, address = client_of(cast.manager), _end(cast.manager)
    assert facilitator.get(address).status_code == 200
    assert theirs.get("/own/").status_code == 200
    page = follow(facilitator, facilitator.post(address))
    assert told(page) == ["Manager Example no longer takes part."]
    assert [theirs.get(path).status_code for path in ("/own/", PAGE, "/own/changes/")] == [404] * 3
    membership = _of(cast.manager)
    assert (membership.ended_by, membership.ended_at is not None) == (cast.facilitator, True)
    assert theirs.get("/account/").status_code == 200
    event = AuditEvent.objects.get(verb="membership ended")
    assert (event.actor_id, event.target_id, event.target_label) == (
        cast.facilitator.pk,
        str(membership.pk),
        "",
    )


def test_ending_can_be_taken_back_with_what_the_person_had(cast, client_of, facilitator, north):
    _put(cast.manager, north)
    page = follow(facilitator, facilitator.post(_end(cast.manager)))
    page = follow(facilitator, undo(facilitator, page))
    assert told(page) == ["Manager Example takes part again."]
    assert _as_it_is(cast.manager) == ([M], ["North"])
    assert client_of(cast.manager).get("/own/").status_code == 200


def test_taking_back_comes_too_late_where_the_person_was_invited_again(cast, facilitator):
    page = follow(facilitator, facilitator.post(_end(cast.manager)))
    actions.join(
        authority=cast.authority, user=cast.manager, roles=[P], teams=[], by=cast.facilitator
    )
    page = follow(facilitator, undo(facilitator, page))
    assert told(page) == ["Manager Example takes part again already, by a new invitation."]
    assert Membership.objects.standing().get(user=cast.manager).roles == [P]


def test_nobody_ends_or_resumes_their_own_place(cast, facilitator):
    assert facilitator.get(_end(cast.facilitator)).status_code == 403
    assert facilitator.post(_end(cast.facilitator)).status_code == 403
    assert facilitator.post(f"{PAGE}{_of(cast.facilitator).pk}/resume/").status_code == 403
    assert _of(cast.facilitator).ended_at is None


def test_ending_twice_is_ending_once(cast):
    membership = _of(cast.manager)
    actions.end(membership=membership, by=cast.facilitator)
    first = _of(cast.manager).ended_at
    actions.end(membership=membership, by=cast.crescendo)
    now = _of(cast.manager)
    assert (now.ended_at, now.ended_by) == (first, cast.facilitator)
    assert AuditEvent.objects.filter(verb="membership ended").count() == 1


def test_the_page_warns_before_the_last_who_can_invite_loses_that(cast, client_of):
    team = client_of(cast.crescendo)
    warning = "the only one here who can invite people"
    assert warning in team.get(_edit(cast.facilitator)).content.decode()
    assert warning in team.get(_end(cast.facilitator)).content.decode()
    assert warning not in team.get(_edit(cast.manager)).content.decode()
    page = follow(team, team.post(_end(cast.facilitator)))
    assert told(page) == [
        "Facilitator Example no longer takes part."
        " Nobody here can invite people now: the Crescendo team can."
    ]


def test_a_changed_role_counts_at_the_next_request(cast, client_of):
    theirs = client_of(cast.manager)
    assert theirs.get("/own/people/invite/").status_code == 403
    actions.change(membership=_of(cast.manager), roles=[F], teams=[], by=cast.crescendo)
    assert theirs.get("/own/people/invite/").status_code == 200


# --- joining


def test_who_takes_part_already_keeps_what_they_have_and_gets_the_rest(cast, north):
    south = factories.TeamFactory(authority=cast.authority, name="South")
    _put(cast.manager, north)
    actions.join(
        authority=cast.authority, user=cast.manager, roles=[P], teams=[south], by=cast.manager
    )
    assert _as_it_is(cast.manager) == ([M, P], ["North", "South"])


def test_somebody_may_take_part_in_two_authorities_with_a_role_in_each(cast, client_of):
    factories.MembershipFactory(authority=cast.other, user=cast.practitioner, roles=[F])
    client = client_of(cast.practitioner)
    assert (
        client.get("/own/people/invite/").status_code,
        client.get("/other/people/invite/").status_code,
    ) == (403, 200)
