"""Who is invited to a workshop, and the mails that calendars read."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from programmes.models import AuditEvent
from tests import factories
from tests.answers import errors, follow, told
from tests.letters import letter_to
from workshops.models import Workshop

# 09:30 and 13:00 in London.
START = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
LATER = "2026-12-10T13:00"
SAM, KIM = "sam@school.example", "kim@police.example"
AWAY = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 2},
    }
}


@pytest.fixture
def facilitator(cast, client_of):
    return client_of(cast.facilitator)


@pytest.fixture
def workshop(cast):
    made = factories.WorkshopFactory(
        programme=cast.programme, title="Mission", starts_at=START, place="Library"
    )
    factories.ActivityFactory(workshop=made, title="Secret title", prompt="Secret", minutes=45)
    return made


@pytest.fixture
def post(facilitator, django_capture_on_commit_callbacks):
    """`post(workshop, rest, …)`: the answer, once the mail that follows the commit is sent."""

    def posting(workshop, rest: str, data=None):
        with django_capture_on_commit_callbacks(execute=True):
            return facilitator.post(f"/own/workshops/{workshop.pk}/{rest}/", data or {})

    return posting


@pytest.fixture
def invited(workshop, post):
    """A workshop whose two invitations have gone."""
    post(workshop, "invite", {"addresses": f"{SAM}\n{KIM}"})
    mail.outbox.clear()
    return workshop


def _list(workshop) -> list[str]:
    return [one.email for one in workshop.invitees.all()]


def _unsent(workshop) -> list[str]:
    return [one.email for one in workshop.invitees.filter(sent_at=None)]


def _event(letter):
    """The method and the event of a mail's calendar part, as it goes over the wire."""
    (part,) = [one for one in letter.message().walk() if one.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    assert part.get_param("method") == str(calendar["method"])
    (event,) = calendar.walk("VEVENT")
    return str(calendar["method"]), event


def _edit(post, workshop, **changed):
    workshop.refresh_from_db()
    sent = {"title": "Mission", "starts_at": "2026-12-03T09:30", "place": "Library"}
    return post(workshop, "edit", sent | {"version": workshop.version} | changed)


# --- the first mail


@pytest.mark.django_db(transaction=True)
def test_each_gets_a_mail_of_their_own(workshop, facilitator):
    sent = {"addresses": f"Sam Lee <{SAM.upper()}>, {KIM}; {SAM}"}
    response = facilitator.post(f"/own/workshops/{workshop.pk}/invite/", sent)
    page = follow(facilitator, response)
    assert told(page) == ["2 people added to the list. The mail is on its way."]
    assert (_list(workshop), _unsent(workshop)) == ([KIM, SAM], [])
    assert sorted(one.to for one in mail.outbox) == [[KIM], [SAM]]
    letter = letter_to(SAM)
    assert letter.subject == "You’re invited: Mission, Thursday 3 December, 09:30"
    method, event = _event(letter)
    assert (method, event["sequence"], str(event["attendee"])) == ("REQUEST", 1, f"mailto:{SAM}")
    assert (event["dtstart"].dt, KIM in letter.message().as_string()) == (START, False)


def test_the_mail_says_why_it_came_and_nothing_of_the_plan(workshop, post):
    post(workshop, "invite", {"addresses": SAM})
    letter = letter_to(SAM)
    assert "because Facilitator Example put your address on the list" in letter.body
    assert f"http://testserver/own/workshops/{workshop.pk}/" in letter.body
    assert ("Library" in letter.body, "Secret" in letter.body) == (True, False)
    _, event = _event(letter)
    assert "Secret" not in event.to_ical().decode()


def test_a_title_cannot_add_a_header(workshop, post):
    Workshop.objects.update(title="Mission\nBcc: evil@own.example <b>&</b>")
    post(workshop, "invite", {"addresses": SAM})
    letter = letter_to(SAM)
    assert letter.subject.startswith("You’re invited: Mission Bcc: evil@own.example <b>&</b>,")
    assert letter.message()["Bcc"] is None


def test_teams_bring_their_members_as_they_stand(cast, workshop, post, facilitator):
    north = factories.TeamFactory(authority=cast.authority, name="North")
    factories.TeamFactory(authority=cast.authority, name="South")
    for client in (cast.practitioner, cast.manager):
        membership = client.memberships.get()
        membership.teams.add(north, through_defaults={"authority": cast.authority})
    cast.manager.memberships.update(ended_at=START)
    post(workshop, "invite", {"teams": [north.pk], "addresses": SAM})
    assert _list(workshop) == [cast.practitioner.email, SAM]


def test_everybody_is_everybody_who_takes_part_here(cast, workshop, post):
    post(workshop, "invite", {"everybody": "on"})
    assert set(_list(workshop)) == {
        cast.facilitator.email,
        cast.manager.email,
        cast.practitioner.email,
    }


def test_who_is_on_the_list_is_not_written_to_twice(invited, post, facilitator):
    response = post(invited, "invite", {"addresses": SAM})
    assert told(follow(facilitator, response))[-1] == "They’re all on the list already."
    assert mail.outbox == []
    post(invited, "invite", {"addresses": f"{SAM} new@own.example"})
    (letter,) = mail.outbox
    # The same number as the others had: for this calendar it's the first anyway.
    assert (letter.to, _event(letter)[1]["sequence"]) == (["new@own.example"], 1)


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"addresses": ""}, "Choose a team with people in it, or write an address."),
        ({"addresses": f"{SAM}\nnobody"}, "We see no email address here: nobody"),
    ],
)
def test_what_is_no_address_is_told_of_and_kept(workshop, post, sent, problem):
    response = post(workshop, "invite", sent)
    assert errors(response) == {"addresses": [problem]}
    assert response.context["form"]["addresses"].value() == sent["addresses"]
    assert _list(workshop) == []


