"""Grouping, voting and talking: on the console, the phones and the big screen."""

import uuid

import pytest
from django.utils import timezone

from tests import factories
from tests.answers import HTMX, told
from tests.workshops.playing import undo_last
from workshops import reading
from workshops.actions import votes
from workshops.listeners import screen_token
from workshops.models import Group, Note, Vote


@pytest.fixture
def themed(room):
    """Three notes that everybody sees, and the room at a theme after them."""
    room.write = room.activity()
    room.theme = room.activity("theme")
    room.guest = room.phone()
    room.stands_at(room.write)
    for words in ("Too much admin", "Forms three times over", "No time to think"):
        room.guest.write(room.write, words)
    room.has_shown(room.write)
    room.stands_at(room.theme)
    return room


def _note(words: str) -> Note:
    return Note.objects.get(text=words)


def _group(room, title: str, *notes: str, headers=None) -> Group:
    pk = uuid.uuid4()
    room.answer = room.press(
        "run-group-add",
        room.theme.pk,
        id=pk,
        title=title,
        note=[_note(words).pk for words in notes],
        headers=headers,
    )
    return Group.objects.get(pk=pk)


def _in(group: Group) -> list[str]:
    return sorted(group.notes.values_list("text", flat=True))


def test_picked_notes_start_a_group_and_undo_takes_it_apart(themed):
    group = _group(themed, "Admin", "Too much admin", "Forms three times over", headers=HTMX)
    assert _in(group) == ["Forms three times over", "Too much admin"]
    shown = (themed.console, themed.guest.shows, themed.screen)
    assert ["Admin" in shows() for shows in shown] == [True] * 3
    undo_last(themed.client, themed.answer)
    group.refresh_from_db()
    assert group.removed_at is not None
    assert "3 notes" in themed.console()


def test_a_group_that_is_sent_twice_is_there_once(themed):
    group = _group(themed, "Admin")
    themed.press("run-group-add", themed.theme.pk, id=group.pk, title="Admin")
    assert Group.objects.count() == 1


def test_notes_move_by_ticking_and_choosing_and_undo_moves_them_back(themed):
    admin, time = _group(themed, "Admin", "Too much admin"), _group(themed, "Time")
    answer = themed.press(
        "run-notes-move",
        themed.theme.pk,
        note=[_note("Too much admin").pk],
        to=time.pk,
        headers=HTMX,
    )
    assert (_in(admin), _in(time)) == ([], ["Too much admin"])
    assert told(answer)[-1] == "Moved “Too much admin” to Time."
    undo_last(themed.client, answer)
    assert (_in(admin), _in(time)) == (["Too much admin"], [])


def test_where_nothing_was_grouped_each_note_stands_for_itself(themed):
    vote = themed.activity("vote")
    things = {str(thing) for thing in reading.things_of(vote)}
    assert things == {note.text for note in Note.objects.all()} != set()


def test_what_was_acted_on_is_where_one_is_afterwards(themed):
    note, group = _note("Too much admin"), _group(themed, "Admin", "Forms three times over")
    talk = themed.activity("discuss")
    for name, *at, said, there in [
        ("run-notes-move", themed.theme.pk, {"note": [note.pk], "to": group.pk}, f"pick-{note.pk}"),
        ("run-group-edit", group.pk, {"title": "Paper", "version": 1}, f"g-{group.pk}"),
        ("run-note-tidy", note.pk, {"text": "Admin!", "version": 1}, f"note-{note.pk}"),
        (
            "run-outcome",
            talk.pk,
            group.pk,
            {"outcome": "One form", "version": 0},
            f"about-{group.pk}",
        ),
        ("run-doors", {"way": "open"}, "doors"),
    ]:
        answer = themed.press(name, *at, **said)
        assert answer.headers["Location"] == f"{themed.url('run')}#{there}"
    moved = {"note": [note.pk], "to": "none"}
    answer = themed.press("run-notes-move", themed.theme.pk, headers=HTMX, **moved)
    page = answer.content.decode()
    assert [page.count(f'data-at="pick-{note.pk}"'), page.count(f'id="pick-{note.pk}"')] == [1, 1]


@pytest.mark.parametrize("to", ["", "nonsense"])
def test_a_move_to_nowhere_moves_nothing(themed, to):
    note = _note("Too much admin")
    answer = themed.press("run-notes-move", themed.theme.pk, note=[note.pk], to=to)
    assert (answer.status_code, _note("Too much admin").group) == (400, None)


def test_nothing_picked_says_so(themed):
    answer = themed.press("run-notes-move", themed.theme.pk, to="none", headers=HTMX)
    assert told(answer)[-1] == "Pick a note first."


