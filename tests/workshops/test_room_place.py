"""Placing ideas: blind, changeable until it is shown, and never one person's answer anywhere."""

import pytest

from tests import factories
from tests.answers import HTMX, told
from tests.workshops.playing import undo_last
from workshops import reading, sums
from workshops.models import Mark, Note


@pytest.fixture
def placing(room):
    """Three ideas that everybody sees, five phones, and the room at the placing."""
    room.ideas = room.activity("ideas", columns=["Admin", "Wellbeing"])
    room.place = room.activity("place")
    room.guests = [room.phone() for _ in range(5)]
    room.stands_at(room.ideas)
    for words in ("One form", "A quiet hour", "A bigger office"):
        room.guests[0].write(room.ideas, words)
    room.has_shown(room.ideas)
    room.stands_at(room.place)
    return room


def _put(phone, room, words: str, *, up=0, across=0, headers=None):
    thing = Note.objects.get(text=words).pk
    said = {"thing": thing, "up": up, "across": across}
    return phone.send("mark", room.place.pk, headers=headers, **said)


def _all_put(room, words: str, *scores: tuple[int, int]):
    for phone, (up, across) in zip(room.guests, scores, strict=False):
        _put(phone, room, words, up=up, across=across)


def _marks() -> list[tuple]:
    return sorted(Mark.objects.values_list("note__text", "up", "across"))


def _everywhere(room) -> dict[str, str]:
    """What each view, and each stream, showed."""
    return {
        "console": room.console(),
        "screen": room.screen(),
        "phone": room.guests[-1].shows(),
        "told": "".join(room.told(one) for one in ("console", "screen", "phones")),
    }


def test_two_numbers_are_kept_at_once_and_can_be_changed(placing):
    phone = placing.guests[0]
    assert _put(phone, placing, "One form", up=5, across=2).status_code == 302
    _put(phone, placing, "One form", up=4, across=3)
    assert _marks() == [("One form", 4, 3)]
    assert "1 of 3 placed" in phone.shows()


def test_one_number_alone_waits_for_the_other_and_is_not_lost(placing):
    answer = _put(placing.guests[0], placing, "One form", up=5)
    things = {str(thing): (thing.up, thing.across) for thing in answer.context["things"]}
    assert things == {"One form": (5, 0), "A quiet hour": (0, 0), "A bigger office": (0, 0)}
    assert told(answer)[-1] == "One more: choose a number on both lines."
    assert _marks() == []


@pytest.mark.parametrize("said", [{"thing": "nonsense"}, {"thing": ""}, {}])
def test_a_mark_about_nothing_that_is_here_is_refused(placing, said):
    answer = placing.guests[0].send("mark", placing.place.pk, up=1, across=1, **said)
    assert (answer.status_code, _marks()) == (400, [])


def test_nothing_is_shown_before_it_is_shown_to_all(placing):
    _all_put(placing, "One form", (5, 4), (5, 4), (4, 4))
    canaries = ("map__dot", "Impact", "close together")
    found = {
        (view, canary)
        for view, page in _everywhere(placing).items()
        for canary in canaries
        if canary in page
    }
    assert found == set()
    assert "3</b> have placed something" in placing.console()
    assert "3 of us have placed them so far" in placing.screen()


def test_ones_own_answer_is_in_nobody_elses_page(placing):
    _put(placing.guests[0], placing, "One form", up=5, across=1)
    pages = {"mine": placing.guests[0].shows(), **_everywhere(placing)}
    assert {view for view, page in pages.items() if " checked" in page} == {"mine"}


def test_it_is_shown_as_a_middle_and_a_spread_best_first(placing):
    _all_put(placing, "One form", (2, 2), (3, 3), (1, 4))
    _all_put(placing, "A quiet hour", (5, 5), (5, 4), (4, 5), (5, 5))
    placing.press("run-reveal", placing.place.pk)
    placing.place.refresh_from_db()
    things = reading.placed(placing.place, reading.things_of(placing.place))
    assert [(thing.number, str(thing)) for thing in things[:2]] == [
        (1, "A quiet hour"),
        (2, "One form"),
    ]
    assert things[1].spot == sums.Spot(across=sums.Middle(3, 2, 4), up=sums.Middle(2, 1, 3))
    for page in (placing.console(), placing.screen(), placing.guests[0].shows()):
        assert page.count('<g class="map__dot') == 2


def test_with_fewer_than_three_answers_a_thing_shows_none_of_them(placing):
    _all_put(placing, "A bigger office", (5, 1), (4, 1))
    _all_put(placing, "One form", (3, 3), (3, 3), (3, 3))
    placing.press("run-reveal", placing.place.pk)
    shown = _everywhere(placing)
    assert {view: page.count('<g class="map__dot') for view, page in shown.items()} == {
        "console": 1,
        "screen": 1,
        "phone": 1,
        "told": 1,
    }
    # The two others: one that two people placed, one that nobody did.
    assert {page.count("Too few answers to show") for page in shown.values()} == {2}


def test_what_is_shown_stays_as_it_is(placing):
    placing.press("run-reveal", placing.place.pk)
    answer = _put(placing.guests[0], placing, "One form", up=5, across=5, headers=HTMX)
    assert told(answer)[-1] == "Everybody’s answers are shown by now, so yours stays as it is."
    assert _marks() == []


