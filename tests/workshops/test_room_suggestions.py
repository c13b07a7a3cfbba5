"""Where people see a note: suggested on phones, added up on the console, decided with one press."""

import re

import pytest
from django.urls import reverse

from programmes.models import AuditEvent
from tests import factories
from tests.answers import HTMX, errors, told
from tests.at_once import while_waiting
from tests.workshops.playing import undo_last
from workshops import suggestions as suggested
from workshops.actions import suggestions
from workshops.models import Activity, Group, Note, Suggestion, TakingPart

CANARY = "A canary name"
ADMIN, FORMS, TIME = "Too much admin", "Forms three times over", "No time to think"


@pytest.fixture
def theme(room):
    """Three shown notes, a group for one of them, and five phones that may suggest groups."""
    room.write, room.theme = room.activity(), room.activity("theme")
    room.phones = [room.phone() for _ in range(5)]
    room.stands_at(room.write)
    for words in (ADMIN, FORMS, TIME):
        room.phones[0].write(room.write, words)
    room.has_shown(room.write)
    room.stands_at(room.theme)
    room.trust = factories.GroupFactory(activity=room.theme, title="Trust")
    room.press("run-suggestions", room.theme.pk, way="let in")
    return room


def _note(words: str = ADMIN) -> Note:
    return Note.objects.get(text=words)


def _url(room, note: Note, activity: Activity | None = None) -> str:
    return reverse("room:suggest", args=[room.workshop.pk, (activity or room.theme).pk, note.pk])


def _suggest(room, phone, note: Note, headers=None, **said):
    return phone.client.post(_url(room, note), said, headers=headers or {})


def _all_suggest(room, note: Note, *titles: str) -> None:
    """One person after another."""
    for phone, title in zip(room.phones, titles, strict=False):
        _suggest(room, phone, note, title=title)


def _kept() -> list[tuple]:
    rows = Suggestion.objects.values_list("note__text", "group__title", "title")
    return sorted((note, group or title) for note, group, title in rows)


def _beside(room) -> dict[str, list[tuple]]:
    """What the console says beside each note."""
    page = room.client.get(room.url("run")).context
    return {
        str(note): [(str(tally), tally.count) for tally in note.suggested]
        for note in page["suggesting"]
    }


# --- letting people in


def test_people_are_let_in_by_a_switch_and_kept_out_by_the_same(room):
    write, theme, phone = room.activity(), room.activity("theme"), room.phone()
    room.press("run-go", write.pk)
    phone.write(write, ADMIN)
    room.press("run-reveal", write.pk)
    room.press("run-go", theme.pk)
    link = _url(room, _note(), theme)
    shown = [link in phone.shows()]
    for way in ("let in", "close"):
        room.press("run-suggestions", theme.pk, way=way)
        shown.append(link in phone.shows())
    assert shown == [False, True, False]


@pytest.mark.parametrize("way", ["", "all", "let in\0"])
def test_a_switch_has_two_ways(theme, way):
    assert theme.press("run-suggestions", theme.theme.pk, way=way).status_code == 400


def test_nothing_is_suggested_where_nobody_is_let_in(theme):
    theme.press("run-suggestions", theme.theme.pk, way="close")
    answer = _suggest(theme, theme.phones[0], _note(), title="Time")
    assert (answer.status_code, _kept()) == (302, [])
    assert told(theme.phones[0].page())[-1] == suggestions.NOT_OPEN


def test_nor_after_the_end(theme):
    theme.press("run-end")
    _suggest(theme, theme.phones[0], _note(), title="Time")
    assert _kept() == []


# --- suggesting


def test_a_group_that_is_there_or_a_new_name(theme):
    _suggest(theme, theme.phones[0], _note(ADMIN), to=theme.trust.pk)
    _suggest(theme, theme.phones[0], _note(TIME), title="  Time  to think ")
    assert _kept() == [(TIME, "Time to think"), (ADMIN, "Trust")]


def test_whoever_types_the_name_of_a_group_means_that_group(theme):
    _suggest(theme, theme.phones[0], _note(), title="trust")
    assert Suggestion.objects.get().group == theme.trust


