"""Authorities and their programmes: added, corrected, set up, ended."""

import io
from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from programmes.actions import places as actions
from programmes.models import AuditEvent, AuthorityLogo, LocalAuthority, Milestone, Programme
from programmes.models.people import RESERVED_SLUGS
from tests import factories
from tests.answers import errors, follow, told, undo
from tests.at_once import while_waiting

ADD = "/portfolio/add/"
EDIT = "/portfolio/own/edit/"
SAID = {"name": "Third Borough", "slug": "", "kind": "county council", "ons_code": ""}
PROGRAMME = "/own/programme/"
WHAT = {
    "service": "Family Support",
    "model": "team-based",
    "starts_on": "2026-10-01",
    "pod_every_weeks": "4",
}
PUBLISHED = ("service", "model", "starts_on", "pod_every_weeks", "context", "scoping_notes")


@pytest.fixture
def team(cast, client_of):
    """The browser of somebody in the Crescendo team."""
    return client_of(cast.crescendo)


@pytest.fixture
def fresh(cast):
    """An authority that has nothing yet."""
    return factories.LocalAuthorityFactory(name="New Borough", slug="new")


def _png(size=(60, 40)) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, "PNG")
    return SimpleUploadedFile("logo.svg", file.getvalue(), content_type="image/svg+xml")


def _authorities() -> list[tuple]:
    return list(
        LocalAuthority.objects.order_by("name").values_list("name", "slug", "kind", "ons_code")
    )


# --- adding an authority


def test_the_crescendo_team_adds_an_authority_and_is_led_to_what_it_needs(cast, team):
    page = follow(team, team.post(ADD, SAID | {"ons_code": "e09000030"}))
    assert (page.request["PATH_INFO"], told(page)) == (
        "/third-borough/set-up/",
        ["Third Borough has a place now."],
    )
    authority = LocalAuthority.objects.get(name="Third Borough")
    assert (authority.slug, authority.kind, authority.ons_code, authority.logo_changed_at) == (
        *("third-borough", "county council", "E09000030", None),
    )
    event = AuditEvent.objects.get(verb="authority added")
    assert (event.authority_id, event.actor_kind) == (authority.pk, "crescendo team")


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name": ""}, {"name": ["Give the place a name."]}),
        ({"name": "OWN  borough"}, {"name": ["There’s a place with this name already."]}),
        ({"slug": "own"}, {"slug": ["Another place has this address already."]}),
        (
            {"slug": "portfolio"},
            {"slug": ["We need this address ourselves. Please choose another."]},
        ),
        *(
            (
                {"slug": slug},
                {"slug": ["Begin with a letter, and use small letters, numbers and hyphens only."]},
            )
            for slug in ("Own", "1st", "a b", "a_b", "-a", "ä", "a/b", "../own")
        ),
        (
            {"name": "東京"},
            {"slug": ["Begin with a letter, and use small letters, numbers and hyphens only."]},
        ),
        ({"kind": "borough"}, {"kind": ["Choose one from the list."]}),
        ({"kind": ""}, {"kind": ["Choose what kind of authority it is."]}),
        (
            {"ons_code": "W06000015"},
            {"ons_code": ["An ONS code is an E and eight digits, such as E09000030."]},
        ),
        ({"ons_code": "E09000099"}, {"ons_code": ["Another place has this code already."]}),
    ],
)
def test_what_cannot_be_an_authority_is_refused(cast, team, changes, wrong):
    LocalAuthority.objects.filter(pk=cast.other.pk).update(ons_code="E09000099")
    before = _authorities()
    page = team.post(ADD, SAID | changes)
    assert (errors(page), _authorities()) == (wrong, before)


@pytest.mark.parametrize("word", sorted(word for word in RESERVED_SLUGS if "." not in word))
def test_no_address_of_our_own_can_be_taken(team, word):
    page = team.post(ADD, SAID | {"slug": word})
    assert list(errors(page)) == ["slug"]


def test_forged_fields_of_an_authority_change_nothing(cast, team):
    team.post(ADD, SAID | {"id": cast.authority.pk, "logo_changed_at": "2026-01-01", "pk": 1})
    authority = LocalAuthority.objects.get(name="Third Borough")
    assert (authority.pk != cast.authority.pk, authority.logo_changed_at) == (True, None)


