"""Many threads at once, for tests; and the same links as PostgreSQL reads them by itself."""

import random

from django.db import connection

from blueprints.models import Evidence, Experiment, LearningCycle, Pillar, PillarInsight
from impact.thread import Point
from programmes.models import Barrier
from smallchanges.models import (
    Ask,
    Measure,
    Met,
    MissionStrand,
    Move,
    Rule,
    SmallChange,
    StrandBarrier,
)
from tests.factories import (
    AskFactory,
    BarrierFactory,
    BlueprintFactory,
    ExperimentFactory,
    InsightFactory,
    MeasureFactory,
    MetFactory,
    MissionStrandFactory,
    PillarFactory,
    RuleFactory,
    SmallChangeFactory,
)


def _rows(factory, number: int, **fields) -> list:
    return factory._meta.model._base_manager.bulk_create(
        factory.build(**{name: value(n) for name, value in fields.items()}) for n in range(number)
    )


def weave(programme, *, barriers, strands, changes, insights, pillars, experiments, seed=0):
    """Rows of each kind, and chance links between them; a dict of lists by kind."""
    chance = random.Random(seed)
    of = {"authority": lambda n: programme.authority, "programme": lambda n: programme}
    made = {
        "barrier": _rows(BarrierFactory, barriers, **of),
        "strand": _rows(MissionStrandFactory, strands, **of),
    }
    some_strand = lambda n: chance.choice(made["strand"]) if chance.random() < 0.9 else None  # noqa: E731
    made["change"] = _rows(SmallChangeFactory, changes, **of, strand=some_strand)
    made["insight"] = _rows(InsightFactory, insights, **of)
    blueprint = BlueprintFactory(programme=programme)
    whole = {"authority": programme.authority}
    tenant = {"authority": lambda n: programme.authority}
    made["pillar"] = _rows(PillarFactory, pillars, **tenant, blueprint=lambda n: blueprint)
    some = {kind: (lambda n, kind=kind: chance.choice(made[kind])) for kind in made}
    made["experiment"] = _rows(ExperimentFactory, experiments, **tenant, pillar=some["pillar"])
    LearningCycle.objects.bulk_create(
        LearningCycle(**whole, experiment=one) for one in made["experiment"]
    )
    StrandBarrier.objects.bulk_create(
        (
            StrandBarrier(**whole, barrier=one, strand=chance.choice(made["strand"]))
            for one in made["barrier"]
            for _ in range(chance.choice([0, 1, 1, 2]))
        ),
        ignore_conflicts=True,
    )
    few = min(changes, 6)
    pieces = {
        "met": _rows(MetFactory, few, **tenant, change=some["change"]),
        "ask": _rows(AskFactory, few, **tenant, change=some["change"]),
        "measure": _rows(MeasureFactory, few, **tenant, change=some["change"]),
        "rule": _rows(RuleFactory, few, **tenant, change=some["change"], barrier=some["barrier"]),
        "move": Move.objects.bulk_create(
            Move(
                **whole,
                change=chance.choice(made["change"]),
                at=programme.created_at,
                from_stage="mission",
                to_stage="develop",
                from_status="proposed",
                to_status="proposed",
            )
            for _ in range(few)
        ),
        "change": made["change"],
        "barrier": made["barrier"],
    }
    Evidence.objects.bulk_create(
        (
            Evidence(**whole, insight=one, **{kind: chance.choice(pieces[kind])})
            for one in made["insight"]
            for kind in chance.sample(sorted(pieces), 2)
        ),
        ignore_conflicts=True,
    )
    PillarInsight.objects.bulk_create(
        (
            PillarInsight(**whole, insight=one, pillar=chance.choice(made["pillar"]))
            for one in made["insight"]
            if chance.random() < 0.8
        ),
        ignore_conflicts=True,
    )
    return made | {"piece": pieces}