def test_groups_are_renamed_joined_and_parted_again(themed):
    admin = _group(themed, "Admin", "Too much admin")
    forms = _group(themed, "Forms", "Forms three times over")
    themed.press("run-group-edit", forms.pk, title="Paper", version=1)
    forms.refresh_from_db()
    assert forms.title == "Paper"
    themed.press("run-group-merge", forms.pk, into=admin.pk)
    assert _in(admin) == ["Forms three times over", "Too much admin"]
    undo_last(themed.client, themed.client.get(themed.url("run")))
    assert (_in(admin), _in(forms)) == (["Too much admin"], ["Forms three times over"])


def test_a_group_of_another_room_is_not_found(themed):
    other = factories.GroupFactory(activity__workshop__programme=themed.cast.programme)
    note = _note("Too much admin")
    answer = themed.press("run-notes-move", themed.theme.pk, note=[note.pk], to=other.pk)
    assert (answer.status_code, _note("Too much admin").group) == (404, None)


# --- looking for notes and groups


@pytest.fixture
def many(themed):
    """Twelve notes without a home, and ten groups."""
    for number in range(9):
        factories.NoteFactory(activity=themed.write, text=f"Other words {number}")
    for number in range(10):
        factories.GroupFactory(activity=themed.theme, title=f"Group of {number}")
    return themed


def _looked(room, **said) -> dict:
    """What the console shows of a search, asked for as the boxes ask while somebody types."""
    context = room.client.get(room.url("run"), said, headers=HTMX).context
    return {
        "notes": sorted(str(note) for note in context["loose"]),
        "ticked": sorted(str(note) for note in context["loose"] if note.pk in context["picked"]),
        "groups": [str(thing) for thing, _ in context["lanes"]],
        "to": [str(thing) for thing in context["options"]],
    }


def test_few_notes_and_groups_have_no_search_box(themed):
    boxes = ('id="find"', 'id="find_group"')
    assert [box in themed.console() for box in boxes] == [False, False]


def test_many_notes_and_groups_have_one_each(many):
    boxes = ('id="find"', 'id="find_group"')
    assert [box in many.console() for box in boxes] == [True, True]


def test_typing_leaves_the_notes_that_hold_each_word(many):
    assert _looked(many, find="three FORM")["notes"] == ["Forms three times over"]
    assert _looked(many, find="nowhere")["notes"] == []
    assert len(_looked(many, find=" ")["notes"]) == 12


def test_typing_leaves_groups_in_their_list_and_in_the_menu(many):
    looked = _looked(many, find_group="of 7")
    assert (looked["groups"], looked["to"]) == (["Group of 7"], ["Group of 7"])
    assert len(looked["notes"]) == 12


def test_a_note_in_a_group_is_found_there(many):
    group = Group.objects.get(title="Group of 3")
    Note.objects.filter(text="Too much admin").update(group=group)
    page = many.client.get(many.url("run"), {"find": "admin"}, headers=HTMX)
    found = {str(thing): [str(note) for note in notes] for thing, notes in page.context["lanes"]}
    assert (found["Group of 3"], page.context["found"]) == (["Too much admin"], 1)


def test_what_is_ticked_stays_in_sight_with_its_tick(many):
    looked = _looked(many, find="three", note=[_note("Too much admin").pk])
    assert looked["notes"] == ["Forms three times over", "Too much admin"]
    assert looked["ticked"] == ["Too much admin"]


def test_the_button_finds_without_a_script_and_keeps_the_ticks(many):
    said = {"way": "find", "find": "three", "find_group": "of 7", "to": "none"}
    answer = many.client.post(
        many.url("run-notes-move", many.theme.pk), said | {"note": _note("Too much admin").pk}
    )
    page = many.client.get(answer.url)
    shown = sorted(str(note) for note in page.context["loose"])
    assert (answer.status_code, shown) == (302, ["Forms three times over", "Too much admin"])
    assert [str(thing) for thing, _ in page.context["lanes"]] == ["Group of 7"]
    assert (page.context["chosen"], _note("Too much admin").group) == ("none", None)


def test_a_move_takes_every_tick_and_keeps_what_is_looked_for(many):
    group = Group.objects.get(title="Group of 7")
    ticked = ["Forms three times over", "Too much admin"]
    answer = many.press(
        "run-notes-move",
        many.theme.pk,
        note=[_note(words).pk for words in ticked],
        to=group.pk,
        find="three",
        headers=HTMX,
    )
    context = answer.context
    assert (_in(group), context["find"], context["picked"]) == (ticked, "three", set())


@pytest.mark.parametrize("find", ["", "%_", "x" * 5000])
def test_whatever_is_looked_for_is_only_looked_for(many, find):
    assert many.client.get(many.url("run"), {"find": find, "note": "nonsense"}).status_code == 200