@pytest.mark.parametrize("who", ["facilitator", "manager", "practitioner"])
def test_nobody_else_adds_or_corrects_an_authority(cast, client_of, who):
    client, before = client_of(getattr(cast, who)), _authorities()
    assert [client.post(ADD, SAID).status_code, client.post(EDIT, SAID).status_code] == [404, 404]
    assert _authorities() == before


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_name_at_once_get_one_place(cast):
    def add(slug):
        return actions.add(
            name="Third Borough", slug=slug, kind="county council", ons_code="", by=cast.crescendo
        )

    first, second = while_waiting(lambda: add("third"), lambda: add("third-borough"))
    assert (first.slug, second.constraint) == ("third", "authority_name_unique")


# --- correcting it


def test_an_authority_is_corrected(team):
    said = {"name": "Owned Borough", "slug": "owned", "kind": "unitary authority", "ons_code": ""}
    page = follow(team, team.post(EDIT, said))
    assert told(page) == ["Saved what we know of Owned Borough."]
    assert ("Owned Borough", "owned", "unitary authority", "") in _authorities()
    assert (team.get("/own/").status_code, team.get("/owned/").status_code) == (404, 200)


def test_the_form_shows_what_is_known(cast, team):
    page = team.get(EDIT)
    assert [
        page.context["form"][name].value() for name in ("name", "slug", "kind", "ons_code")
    ] == [*("Own Borough", "own", "London borough", "")]


def test_a_name_of_another_place_is_refused_when_correcting(cast, team):
    page = team.post(EDIT, SAID | {"name": "Other Borough", "slug": "own"})
    assert errors(page) == {"name": ["There’s a place with this name already."]}


def test_an_authority_that_is_not_there_is_not_found(team):
    assert team.get("/portfolio/nowhere/edit/").status_code == 404


# --- its logo


def test_a_logo_is_drawn_anew_whatever_the_file_calls_itself(cast, team, client_of):
    sent = _png(size=(800, 400))
    team.post(EDIT, SAID | {"name": "Own Borough", "slug": "own", "logo": sent})
    kept = bytes(AuthorityLogo.objects.get(authority=cast.authority).png)
    cast.authority.refresh_from_db()
    assert (Image.open(io.BytesIO(kept)).size, cast.authority.logo_changed_at is None) == (
        (320, 160),
        False,
    )
    sent.seek(0)
    assert kept != sent.read()
    assert "/own/logo.png?v=" in client_of(cast.practitioner).get("/own/").content.decode()
    assert "/own/logo.png?v=" in team.get(EDIT).content.decode()


def test_a_new_authority_may_come_with_its_logo(team):
    team.post(ADD, SAID | {"logo": _png()})
    assert AuthorityLogo.objects.get().authority.name == "Third Borough"


def test_what_is_no_picture_is_refused_and_the_rest_is_kept(team):
    svg = SimpleUploadedFile("logo.png", b"<svg onload='alert(1)'/>", content_type="image/png")
    page = team.post(ADD, SAID | {"logo": svg})
    assert errors(page) == {"logo": ["This is not a PNG, JPEG or WebP picture that we can read."]}
    assert page.context["form"]["name"].value() == "Third Borough"
    assert AuthorityLogo.objects.count() == 0


def test_an_empty_file_is_refused(team):
    page = team.post(ADD, SAID | {"logo": SimpleUploadedFile("logo.png", b"")})
    assert errors(page) == {"logo": ["This file is empty."]}


def test_a_logo_is_taken_away(cast, team):
    actions.set_logo(authority=cast.authority, png=b"png", by=cast.crescendo)
    team.post(EDIT, SAID | {"name": "Own Borough", "slug": "own", "remove_logo": "on"})
    cast.authority.refresh_from_db()
    assert (AuthorityLogo.objects.count(), cast.authority.logo_changed_at) == (0, None)


def test_where_there_is_no_logo_none_can_be_taken_away(team):
    assert "remove_logo" not in team.get(EDIT).context["form"].fields


# --- what a new place needs


def test_a_new_place_is_told_what_it_needs(fresh, team):
    body = team.get("/new/set-up/").content.decode()
    assert "What New Borough needs before its launch" in body
    assert body.count(": still to do") == 3
    for address in ("/new/programme/", "/new/teams/add/", "/new/people/invite/"):
        assert f'href="{address}"' in body


def test_what_is_there_is_ticked_off(fresh, team):
    factories.ProgrammeFactory(authority=fresh, service="Early Help", starts_on=date(2027, 1, 14))
    factories.TeamFactory(authority=fresh, name="North")
    factories.MembershipFactory(authority=fresh, roles=["facilitator"], user__name="Fay Example")
    page = team.get("/new/set-up/")
    body = page.content.decode()
    assert (page.context["is_ready"], body.count(": done"), body.count(": still to do")) == (
        *(True, 3, 0),
    )
    for words in ("Early Help", "Thursday 14 January 2027", "North.", "Fay Example."):
        assert words in body


