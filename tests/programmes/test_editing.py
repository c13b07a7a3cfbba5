"""What every list and every form of words leans on."""

from uuid import UUID, uuid4

import pytest
from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction

from programmes import editing
from programmes.models import Barrier, Value
from tests import factories
from tests.at_once import while_waiting

PK = UUID(int=5)
ONCE = "value_said_once"


def _fields(cast, text: str) -> dict:
    return {"programme": cast.programme, "text": text}


def _values(cast) -> list[tuple[str, int]]:
    standing = Value.objects.standing().filter(programme=cast.programme)
    return [(row.text, row.position) for row in standing]


# --- versions


def test_a_row_is_saved_at_the_version_that_was_read(cast):
    row = factories.ValueFactory(programme=cast.programme, text="One")
    saved = editing.save_version(row, version=1, text="Two")
    assert (saved.text, saved.version) == ("Two", 2)


@pytest.mark.parametrize("version", [0, 1, 3])
def test_at_any_other_version_nothing_is_saved(cast, version):
    row = factories.ValueFactory(programme=cast.programme, text="One", version=2)
    with pytest.raises(editing.Stale) as stale:
        editing.save_version(row, version=version, text="Two")
    assert (stale.value.row.text, stale.value.row.version) == ("One", 2)
    row.refresh_from_db()
    assert (row.text, row.version) == ("One", 2)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_stale_and_is_told_what_the_other_wrote(cast):
    row = factories.ValueFactory(programme=cast.programme, text="One")

    def save(text):
        return editing.save_version(Value.objects.get(pk=row.pk), version=1, text=text)

    saved, stale = while_waiting(lambda: save("Two"), lambda: save("Three"))
    assert (saved.text, type(stale), stale.row.text) == ("Two", editing.Stale, "Two")


# --- words that are taken


def test_words_that_are_taken_are_told_and_the_transaction_lives_on(cast):
    factories.ValueFactory(programme=cast.programme, text="One")
    with pytest.raises(editing.Taken) as taken, editing.unless_taken("other", ONCE):
        factories.ValueFactory(programme=cast.programme, text="ONE")
    assert (taken.value.constraint, [text for text, _ in _values(cast)]) == (ONCE, ["One"])


def test_what_another_constraint_refuses_is_no_matter_of_words(cast):
    with pytest.raises(IntegrityError), editing.unless_taken(ONCE):
        factories.ValueFactory(programme=cast.programme, text="")


# --- made once


def _make(cast, text: str, pk=PK):
    rows = Value.objects.filter(authority=cast.authority)
    return editing.make_once(
        rows, pk=pk, constraint=ONCE, authority=cast.authority, **_fields(cast, text)
    )


def test_a_row_is_made_once_whatever_is_sent_the_second_time(cast):
    row, made = _make(cast, "One")
    assert (row.pk, made) == (PK, True)
    again, made = _make(cast, "Two")
    assert (again, again.text, made) == (row, "One", False)


def test_other_words_are_taken_and_another_place_id_is_refused(cast):
    _make(cast, "One")
    with pytest.raises(editing.Taken):
        _make(cast, "one", uuid4())
    foreign = factories.ValueFactory(programme=cast.other_programme)
    with pytest.raises(BadRequest):
        _make(cast, "Two", foreign.pk)
    with pytest.raises(IntegrityError):
        _make(cast, "", uuid4())
    assert [text for text, _ in _values(cast)] == ["One"]


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_a_row_is_made_once(cast):
    first, second = while_waiting(lambda: _make(cast, "One"), lambda: _make(cast, "One"))
    assert (first[0], first[1], second[1]) == (second[0], True, False)


# --- order


@pytest.fixture
def rows(cast) -> dict[str, Value]:
    return {
        text: factories.ValueFactory(programme=cast.programme, text=text, position=position)
        # Gaps and equals, as old rows and rows added at once have.
        for text, position in (("a", 3), ("b", 3), ("c", 9))
    }


def _shift(cast, row, by: int) -> bool:
    rows = Value.objects.standing().filter(programme=cast.programme)
    with transaction.atomic():
        return editing.shift(rows, row, by=by)


def test_the_next_position_is_after_the_last(cast, rows):
    assert editing.next_position(cast.programme.values) == 10
    assert editing.next_position(cast.programme.barriers) == 0


@pytest.mark.parametrize(
    ("text", "by", "order", "moved"),
    [
        ("a", 1, "bac", True),
        ("c", -1, "acb", True),
        ("b", 1, "acb", True),
        ("a", -1, "abc", False),
        ("c", 1, "abc", False),
        ("a", 2, "bca", True),
        ("a", 3, "abc", False),
    ],
)
def test_a_row_is_shifted_by_places_and_not_beyond_the_ends(cast, rows, text, by, order, moved):
    assert _shift(cast, rows[text], by) == moved
    assert "".join(text for text, _ in _values(cast)) == order


def test_what_is_not_in_the_list_is_not_shifted(cast, rows):
    editing.take_away(rows["a"], by=cast.facilitator)
    foreign = factories.ValueFactory(programme=cast.other_programme)
    assert [_shift(cast, row, 1) for row in (rows["a"], foreign)] == [False, False]


@pytest.mark.django_db(transaction=True)
def test_two_who_shift_at_once_both_get_their_way(cast, rows):
    moved = while_waiting(lambda: _shift(cast, rows["a"], 1), lambda: _shift(cast, rows["c"], -1))
    assert (moved, "".join(text for text, _ in _values(cast))) == ((True, True), "bca")


# --- taken away, and back


def test_taken_away_and_put_back(cast):
    row = factories.BarrierFactory(programme=cast.programme)
    editing.take_away(row, by=cast.facilitator)
    gone = Barrier.objects.get()
    assert (gone.removed_by, gone.removed_at is None, gone.stands) == (
        cast.facilitator,
        False,
        False,
    )
    assert list(Barrier.objects.standing()) == []
    editing.put_back(gone)
    back = Barrier.objects.get()
    assert (back.removed_at, back.removed_by, back.stands) == (None, None, True)