def test_one_note_is_moved_from_a_page_of_its_own(many):
    note = _note("Too much admin")
    address = many.url("run-note-move", many.theme.pk, note.pk)
    assert f'href="{address}"' in many.console()
    groups = many.client.get(address, {"find": "of 7"}, headers=HTMX).context["groups"]
    assert [str(group) for group in groups] == ["Group of 7"]
    assert len(many.client.get(address).context["groups"]) == 10
    many.press("run-notes-move", many.theme.pk, note=[note.pk], to=groups[0].pk)
    assert _note("Too much admin").group == groups[0]
    page = many.client.get(address).context
    assert (len(page["groups"]), page["is_grouped"]) == (9, True)


def test_a_note_of_another_room_has_no_page_here(themed):
    other = factories.NoteFactory(activity__workshop__programme=themed.cast.programme)
    answer = themed.client.get(themed.url("run-note-move", themed.theme.pk, other.pk))
    assert answer.status_code == 404


# --- what is told when all is shown


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("vote", "Everybody sees the dots now."),
        ("place", "Everybody sees now where we put them."),
        ("gift", "Everybody sees now how we’re split. Settle each of them together."),
        ("pulse", "Everybody sees the answers now."),
        ("write", "Nobody has written anything yet. What comes is shown at once."),
    ],
)
def test_showing_says_what_everybody_sees(room, kind, words):
    activity = room.activity(kind)
    room.press("run-go", activity.pk)
    answer = room.press("run-reveal", activity.pk, headers=HTMX)
    assert told(answer)[-1] == words


def test_notes_come_in_no_particular_order(themed):
    answer = themed.press("run-reveal", themed.write.pk, headers=HTMX)
    assert told(answer)[-1] == "Everybody sees the notes now, in no particular order."


# --- voting


@pytest.fixture
def voting(themed):
    themed.admin = _group(themed, "Admin", "Too much admin")
    themed.time = _group(themed, "Time", "No time to think")
    themed.vote = themed.activity("vote")
    themed.press("run-go", themed.vote.pk)
    return themed


def _dot(phone, room, thing, way="more", headers=None):
    """One dot more or less than the phone shows there."""
    shown = phone.page().context["things"]
    had = next(one.own for one in shown if one.pk == thing.pk)
    said = {"thing": thing.pk, "had": had, "wanted": had + (1 if way == "more" else -1)}
    return phone.send("vote", room.vote.pk, headers=headers, **said)


def test_dots_are_suggested_and_the_facilitator_may_change_them(voting):
    voting.vote.refresh_from_db()
    assert (voting.vote.dots, voting.vote.most_on_one) == (3, 3)
    voting.press("run-dots", voting.vote.pk, dots="5")
    voting.vote.refresh_from_db()
    assert (voting.vote.dots, voting.vote.most_on_one) == (5, 3)


def test_dots_are_ones_own_until_all_are_shown(voting):
    other = voting.phone()
    for _ in range(3):
        _dot(voting.guest, voting, voting.admin)
    own = 'class="vh">3 of your dots'
    assert (own in voting.guest.shows(), own in other.shows()) == (True, False)
    three = '3<span class="vh"> dots'
    assert [three in shows() for shows in (voting.console, voting.screen, other.shows)] == [
        False
    ] * 3
    assert three not in voting.told("phones")
    voting.press("run-reveal", voting.vote.pk)
    assert [three in shows() for shows in (voting.console, voting.screen, other.shows)] == [
        True
    ] * 3


def test_the_fourth_dot_is_refused_in_words_and_one_can_be_moved(voting):
    for _ in range(3):
        _dot(voting.guest, voting, voting.admin)
    answer = _dot(voting.guest, voting, voting.time, headers=HTMX)
    assert told(answer)[-1] == "You have no dots left. Take one back to put it somewhere else."
    _dot(voting.guest, voting, voting.admin, "less")
    _dot(voting.guest, voting, voting.time)
    assert sorted(Vote.objects.values_list("group__title", flat=True)) == ["Admin", "Admin", "Time"]


def test_dots_that_a_phone_sends_again_or_late_are_there_once(voting):
    def send(had, wanted):
        said = {"thing": voting.admin.pk, "had": had, "wanted": wanted}
        return voting.guest.send("vote", voting.vote.pk, headers=HTMX, **said)

    # Sent, lost on the way back, and sent again with what was tapped since.
    assert [send([0], 1).status_code, send([0, 1], 2).status_code, Vote.objects.count()] == [
        *(200, 200),
        2,
    ]
    assert (told(send([0], 1))[-1], Vote.objects.count()) == (votes.CHANGED, 2)
    assert (told(send([0, 1], 2)), Vote.objects.count()) == ([], 2)
    assert told(send([2], 4))[-1] == votes.NONE_LEFT
    send([3], 0)
    assert Vote.objects.count() == 0
    for had, wanted in (([], 1), ([0], "many"), ([0], 99), (["x"], 1), ([0], -1)):
        assert send(had, wanted).status_code == 400