def test_a_programme_without_a_launch_day_is_not_ready(fresh, team):
    factories.ProgrammeFactory(authority=fresh, starts_on=None)
    body = team.get("/new/set-up/").content.decode()
    assert (body.count(": still to do"), "Give it a day" in body) == (3, True)


def test_an_invited_facilitator_is_named_and_does_not_count_yet(cast, fresh, team):
    fresh.invitations.create(
        email="fay@new.example",
        roles=["facilitator"],
        secret_digest="digest",
        expires_at="2099-01-01T00:00Z",
    )
    body = team.get("/new/set-up/").content.decode()
    assert ("fay@new.example" in body, body.count(": still to do")) == (True, 3)


# --- the programme


def test_a_programme_begins_and_lays_its_timeline_out(cast, fresh, team):
    said = WHAT | {
        "id": uuid4(),
        "believes_in_practice": "yes",
        "sees_system_falls_short": "partly",
        "will_listen_to_staff": "",
        "scoping_notes": "To be continued",
        "context": "By the sea",
    }
    page = follow(team, team.post("/new/programme/", said))
    assert (page.request["PATH_INFO"], told(page)) == (
        "/new/timeline/",
        ["The programme is set up."],
    )
    programme = fresh.programmes.get()
    assert [getattr(programme, name) for name in PUBLISHED] == [
        *("Family Support", "team-based", date(2026, 10, 1), 4, "By the sea", "To be continued")
    ]
    assert (
        programme.believes_in_practice,
        programme.sees_system_falls_short,
        programme.will_listen_to_staff,
    ) == ("yes", "partly", "")
    assert programme.milestones.get(kind=Milestone.Kind.LAUNCH).on == date(2026, 10, 1)


def test_without_a_day_the_page_leads_back_to_what_is_needed(fresh, team):
    response = team.post("/new/programme/", WHAT | {"id": uuid4(), "starts_on": ""})
    assert response["Location"] == "/new/set-up/"
    assert (fresh.programmes.get().starts_on, Milestone.objects.count()) == (None, 0)


def test_a_programme_that_is_sent_twice_begins_once(fresh, team):
    said = WHAT | {"id": uuid4()}
    for _ in range(2):
        team.post("/new/programme/", said)
    assert fresh.programmes.count() == 1


def test_a_day_may_be_written_as_people_write_it(fresh, team):
    team.post("/new/programme/", WHAT | {"id": uuid4(), "starts_on": "14 January 2027"})
    assert fresh.programmes.get().starts_on == date(2027, 1, 14)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"service": ""}, {"service": ["Say which service takes part."]}),
        ({"model": ""}, {"model": ["Choose how it takes part."]}),
        ({"model": "solo"}, {"model": ["Choose one from the list."]}),
        (
            {"starts_on": "soon"},
            {"starts_on": ["Write the day as in 3 December 2026, or 03/12/2026."]},
        ),
        ({"starts_on": "1999-01-01"}, {"starts_on": ["Enter a date between 2020 and 2099."]}),
        ({"starts_on": "9999-12-31"}, {"starts_on": ["Enter a date between 2020 and 2099."]}),
        ({"pod_every_weeks": ""}, {"pod_every_weeks": ["Enter a number of weeks."]}),
        (
            {"will_listen_to_staff": "maybe"},
            {"will_listen_to_staff": ["Choose one from the list."]},
        ),
    ],
)
def test_what_cannot_be_a_programme_is_refused(fresh, team, changes, wrong):
    page = team.post("/new/programme/", WHAT | {"id": uuid4()} | changes)
    assert (errors(page), fresh.programmes.count()) == (wrong, 0)


@pytest.mark.parametrize("weeks", ["0", "17", "-1", "4.5", "four"])
def test_a_rhythm_that_nobody_could_keep_is_refused(fresh, team, weeks):
    page = team.post("/new/programme/", WHAT | {"id": uuid4(), "pod_every_weeks": weeks})
    assert list(errors(page)) == ["pod_every_weeks"]


def test_a_facilitator_corrects_the_programme_and_the_timeline_follows(cast, facilitator):
    page = facilitator.get(PROGRAMME)
    assert page.context["form"]["service"].value() == "Family Support"
    said = WHAT | {"version": 1, "service": "Early Help", "starts_on": "2027-01-14"}
    page = follow(facilitator, facilitator.post(PROGRAMME, said))
    assert told(page) == ["Saved what the programme is."]
    programme = cast.authority.programmes.get()
    assert (programme.service, programme.starts_on, programme.version) == (
        *("Early Help", date(2027, 1, 14), 2),
    )
    assert programme.milestones.get(kind=Milestone.Kind.LAUNCH).on == date(2027, 1, 14)