def test_what_follows_lists_them_in_that_order(placing):
    gift, vote = placing.activity("gift"), placing.activity("vote")
    before = [str(thing) for thing in reading.things_of(vote)]
    last = before[-1]
    _all_put(placing, last, (5, 5), (5, 5), (5, 5))
    assert [str(thing) for thing in reading.things_of(vote)] == before
    placing.press("run-reveal", placing.place.pk)
    wanted = [last, *before[:-1]]
    assert [[str(thing) for thing in reading.things_of(one)] for one in (gift, vote)] == [
        wanted,
        wanted,
    ]
    page = placing.client.get(placing.url("harvest"))
    ((_, rows),) = page.context["parts"]
    assert str(rows[0].row) == last


def test_ideas_after_a_theme_are_what_is_placed(room):
    """Not the groups of before: the notes are nearer."""
    room.activity("theme")
    ideas, place, phone = room.activity("ideas"), room.activity("place"), room.phone()
    room.press("run-go", ideas.pk)
    phone.write(ideas, "Newer")
    room.press("run-reveal", ideas.pk)
    assert [str(thing) for thing in reading.things_of(place)] == ["Newer"]


def test_a_scale_knows_close_from_far():
    def agreement(*pairs):
        return sums.spot_of(list(pairs)).agreement

    assert agreement((4, 4), (4, 4), (4, 4)) == "close together"
    assert agreement((3, 3), (4, 4), (5, 3)) == "a little apart"
    assert agreement((1, 3), (3, 3), (5, 3), (1, 3), (5, 3)) == "far apart"
    assert sums.spot_of([(1, 1), (2, 2)]) is None


def test_the_big_screen_has_all_of_them_before_and_after_they_are_shown(placing):
    for number in range(13):
        placing.guests[0].write(placing.ideas, f"Idea {number:02}")
    words = [f"Idea {number:02}" for number in range(13)]
    seen = []
    for _ in range(2):
        page = placing.screen()
        seen.append(([one in page for one in words], page.count("data-page-at")))
        placing.press("run-reveal", placing.place.pk)
    assert seen == [([True] * 13, 2)] * 2


# --- where there are many


@pytest.fixture
def many(room):
    """Fifteen ideas and a vote on them that is shown: 3 dots on one, 1 on each of 8, none on 6."""
    ideas, vote, room.place = room.activity("ideas"), room.activity("vote"), room.activity("place")
    room.stands_at(ideas)
    notes = [factories.NoteFactory(activity=ideas, text=f"Idea {n:02}") for n in range(15)]
    room.has_shown(ideas)
    room.stands_at(vote)
    for slot in (1, 2, 3):
        on = {"slot": slot, "slot_on_one": slot}
        factories.VoteFactory(activity=vote, note=notes[14], voter="one", **on)
    for note in notes[:8]:
        factories.VoteFactory(activity=vote, note=note)
    room.vote, room.guest = vote, room.phone()
    return room


def _asked(room) -> list[list[str]]:
    """What the phone, the console and the big screen ask about, and keep."""
    pages = (room.guest.page(), room.client.get(room.url("run")), room.screen_page())
    said = [
        [sorted(str(one)[-2:] for one in page.context[name]) for name in ("things", "rest")]
        for page in pages
    ]
    assert said[0] == said[1] == said[2]
    return said[0]


def test_of_many_things_people_are_asked_about_the_strongest_and_none_is_lost(many):
    every = [f"{n:02}" for n in range(15)]
    many.has_shown(many.vote)
    many.press("run-go", many.place.pk)
    # Eight, and whatever got as many dots as the eighth.
    strongest = [[*every[:8], "14"], every[8:14]]
    for page in (many.guest.shows(), many.console(), many.screen()):
        assert ([f"Idea {n}" in page for n in every], "of 15 placed" in page) == (
            [True] * 15,
            False,
        )
    assert _asked(many) == strongest
    many.press("run-asks", many.place.pk, asks="3", headers=HTMX)
    assert _asked(many) == strongest
    answer = many.press("run-asks", many.place.pk, asks="all", headers=HTMX)
    assert (told(answer)[-1], _asked(many)) == ("People are asked about all of them.", [every, []])
    undo_last(many.client, answer)
    assert _asked(many) == strongest
    # What was said of one that is kept counts too.
    for across, phone in enumerate([many.phone() for _ in range(3)], start=3):
        _put(phone, many, "Idea 09", up=5, across=across)
    many.press("run-reveal", many.place.pk)
    many.press("run-asks", many.place.pk, asks="5")
    many.place.refresh_from_db()
    page = many.guest.page()
    said = [(str(one), bool(one.spot)) for one in page.context["things"]]
    assert (many.place.asks, len(said), said[0]) == (3, 15, ("Idea 09", True))
    assert page.content.decode().count("Kept, and not asked about") == 5


def test_where_nothing_says_which_are_the_strongest_people_are_asked_about_all(many):
    """Dots that nobody saw yet choose nothing."""
    many.press("run-go", many.place.pk)
    assert [len(some) for some in _asked(many)] == [15, 0]
    for asks in ("0", "999", "some"):
        assert many.press("run-asks", many.place.pk, asks=asks).status_code == 400
    assert many.press("run-asks", many.vote.pk, asks="5").status_code == 400
