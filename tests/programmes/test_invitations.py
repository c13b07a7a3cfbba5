"""Inviting people: who may, what is kept, and the mail that goes."""

import hashlib
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from programmes.actions import invitations as actions
from programmes.models import AuditEvent, Invitation, Role
from tests import factories
from tests.answers import errors, follow, told
from tests.at_once import while_waiting
from tests.letters import letter_to, link_in, path_in
from tests.tables import table

# Mail goes after the commit, so the commits have to be real.
pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = "/own/people/"
PAGE = "/own/people/invite/"
NEW = "new@own.example"
P, M, F = Role.PRACTITIONER.value, Role.MANAGER.value, Role.FACILITATOR.value
AWAY = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 2},
    }
}


@pytest.fixture
def north(cast):
    return factories.TeamFactory(authority=cast.authority, name="North")


@pytest.fixture
def one_waiting(cast, client_of):
    """An invitation whose mail has gone."""
    client_of(cast.facilitator).post(PAGE, {"email": NEW, "roles": [P]})
    return Invitation.objects.get()


def _run_out(invitation: Invitation) -> None:
    then = timezone.now() - timedelta(days=20)
    Invitation.objects.filter(pk=invitation.pk).update(
        created_at=then, expires_at=then + timedelta(days=14)
    )


def _verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


# --- one person


def test_an_invitation_keeps_a_place_and_sends_a_link(cast, facilitator, north):
    response = facilitator.post(
        PAGE, {"email": " New@Own.Example ", "roles": [M, P], "teams": [north.pk]}
    )
    kept = Invitation.objects.get()
    assert told(follow(facilitator, response)) == [f"{NEW} is invited. The mail is on its way."]
    assert (kept.authority, kept.email, kept.roles, list(kept.teams.all())) == (
        *(cast.authority, NEW, [M, P], [north]),
    )
    assert (kept.invited_by, kept.sent_at is not None) == (cast.facilitator, True)
    assert kept.expires_at - kept.created_at == pytest.approx(
        timedelta(days=14), abs=timedelta(minutes=1)
    )
    assert _verbs() == ["invitation made"]
    event = AuditEvent.objects.get()
    assert (event.target_label, event.details) == (
        "",
        {"roles": [M, P], "teams": [str(north.pk)]},
    )


def test_the_mail_says_who_invites_to_what_and_why_it_came(facilitator):
    facilitator.post(PAGE, {"email": NEW, "roles": [M, F]})
    letter = letter_to(NEW)
    assert letter.subject == "Join Own Borough in Crescendo"
    assert letter.from_email == "Crescendo <hello@crescendo.example>"
    link = link_in(letter)
    assert letter.body == (
        "Hello,\n\n"
        "Facilitator Example has invited you to take part in Crescendo for Own Borough, as manager"
        " and facilitator.\n\n"
        "Crescendo is where children’s social care teams choose small changes that give them more"
        " time with families, try them, and see what became of them.\n\n"
        "To say yes, open this link. It works for 14 days, and only for you:\n\n"
        f"{link}\n\n"
        "You get this email because Facilitator Example gave us your address. We use it to let you"
        " in, and for nothing else; if you don’t answer, nothing more happens.\n\n"
        "If you didn’t expect this, you needn’t do anything.\n\n"
        "Warm wishes,\nCrescendo\n"
    )
    assert link.startswith("http://testserver/invitations/")


def test_names_stand_in_a_mail_as_people_wrote_them(cast, facilitator):
    cast.authority.name, cast.facilitator.name = "O’Neill & Sons <b>", "D'Arcy & Co"
    cast.authority.save()
    cast.facilitator.save()
    facilitator.post(PAGE, {"email": NEW, "roles": [P]})
    letter = letter_to(NEW)
    assert letter.subject == "Join O’Neill & Sons <b> in Crescendo"
    assert letter.body.splitlines()[2] == (
        "D'Arcy & Co has invited you to take part in Crescendo for O’Neill & Sons <b>,"
        " as practitioner."
    )


def test_only_a_digest_of_the_secret_is_kept(facilitator):
    facilitator.post(PAGE, {"email": NEW, "roles": [P]})
    secret = path_in(letter_to(NEW)).split("/")[2]
    row = Invitation.objects.values().get()
    assert len(secret) >= 43  # 32 random bytes
    assert row["secret_digest"] == hashlib.sha256(secret.encode()).hexdigest()
    assert [name for name, value in row.items() if secret in str(value)] == []


