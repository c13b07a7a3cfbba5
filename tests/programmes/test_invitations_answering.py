"""Answering an invitation through its link: who gets in, once, and as whom."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from programmes.actions import invitations as actions
from programmes.editing import Taken
from programmes.models import AuditEvent, Invitation, Membership, Role, User
from tests import factories
from tests.answers import errors, follow, told
from tests.at_once import while_waiting

NEW = "new@own.example"
SAID = {"name": "New Person", "password": "three blue otters"}
P, M, F = Role.PRACTITIONER.value, Role.MANAGER.value, Role.FACILITATOR.value
SECRET = "a-secret-that-nobody-guesses"
LINK = f"/invitations/{SECRET}/"


@pytest.fixture
def north(cast):
    return factories.TeamFactory(authority=cast.authority, name="North")


def _invite(authority, email: str, *, roles=(P,), teams=(), by=None, secret=SECRET) -> Invitation:
    invitation = Invitation.objects.create(
        authority=authority,
        email=email,
        roles=list(roles),
        secret_digest=actions._digest(secret),
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=14),
    )
    invitation.teams.set(teams, through_defaults={"authority": authority})
    return invitation


@pytest.fixture
def invited(cast, north):
    """Somebody new, to the own authority."""
    return _invite(cast.authority, NEW, roles=[M], teams=[north], by=cast.facilitator)


def _run_out(invitation: Invitation) -> None:
    then = timezone.now() - timedelta(days=20)
    Invitation.objects.filter(pk=invitation.pk).update(
        created_at=then, expires_at=then + timedelta(days=14)
    )


def _everything() -> tuple:
    """What an invitation could change."""
    return (
        list(Invitation.objects.order_by("pk").values()),
        list(Membership.objects.order_by("pk").values()),
        list(User.objects.order_by("pk").values("pk", "email", "name", "is_crescendo_team")),
        AuditEvent.objects.count(),
    )


# --- somebody new


def test_somebody_new_joins_with_a_name_and_a_password(cast, client, invited, north):
    page = client.get(LINK)
    assert (page.status_code, page.context["step"]) == (200, "join")
    page = follow(client, client.post(LINK, SAID))
    assert (page.request["PATH_INFO"], told(page)) == (
        "/own/",
        ["You’re in. Welcome to Own Borough."],
    )
    user = User.objects.get(email=NEW)
    membership = user.memberships.get()
    assert (user.name, user.check_password(SAID["password"]), user.is_crescendo_team) == (
        *("New Person", True, False),
    )
    assert (membership.authority, membership.roles, list(membership.teams.all())) == (
        *(cast.authority, [M], [north]),
    )
    assert list(EmailAddress.objects.values_list("user", "email", "verified", "primary")) == [
        (user.pk, NEW, True, True)
    ]
    invited.refresh_from_db()
    assert (invited.state, invited.accepted_by) == (Invitation.State.ACCEPTED, user)
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", "actor_id")) == [
        ("account made", user.pk),
        ("invitation accepted", user.pk),
        ("membership started", user.pk),
    ]


def test_the_page_says_who_invites_whom_to_what(client, invited):
    body = client.get(LINK).content.decode()
    for words in ("Facilitator Example invites you", "Take part in Own Borough", NEW, "Manager"):
        assert words in body


def test_joining_begins_a_new_session(client, invited):
    client.get("/accounts/login/")
    client.session["mark"] = True
    before = client.session.session_key
    client.post(LINK, SAID)
    assert client.session.session_key != before


def test_who_just_joined_can_set_up_a_second_step_without_their_password_again(client, invited):
    client.post(LINK, SAID)
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, {"name": ["Enter your name."], "password": ["Choose a password."]}),
        ({"name": "  ", "password": "three blue otters"}, {"name": ["Enter your name."]}),
        (
            {"name": "Sam", "password": "short"},
            {"password": ["This password is too short. It must contain at least 12 characters."]},
        ),
        (
            {"name": "Sam", "password": "q1w2e3r4t5y6"},
            {"password": ["This password is too common."]},
        ),
        (
            {"name": "Alexandrina Hartwell", "password": "alexandrina hartwel"},
            {"password": ["The password is too similar to the name."]},
        ),
    ],
)
def test_what_is_missing_or_weak_is_told_of_and_nothing_changes(client, invited, said, wrong):
    before = _everything()
    page = client.post(LINK, said | {"csrfmiddlewaretoken": "token"})
    assert (errors(page), _everything()) == (wrong, before)


def test_a_password_is_never_shown_again(client, invited):
    page = client.post(LINK, {"name": "", "password": "three blue otters"})
    assert "three blue otters" not in page.content.decode()


def test_a_name_is_shown_as_text(client, invited):
    client.post(LINK, SAID | {"name": "<b>New</b>  Person"})
    assert User.objects.get(email=NEW).name == "<b>New</b> Person"
    body = client.get("/account/").content.decode()
    assert ("<b>New" in body, "&lt;b&gt;New&lt;/b&gt; Person" in body) == (False, True)


def test_forged_fields_of_a_joiner_change_nothing(cast, client, invited):
    forged = {
        "email": "forged@own.example",
        "roles": [F],
        "authority": cast.other.pk,
        "is_crescendo_team": "on",
        "teams": [factories.TeamFactory(authority=cast.authority).pk],
    }
    client.post(LINK, SAID | forged)
    user = User.objects.get(name="New Person")
    membership = user.memberships.get()
    assert (user.email, user.is_crescendo_team, membership.authority, membership.roles) == (
        *(NEW, False, cast.authority, [M]),
    )
    assert [team.name for team in membership.teams.all()] == ["North"]


# --- looking changes nothing


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_changes_nothing(cast, client, client_of, invited, method):
    """Mail scanners open links, and so does somebody who only looks."""
    before = _everything()
    for browser in (client, client_of(cast.manager)):
        for _ in range(3):
            assert getattr(browser, method)(LINK).status_code == 200
    assert _everything() == before


def test_other_methods_are_refused(client, invited):
    assert [getattr(client, method)(LINK).status_code for method in ("put", "delete", "patch")] == [
        405
    ] * 3


def test_the_link_needs_a_token_against_forged_forms(invited):
    client = Client(enforce_csrf_checks=True)
    assert client.post(LINK, SAID).status_code == 403
    assert not User.objects.filter(email=NEW).exists()


# --- once, and not too late


def test_a_link_works_once(client, invited):
    client.post(LINK, SAID)
    other, before = Client(), _everything()
    answer = other.post(LINK, {"name": "Second Person", "password": "four green otters"})
    assert (answer.status_code, other.get(LINK).status_code) == (410, 410)
    assert "This invitation has been answered" in answer.content.decode()
    assert _everything() == before


def test_a_link_that_ran_out_is_gone(client, invited):
    _run_out(invited)
    before = _everything()
    page = client.get(LINK)
    assert (page.status_code, client.post(LINK, SAID).status_code) == (410, 410)
    assert "This invitation has run out" in page.content.decode()
    assert _everything() == before


def test_a_withdrawn_link_is_gone(cast, client, invited):
    actions.withdraw(invitation=invited, by=cast.facilitator)
    page = client.get(LINK)
    assert (page.status_code, client.post(LINK, SAID).status_code) == (410, 410)
    assert "This invitation was withdrawn" in page.content.decode()
    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.parametrize("secret", ["unknown", "x" * 300, SECRET[:-1], SECRET.upper()])
def test_an_unknown_link_is_not_found(client, invited, secret):
    address = f"/invitations/{secret}/"
    page = client.get(address)
    assert (page.status_code, client.post(address, SAID).status_code) == (404, 404)
    assert "We can’t find that invitation" in page.content.decode()


def test_the_digest_in_the_database_opens_nothing(client, invited):
    assert client.get(f"/invitations/{invited.secret_digest}/").status_code == 404


def test_a_page_that_holds_a_secret_is_neither_kept_nor_told_of(client, invited):
    page = client.get(LINK)
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store, private", "same-origin")


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_make_one_account(cast, invited):
    def join(name):
        return actions.accept_as_new_person(
            invitation=invited, name=name, password="three blue otters"
        )

    first, second = while_waiting(lambda: join("First"), lambda: join("Second"))
    assert (first.name, type(second)) == ("First", actions.NotOpen)
    assert User.objects.filter(email=NEW).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_invitations_of_one_address_answered_at_once_make_one_account(cast, invited):
    other = _invite(cast.other, NEW, secret="another")

    def join(invitation, name):
        return actions.accept_as_new_person(
            invitation=invitation, name=name, password="three blue otters"
        )

    first, second = while_waiting(lambda: join(invited, "First"), lambda: join(other, "Second"))
    assert (first.name, type(second)) == ("First", Taken)
    other.refresh_from_db()
    assert other.state == Invitation.State.OPEN


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_withdrawal_at_once_are_one_of_the_two(cast, invited):
    _, joined = while_waiting(
        lambda: actions.withdraw(invitation=invited, by=cast.facilitator),
        lambda: actions.accept_as_new_person(
            invitation=invited, name="New Person", password="three blue otters"
        ),
    )
    assert type(joined) is actions.NotOpen
    assert not User.objects.filter(email=NEW).exists()


# --- somebody who has an account


def test_who_has_an_account_signs_in_first_and_comes_back(cast, client):
    _invite(cast.other, cast.practitioner.email, roles=[F])
    page = client.get(LINK)
    assert page.context["step"] == "sign in"
    assert f'href="/accounts/login/?next=%2Finvitations%2F{SECRET}%2F"' in page.content.decode()
    response = client.post(
        f"/accounts/login/?next={LINK}",
        {"login": cast.practitioner.email, "password": factories.PASSWORD, "next": LINK},
    )
    page = follow(client, response)
    assert (page.request["PATH_INFO"], page.context["step"]) == (LINK, "accept")
    page = follow(client, client.post(LINK))
    assert (page.request["PATH_INFO"], told(page)) == (
        "/other/",
        ["You’re in. Welcome to Other Borough."],
    )
    assert cast.practitioner.memberships.get(authority=cast.other).roles == [F]


def test_nobody_can_set_a_password_for_an_account_that_is_there(cast, client):
    _invite(cast.other, cast.practitioner.email)
    before = _everything()
    page = client.post(LINK, SAID)
    assert (page.context["step"], _everything()) == ("sign in", before)
    cast.practitioner.refresh_from_db()
    assert cast.practitioner.check_password(factories.PASSWORD)


def test_somebody_else_is_told_and_can_sign_out_towards_it(cast, client_of, invited):
    browser = client_of(cast.practitioner)
    before = _everything()
    page = browser.get(LINK)
    assert (page.context["step"], browser.post(LINK, SAID).context["step"]) == (
        *("somebody else", "somebody else"),
    )
    assert _everything() == before
    response = browser.post("/accounts/logout/", {"next": LINK})
    assert follow(browser, response).context["step"] == "join"


def test_an_address_that_somebody_showed_to_be_theirs_is_theirs(cast, client_of):
    EmailAddress.objects.create(user=cast.manager, email="second@own.example", verified=True)
    _invite(cast.other, "second@own.example")
    assert client_of(cast.manager).get(LINK).context["step"] == "accept"


def test_an_address_that_nobody_has_shown_to_be_theirs_opens_nothing(cast, client_of):
    EmailAddress.objects.create(user=cast.manager, email="claimed@own.example", verified=False)
    _invite(cast.other, "claimed@own.example")
    browser = client_of(cast.manager)
    assert browser.post(LINK).context["step"] == "somebody else"
    assert not cast.manager.memberships.filter(authority=cast.other).exists()


def test_who_takes_part_already_keeps_what_they_have(cast, client_of, north):
    _invite(cast.authority, cast.manager.email, roles=[F], teams=[north])
    client_of(cast.manager).post(LINK)
    membership = cast.manager.memberships.get()
    assert (membership.roles, list(membership.teams.all())) == ([F, M], [north])


def test_a_deactivated_person_cannot_answer(cast, client):
    cast.manager.is_active = False
    cast.manager.save()
    _invite(cast.other, cast.manager.email)
    assert client.post(LINK, SAID).context["step"] == "sign in"
    assert not cast.manager.memberships.filter(authority=cast.other).exists()


# --- to the Crescendo team


def test_an_invitation_to_the_crescendo_team_leads_to_the_portfolio(client, db):
    _invite(None, NEW, roles=[])
    page = client.get(LINK)
    assert "Join the Crescendo team" in page.content.decode()
    page = follow(client, client.post(LINK, SAID))
    assert (page.request["PATH_INFO"], told(page)) == (
        "/portfolio/",
        ["You’re in. Welcome to the Crescendo team."],
    )
    assert User.objects.get(email=NEW).is_crescendo_team


# --- the second step


def test_a_manager_who_joins_is_led_to_a_second_step_where_it_is_needed(client, invited, settings):
    settings.REQUIRE_SECOND_STEP = True
    page = client.post(LINK, SAID, follow=True)
    assert page.redirect_chain == [("/own/", 302), ("/accounts/2fa/", 302)]


def test_answering_sends_no_mail(client, invited):
    client.post(LINK, SAID)
    assert mail.outbox == []
