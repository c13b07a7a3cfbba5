"""That the models declare what their fields promise: choices, pairs, and numbers from nought up."""

import pytest
from django.apps import apps
from django.db import models

from tests import factories
from tests.constraints import refusal, write

OUR_APPS = ("programmes", "surveys", "smallchanges", "blueprints", "workshops", "impact")
OURS = [model for model in apps.get_models() if model._meta.app_label in OUR_APPS]


def _conditions(condition):
    """Each (look-up, value) of a check, however deep."""
    for child in condition.children:
        if isinstance(child, models.Q):
            yield from _conditions(child)
        elif isinstance(child, tuple):  # and else an expression, which is no list of choices
            yield child


def _held_to(model, name: str) -> set:
    """What a model's checks let stand in a field with choices."""
    held: set = set()
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint) and isinstance(
            constraint.condition, models.Q
        ):
            for lookup, value in _conditions(constraint.condition):
                if lookup == f"{name}__in":
                    held |= set(value)
                elif lookup == f"{name}__range":
                    held |= set(range(value[0], value[1] + 1))
    return held


WITH_CHOICES = [
    pytest.param(model, field, id=f"{model.__name__}.{field.name}")
    for model in OURS
    for field in model._meta.concrete_fields
    if field.choices
]


@pytest.mark.parametrize(("model", "field"), WITH_CHOICES)
def test_a_field_with_choices_is_held_to_all_of_them_and_to_no_other(model, field):
    choices = {value for value, _ in field.flatchoices if value != ""}
    assert _held_to(model, field.name) - {""} == choices


BY_WHOM = [
    pytest.param(model, field.name.removesuffix("_by"), id=f"{model.__name__}.{field.name}")
    for model in OURS
    for field in model._meta.concrete_fields
    if field.name.endswith("_by")
    and any(other.name == f"{field.name[:-2]}at" for other in model._meta.concrete_fields)
]


@pytest.mark.parametrize(("model", "what"), BY_WHOM)
def test_who_did_it_never_stands_without_when(model, what):
    """Where the time may be missing, a named check says so (and a test tries to break it)."""
    names = {constraint.name for constraint in model._meta.constraints}
    wanted = f"_{what}_by_needs_{what}_at"
    optional = model._meta.get_field(f"{what}_at").null
    assert not optional or any(name.endswith(wanted) for name in names)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (factories.ValueFactory, "position"),
        (factories.BarrierFactory, "version"),
        (factories.MissionStrandFactory, "position"),
        (factories.SmallChangeFactory, "position"),
        (factories.StepFactory, "position"),
        (factories.InsightFactory, "position"),
        (factories.PillarFactory, "position"),
        (factories.ExperimentFactory, "version"),
        (factories.WorkshopFactory, "invitation_number"),
        (factories.ActivityFactory, "position"),
        (factories.NoteFactory, "influence"),
        (factories.MarkFactory, "up"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
@pytest.mark.django_db
def test_no_number_is_below_nought(make, name):
    row = make()
    write(row, {name: 0})
    assert refusal(lambda: write(row, {name: -1})) == f"{row._meta.db_table}_{name}_check"