def test_another_suggestion_replaces_ones_own_and_can_be_taken_back(theme):
    phone = theme.phones[0]
    _suggest(theme, phone, _note(), title="Time")
    _suggest(theme, phone, _note(), to=theme.trust.pk)
    assert _kept() == [(ADMIN, "Trust")]
    _suggest(theme, phone, _note(), way="take back")
    assert _kept() == []


def test_ones_own_is_shown_to_oneself_alone(theme):
    mine, other = theme.phones[:2]
    _suggest(theme, mine, _note(), title=CANARY)
    assert [CANARY in phone.shows() for phone in (mine, other)] == [True, False]
    pages = [phone.client.get(_url(theme, _note())).content.decode() for phone in (mine, other)]
    assert [CANARY in page for page in pages] == [True, False]


def test_a_note_in_a_group_can_be_suggested_for_another(theme):
    Note.objects.filter(text=ADMIN).update(group=theme.trust)
    other = factories.GroupFactory(activity=theme.theme, title="Forms")
    page = theme.phones[0].client.get(_url(theme, _note()))
    assert [str(group) for group in page.context["groups"]] == ["Forms"]
    _suggest(theme, theme.phones[0], _note(), to=other.pk)
    assert _beside(theme) == {ADMIN: [("Forms", 1)]}