def test_a_team_of_another_authority_is_refused(cast, workshop, post):
    factories.TeamFactory(authority=cast.authority)
    theirs = factories.TeamFactory(authority=cast.other)
    response = post(workshop, "invite", {"teams": [theirs.pk], "addresses": SAM})
    assert (list(errors(response)), _list(workshop)) == (["teams"], [])


# --- without a day, and when mail does not go


def test_without_a_day_the_mail_waits_for_one(workshop, post, facilitator):
    Workshop.objects.update(starts_at=None)
    response = post(workshop, "invite", {"addresses": SAM})
    assert told(follow(facilitator, response)) == [
        "1 person added to the list. The mail goes when there’s a date."
    ]
    assert (mail.outbox, _unsent(workshop)) == ([], [SAM])
    _edit(post, workshop)
    method, event = _event(letter_to(SAM))
    assert (method, event["sequence"], _unsent(workshop)) == ("REQUEST", 1, [])
    assert letter_to(SAM).subject.startswith("You’re invited: ")


@pytest.mark.django_db(transaction=True)
def test_mail_that_did_not_go_is_sent_later(workshop, facilitator, settings):
    page, here = f"/own/workshops/{workshop.pk}/", settings.MAILERS
    settings.MAILERS = AWAY
    response = facilitator.post(f"{page}invite/", {"addresses": SAM})
    (said,) = told(follow(facilitator, response))
    assert said.endswith("1 person on the list has no mail yet: try “Send what hasn’t gone”.")
    settings.MAILERS = here
    response = facilitator.post(f"{page}invitations/send/", {"unsent": "1"})
    assert told(follow(facilitator, response)) == ["Sent to 1 person."]
    assert ([one.to for one in mail.outbox], _unsent(workshop)) == ([[SAM]], [])


def test_sent_to_all_again_it_is_news(invited, post):
    post(invited, "invitations/send")
    assert sorted(one.to for one in mail.outbox) == [[KIM], [SAM]]
    assert {int(_event(one)[1]["sequence"]) for one in mail.outbox} == {2}


# --- moved, without a day again, called off, off the list


@pytest.mark.parametrize(
    "changed", [{"starts_at": LATER}, {"place": "Town Hall"}, {"title": "Mission 1"}]
)
def test_news_of_the_day_the_place_or_the_title_goes_to_all(invited, post, changed):
    _edit(post, invited, **changed)
    assert sorted(one.to for one in mail.outbox) == [[KIM], [SAM]]
    method, event = _event(letter_to(SAM))
    assert (method, event["sequence"]) == ("REQUEST", 2)
    assert letter_to(SAM).subject.startswith("New details: ")
    invited.refresh_from_db()
    assert (event["dtstart"].dt, _unsent(invited)) == (invited.starts_at, [])