def test_the_form_shows_every_answer_that_can_be_given(facilitator):
    """What a form lays out itself has to reach the page."""
    body = facilitator.get(PROGRAMME).content.decode()
    fields = [*WHAT, "context", "believes_in_practice", "sees_system_falls_short"]
    missing = [
        name
        for name in [*fields, "will_listen_to_staff", "scoping_notes", "version"]
        if f'name="{name}"' not in body
    ]
    assert missing == []


def test_who_was_slower_sees_both_texts_and_loses_nothing(cast, facilitator):
    said = WHAT | {"version": 1, "context": "Mine"}
    actions.change_programme(
        programme=cast.programme, version=1, by=cast.crescendo, context="Theirs"
    )
    page = facilitator.post(PROGRAMME, said)
    assert page.status_code == 409
    assert ("Theirs" in page.content.decode(), "Mine" in page.content.decode()) == (True, True)
    assert cast.authority.programmes.get().context == "Theirs"
    facilitator.post(PROGRAMME, said | {"version": page.context["form"].data["version"]})
    assert cast.authority.programmes.get().context == "Mine"


def test_forged_fields_of_a_programme_change_nothing(cast, facilitator):
    forged = {"authority": cast.other.pk, "ended_on": "2026-01-01", "illustrative": "no"}
    facilitator.post(PROGRAMME, WHAT | {"version": 1} | forged)
    programme = Programme.objects.get(pk=cast.programme.pk)
    assert (programme.authority, programme.ended_on, programme.illustrative) == (
        *(cast.authority, None, ""),
    )


def test_what_is_made_up_of_a_programme_says_so(cast, facilitator):
    Programme.objects.filter(pk=cast.programme.pk).update(illustrative="start date")
    assert "Illustrative: start date" in facilitator.get(PROGRAMME).content.decode()


# --- its end


def test_a_programme_ends_stays_readable_and_can_go_on(cast, facilitator):
    today = date.today()  # noqa: DTZ011 - the launch of the cast is today as well
    response = facilitator.post(f"{PROGRAMME}end/", {"ended_on": today.isoformat()})
    page = follow(facilitator, response)
    assert (page.request["PATH_INFO"], told(page)) == ("/own/", ["The programme has ended."])
    assert cast.authority.current_programme() is None
    page = follow(facilitator, undo(facilitator, page))
    assert told(page) == ["The programme goes on."]
    assert cast.authority.current_programme() == cast.programme


def test_another_may_begin_once_one_has_ended_and_the_first_stays_ended(cast, facilitator):
    actions.end_programme(programme=cast.programme, on=cast.programme.starts_on, by=cast.crescendo)
    begun = facilitator.post(PROGRAMME, WHAT | {"id": uuid4(), "service": "The next"})
    assert told(follow(facilitator, begun)) == ["The programme is set up."]
    assert cast.authority.current_programme().service == "The next"
    response = facilitator.post(f"{PROGRAMME}{cast.programme.pk}/resume/")
    assert told(follow(facilitator, response)) == [
        "Another programme runs here now, so this one stays ended."
    ]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("", "Enter its last day."),
        ("2020-01-02", "It can’t end before it starts."),
        ("2100-01-01", "Enter a date between 2020 and 2099."),
        ("never", "Write the day as in 3 December 2026, or 03/12/2026."),
    ],
)
def test_a_last_day_that_cannot_be_is_refused(cast, facilitator, day, said):
    page = facilitator.post(f"{PROGRAMME}end/", {"ended_on": day, "csrfmiddlewaretoken": "t"})
    assert errors(page) == {"ended_on": [said]}
    assert cast.authority.current_programme() == cast.programme


def test_where_no_programme_runs_there_is_none_to_end(fresh, team):
    response = team.get("/new/programme/end/")
    assert response["Location"] == "/new/programme/"


def test_a_programme_of_another_authority_cannot_be_taken_up(cast, facilitator):
    assert facilitator.post(f"{PROGRAMME}{cast.other_programme.pk}/resume/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_a_programme_at_once_get_one(cast, fresh):
    def begin(service):
        return actions.add_programme(
            authority=fresh, by=cast.crescendo, pk=uuid4(), service=service, model="team-based"
        )

    first, second = while_waiting(lambda: begin("First"), lambda: begin("Second"))
    assert (first.service, second.constraint) == (
        "First",
        "programme_one_running_in_an_authority",
    )