def test_a_forged_host_does_not_bend_the_link_where_the_site_is_known(facilitator, settings):
    settings.SITE_URL = "https://crescendo.example"
    settings.ALLOWED_HOSTS = ["*"]
    facilitator.post(
        PAGE,
        {"email": NEW, "roles": [P]},
        headers={"host": "evil.example", "x-forwarded-host": "evil.example"},
    )
    assert link_in(letter_to(NEW)).startswith("https://crescendo.example/invitations/")
    assert "evil" not in letter_to(NEW).message().as_string()


@pytest.mark.parametrize(
    "email",
    [
        "",
        "nobody",
        "a@b",
        "a b@own.example",
        "süß@own.example",
        "a@own.example\nBcc: all@own.example",
        f"{'a' * 250}@own.example",
        "<script>@own.example",
        "a@own.example\0",
    ],
)
def test_what_is_no_address_is_sent_nothing(facilitator, email):
    page = facilitator.post(PAGE, {"email": email, "roles": [P]})
    assert (list(errors(page)), Invitation.objects.count(), mail.outbox) == (["email"], 0, [])


def test_inviting_twice_sends_one_mail(facilitator, one_waiting):
    response = facilitator.post(PAGE, {"email": NEW, "roles": [P]})
    assert told(follow(facilitator, response)) == [f"{NEW} is invited. The mail is on its way."]
    assert (Invitation.objects.count(), len(mail.outbox)) == (1, 1)


def test_another_role_for_somebody_who_is_invited_is_told_of_and_not_taken(
    facilitator, one_waiting
):
    page = facilitator.post(PAGE, {"email": NEW, "roles": [F]})
    assert errors(page) == {
        "email": [
            f"{NEW} is invited already, as practitioner. Withdraw that invitation first if it"
            " should be different."
        ]
    }
    assert Invitation.objects.get().roles == [P]


def test_who_takes_part_is_not_invited(cast, facilitator):
    page = facilitator.post(PAGE, {"email": "MANAGER@own.example", "roles": [F]})
    assert errors(page) == {"email": ["manager@own.example takes part here already."]}
    assert (Invitation.objects.count(), mail.outbox) == (0, [])


def test_somebody_whose_place_ended_can_be_invited_again(cast, facilitator):
    cast.manager.memberships.update(ended_at=timezone.now())
    facilitator.post(PAGE, {"email": cast.manager.email, "roles": [P]})
    assert Invitation.objects.get().email == cast.manager.email


def test_an_invitation_that_ran_out_is_renewed_with_the_new_roles_and_teams(
    facilitator, one_waiting, north
):
    _run_out(one_waiting)
    old = path_in(letter_to(NEW))
    facilitator.post(PAGE, {"email": NEW, "roles": [M], "teams": [north.pk]})
    row = Invitation.objects.get()
    assert (row.pk, row.roles, list(row.teams.all())) == (one_waiting.pk, [M], [north])
    assert row.state == Invitation.State.OPEN
    assert path_in(letter_to(NEW)) != old
    assert _verbs() == ["invitation made", "invitation renewed"]


def test_the_same_address_may_be_invited_to_two_authorities(cast, facilitator, client_of):
    facilitator.post(PAGE, {"email": NEW, "roles": [P]})
    client_of(cast.outsider).post("/other/people/invite/", {"email": NEW, "roles": [P]})
    assert sorted(Invitation.objects.values_list("authority__slug", flat=True)) == ["other", "own"]


def test_forged_fields_of_an_invitation_change_nothing(cast, facilitator):
    facilitator.post(
        PAGE,
        {
            "email": NEW,
            "roles": [P],
            "authority": cast.other.pk,
            "invited_by": cast.outsider.pk,
            "accepted_by": cast.outsider.pk,
            "secret_digest": "forged",
            "expires_at": "2099-01-01",
            "is_crescendo_team": "on",
        },
    )
    row = Invitation.objects.get()
    assert (row.authority, row.invited_by, row.accepted_by) == (
        *(cast.authority, cast.facilitator, None),
    )
    assert row.secret_digest != "forged"
    assert row.expires_at < timezone.now() + timedelta(days=15)


