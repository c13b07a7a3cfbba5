"""The ready-made sessions that come with Crescendo, and how they are brought in."""

from io import StringIO

import pytest
from django.core.management import call_command

from programmes.editing import Stale
from programmes.models import AuditEvent
from tests import factories
from workshops import sessions
from workshops.actions import templates
from workshops.models import LONGEST_MINUTES, MOST_COLUMNS, Candour, SessionKind, Template

SESSIONS = sessions.read_all()
BLOCK = {
    "kind": "write",
    "title": "Forms",
    "prompt": "",
    "say": "",
    "minutes": 6,
    "columns": [],
    "candour": "hidden",
    "dots": 0,
    "most_on_one": 0,
}


def _file(**changed) -> dict:
    return {
        "key": "values",
        "kind": "values",
        "title": "Values",
        "about": "",
        "position": 2,
        "blocks": [BLOCK],
    } | changed


def _load(**changed) -> Template | None:
    return next(iter(templates.load(sessions=[_file(**changed)], by=None)), None)


def _said() -> str:
    out = StringIO()
    call_command("load_templates", stdout=out)
    return out.getvalue()


# --- the files


def test_there_is_one_for_each_session_of_the_programme():
    assert sorted(one["kind"] for one in SESSIONS) == sorted(SessionKind.values)
    assert sorted(one["position"] for one in SESSIONS) == list(range(1, len(SESSIONS) + 1))


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session["key"])
def test_a_session_is_complete(db, session):
    """Everything fits into its field, and each block has its question and a line to say."""
    (template,) = templates.load(sessions=[session], by=None)
    template.full_clean()
    blocks = list(template.blocks.all())
    for block in blocks:
        block.full_clean()
    assert [block.title for block in blocks if not (block.prompt and block.say)] == []
    assert all(1 <= block.minutes <= LONGEST_MINUTES for block in blocks)
    assert all(len(block.columns) <= MOST_COLUMNS for block in blocks)
    assert (template.about > "", blocks[0].kind) == (True, "check-in")


def test_the_team_kit_takes_twenty_minutes():
    kit = next(one for one in SESSIONS if one["kind"] == "team kit")
    assert sum(block["minutes"] for block in kit["blocks"]) == 20


def test_barriers_and_what_our_changes_met_are_written_without_names():
    anonymous = {
        one["kind"]
        for one in SESSIONS
        for block in one["blocks"]
        if block["kind"] == "write" and block["candour"] == Candour.ANONYMOUS
    }
    assert anonymous == {"launch", "values", "vision", "mission", "sensemaking", "team kit"}


def test_no_two_sessions_share_a_line():
    lines = [block["say"] for one in SESSIONS for block in one["blocks"]]
    assert len(lines) == len(set(lines))


# --- bringing them in


def test_the_command_brings_them_in_once(db):
    titles = [f"{one['title']}: version 1" for one in SESSIONS]
    assert _said().splitlines() == titles
    assert (_said(), Template.objects.count()) == ("", len(SESSIONS))
    assert AuditEvent.objects.filter(verb="template written").count() == len(SESSIONS)


def test_they_are_offered_in_the_programmes_order(db):
    _said()
    assert [one.kind for one in Template.objects.newest()] == SessionKind.values


def test_a_file_that_changed_makes_a_new_version_and_retires_the_old(db):
    first = _load()
    second = _load(blocks=[BLOCK | {"minutes": 7}])
    first.refresh_from_db()
    assert (first.number, first.retired_at is None) == (1, False)
    assert (second.number, second.retired_at) == (2, None)
    assert [one.minutes for one in second.blocks.all()] == [7]
    assert _load(blocks=[BLOCK | {"minutes": 7}]) is None


def test_a_file_that_is_put_back_as_it_was_counts_as_changed(db):
    _load()
    _load(title="Other values")
    assert (_load().number, Template.objects.newest().get().title) == (3, "Values")


def test_what_the_crescendo_team_wrote_stays(cast):
    first = _load()
    theirs = templates.write(template=first, by=cast.crescendo, title="Ours", blocks=[BLOCK])
    assert _load(blocks=[BLOCK | {"minutes": 9}]) is None
    assert Template.objects.newest().get() == theirs


def test_a_session_that_nobody_should_start_from_any_more_does_not_come_back(db):
    first = _load()
    Template.objects.update(retired_at=first.created_at)
    assert (_load(title="Again"), Template.objects.count()) == (None, 1)


# --- versions


def test_a_workshop_keeps_the_version_it_started_from(cast):
    first = _load()
    workshop = factories.WorkshopFactory(programme=cast.programme, template=first)
    second = templates.write(
        template=first, by=cast.crescendo, title="Values, shorter", blocks=[BLOCK]
    )
    workshop.refresh_from_db()
    assert (workshop.template, second.number, second.created_by) == (first, 2, cast.crescendo)
    assert (second.kind, second.position) == ("values", 2)


def test_the_same_words_make_no_new_version(cast):
    first = _load()
    again = templates.write(
        template=first, by=cast.crescendo, title="Values", about="", blocks=[BLOCK]
    )
    assert (again, Template.objects.count()) == (first, 1)


def test_who_was_quicker_is_not_written_over(cast):
    first = _load()
    second = templates.write(template=first, by=cast.crescendo, title="Theirs", blocks=[BLOCK])
    with pytest.raises(Stale) as stale:
        templates.write(template=first, by=cast.crescendo, title="Ours", blocks=[BLOCK])
    assert (stale.value.row, Template.objects.newest().get().title) == (second, "Theirs")
