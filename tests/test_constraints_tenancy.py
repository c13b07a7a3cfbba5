"""Direct SQL cannot make a row of one authority point at a row of another."""

import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from blueprints.models import EVIDENCE, PLACEABLE, Evidence, Experiment, PlacedThing, Promise
from impact.models import Story
from programmes.models import Programme, SameAuthority
from smallchanges.models import Ask, Cheer, MovedRow, Offered, Rule, SmallChange
from surveys.models import SurveyAnswer
from tests import factories
from workshops.models import TARGETS, Activity, Agreement, Harvest, Suggestion, Vote

LINKS = [
    (model, constraint)
    for model in apps.get_models()
    for constraint in model._meta.constraints
    if isinstance(constraint, SameAuthority)
]
# What a row that points at one of several things is made with.
MADE_WITH = {
    Evidence: ("change", SmallChange),
    MovedRow: ("change", SmallChange),
    PlacedThing: ("change", SmallChange),
    Promise: ("experiment", Experiment),
}


@pytest.fixture
def rows(cast):
    """One row of every tenant table in the other authority, made by its own defaults."""

    def make(model, *, another=False):
        if model in made and not another:
            return made[model]
        values = {}
        for field in model._meta.concrete_fields:
            if field.name == "authority":
                values["authority"] = cast.other
            elif field.name == "programme":
                values["programme"] = cast.other_programme
            elif field.is_relation and not field.null:
                values[field.name] = make(field.related_model)
        if model in MADE_WITH:
            name, kind = MADE_WITH[model]
            values[name] = make(kind)
        factory_of = getattr(factories, f"{model.__name__}Factory", None)
        made[model] = (
            factory_of(**values)
            if factory_of
            else model._base_manager.create(**_rest(model, values))
        )
        return made[model]

    made = {Programme: cast.other_programme}
    return make


def _rest(model, values):
    """Something for each field that has no default of its own."""
    soon = timezone.now() + timedelta(days=1)
    for field in model._meta.concrete_fields:
        if field.name == "roles":
            values[field.name] = ["manager"]
        elif field.name in values or field.has_default() or field.null or field.generated:
            continue
        elif field.blank and not field.auto_created:
            # Words that may be left out need not fit what they would go with.
            continue
        elif field.choices:
            # A move must go somewhere: from the first choice to the second.
            values[field.name] = field.choices[field.name.startswith("to_")][0]
        elif field.get_internal_type() == "DateTimeField":
            values[field.name] = soon
        elif field.get_internal_type() == "DateField":
            values[field.name] = timezone.localdate()
        elif field.get_internal_type() == "PositiveIntegerField":
            values[field.name] = 8
        elif not field.is_relation:
            values[field.name] = uuid.uuid4().hex[: field.max_length or 30]
    return values


def _instead(model, field: str) -> str:
    """Where a row points at one thing only: the link that its factory made, empty meanwhile."""
    if field == "group" and model in (Agreement, Vote, Harvest):
        return ", note_id = NULL"
    if model is Evidence and field in EVIDENCE and field != "change":
        return ", change_id = NULL"
    if model is Evidence and field == "merged_from":
        return (
            ", change_id = NULL, barrier_id = (SELECT min(id::text)::uuid FROM programmes_barrier)"
        )
    if model is PlacedThing and field in PLACEABLE and field != "change":
        return ", change_id = NULL"
    if model is Activity and field == "round":
        return ", kind = 'sense'"
    if model is Story and field == "crossing":
        return ", ring = 'public'"
    if model is Activity and field == "survey":
        return ", kind = 'survey'"
    if model is SurveyAnswer and field == "team":
        return ", nullifier = 'a'"
    if model is Promise and field != "experiment":
        return ", experiment_id = NULL"
    if model is MovedRow and field == "strand":
        return ", change_id = NULL"
    if model is Ask and field == "member":
        return ", name = '', email = ''"
    if model is Activity and field == "change":
        return ", kind = 'plan'"
    if model is Offered:
        return f", state = '{field}', answer = 'Words', answered_at = now()"
    if model is Cheer and field in ("update", "move"):
        return ", change_id = NULL"
    if model is Rule and field == "checker":
        return ", checking_since = now()"
    if model is Suggestion and field == "group":
        return ", title = ''"
    if model is Suggestion and field in ("came_from", "went_to"):
        return ", decision = gen_random_uuid()"
    if model is Harvest and field in TARGETS and field != "value":
        return ", value_id = NULL"
    return ""


@pytest.mark.parametrize(("model", "constraint"), LINKS, ids=[link[1].name for link in LINKS])
def test_a_link_across_authorities_is_refused(rows, cast, model, constraint):
    row = rows(model)
    target = model._meta.get_field(constraint.field)
    foreign = rows(target.related_model, another=target.related_model is model)
    table, column = model._meta.db_table, target.column
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'SET CONSTRAINTS "{constraint.name}" IMMEDIATE')
        # The row stays with its parents in the other authority, but says that it is ours.
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            cursor.execute(
                f'UPDATE {table} SET authority_id = %s, "{column}" = %s'
                f"{_instead(model, constraint.field)} WHERE id = %s",
                [cast.authority.pk, foreign.pk, row.pk],
            )
    assert refusal.value.__cause__.diag.constraint_name == constraint.name