@pytest.mark.parametrize("who", ["practitioner", "manager"])
def test_who_may_not_manage_people_invites_nobody(cast, client_of, who):
    client = client_of(getattr(cast, who))
    statuses = [
        client.post(address, {"email": NEW, "addresses": NEW, "roles": [P]}).status_code
        for address in (PAGE, "/own/people/invite-many/")
    ]
    assert (statuses, Invitation.objects.count(), mail.outbox) == ([403, 403], 0, [])


@pytest.mark.parametrize("forged", [{"roles": ["crescendo team"]}, {"roles": ["admin"]}])
def test_a_role_that_cannot_be_given_is_refused(facilitator, forged):
    page = facilitator.post(PAGE, {"email": NEW} | forged)
    assert (errors(page), Invitation.objects.count()) == ({"roles": ["Choose from the list."]}, 0)


def test_another_authoritys_team_cannot_be_named(cast, facilitator, north):
    elsewhere = factories.TeamFactory(authority=cast.other)
    page = facilitator.post(PAGE, {"email": NEW, "roles": [P], "teams": [elsewhere.pk]})
    assert (errors(page), Invitation.objects.count()) == ({"teams": ["Choose from the list."]}, 0)


def test_two_people_who_invite_the_same_address_at_once_send_one_mail(cast):
    def invite(by):
        (outcome,) = actions.invite(
            authority=cast.authority,
            emails=[NEW],
            roles=[P],
            by=by,
            address="http://testserver{}".format,
        )
        return outcome.answer

    answers = while_waiting(lambda: invite(cast.facilitator), lambda: invite(cast.crescendo))
    assert answers == (actions.Answer.INVITED, actions.Answer.WAITING)
    assert (Invitation.objects.count(), len(mail.outbox)) == (1, 1)


# --- mail that does not go


def test_while_the_mail_server_is_away_the_invitation_stays_and_says_so(facilitator, settings):
    settings.MAILERS = AWAY
    response = facilitator.post(PAGE, {"email": NEW, "roles": [P]})
    page = follow(facilitator, response)
    assert told(page) == [
        f"{NEW} is invited, but the mail has not gone yet. Try “Send again” soon."
    ]
    assert Invitation.objects.get().sent_at is None
    assert table(page, "Open invitations") == [
        [
            *(NEW, "Practitioner", "None yet", "Not sent yet"),
            f"Send now to {NEW} Withdraw the invitation of {NEW}",
        ]
    ]
    assert "Send all that haven’t gone" in page.content.decode()


def test_all_that_has_not_gone_is_sent_once_the_server_is_back(facilitator, settings):
    with_mail, settings.MAILERS = settings.MAILERS, AWAY
    for email in (NEW, "second@own.example"):
        follow(facilitator, facilitator.post(PAGE, {"email": email, "roles": [P]}))
    response = facilitator.post(f"{PEOPLE}invitations/send-unsent/")
    assert told(follow(facilitator, response)) == [
        "2 of 2 mails have not gone. Please try again later."
    ]
    settings.MAILERS = with_mail
    response = facilitator.post(f"{PEOPLE}invitations/send-unsent/")
    page = follow(facilitator, response)
    assert told(page) == ["All mail has gone now."]
    assert sorted(letter.to[0] for letter in mail.outbox) == [NEW, "second@own.example"]
    assert "Send all that haven’t gone" not in page.content.decode()
    assert Invitation.objects.unsent().count() == 0


def test_sending_what_has_not_gone_leaves_the_rest_and_other_authorities_alone(
    cast, facilitator, one_waiting, settings
):
    Invitation.objects.create(
        authority=cast.other,
        email="else@other.example",
        roles=[P],
        secret_digest="other",
        expires_at=timezone.now() + timedelta(days=1),
    )
    mail.outbox.clear()
    facilitator.post(f"{PEOPLE}invitations/send-unsent/")
    assert mail.outbox == []
    assert Invitation.objects.get(email="else@other.example").secret_digest == "other"


# --- sending again, withdrawing


def test_sending_again_makes_a_new_link_and_the_old_one_opens_nothing(
    client, facilitator, one_waiting
):
    old = path_in(letter_to(NEW))
    response = facilitator.post(f"{PEOPLE}invitations/{one_waiting.pk}/send-again/")
    assert told(follow(facilitator, response)) == [f"{NEW} is invited. The mail is on its way."]
    new = path_in(letter_to(NEW))
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    assert _verbs() == ["invitation made", "invitation sent again"]


