"""Two voices: blind while it is open, nobody's once it is closed, and never fewer than five."""

import re
from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blueprints import actions, overlay_map, voices
from blueprints.models import Place, PlacingRound
from crescendo import journey
from crescendo.digest import queue_digests
from programmes import notices
from programmes.editing import Taken
from programmes.models import AuditEvent, Role
from tests import factories
from tests.answers import told

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def placing(cast):
    placing = factories.PlacingRoundFactory(programme=cast.programme, question="What helps?")
    for title in ("Walks", "Chairing", "Notes", "Phones"):
        factories.PlacedThingFactory(
            round=placing,
            change=factories.SmallChangeFactory(programme=cast.programme, title=title),
        )
    return placing


def _url(placing, name):
    return reverse(f"blueprints:voices-{name}", args=[placing.authority.slug, placing.pk])


def _put(placing, who, voice, *pairs):
    things = placing.things.all()
    answers = {thing.pk: pair for thing, pair in zip(things, pairs, strict=False)}
    actions.place(placing=placing, who=who, voice=voice, answers=answers)


def _form(placing, *pairs):
    said = {}
    for thing, (matters, moves) in zip(placing.things.all(), pairs, strict=False):
        said |= {f"matters-{thing.pk}": matters, f"moves-{thing.pk}": moves}
    return {name: number for name, number in said.items() if number}


def _opened(client, cast, **changed):
    changes = [factories.SmallChangeFactory(programme=cast.programme).pk for _ in range(2)]
    barriers = [factories.BarrierFactory(programme=cast.programme).pk]
    met = factories.MetFactory(change=factories.SmallChangeFactory(programme=cast.programme))
    said = {
        "id": "00000000-0000-0000-0000-00000000000a",
        "question": "What helps?",
        "closes_on": str(timezone.localdate() + timedelta(days=2)),
        "changes": changes,
        "barriers": barriers,
        "met": [met.pk],
    }
    url = reverse("blueprints:voices-add", args=[cast.authority.slug])
    return client.post(url, said | changed)


# --- opening


def test_a_manager_opens_a_round_once_and_it_is_on_first_pages(client, cast):
    client.force_login(cast.manager)
    assert _opened(client, cast).status_code == 302
    assert _opened(client, cast).status_code == 302
    placing = PlacingRound.objects.get()
    assert sorted(thing.what[0] for thing in placing.things.all()) == [
        *("barrier", "change", "change", "met")
    ]
    another = _opened(client, cast, id="00000000-0000-0000-0000-00000000000b")
    assert (another.status_code, PlacingRound.objects.count()) == (200, 1)
    for person, todos in ((cast.practitioner, 1), (cast.manager, 1), (cast.facilitator, 0)):
        client.force_login(person)
        home = client.get(reverse("journey", args=[cast.authority.slug]))
        assert home.content.decode().count("Place yours: how do you see it?") == todos
    assert journey.counts_of(cast.programme).placing == placing.pk