def test_of_another_length_the_calendars_hear_where_somebody_says_so(invited, post, facilitator):
    Workshop.objects.update(starts_at=timezone.now() + timedelta(days=9))
    page = f"/own/workshops/{invited.pk}/"
    block = invited.activities.get()

    def asked(minutes: int) -> tuple[str, str]:
        invited.activities.filter(pk=block.pk).update(minutes=minutes)
        context = facilitator.get(page).context
        return context["new_length"], context["told_length"]

    assert asked(45) == ("", "45 minutes")
    assert (asked(90), mail.outbox) == (("1 hour 30 minutes", "45 minutes"), [])
    post(invited, "invitations/leave")
    assert (asked(90), asked(60)) == (("", "45 minutes"), ("1 hour", "45 minutes"))
    post(invited, "invitations/send")
    method, event = _event(letter_to(SAM))
    length = event["dtend"].dt - event["dtstart"].dt
    assert (method, event["sequence"], length) == ("REQUEST", 2, timedelta(hours=1))
    assert letter_to(SAM).subject.startswith("New details: ")
    assert "(1 hour)" in letter_to(SAM).body
    assert (len(mail.outbox), asked(60)) == (2, ("", "1 hour"))


def test_where_nothing_is_new_nobody_is_written_to(invited, post):
    _edit(post, invited)
    assert mail.outbox == []


def test_a_workshop_that_loses_its_day_leaves_the_calendars(invited, post):
    _edit(post, invited, starts_at="")
    method, event = _event(letter_to(SAM))
    assert (method, event["sequence"], event["dtstart"].dt) == ("CANCEL", 2, START)
    assert letter_to(SAM).subject == "No date yet: Mission"
    _edit(post, invited, starts_at=LATER)
    method, event = _event(letter_to(SAM))
    assert (method, event["sequence"]) == ("REQUEST", 3)


def test_called_off_it_is_told_to_those_who_had_a_mail(invited, post, facilitator):
    invited.invitees.create(authority=invited.authority, email="unsent@own.example")
    page = facilitator.get(f"/own/workshops/{invited.pk}/call-off/").content.decode()
    assert "Two people on the list get a mail" in page
    post(invited, "call-off")
    assert sorted(one.to for one in mail.outbox) == [[KIM], [SAM]]
    letter = letter_to(SAM)
    method, event = _event(letter)
    assert (method, str(event["status"]), event["sequence"]) == ("CANCEL", "CANCELLED", 2)
    assert letter.subject == "Called off: Mission, Thursday 3 December, 09:30"
    assert Workshop.objects.count() == 0


def test_off_the_list_is_out_of_the_calendar(invited, post, facilitator):
    sam = invited.invitees.get(email=SAM)
    for email in (SAM, KIM):
        factories.LetterFactory(workshop=invited, email=email)
    response = post(invited, f"invitations/{sam.pk}/remove")
    assert told(follow(facilitator, response))[-1] == f"Off the list: {SAM}"
    assert [one.email for one in invited.letters.all()] == [KIM]
    assert (_list(invited), [one.to for one in mail.outbox]) == ([KIM], [[SAM]])
    method, event = _event(letter_to(SAM))
    assert (method, event["sequence"]) == ("CANCEL", 2)


def test_an_address_of_another_workshop_is_not_on_this_list(cast, invited, post):
    other = factories.InviteeFactory(workshop__programme=cast.programme)
    assert post(invited, f"invitations/{other.pk}/remove").status_code == 404
    assert (_list(other.workshop), mail.outbox) == ([other.email], [])


# --- what history keeps, and who may


def test_history_keeps_no_address(invited, post):
    _edit(post, invited, starts_at=LATER)
    post(invited, "invitations/send")
    post(invited, f"invitations/{invited.invitees.get(email=SAM).pk}/remove")
    kept = str(list(AuditEvent.objects.values()))
    assert ("workshop invited to" in kept, SAM in kept, KIM in kept) == (True, False, False)


@pytest.mark.parametrize("rest", ["invite", "invitations/send", "invitations/{}/remove"])
def test_who_only_reads_invites_nobody(cast, client_of, invited, rest):
    address = f"/own/workshops/{invited.pk}/{rest.format(invited.invitees.first().pk)}/"
    sent = {"addresses": "new@own.example"}
    assert client_of(cast.practitioner).post(address, sent).status_code == 403
    assert client_of(cast.outsider).post(address, sent).status_code == 404
    assert (_list(invited), mail.outbox) == ([KIM, SAM], [])


def test_the_list_is_for_who_runs_it(cast, client_of, facilitator, invited):
    address = f"/own/workshops/{invited.pk}/"
    page = client_of(cast.practitioner).get(address).content.decode()
    assert ("Two people so far" in page, SAM in page) == (True, False)
    assert SAM in facilitator.get(address).content.decode()