def test_a_theme_nobody_put_a_dot_on_is_kept_and_shown(voting):
    _dot(voting.guest, voting, voting.admin)
    voting.press("run-reveal", voting.vote.pk)
    assert '0<span class="vh"> dots' in voting.screen()


def test_going_back_keeps_the_dots(voting):
    _dot(voting.guest, voting, voting.admin)
    voting.press("run-go", voting.write.pk)
    voting.press("run-go", voting.vote.pk)
    assert Vote.objects.count() == 1


def test_after_the_end_nobody_can_tell_whose_dots_are_whose(voting):
    _dot(voting.guest, voting, voting.admin)
    participant = voting.workshop.participants.get()
    voting.vote.refresh_from_db()
    voter = voting.vote.voter(participant)
    assert Vote.objects.get().voter == voter
    voting.press("run-end")
    voting.vote.refresh_from_db()
    assert (bytes(voting.vote.secret), Vote.objects.get().voter == voter) == (b"", False)


def test_what_is_agreed_in_a_talk_stands_on_every_screen(voting):
    talk = voting.activity("discuss")
    voting.press("run-go", talk.pk)
    said = {"outcome": "One form, not three", "version": 0}
    elsewhere = voting.press("run-outcome", voting.vote.pk, voting.admin.pk, **said)
    assert elsewhere.status_code == 404
    voting.press("run-outcome", talk.pk, voting.admin.pk, **said)
    said = [voting.console, voting.guest.shows, voting.screen]
    assert ["One form, not three" in shows() for shows in said] == [True] * 3


# --- who runs it


def test_somebody_elses_seat_is_told_and_can_be_taken(themed, client_of):
    other = client_of(themed.cast.crescendo)
    other.post(themed.url("run-go", themed.write.pk))
    themed.workshop.refresh_from_db()
    assert themed.workshop.current_id == themed.theme.pk
    other.post(themed.url("run-seat"))
    other.post(themed.url("run-go", themed.write.pk))
    themed.workshop.refresh_from_db()
    assert themed.workshop.current_id == themed.write.pk


def test_a_practitioner_cannot_run_it_unless_they_are_asked_to(themed, client_of):
    client = client_of(themed.cast.practitioner)
    assert client.get(themed.url("run")).status_code == 403
    factories.CoFacilitatorFactory(workshop=themed.workshop, user=themed.cast.practitioner)
    assert client.get(themed.url("run")).status_code == 200


def test_the_big_screen_is_held_while_somebody_tidies_up(themed):
    themed.press("run-screen", way="hold")
    themed.press("run-go", themed.write.pk)
    assert "Still looking for a home" in themed.screen()
    themed.press("run-screen", way="follow")
    assert "Still looking for a home" not in themed.screen()


def test_many_groups_are_turned_by_the_facilitator(many):
    def on_screen():
        return [int(str(thing)[-1]) for thing in many.screen_page().context["things"]]

    def turn(page):
        return many.press("run-screen-turn", page=page).status_code

    assert on_screen() == [0, 1, 2, 3, 4]
    # Where groups were put together meanwhile, a page that is gone leads to the last.
    assert (turn(3), on_screen()) == (302, [5, 6, 7, 8, 9])
    assert (turn(1), turn(2), on_screen()) == (302, 302, [5, 6, 7, 8, 9])
    assert "Groups 6 to 10 of 10" in many.screen()
    assert [turn(page) for page in (0, "x")] == [400] * 2
    # Held, it stays; then it follows, from the first.
    many.press("run-screen", way="hold")
    many.press("run-go", many.write.pk)
    assert on_screen() == [5, 6, 7, 8, 9]
    assert "Groups 6 to 10 of 10 are on it" in many.console()
    many.press("run-screen", way="follow")
    many.press("run-go", many.theme.pk)
    assert on_screen() == [0, 1, 2, 3, 4]
    # Fewer by now than when it was turned: the last of them.
    turn(2)
    Group.objects.filter(title__gte="Group of 3").update(removed_at=timezone.now())
    assert (on_screen(), "are on it" in many.console()) == ([0, 1, 2], False)


def test_a_new_link_makes_the_old_one_worthless(themed, client):
    old = screen_token(themed.workshop)
    themed.press("run-screen", way="new link")
    assert client.get(f"/screen/{old}/").status_code == 404