# Every link of the thread, once more and in another language. What stands is looked at last.
_LINKS = """
WITH RECURSIVE
barriers AS (
    SELECT id, id AS now FROM {barrier} WHERE merged_into_id IS NULL
    UNION ALL SELECT part.id, barriers.now FROM {barrier} part
        JOIN barriers ON part.merged_into_id = barriers.id
),
strands AS (
    SELECT id, id AS now FROM {strand} WHERE merged_into_id IS NULL
    UNION ALL SELECT part.id, strands.now FROM {strand} part
        JOIN strands ON part.merged_into_id = strands.id
),
changes AS (
    SELECT id, id AS now FROM {change} WHERE merged_into_id IS NULL
    UNION ALL SELECT part.id, changes.now FROM {change} part
        JOIN changes ON part.merged_into_id = changes.id
),
belonging AS (
    SELECT insight_id, part.change_id, NULL::uuid AS barrier_id FROM {evidence} e
        JOIN {met} part ON part.id = e.met_id AND part.removed_at IS NULL
    UNION SELECT insight_id, part.change_id, NULL FROM {evidence} e
        JOIN {ask} part ON part.id = e.ask_id AND part.removed_at IS NULL
    UNION SELECT insight_id, part.change_id, NULL FROM {evidence} e
        JOIN {measure} part ON part.id = e.measure_id AND part.removed_at IS NULL
    UNION SELECT insight_id, part.change_id, NULL FROM {evidence} e
        JOIN {move} part ON part.id = e.move_id
    UNION SELECT insight_id, part.change_id, part.barrier_id FROM {evidence} e
        JOIN {rule} part ON part.id = e.rule_id AND part.removed_at IS NULL
),
links AS (
    SELECT 'barrier' AS kind, barrier_id AS id, 'strand' AS to_kind, strands.now AS to_id
        FROM {strandbarrier} l JOIN strands ON strands.id = l.strand_id
    UNION SELECT 'strand', strands.now, 'change', changes.now FROM {change} c
        JOIN strands ON strands.id = c.strand_id JOIN changes ON changes.id = c.id
    UNION SELECT 'change', change_id, 'insight', insight_id FROM {evidence}
    UNION SELECT 'barrier', barrier_id, 'insight', insight_id FROM {evidence}
    UNION SELECT 'change', changes.now, 'insight', insight_id FROM belonging
        JOIN changes ON changes.id = change_id
    UNION SELECT 'barrier', barriers.now, 'insight', insight_id FROM belonging
        JOIN barriers ON barriers.id = barrier_id
    UNION SELECT 'insight', insight_id, 'pillar', pillar_id FROM {pillarinsight}
    UNION SELECT 'pillar', pillar_id, 'experiment', id FROM {experiment}
    UNION SELECT 'experiment', id, 'result', id FROM {experiment}
),
points AS (
    SELECT 'barrier' AS kind, id FROM {barrier} WHERE removed_at IS NULL AND merged_into_id IS NULL
    UNION ALL SELECT 'strand', id FROM {strand} WHERE removed_at IS NULL AND merged_into_id IS NULL
    UNION ALL SELECT 'change', id FROM {change} WHERE merged_into_id IS NULL
    UNION ALL SELECT 'insight', id FROM {insight} WHERE removed_at IS NULL
    UNION ALL SELECT 'pillar', id FROM {pillar} WHERE removed_at IS NULL
    UNION ALL SELECT k.kind, e.id FROM {experiment} e
        JOIN {pillar} p ON p.id = e.pillar_id AND p.removed_at IS NULL,
        (VALUES ('experiment'), ('result')) AS k(kind) WHERE e.removed_at IS NULL
),
standing AS (
    SELECT links.* FROM links JOIN points a USING (kind, id)
        JOIN points b ON b.kind = to_kind AND b.id = to_id
),
walk AS (
    SELECT kind AS from_kind, id AS from_id, kind, id FROM points
    UNION SELECT walk.from_kind, walk.from_id, {step}
)
SELECT from_kind, from_id, kind, id FROM walk
"""
_STEPS = {
    "onwards": "s.to_kind, s.to_id FROM walk JOIN standing s USING (kind, id)",
    "back": "s.kind, s.id FROM walk JOIN standing s ON (s.to_kind, s.to_id) = (walk.kind, walk.id)",
}
_TABLES = {
    model._meta.model_name.removeprefix("mission").removeprefix("small"): model._meta.db_table
    for model in (
        *(Ask, Barrier, Evidence, Experiment, Measure, Met, MissionStrand, Move, Pillar),
        *(PillarInsight, Rule, SmallChange, StrandBarrier, InsightFactory._meta.model),
    )
}


def walked_by_postgres(way: str) -> dict[Point, set[Point]]:
    """From every standing point, all that can be reached `onwards` or `back`."""
    found: dict[Point, set[Point]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")  # which takes longer than the walk
        cursor.execute(_LINKS.format(step=_STEPS[way], **_TABLES))
        for from_kind, from_id, kind, pk in cursor.fetchall():
            found.setdefault(Point(from_kind, from_id), set()).add(Point(kind, pk))
    return found
