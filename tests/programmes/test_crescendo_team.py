"""The Crescendo team: who is in it, who is invited, and who leaves."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from programmes.models import AuditEvent, Invitation, User
from tests import factories
from tests.answers import errors, follow, told
from tests.letters import letter_to, path_in
from tests.tables import table

# Mail goes after the commit, so the commits have to be real.
pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/portfolio/crescendo-team/"
NEW = "new@crescendo.example"


@pytest.fixture
def team(cast, client_of):
    return client_of(cast.crescendo)


@pytest.fixture
def colleague(db):
    return factories.UserFactory(
        email="bo@crescendo.example", name="Bo Example", is_crescendo_team=True
    )


def _waiting(email: str = NEW, **fields) -> Invitation:
    return Invitation.objects.create(
        **{"email": email, "secret_digest": email, "sent_at": timezone.now()}
        | {"expires_at": timezone.now() + timedelta(days=3)}
        | fields
    )


def test_it_shows_who_is_in_it_and_who_is_invited(team, colleague):
    until = _waiting().expires_at
    _waiting("unsent@crescendo.example", sent_at=None)
    page = team.get(PAGE)
    assert table(page, "People in the Crescendo team") == [
        ["BE Bo Example", "bo@crescendo.example", "Remove Bo Example"],
        ["CE Crescendo Example You", "team@crescendo.example", ""],
    ]
    assert table(page, "Open invitations to the Crescendo team") == [
        [
            *("unsent@crescendo.example", "Not sent yet"),
            "Send now to unsent@crescendo.example"
            " Withdraw the invitation of unsent@crescendo.example",
        ],
        [
            *(NEW, f"Sent today until {until.day} {until:%B}"),
            f"Send again to {NEW} Withdraw the invitation of {NEW}",
        ],
    ]


def test_a_place_of_an_authority_is_none_of_the_teams_invitations(cast, team):
    cast.authority.invitations.create(
        email="member@own.example",
        roles=["manager"],
        secret_digest="digest",
        expires_at=timezone.now() + timedelta(days=1),
    )
    assert "member@own.example" not in team.get(PAGE).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_grow(team, django_assert_num_queries, rows):
    for number in range(rows):
        factories.UserFactory(is_crescendo_team=True)
        _waiting(f"{number}@crescendo.example")
    with django_assert_num_queries(5):
        team.get(PAGE)


# --- inviting


def test_a_colleague_is_invited_and_joins_by_the_link(client, cast, team):
    page = follow(team, team.post(PAGE, {"email": NEW.upper()}))
    assert told(page) == [f"{NEW} is invited. The mail is on its way."]
    kept = Invitation.objects.get()
    assert (kept.authority, kept.roles, kept.invited_by) == (None, [], cast.crescendo)
    letter = letter_to(NEW)
    assert letter.subject == "Join the Crescendo team"
    assert letter.body.splitlines()[2] == (
        "Crescendo Example has invited you to join the Crescendo team."
    )
    client.post(path_in(letter), {"name": "New Person", "password": "three blue otters"})
    assert User.objects.get(email=NEW).is_crescendo_team
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        *("invitation made", "account made", "invitation accepted", "crescendo team joined")
    ]


def test_who_is_in_the_team_is_not_invited(team, colleague):
    page = team.post(PAGE, {"email": colleague.email})
    assert errors(page) == {"email": ["bo@crescendo.example is in the Crescendo team already."]}
    assert (Invitation.objects.count(), mail.outbox) == (0, [])


def test_inviting_a_colleague_twice_sends_one_mail(team):
    for _ in range(2):
        team.post(PAGE, {"email": NEW})
    assert (Invitation.objects.count(), len(mail.outbox)) == (1, 1)


def test_while_the_mail_server_is_away_the_invitation_stays(team, settings):
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 2},
        }
    }
    page = follow(team, team.post(PAGE, {"email": NEW}))
    assert told(page) == [
        f"{NEW} is invited, but the mail has not gone yet. Try “Send again” soon."
    ]
    assert Invitation.objects.get().sent_at is None


def test_sending_again_makes_a_new_link(team):
    kept = _waiting()
    response = team.post(f"{PAGE}invitations/{kept.pk}/send-again/")
    assert told(follow(team, response)) == [f"{NEW} is invited. The mail is on its way."]
    kept.refresh_from_db()
    assert (kept.secret_digest != NEW, len(mail.outbox)) == (True, 1)


def test_a_withdrawn_invitation_is_dead(client, team):
    team.post(PAGE, {"email": NEW})
    link, kept = path_in(letter_to(NEW)), Invitation.objects.get()
    response = team.post(f"{PAGE}invitations/{kept.pk}/withdraw/")
    assert told(follow(team, response))[-1] == (
        f"The invitation of {NEW} is withdrawn. Its link no longer works."
    )
    assert client.get(link).status_code == 410


def test_withdrawing_comes_too_late_after_a_yes(cast, team):
    kept = _waiting(accepted_at=timezone.now())
    response = team.post(f"{PAGE}invitations/{kept.pk}/withdraw/")
    assert told(follow(team, response)) == [f"{NEW} said yes just before, and is in the team now."]


def test_an_authoritys_invitation_is_not_found_here(cast, team):
    theirs = cast.authority.invitations.create(
        email="member@own.example",
        roles=["manager"],
        secret_digest="digest",
        expires_at=timezone.now() + timedelta(days=1),
    )
    for verb in ("send-again", "withdraw"):
        assert team.post(f"{PAGE}invitations/{theirs.pk}/{verb}/").status_code == 404


# --- leaving


def test_who_leaves_no_longer_sees_every_place_from_the_next_request(
    cast, client_of, team, colleague
):
    factories.MembershipFactory(authority=cast.other, user=colleague, roles=["practitioner"])
    theirs = client_of(colleague)
    assert [theirs.get(path).status_code for path in ("/portfolio/", "/own/", "/other/")] == [
        *(200, 200, 200)
    ]
    address = f"{PAGE}{colleague.pk}/remove/"
    assert "Does Bo Example leave the Crescendo team?" in team.get(address).content.decode()
    page = follow(team, team.post(address))
    assert told(page) == ["Bo Example is no longer in the Crescendo team."]
    assert [theirs.get(path).status_code for path in ("/portfolio/", "/own/", "/other/")] == [
        *(404, 404, 200)
    ]


def test_nobody_removes_themselves_so_that_somebody_stays(cast, team):
    address = f"{PAGE}{cast.crescendo.pk}/remove/"
    assert (team.get(address).status_code, team.post(address).status_code) == (403, 403)
    cast.crescendo.refresh_from_db()
    assert cast.crescendo.is_crescendo_team


def test_who_is_not_in_the_team_cannot_be_removed_from_it(cast, team):
    assert team.post(f"{PAGE}{cast.manager.pk}/remove/").status_code == 404


@pytest.mark.parametrize("who", ["facilitator", "manager", "practitioner", "outsider"])
def test_nobody_else_knows_of_these_pages(cast, client_of, colleague, who):
    client, kept = client_of(getattr(cast, who)), _waiting()
    statuses = [
        client.post(address, {"email": "me@own.example"}).status_code
        for address in (
            PAGE,
            f"{PAGE}{colleague.pk}/remove/",
            f"{PAGE}invitations/{kept.pk}/send-again/",
            f"{PAGE}invitations/{kept.pk}/withdraw/",
        )
    ]
    colleague.refresh_from_db()
    assert (statuses, colleague.is_crescendo_team, Invitation.objects.waiting().count()) == (
        *([404] * 4, True, 1),
    )
