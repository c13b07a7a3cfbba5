"""History: every action leaves its events and no name; PostgreSQL refuses to change one."""

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from functools import partial
from uuid import UUID

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, transaction

import impact.actions
import programmes.actions
import smallchanges.actions
import workshops.actions
from blueprints import actions as blueprints
from blueprints.models import Commitment, Pillar
from programmes.actions import ambition, invitations, people, places, steps, timeline
from programmes.audit import record
from programmes.editing import Stale, Taken
from programmes.models import AuditEvent, Programme, Role, Value
from smallchanges import actions as changes
from tests.constraints import refusal
from tests.history import LAUNCH, NEW, TABLE, Leaves, Row, Scene
from workshops.models import TARGETS


@pytest.fixture
def scene(cast):
    return Scene(cast)


def _act(one: Row, scene: Scene):
    has_by = "by" in inspect.signature(one.action).parameters
    return one.call(scene, partial(one.action, by=scene.by) if has_by else one.action)


def _found(name: str, scene: Scene, result):
    """The row that a name stands for."""
    if name == "result.memberships.get()":
        return result.memberships.get()
    if name == "result.change":
        return result.change
    if name == "result":
        # An invitation comes back among outcomes, since one call may make several.
        # So does what was harvested, by itself.
        first = result[0] if isinstance(result, list) else result
        return getattr(first, "invitation", first)
    return getattr(scene, name)


def _wanted(event: Leaves, scene: Scene, result) -> dict:
    about, actor = _found(event.about, scene, result), _found(event.actor, scene, result)
    return {
        "verb": event.verb,
        "target_type": about._meta.model_name,
        "target_id": str(about.pk),
        "target_label": event.label,
        "details": event.details(scene) if event.details else {},
        "actor_id": actor.pk,
        "authority_id": _found(event.place, scene, result).pk if event.place else None,
    }


_FIELDS = (
    *("verb", "target_type", "target_id", "target_label", "details"),
    *("actor_id", "authority_id"),
)


CHOICES = {
    str(value)
    for model in apps.get_models()
    if model._meta.app_label in ("programmes", "smallchanges", "blueprints", "workshops")
    for field in model._meta.concrete_fields
    for value, _ in field.flatchoices or ()
} | {*Role.values, *TARGETS}


def _is_no_word_of_a_person(name: str, value) -> bool:
    """An id, a choice, a date, a number, or what an authority's address and code are."""
    if isinstance(value, dict):
        return all(_is_no_word_of_a_person(*item) for item in value.items())
    if isinstance(value, list):
        return all(_is_no_word_of_a_person(name, item) for item in value)
    if value is None or isinstance(value, int) or value in CHOICES:
        return True
    return name in ("slug", "ons_code") or _reads_as(UUID, value) or _reads_as(_day, value)


def _reads_as(kind: Callable, text: str) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True


_day = date.fromisoformat


@pytest.mark.parametrize("one", TABLE, ids=lambda one: one.id)
def test_an_action_leaves_its_events_and_no_names_and_none_where_it_is_rolled_back(scene, one):
    """People's rows have no title; details hold ids, choices, dates and numbers."""
    with transaction.atomic():
        result = _act(one, scene)
        left = list(AuditEvent.objects.order_by("id").values(*_FIELDS))
        assert left == [_wanted(event, scene, result) for event in one.events]
        for event in left:
            assert _is_no_word_of_a_person("", event["details"]), event["details"]
            label = event["target_label"]
            assert ("Example" in label, "@" in label) == (False, False)
        transaction.set_rollback(True)
    assert AuditEvent.objects.count() == 0


def test_the_name_that_history_leaves_out_is_there_to_be_kept(scene):
    """Else the test above would hold nothing that could be seen."""
    titles = [
        *(str(scene.user), str(scene.membership), str(scene.invitation), str(scene.stakeholder)),
        *(str(scene.guest), str(scene.note), str(scene.invitee)),
    ]
    assert ["Example" in title or "@" in title for title in titles] == [True] * 7


# --- refused, or done already: no event