@pytest.mark.parametrize(
    ("title", "wrong"),
    [
        (" ", "Choose a group, or give a new one a few words."),
        ("x" * 61, "Make it shorter: 60 characters fit, this has 61."),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field(theme, title, wrong):
    answer = _suggest(theme, theme.phones[0], _note(), title=title)
    assert (errors(answer), _kept()) == ({"title": [wrong]}, [])


def test_sixty_letters_fit(theme):
    _suggest(theme, theme.phones[0], _note(), title="x" * 60)
    assert _kept() == [(ADMIN, "x" * 60)]


def test_a_name_that_may_name_somebody_is_warned_of(theme):
    _suggest(theme, theme.phones[0], _note(), title="Call 020 7946 0123")
    assert told(theme.phones[0].page())[-1] == (
        "Got it. It may name somebody: put it another way, if so. Only the facilitator sees it."
    )
    assert "have a look first" in theme.console()


def test_a_foreign_notes_id_is_not_found(theme):
    other = factories.NoteFactory(activity__workshop__programme=theme.cast.programme)
    unshown = factories.NoteFactory(activity=theme.activity())
    held = factories.NoteFactory(activity=theme.write, held_for="guard")
    for note in (other, unshown, held):
        assert _suggest(theme, theme.phones[0], note, title="Time").status_code == 404
        answer = theme.press("run-suggestion", theme.theme.pk, note.pk, title="Time")
        assert answer.status_code == 404
    assert _kept() == []


def test_a_foreign_group_is_not_found_and_nonsense_is_refused(theme):
    foreign = factories.GroupFactory(activity__workshop__programme=theme.cast.programme)
    removed = factories.GroupFactory(activity=theme.theme, removed_at=theme.theme.created_at)
    answers = [
        _suggest(theme, theme.phones[0], _note(), to=to).status_code
        for to in (foreign.pk, removed.pk, "nonsense")
    ]
    assert (answers, _kept()) == ([404, 404, 400], [])


def test_only_a_theme_takes_suggestions(theme):
    vote = theme.activity("vote", takes_suggestions=True, opened_at=theme.theme.created_at)
    answer = theme.phones[0].client.post(_url(theme, _note(), vote), {"title": "Time"})
    assert (answer.status_code, _kept()) == (404, [])


def test_a_row_keeps_the_day_and_nobody(theme):
    _suggest(theme, theme.phones[0], _note(), title="Time")
    row, participant = Suggestion.objects.get(), theme.workshop.participants.first()
    theme.theme.refresh_from_db()
    assert (row.created_at.astimezone().hour, row.created_at.minute) == (0, 0)
    assert row.voter == theme.theme.voter(participant)
    assert TakingPart.objects.filter(activity=theme.theme).count() == 1
    assert not AuditEvent.objects.filter(target_type="suggestion").exists()


# --- nobody else hears of it


def test_a_suggestion_is_in_no_answer_to_anybody_but_the_console(theme):
    for phone in theme.phones[:3]:
        _suggest(theme, phone, _note(), title=CANARY)
    assert CANARY in theme.console()
    elsewhere = [theme.screen, theme.phones[4].shows]
    assert [CANARY in shows() for shows in elsewhere] == [False, False]
    assert CANARY not in "".join(theme.told(one) for one in ("console", "screen", "phones"))
    theme.press("run-end")
    for address in (
        reverse("workshops:summary", args=["own", theme.workshop.pk]),
        reverse("workshops:harvest", args=["own", theme.workshop.pk]),
        theme.workshop.get_absolute_url(),
    ):
        answer = theme.client.get(address)
        assert (answer.status_code, CANARY in answer.content.decode()) == (200, False)


def test_the_screen_and_the_phones_are_not_even_told_that_there_is_one(theme):
    before = [theme.workshop.events.filter(audience=one).count() for one in ("screen", "phones")]
    _suggest(theme, theme.phones[0], _note(), title=CANARY)
    after = [theme.workshop.events.filter(audience=one).count() for one in ("screen", "phones")]
    assert before == after


def test_the_console_says_how_many_and_never_who(theme):
    ash = theme.phone("Ash")
    _suggest(theme, ash, _note(), title="Time")
    page = theme.console()
    assert re.search(r'<b class="num">1</b> suggests a new group, <b>Time</b>', page)
    assert ("Ash" in page, Suggestion.objects.get().voter in page) == (False, False)


def test_suggestions_are_added_up_most_first(theme):
    _all_suggest(theme, _note(), "Time", "time ", "Trust", "Pace", "TIME")
    assert _beside(theme) == {ADMIN: [("TIME", 3), ("Pace", 1), ("Trust", 1)]}


def test_what_has_come_about_or_is_gone_is_no_suggestion(theme):
    gone = factories.GroupFactory(activity=theme.theme, title="Gone")
    _suggest(theme, theme.phones[0], _note(ADMIN), to=theme.trust.pk)
    _suggest(theme, theme.phones[0], _note(TIME), to=gone.pk)
    theme.press("run-notes-move", theme.theme.pk, note=[_note(ADMIN).pk], to=theme.trust.pk)
    theme.press("run-group-remove", gone.pk)
    assert _beside(theme) == {}


def test_a_suggestion_follows_its_group_into_another(theme):
    faith = factories.GroupFactory(activity=theme.theme, title="Faith")
    _suggest(theme, theme.phones[0], _note(), to=faith.pk)
    theme.press("run-group-merge", faith.pk, into=theme.trust.pk)
    assert _beside(theme) == {ADMIN: [("Trust", 1)]}


# --- deciding


def _decide(room, note: Note, **said):
    return room.press("run-suggestion", room.theme.pk, note.pk, headers=HTMX, **said)


def test_one_press_moves_the_note_and_undo_moves_it_back(theme):
    _all_suggest(theme, _note(), "Trust", "Trust", "Time")
    answer = _decide(theme, _note(), to=theme.trust.pk)
    assert (_note().group, _beside(theme)) == (theme.trust, {})
    assert told(answer)[-1] == f"Moved “{ADMIN}” to Trust."
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == ["notes placed", "suggestions accepted"]
    undo_last(theme.client, answer)
    assert (_note().group, _beside(theme)) == (None, {ADMIN: [("Trust", 2), ("Time", 1)]})


def test_a_new_name_becomes_a_group_and_undo_takes_it_apart(theme):
    _all_suggest(theme, _note(), "Time", "Time")
    answer = _decide(theme, _note(), title="Time")
    made = Group.objects.get(title="Time")
    assert _note().group == made
    assert ["Time</span>" in theme.screen(), "Time</h2>" in theme.phones[4].shows()] == [True] * 2
    undo_last(theme.client, answer)
    made.refresh_from_db()
    assert (_note().group, made.removed_at is None) == (None, False)


def test_undo_leaves_a_group_in_which_there_is_something_else_by_now(theme):
    _suggest(theme, theme.phones[0], _note(), title="Time")
    answer = _decide(theme, _note(), title="Time")
    made = Group.objects.get(title="Time")
    theme.press("run-notes-move", theme.theme.pk, note=[_note(TIME).pk], to=made.pk)
    undo_last(theme.client, answer)
    made.refresh_from_db()
    assert (_note().group, _note(TIME).group, made.removed_at) == (None, made, None)


def test_undo_leaves_a_note_that_was_moved_on_since(theme):
    _suggest(theme, theme.phones[0], _note(), to=theme.trust.pk)
    answer = _decide(theme, _note(), to=theme.trust.pk)
    other = factories.GroupFactory(activity=theme.theme)
    theme.press("run-notes-move", theme.theme.pk, note=[_note().pk], to=other.pk)
    undo_last(theme.client, answer)
    assert _note().group == other


def test_undo_puts_a_note_back_into_the_group_that_it_came_from(theme):
    other = factories.GroupFactory(activity=theme.theme)
    Note.objects.filter(text=ADMIN).update(group=other)
    _suggest(theme, theme.phones[0], _note(), to=theme.trust.pk)
    answer = _decide(theme, _note(), to=theme.trust.pk)
    undo_last(theme.client, answer)
    assert _note().group == other


def test_leaving_it_puts_the_suggestions_aside_and_undo_opens_them_again(theme):
    _all_suggest(theme, _note(), "Trust", "Time")
    answer = _decide(theme, _note(), way="leave")
    assert (_note().group, _beside(theme)) == (None, {})
    undo_last(theme.client, answer)
    assert _beside(theme) == {ADMIN: [("Time", 1), ("Trust", 1)]}


def test_what_is_decided_is_not_changed_nor_taken_back(theme):
    phone = theme.phones[0]
    _suggest(theme, phone, _note(), title="Time")
    _decide(theme, _note(), way="leave")
    for said in ({"title": "Pace"}, {"way": "take back"}):
        _suggest(theme, phone, _note(), **said)
        assert told(phone.page())[-1] == suggestions.DECIDED
    assert _kept() == [(ADMIN, "Time")]


def test_others_may_still_see_it_another_way(theme):
    _suggest(theme, theme.phones[0], _note(), title="Time")
    _decide(theme, _note(), way="leave")
    _suggest(theme, theme.phones[1], _note(), title="Pace")
    assert _beside(theme) == {ADMIN: [("Pace", 1)]}


@pytest.mark.parametrize("said", [{"title": "Never said"}, {"title": ""}, {"way": "leave"}])
def test_what_nobody_suggests_moves_nothing(theme, said):
    answer = _decide(theme, _note(), **said)
    assert (_note().group, Group.objects.count()) == (None, 1)
    assert told(answer)[-1] == "That was decided a moment ago, or nobody suggests it any more."


def _accept_agreed(room):
    return room.press("run-suggestions", room.theme.pk, way="accept agreed", headers=HTMX)


def test_all_that_most_agree_on_is_moved_at_once_and_undone_at_once(theme):
    _all_suggest(theme, _note(ADMIN), "Time", "Time", "Trust")
    _all_suggest(theme, _note(FORMS), "time", "Time")
    _all_suggest(theme, _note(TIME), "Trust", "Time")
    answer = _accept_agreed(theme)
    made = Group.objects.get(title="Time")
    assert [_note(one).group for one in (ADMIN, FORMS, TIME)] == [made, made, None]
    assert told(answer)[-1] == "Moved 2 notes where most see them."
    assert _beside(theme) == {TIME: [("Time", 1), ("Trust", 1)]}
    undo_last(theme.client, answer)
    made.refresh_from_db()
    assert [_note(one).group for one in (ADMIN, FORMS)] == [None, None]
    assert (made.removed_at is None, len(_beside(theme))) == (False, 3)


def test_one_person_and_half_of_the_people_are_not_most(theme):
    _all_suggest(theme, _note(ADMIN), "Time")
    _all_suggest(theme, _note(FORMS), "Time", "Time", "Pace", "Trust")
    answer = _accept_agreed(theme)
    assert Group.objects.count() == 1
    assert told(answer)[-1] == "There’s nothing that most agree on yet."


def test_a_name_that_wants_a_look_waits_for_it(theme):
    _all_suggest(theme, _note(), "Call 020 7946 0123", "Call 020 7946 0123")
    _accept_agreed(theme)
    assert _note().group is None
    _decide(theme, _note(), title="Call 020 7946 0123")
    assert str(_note().group) == "Call 020 7946 0123"


# --- at once, and at the end


@pytest.fixture
def meeting(db):
    """A theme with a note, without a browser: for two things at once."""
    activity = factories.ActivityFactory(
        workshop__is_open=True, kind="theme", takes_suggestions=True
    )
    return activity, factories.NoteFactory(activity=activity)


@pytest.mark.django_db(transaction=True)
def test_a_person_on_two_devices_at_once_has_one_suggestion(meeting):
    activity, note = meeting
    person = factories.ParticipantFactory(workshop=activity.workshop)

    def say(title):
        return lambda: suggestions.suggest(
            activity=activity, participant=person, note=note, title=title
        )

    assert while_waiting(say("Time"), say("Pace")) == ("", "")
    assert list(Suggestion.objects.values_list("title", flat=True)) == ["Pace"]


@pytest.mark.django_db(transaction=True)
def test_two_facilitators_at_once_make_one_group(meeting):
    activity, note = meeting
    by = factories.UserFactory()
    factories.SuggestionFactory(activity=activity, note=note, title="Time")

    def accept():
        return suggestions.accept(activity=activity, note=note, title="Time", by=by)

    first, second = while_waiting(accept, accept)
    assert (str(first[1]), second, Group.objects.count()) == ("Time", None, 1)


@pytest.mark.django_db(transaction=True)
def test_nobody_changes_what_is_being_decided(meeting):
    activity, note = meeting
    by, person = (
        factories.UserFactory(),
        factories.ParticipantFactory(workshop=activity.workshop),
    )
    suggestions.suggest(activity=activity, participant=person, note=note, title="Time")
    _, second = while_waiting(
        lambda: suggestions.leave(activity=activity, note=note, by=by),
        lambda: suggestions.suggest(activity=activity, participant=person, note=note, title="Pace"),
    )
    assert (second, Suggestion.objects.get().title) == (suggestions.DECIDED, "Time")


def test_after_the_end_nobody_can_tell_whose_it_was(theme):
    _suggest(theme, theme.phones[0], _note(), title="Time")
    participant = theme.workshop.participants.order_by("number").first()
    theme.theme.refresh_from_db()
    voter, before = theme.theme.voter(participant), Suggestion.objects.get()
    assert before.voter == voter
    theme.press("run-end")
    after = Suggestion.objects.get()
    assert (after.title, after.voter == voter, after.pk == before.pk) == ("Time", False, False)


def test_the_console_asks_as_often_for_one_suggestion_as_for_three(
    theme, django_assert_num_queries
):
    theme.console()  # says what was said before, once
    for count in (1, 3):
        for words in (ADMIN, FORMS, TIME)[:count]:
            _suggest(theme, theme.phones[0], _note(words), title=words[:20])
        with django_assert_num_queries(21):
            theme.client.get(theme.url("run"))


def test_tallies_know_what_most_agree_on():
    def tally(count, title="Time"):
        return suggested.Tally(None, title, count)

    assert suggested.agreed([tally(3), tally(2)]) == tally(3)
    assert suggested.agreed([tally(2), tally(2)]) is None
    assert suggested.agreed([tally(1)]) is None


def test_a_phone_that_is_not_in_the_room_finds_nothing(theme, client):
    assert client.post(_url(theme, _note()), {"title": "Time"}).status_code == 404
    assert _kept() == []