def test_sending_again_opens_one_that_ran_out(client, facilitator, one_waiting):
    _run_out(one_waiting)
    assert client.get(path_in(letter_to(NEW))).status_code == 410
    facilitator.post(f"{PEOPLE}invitations/{one_waiting.pk}/send-again/")
    assert client.get(path_in(letter_to(NEW))).status_code == 200


def test_a_withdrawn_invitation_is_dead(client, facilitator, one_waiting):
    response = facilitator.post(f"{PEOPLE}invitations/{one_waiting.pk}/withdraw/")
    page = follow(facilitator, response)
    assert told(page) == [f"The invitation of {NEW} is withdrawn. Its link no longer works."]
    assert list(page.context["invitations"]) == []
    link = path_in(letter_to(NEW))
    answer = client.post(link, {"name": "New Person", "password": "three blue otters"})
    assert (answer.status_code, client.get(link).status_code) == (410, 410)
    assert facilitator.post(f"{PEOPLE}invitations/{one_waiting.pk}/send-again/").status_code == 404


def test_withdrawing_comes_too_late_after_a_yes(client, cast, facilitator, one_waiting):
    client.post(path_in(letter_to(NEW)), {"name": "New Person", "password": "three blue otters"})
    response = facilitator.post(f"{PEOPLE}invitations/{one_waiting.pk}/withdraw/")
    page = follow(facilitator, response)
    assert told(page) == [f"{NEW} said yes just before, and takes part now."]
    assert Invitation.objects.get().withdrawn_at is None


def test_withdrawing_twice_is_withdrawing_once(cast, one_waiting):
    actions.withdraw(invitation=one_waiting, by=cast.facilitator)
    actions.withdraw(invitation=one_waiting, by=cast.crescendo)
    row = Invitation.objects.get()
    assert (row.withdrawn_by, _verbs()) == (
        cast.facilitator,
        ["invitation made", "invitation withdrawn"],
    )


def test_a_withdrawn_address_can_be_invited_anew(facilitator, one_waiting):
    facilitator.post(f"{PEOPLE}invitations/{one_waiting.pk}/withdraw/")
    facilitator.post(PAGE, {"email": NEW, "roles": [M]})
    assert Invitation.objects.waiting().get().roles == [M]


# --- on the people page


def test_each_invitation_says_where_it_is(cast, facilitator, one_waiting, north):
    facilitator.post(PAGE, {"email": "late@own.example", "roles": [M], "teams": [north.pk]})
    _run_out(Invitation.objects.get(email="late@own.example"))
    until = one_waiting.expires_at
    rows = table(facilitator.get(PEOPLE), "Open invitations")
    assert [row[:4] for row in rows] == [
        [NEW, "Practitioner", "None yet", f"Sent today until {until.day} {until:%B}"],
        ["late@own.example", "Manager", "North", "Ran out 6 days ago"],
    ]


def test_an_answered_invitation_leaves_the_list(client, facilitator, one_waiting):
    client.post(path_in(letter_to(NEW)), {"name": "New Person", "password": "three blue otters"})
    page = facilitator.get(PEOPLE)
    assert list(page.context["invitations"]) == []
    assert "Nobody is waiting for an answer." in page.content.decode()


def test_many_invitations_come_in_pages_of_their_own(cast, facilitator):
    for number in range(51):
        Invitation.objects.create(
            authority=cast.authority,
            email=f"p{number}@own.example",
            roles=[P],
            secret_digest=str(number),
            expires_at=timezone.now() + timedelta(days=1),
        )
    first = facilitator.get(f"{PEOPLE}?q=fac")
    assert "?q=fac&amp;invited=2#invitations" in first.content.decode()
    second = facilitator.get(f"{PEOPLE}?invited=2")
    assert (len(first.context["invitations"]), len(second.context["invitations"])) == (50, 1)


def test_another_authoritys_invitations_are_not_there(cast, facilitator, client_of):
    client_of(cast.outsider).post("/other/people/invite/", {"email": NEW, "roles": [P]})
    theirs = Invitation.objects.get()
    seen = client_of(cast.outsider).get("/other/people/").content.decode()
    assert (NEW in seen, NEW in facilitator.get(PEOPLE).content.decode()) == (True, False)
    address = f"{PEOPLE}invitations/{theirs.pk}/"
    for verb in ("send-again", "withdraw"):
        assert facilitator.post(f"{address}{verb}/").status_code == 404
    assert Invitation.objects.get().state == Invitation.State.OPEN