NOTHING = [
    ("a form sent twice", lambda s: places.add_team(**_team_again(s)), None),
    (
        "words that are taken",
        lambda s: ambition.add(programme=s.programme, kind=Value, text=s.value.text, by=s.by),
        Taken,
    ),
    (
        "an old page",
        lambda s: ambition.edit(statement=s.value, version=9, text="New words", by=s.by),
        Stale,
    ),
    (
        "a row at the end already",
        lambda s: ambition.move(row=s.value, places=1, by=s.by),
        None,
    ),
    (
        "one that has left the list",
        lambda s: ambition.merge(into=s.value, others=[s.removed_value], by=s.by),
        ambition.Gone,
    ),
    (
        "one that is not part of it",
        lambda s: ambition.unmerge(into=s.value, others=[s.other_value], by=s.by),
        None,
    ),
    (
        "an invitation that ran out",
        lambda s: invitations.accept(invitation=s.invitation_that_ran_out, by=s.stranger),
        invitations.NotOpen,
    ),
    (
        "a membership that is so already",
        lambda s: people.change(membership=s.membership, roles=["practitioner"], teams=[], by=s.by),
        None,
    ),
    ("an end that was", lambda s: people.end(membership=s.ended_membership, by=s.by), None),
    ("a name one has", lambda s: people.rename(name=s.by.name, by=s.by), None),
    (
        "a team that something belongs to",
        lambda s: places.remove_team(team=_team_of_a_barrier(s), by=s.by),
        places.Linked,
    ),
    (
        "a step that is done",
        lambda s: steps.say_done(programme=s.programme, step=s.step_done.step, by=s.by),
        None,
    ),
    (
        "a date that is so already",
        lambda s: timeline.move(milestone=s.launch, on=LAUNCH, place="", by=s.by),
        None,
    ),
    ("a timeline without a start", lambda s: timeline.lay_out(programme=s.scoped, by=s.by), None),
    (
        "a place a change has",
        lambda s: changes.move(change=s.change, stage="mission", status="chosen", why="", by=s.by),
        None,
    ),
    (
        "going back without a word",
        lambda s: changes.move(
            change=s.passage.change, stage="mission", status="chosen", why="", by=s.by
        ),
        ValidationError,
    ),
    ("a tick that is there", lambda s: changes.tick_step(step=s.step, done=False, by=s.by), None),
    (
        "a strand that is gone",
        lambda s: changes.remove_strand(strand=s.removed_strand, by=s.by),
        None,
    ),
    (
        "an experiment that is there already",
        lambda s: blueprints.move_experiment(experiment=s.experiment, state="idea", by=s.by),
        None,
    ),
    (
        "a pillar with more experiments than were told of",
        lambda s: blueprints.remove_pillar(pillar=s.experiment.pillar, experiments=0, by=s.by),
        Stale,
    ),
    (
        "an experiment for a pillar that is gone",
        lambda s: blueprints.write_experiment(
            pillar=s.removed_pillar, pk=NEW, title="Late", by=s.by
        ),
        Pillar.DoesNotExist,
    ),
    ("a line that stands", lambda s: blueprints.put_back(row=s.commitment, by=s.by), None),
    (
        "a commitment that is there",
        lambda s: blueprints.write_line(
            kind=Commitment, blueprint=s.blueprint, pk=NEW, text=s.commitment.text, by=s.by
        ),
        Taken,
    ),
]


def _team_again(scene: Scene) -> dict:
    team = scene.team
    return {"authority": team.authority, "name": team.name, "pk": team.pk, "by": scene.by}


def _team_of_a_barrier(scene: Scene):
    scene.barrier.teams.add(scene.team, through_defaults={"authority": scene.authority})
    return scene.team


@pytest.mark.parametrize(
    ("act", "refused"), [one[1:] for one in NOTHING], ids=[one[0] for one in NOTHING]
)
def test_what_is_refused_or_done_already_leaves_no_history(scene, act, refused):
    with pytest.raises(refused) if refused else nullcontext():
        act(scene)
    assert AuditEvent.objects.count() == 0


# --- that the table is whole


def _modules():
    for found in pkgutil.iter_modules(programmes.actions.__path__):
        yield importlib.import_module(f"programmes.actions.{found.name}")
    for found in pkgutil.iter_modules(smallchanges.actions.__path__):
        yield importlib.import_module(f"smallchanges.actions.{found.name}")
    for found in pkgutil.iter_modules(blueprints.__path__):
        yield importlib.import_module(f"blueprints.actions.{found.name}")
    for found in pkgutil.iter_modules(workshops.actions.__path__):
        yield importlib.import_module(f"workshops.actions.{found.name}")
    for found in pkgutil.iter_modules(impact.actions.__path__):
        yield importlib.import_module(f"impact.actions.{found.name}")


def _writes(function) -> bool:
    """Whether a function says who did it, or holds a transaction."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    atomic = any(
        isinstance(node, ast.Attribute) and node.attr == "atomic" for node in ast.walk(tree)
    )
    return atomic or "by" in inspect.signature(function).parameters


def test_every_action_is_in_the_table():
    actions = {
        (module.__name__, name)
        for module in _modules()
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and inspect.unwrap(function).__module__ == module.__name__
        and not name.startswith("_")
        and _writes(inspect.unwrap(function))
    }
    tried = {(one.action.__module__, one.action.__name__) for one in TABLE}
    assert actions == tried


# --- who did it


@pytest.mark.parametrize(
    ("who", "kind"),
    [("facilitator", "member"), ("practitioner", "member"), ("crescendo", "crescendo team")],
)
def test_history_says_as_what_somebody_acted(cast, who, kind):
    by = getattr(cast, who)
    event = record("step done", cast.programme, by=by)
    assert (event.actor_id, event.actor_kind) == (by.pk, kind)


def test_what_nobody_did_the_system_did(cast):
    event = record("step done", cast.programme, by=None)
    assert (event.actor_id, event.actor_kind) == (None, "system")


def test_a_long_title_is_cut_and_not_refused(cast):
    cast.authority.name = "B" * 80
    programme = Programme(authority=cast.authority, service="S" * 400)
    event = record("programme added", programme, by=None)
    assert event.target_label == "S" * 300


# --- PostgreSQL keeps it, also from the application that owns the table


@pytest.fixture
def event(cast):
    return record("step done", cast.programme, by=cast.facilitator)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE programmes_auditevent SET verb = 'nothing happened'",
        "DELETE FROM programmes_auditevent",
        "TRUNCATE programmes_auditevent",
    ],
)
def test_history_is_not_changed(event, sql):
    with connection.cursor() as cursor:
        assert refusal(lambda: cursor.execute(sql)) == "audit_event_stays"
    assert list(AuditEvent.objects.values_list("pk", "verb")) == [(event.pk, "step done")]


@pytest.mark.parametrize("act", [lambda event: event.save(), lambda event: event.delete()])
def test_nor_by_the_orm(event, act):
    assert refusal(lambda: act(event)) == "audit_event_stays"


def test_history_outlives_what_it_tells_of(event, cast):
    cast.programme.delete()
    cast.authority.delete()
    assert AuditEvent.objects.get().target_label == "Family Support, Own Borough"
