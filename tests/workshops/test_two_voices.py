"""Two voices in a room: the same round as over days, and shown by closing it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from blueprints import actions, voices
from blueprints.models import Place
from tests import factories
from workshops.actions import notes, room
from workshops.afterwards import parts_of
from workshops.listeners import screen_token
from workshops.models import TakingPart
from workshops.voices import OF_GUESTS


@pytest.fixture
def placing(cast):
    placing = factories.PlacingRoundFactory(programme=cast.programme, question="What helps?")
    for _ in range(4):
        change = factories.SmallChangeFactory(programme=cast.programme)
        factories.PlacedThingFactory(round=placing, change=change)
    return placing


@pytest.fixture
def sense(cast, placing):
    """The room has come to it, and it took the round that is open."""
    workshop = factories.WorkshopFactory(programme=cast.programme, starts_at=timezone.now())
    room.open_doors(workshop=workshop, by=cast.facilitator)
    activity = factories.ActivityFactory(workshop=workshop, kind="sense", title="Two voices")
    room.go(workshop=workshop, activity=activity, by=cast.facilitator)
    activity.refresh_from_db()
    assert activity.round == placing
    return activity


def _said(placing, number, **more):
    things = placing.things.all()
    said = {f"{name}-{one.pk}": number for one in things for name in ("matters", "moves")}
    return said | more


def _at(activity, name="speak"):
    return reverse(f"room:{name}", args=[activity.workshop_id, activity.pk])


def _guest(client, activity, name):
    client.logout()
    code = reverse("room:join")
    activity.workshop.refresh_from_db()
    client.cookies.clear()
    client.post(code, {"code": activity.workshop.code, "name": name})
    return client


def test_a_member_counts_once_in_the_room_and_over_days(client, cast, placing, sense):
    client.force_login(cast.practitioner)
    here = reverse("blueprints:voices-place", args=[cast.authority.slug, placing.pk])
    client.post(here, _said(placing, 2))
    room.join_as_member(workshop=sense.workshop, user=cast.practitioner)
    page = client.get(reverse("room:room", args=[sense.workshop_id])).content.decode()
    assert page.count(" checked") == 8
    assert client.post(_at(sense), _said(placing, 5)).status_code == 302
    assert list(Place.objects.values_list("voice", "matters").distinct()) == [("practitioner", 5)]
    assert Place.objects.count() == 4
    assert TakingPart.objects.get().is_done


def test_a_guest_says_whose_voice_they_are_and_one_who_is_neither_places_nothing(
    client, cast, placing, sense
):
    guest = _guest(client, sense, "Robin")
    page = guest.get(reverse("room:room", args=[sense.workshop_id])).content.decode()
    assert all(words in page for _, words in OF_GUESTS)
    assert "First choose" in guest.post(_at(sense), _said(placing, 3)).content.decode()
    neither = guest.post(_at(sense), _said(placing, 3, voice="neither"))
    assert "we keep nothing of yours" in neither.content.decode()
    assert Place.objects.count() == 0
    guest.post(_at(sense), _said(placing, 3, voice="leader"))
    guest.post(_at(sense), _said(placing, 4, voice="practitioner"))
    assert list(Place.objects.values_list("voice", "matters").distinct()) == [("leader", 4)]


def test_a_facilitator_without_a_voice_looks_on(client, cast, placing, sense):
    client.force_login(cast.facilitator)
    room.join_as_member(workshop=sense.workshop, user=cast.facilitator)
    page = client.get(reverse("room:room", args=[sense.workshop_id])).content.decode()
    assert "there’s nothing to place for you" in page
    client.post(_at(sense), _said(placing, 3))
    assert Place.objects.count() == 0


def test_showing_it_closes_the_round_and_every_page_starts_the_talk(client, cast, placing, sense):
    things = {thing.pk: (5, 1) for thing in placing.things.all()}
    for n in range(5):
        _put(placing, f"member {9000 + n}", "practitioner", things)
        _put(placing, f"guest {n}", "leader", dict.fromkeys(things, (1, 5)))
    client.force_login(cast.facilitator)
    run = reverse("workshops:run", args=[cast.authority.slug, sense.workshop_id])
    screen = reverse("room:screen", args=[_token(sense)])
    words = "as mattering much more and much less able to move than leaders do."
    for page in (run, screen):
        assert words not in client.get(page).content.decode()
    notes.reveal(activity=sense, by=cast.facilitator)
    placing.refresh_from_db()
    assert (placing.is_closed, bytes(placing.secret)) == (True, b"")
    room.join_as_member(workshop=sense.workshop, user=cast.facilitator)
    phone = reverse("room:room", args=[sense.workshop_id])
    for page in (run, screen, phone):
        assert client.get(page).content.decode().count(words) == 3
    assert client.post(_at(sense), _said(placing, 3)).status_code == 302
    (part,) = parts_of(sense.workshop)
    assert [row.number for row in part.voices["talk"]] == [1, 2, 3]
    summary = reverse("workshops:summary", args=[cast.authority.slug, sense.workshop_id])
    assert client.get(summary).content.decode().count(words) == 3


def _put(placing, who, voice, answers):
    actions.place(placing=placing, who=who, voice=voice, answers=answers)


def _token(activity):
    activity.workshop.refresh_from_db()
    return screen_token(activity.workshop)


def test_without_an_open_round_the_console_offers_to_open_one(client, cast):
    workshop = factories.WorkshopFactory(programme=cast.programme)
    activity = factories.ActivityFactory(workshop=workshop, kind="sense")
    room.go(workshop=workshop, activity=activity, by=cast.facilitator)
    client.force_login(cast.facilitator)
    run = reverse("workshops:run", args=[cast.authority.slug, workshop.pk])
    assert "No round is open." in client.get(run).content.decode()
    placing = factories.PlacingRoundFactory(programme=cast.programme)
    client.post(reverse("workshops:run-go", args=[cast.authority.slug, workshop.pk, activity.pk]))
    activity.refresh_from_db()
    assert activity.round == placing
    assert voices.has_begun(placing) is False