def test_tuesdays_mail_tells_all_who_can_speak_once_whoever_has_placed(cast, placing):
    both = cast.authority.memberships.get(user=cast.manager)
    both.roles = [Role.PRACTITIONER, Role.MANAGER]
    both.save()
    _put(placing, voices.member(cast.practitioner), "practitioner", *[(1, 1)] * 4)
    nine = datetime(2026, 10, 27, 9, tzinfo=LONDON)
    queue_digests(nine)
    notices.send_due(now=nine)
    told = {letter.to[0]: letter.body.count("Two voices is open until") for letter in mail.outbox}
    assert told == {cast.practitioner.email: 1, cast.manager.email: 1}


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"question": ""}, "question"),
        ({"met": [], "barriers": []}, "changes"),
        ({"closes_on": "2020-01-01"}, "closes_on"),
        ({"closes_on": "2099-01-01"}, "closes_on"),
        ({"changes": ["x"]}, "changes"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_said_beside_its_field(client, cast, changed, where):
    client.force_login(cast.manager)
    answer = _opened(client, cast, **changed)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [where]
    assert PlacingRound.objects.count() == 0


def test_what_is_asked_stays_once_somebody_has_placed(client, cast, placing):
    client.force_login(cast.manager)
    later = timezone.localdate() + timedelta(days=9)
    said = {"version": 1, "question": "Anew?", "closes_on": str(later), "barriers": []}
    said["changes"] = [thing.change_id for thing in placing.things.all()]
    assert client.post(_url(placing, "edit"), said).status_code == 302
    placing.refresh_from_db()
    assert (placing.question, placing.version) == ("Anew?", 2)
    assert client.post(_url(placing, "edit"), said).status_code == 409
    _put(placing, "member 9", "leader", (1, 1))
    with pytest.raises(actions.RoundBegun):
        actions.edit_round(placing=placing, version=2, things={}, by=cast.manager)
    sooner = timezone.localdate() + timedelta(days=1)
    only_day = {"version": 2, "closes_on": str(sooner)}
    assert client.post(_url(placing, "edit"), only_day).status_code == 302
    placing.refresh_from_db()
    assert (placing.closes_on, placing.things.count()) == (sooner, 4)


# --- placing


def test_places_are_kept_as_one_goes_and_changed(client, cast, placing):
    client.force_login(cast.practitioner)
    here = _url(placing, "place")
    half = client.post(here, _form(placing, (5, 2), (4, 0)), headers={"HX-Request": "true"})
    assert "You’ve placed 1 of 4" in half.content.decode()
    assert "<html" not in half.content.decode()
    plain = client.post(here, _form(placing, (4, 2), (4, 0)))
    assert "One more: choose a number on both lines." in plain.content.decode()
    assert client.post(here, _form(placing, (4, 2), (4, 1))).status_code == 302
    said = Place.objects.order_by("thing__position").values_list("voice", "matters", "can_move")
    assert list(said) == [("practitioner", 4, 2), ("practitioner", 4, 1)]
    again = client.get(here).content.decode()
    assert again.count(" checked") == 4
    client.post(here, {f"matters-{placing.things.first().pk}": "9"})
    assert list(said.all()) == [("practitioner", 4, 2), ("practitioner", 4, 1)]


def test_whoever_has_both_voices_speaks_with_one(client, cast, placing):
    membership = cast.authority.memberships.get(user=cast.practitioner)
    membership.roles = [Role.PRACTITIONER, Role.MANAGER]
    membership.save()
    client.force_login(cast.practitioner)
    here = _url(placing, "place")
    unsaid = client.post(here, _form(placing, (5, 5)))
    assert "First choose which voice is yours." in unsaid.content.decode()
    assert Place.objects.count() == 0
    client.post(here, _form(placing, (5, 5)) | {"voice": "leader"})
    client.post(here, _form(placing, (1, 1), (2, 2)) | {"voice": "practitioner"})
    assert set(Place.objects.values_list("voice", "matters")) == {("leader", 1), ("leader", 2)}
    with pytest.raises(actions.SpokeOtherwise):
        _put(placing, voices.member(cast.practitioner), "practitioner", (3, 3))


def test_it_is_blind_while_it_is_open(client, cast, placing):
    """Every page of it is the same to whoever runs it, whatever was placed."""
    client.force_login(cast.manager)
    names = ("round", "close")
    before = [client.get(_url(placing, name)).content for name in names]
    for number in range(6):
        _put(placing, f"member {1000 + number}", "practitioner", (5, 1), (4, 4))
        _put(placing, f"guest {number}", "leader", (1, 5))
    after = [client.get(_url(placing, name)).content for name in names]
    assert [_said(one) for one in after] == [_said(one) for one in before]
    assert voices.overlay_of(placing) == []
    assert AuditEvent.objects.count() == 0


def _said(content: bytes) -> str:
    """Without the keys of its forms, which are others each time."""
    return re.sub(r"\w{64}", "", content.decode())


def test_nothing_is_placed_after_the_last_evening(client, cast, placing):
    _put(placing, "member 1", "leader", (1, 1))
    PlacingRound.objects.update(closes_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(actions.RoundClosed):
        _put(placing, "member 1", "leader", (2, 2))
    client.force_login(cast.practitioner)
    assert client.get(_url(placing, "place")).status_code == 302


# --- closing


def test_the_worker_closes_it_on_its_last_evening_and_nobody_opens_it(client, cast, placing):
    day = placing.closes_on
    actions.close_due_rounds(datetime(day.year, day.month, day.day, 19, 59, tzinfo=LONDON))
    placing.refresh_from_db()
    assert not placing.is_closed
    actions.close_due_rounds(datetime(day.year, day.month, day.day, 20, 0, tzinfo=LONDON))
    placing.refresh_from_db()
    assert placing.is_closed
    assert list(AuditEvent.objects.values_list("verb", "actor_kind")) == [
        ("two voices closed", "system")
    ]
    client.force_login(cast.manager)
    for name in ("edit", "close"):
        assert client.get(_url(placing, name)).status_code == 302
    new = factories.PlacingRoundFactory(programme=cast.programme)
    with pytest.raises(Taken):
        actions.open_round(
            programme=cast.programme,
            pk=placing.things.first().pk,
            question="Q",
            closes_on=new.closes_on,
            things={},
            by=None,
        )


def test_once_closed_nothing_says_whose_a_place_was(cast, placing):
    """No key, no secret, no id or day of before, and no order: all rows are of one transaction."""
    people = [("practitioner", f"member {n}") for n in range(12)]
    people += [("leader", f"guest {n}") for n in range(12)]
    for n, (voice, who) in enumerate(people):
        _put(placing, who, voice, *[(n % 5 + 1, thing % 5 + 1) for thing in range(4)])
    earlier = timezone.now() - timedelta(days=2)
    Place.objects.filter(voice="leader").update(created_at=earlier)
    pks, before = set(Place.objects.values_list("pk", flat=True)), _as_they_lie()
    actions.close_round(placing=placing, by=cast.manager)
    placing.refresh_from_db()
    after = _as_they_lie()
    assert bytes(placing.secret) == b""
    assert voices.own_of(placing, people[0][1]).places == {}
    assert set(Place.objects.values_list("nullifier", flat=True)) == {""}
    assert pks.isdisjoint(Place.objects.values_list("pk", flat=True))
    assert Place.objects.values("created_at").distinct().count() == 1
    assert len({xmin for xmin, *_ in after}) == 1
    assert sorted(row[1:] for row in after) == sorted(row[1:] for row in before)
    # Of one thing's 24: by chance in the order in which people wrote, once in some billions.
    for thing in {thing for _, thing, *_ in before}:
        was, now = ([row[2:] for row in rows if row[1] == thing] for rows in (before, after))
        assert now != was


def _as_they_lie() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xmin::text, thing_id::text, voice, matters, can_move"
            " FROM blueprints_place ORDER BY ctid"
        )
        return cursor.fetchall()


# --- what is shown

# A busy machine is slow to make up answers.
tried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# One answer as a number: whose voice, how much it matters, how much it can move.
ANSWER = st.integers(0, 49)


def _answer(number: int) -> tuple[str, int, int]:
    voice = "leader" if number >= 25 else "practitioner"
    return voice, number % 25 // 5 + 1, number % 5 + 1


def _things(count: int) -> list:
    return [SimpleNamespace(pk=n, what=("change", n)) for n in range(count)]


def _count(said, voice) -> int:
    return sum(one[0] == voice for one in said)


@tried
@given(st.lists(st.lists(ANSWER, max_size=14), min_size=1, max_size=3), st.integers(0, 99))
def test_nothing_shown_tells_of_a_group_of_fewer_than_five(answers, seed):
    things, mix = _things(len(answers)), Random(seed)
    said = {pk: [_answer(number) for number in one] for pk, one in enumerate(answers)}
    rows = {row.thing.pk: row for row in voices.overlay(things, said)}
    for pk, given_ in said.items():
        row = rows[pk]
        counts = [_count(given_, voice) for voice in ("practitioner", "leader")]
        shown = [one for one in (row.practitioners, row.leaders, row.joined) if one]
        assert all(one.count >= 5 for one in shown)
        # Beside what is joined stands neither voice: nothing is there to take away from it.
        assert not (row.joined and (row.practitioners or row.leaders))
        assert bool(row.practitioners) == bool(row.leaders) == (min(counts) >= 5)
        if min(counts) < 5:
            # Whoever said what: as long as one voice is short, the page is the same to the letter.
            others = [
                (voice, *one[1:])
                for voice, one in zip(_voices_short(len(given_), mix), given_, strict=True)
            ]
            again = voices.overlay(things, said | {pk: others})
            assert again == list(voices.overlay(things, said))


def _voices_short(count: int, mix: Random) -> list[str]:
    """Voices for so many answers, of which one has fewer than five."""
    few = mix.randint(0, min(4, count))
    ours = ["leader"] * few + ["practitioner"] * (count - few)
    mix.shuffle(ours)
    return ours


@tried
@given(st.lists(st.lists(ANSWER, min_size=10, max_size=12), min_size=2, max_size=9))
def test_the_widest_gap_comes_first_and_ties_stay_as_they_were_asked(answers):
    things = _things(len(answers))
    said = defaultdict(list)
    for pk, numbers in enumerate(answers):
        said[pk] = [
            ("practitioner" if n % 2 else "leader", *_answer(number)[1:])
            for n, number in enumerate(numbers)
        ]
    rows = voices.overlay(things, said)
    order = [(-row.gap_squared, row.thing.pk) for row in rows]
    assert order == sorted(order)
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    on_map = overlay_map.drawn(rows)
    assert len(on_map) == min(len(rows), voices.ON_THE_MAP)
    assert all(70 <= mark.x <= 570 and 30 <= mark.y <= 380 for one in on_map for mark in one.marks)


def test_one_who_has_placed_can_look_at_it_and_too_few_are_not_a_table(client, cast, placing):
    url = _url(placing, "round")
    client.force_login(cast.manager)
    assert "Place yours" in client.get(url).content.decode()
    actions.place(
        placing=placing,
        who=voices.member(cast.manager),
        voice="leader",
        answers={thing.pk: (3, 3) for thing in placing.things.all()},
    )
    said = client.get(url).content.decode()
    assert ("Place yours" in said, "Look at mine, or change it" in said) == (False, True)
    closed = client.post(_url(placing, "close"), follow=True)
    assert told(closed) == ["It’s closed."]
    said = closed.content.decode()
    assert ("Too few answers to show." in said, "<table" in said) == (True, False)
    assert [str(thing) in said for thing in placing.things.all()] == [True] * 4


def test_the_page_says_where_the_talk_starts(client, cast, placing, django_assert_num_queries):
    for n in range(5):
        _put(placing, f"member {n}", "practitioner", (5, 1), (4, 4), (3, 3), (5, 5))
        _put(placing, f"guest {n}", "leader", (2, 2), (4, 4), (3, 3 if n else 4))
    actions.close_round(placing=placing, by=cast.manager)
    client.force_login(cast.manager)
    url = _url(placing, "round")
    with django_assert_num_queries(6):
        answer = client.get(url)
    said = answer.content.decode()
    assert [row.words for row in answer.context["talk"]] == [
        "Practitioners see “Walks” as mattering much more and less able to move than leaders do."
    ]
    walks = placing.things.first().change
    assert f"{reverse('blueprints:insight-add', args=[cast.authority.slug])}?change={walks.pk}" in (
        said
    )
    assert "5 answers of both voices together" in said
    rows = answer.context["rows"]
    assert [row.gap for row in rows if row.leaders] == [3.2, 0.2, 0.0]
    assert [row.joined.count for row in rows if row.joined] == [5]


def test_lists_ask_as_little_for_three_as_for_one(client, cast, django_assert_num_queries):
    client.force_login(cast.practitioner)
    url = reverse("blueprints:voices-list", args=[cast.authority.slug])
    for wanted in (1, 3):
        while PlacingRound.objects.count() < wanted:
            factories.PlacingRoundFactory(
                programme=cast.programme, closed_at=timezone.now(), secret=b""
            )
        with django_assert_num_queries(5):
            client.get(url)
