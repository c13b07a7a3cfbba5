"""Whose voice is in a pillar: every number against a recount by SQL, over small made-up worlds."""

import os
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blueprints import voice
from blueprints.models import Evidence, PillarInsight
from programmes.models import Barrier, Membership
from smallchanges.actions.joining import join, take_apart
from smallchanges.models import MissionStrand, Move, StrandBarrier
from tests import factories

EXAMPLES = 5 * int(os.environ.get("FUZZ_EXAMPLES", "4"))
THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)

# Which barriers, strands and changes there are; the numbers below are places in these lists.
BARRIERS, STRANDS, CHANGES, INSIGHTS, PILLARS = 4, 2, 3, 3, 2
removed = st.sampled_from([None, None, THEN])
change_of = st.integers(0, CHANGES - 1)
piece = st.one_of(
    st.tuples(st.just("change"), change_of),
    st.tuples(st.just("barrier"), st.integers(0, BARRIERS - 1)),
    st.tuples(st.just("met"), change_of, st.sampled_from(["barrier met", "enabler"]), removed),
    st.tuples(
        st.just("ask"), change_of, st.sampled_from(["waiting", "yes", "yes if", "no"]), removed
    ),
    st.tuples(st.just("rule"), st.none() | change_of, st.none(), removed),
    st.tuples(st.just("measure"), change_of, st.none(), removed),
    st.tuples(st.just("move"), change_of),
)
# Who may stand behind a pillar, by the cast's name, and whether they are here still.
person = st.sampled_from(["", "manager", "practitioner", "facilitator", "left"])


def _some(most: int):
    return st.sets(st.integers(0, most - 1), max_size=most)


worlds = st.fixed_dictionaries(
    {
        # Each barrier: merged into which later one, if any, and whether it was taken away.
        "barriers": st.tuples(
            *(st.tuples(st.none() | st.integers(n + 1, BARRIERS), removed) for n in range(BARRIERS))
        ),
        "strands": st.tuples(*(st.tuples(removed, _some(BARRIERS)) for _ in range(STRANDS))),
        "changes": st.tuples(*(st.none() | st.integers(0, STRANDS - 1) for _ in range(CHANGES))),
        "insights": st.tuples(*(removed for _ in range(INSIGHTS))),
        # Each piece of evidence, and the insights that rest on it: two may rest on one.
        "pieces": st.lists(st.tuples(piece, _some(INSIGHTS)), max_size=6),
        "pillars": st.tuples(*(st.tuples(_some(INSIGHTS), person, person) for _ in range(PILLARS))),
    }
)


class _World:
    def __init__(self, cast, given):
        self.cast = cast
        self.members = {
            "manager": cast.manager.memberships.get(),
            "practitioner": cast.practitioner.memberships.get(),
            "facilitator": cast.facilitator.memberships.get(),
            "left": factories.MembershipFactory(
                authority=cast.authority, roles=["manager", "practitioner"], ended_at=THEN
            ),
        }
        of = {"authority": cast.authority, "programme": cast.programme}
        self.barriers = Barrier.objects.bulk_create(
            Barrier(text=f"Barrier {n}", removed_at=gone, **of)
            for n, (_, gone) in enumerate(given["barriers"])
        )
        for barrier, (into, _) in zip(self.barriers, given["barriers"], strict=True):
            barrier.merged_into = self.barriers[into] if into and into < BARRIERS else None
        Barrier.objects.bulk_update(self.barriers, ["merged_into"])
        strands = MissionStrand.objects.bulk_create(
            MissionStrand(title=f"Strand {n}", removed_at=gone, **of)
            for n, (gone, _) in enumerate(given["strands"])
        )
        StrandBarrier.objects.bulk_create(
            StrandBarrier(authority=cast.authority, strand=strand, barrier=self.barriers[n])
            for strand, (_, links) in zip(strands, given["strands"], strict=True)
            for n in links
        )
        self.changes = [
            factories.SmallChangeFactory(strand=None if n is None else strands[n], **of)
            for n in given["changes"]
        ]
        insights = [
            factories.InsightFactory(programme=cast.programme, removed_at=gone)
            for gone in given["insights"]
        ]
        for said, resting in given["pieces"]:
            field, row = said[0], self._row(*said)
            Evidence.objects.bulk_create(
                (
                    Evidence(authority=cast.authority, insight=insights[n], **{field: row})
                    for n in resting
                ),
                ignore_conflicts=True,
            )
        blueprint = factories.BlueprintFactory(programme=cast.programme)
        self.pillars = [
            factories.PillarFactory(
                blueprint=blueprint,
                sponsor=self.members.get(sponsor),
                practitioner_lead=self.members.get(lead),
            )
            for _, sponsor, lead in given["pillars"]
        ]
        PillarInsight.objects.bulk_create(
            PillarInsight(authority=cast.authority, pillar=pillar, insight=insights[n])
            for pillar, (grown, _, _) in zip(self.pillars, given["pillars"], strict=True)
            for n in grown
        )

    def _row(self, field, place, kind=None, gone=None):
        if field == "barrier":
            return self.barriers[place]
        change = None if place is None else self.changes[place]
        match field:
            case "change":
                return change
            case "met":
                return factories.MetFactory(change=change, kind=kind, removed_at=gone)
            case "ask":
                yes = THEN if kind in ("yes", "yes if") else None
                return factories.AskFactory(
                    change=change, state=kind, said_yes_at=yes, removed_at=gone
                )
            case "rule":
                return factories.RuleFactory(
                    authority=self.cast.authority, change=change, removed_at=gone
                )
            case "measure":
                return factories.MeasureFactory(change=change, removed_at=gone)
        return Move.objects.create(
            authority=self.cast.authority,
            change=change,
            at=THEN,
            from_stage="develop",
            to_stage="develop",
            from_status="chosen",
            to_status="stopped",
        )


RECOUNT = """
WITH RECURSIVE became(id, now_id) AS (
    SELECT id, id FROM programmes_barrier
    UNION
    SELECT became.id, b.merged_into_id
    FROM became JOIN programmes_barrier b ON b.id = became.now_id
    WHERE b.merged_into_id IS NOT NULL
),
stands AS (
    SELECT became.id, b.id AS now_id
    FROM became JOIN programmes_barrier b ON b.id = became.now_id
    WHERE b.merged_into_id IS NULL AND b.removed_at IS NULL
),
rests AS (
    SELECT e.*
    FROM blueprints_pillarinsight l
    JOIN blueprints_insight i ON i.id = l.insight_id AND i.removed_at IS NULL
    JOIN blueprints_evidence e ON e.insight_id = i.id
    WHERE l.pillar_id = %(pillar)s
),
met AS (
    SELECT m.* FROM smallchanges_met m
    WHERE m.removed_at IS NULL AND m.id IN (SELECT met_id FROM rests)
),
ask AS (
    SELECT a.* FROM smallchanges_ask a
    WHERE a.removed_at IS NULL AND a.id IN (SELECT ask_id FROM rests)
),
heard AS (
    SELECT change_id AS id FROM rests WHERE change_id IS NOT NULL
    UNION SELECT change_id FROM met
    UNION SELECT change_id FROM ask
    UNION SELECT change_id FROM smallchanges_rule
        WHERE removed_at IS NULL AND change_id IS NOT NULL AND id IN (SELECT rule_id FROM rests)
    UNION SELECT change_id FROM smallchanges_measure
        WHERE removed_at IS NULL AND id IN (SELECT measure_id FROM rests)
    UNION SELECT change_id FROM smallchanges_move WHERE id IN (SELECT move_id FROM rests)
),
said AS (
    SELECT barrier_id AS id FROM rests WHERE barrier_id IS NOT NULL
    UNION
    SELECT sb.barrier_id
    FROM heard
    JOIN smallchanges_smallchange c ON c.id = heard.id
    JOIN smallchanges_missionstrand s ON s.id = c.strand_id AND s.removed_at IS NULL
    JOIN smallchanges_strandbarrier sb ON sb.strand_id = s.id
),
numbers AS (
    SELECT
        (SELECT count(DISTINCT now_id) FROM stands WHERE id IN (SELECT id FROM said)) AS barriers,
        (SELECT count(*) FROM met WHERE kind = 'barrier met') AS barriers_met,
        (SELECT count(*) FROM met WHERE kind = 'enabler') AS enablers,
        (SELECT count(*) FROM heard) AS changes
),
people AS (
    SELECT
        bool_or(m.id = p.sponsor_id AND 'manager' = ANY(m.roles)) AS owned,
        bool_or(m.id = p.practitioner_lead_id AND 'practitioner' = ANY(m.roles)) AS led
    FROM blueprints_pillar p
    LEFT JOIN programmes_membership m
        ON m.id IN (p.sponsor_id, p.practitioner_lead_id) AND m.ended_at IS NULL
    WHERE p.id = %(pillar)s
)
SELECT
    barriers, barriers_met, enablers, changes,
    barriers + barriers_met + enablers + changes > 0 OR coalesce(led, false),
    coalesce(owned, false) OR EXISTS (SELECT FROM ask WHERE state <> 'waiting')
FROM numbers, people
"""


def _recount(pillar) -> voice.Voice:
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, {"pillar": pillar.pk})
        return voice.Voice(*cursor.fetchone())


def test_every_number_equals_a_recount_by_sql(cast):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(worlds)
    def try_it(given):
        with transaction.atomic():
            pillars = _World(cast, given).pillars
            wanted = {pillar.pk: _recount(pillar) for pillar in pillars}
            assert voice.of(pillars) == wanted
            missing = voice.missing_of(pillars)
            assert [one.pk for one in missing.practitioners] == [
                one.pk for one in pillars if not wanted[one.pk].practitioners
            ]
            assert [one.pk for one in missing.leaders] == [
                one.pk for one in pillars if not wanted[one.pk].leaders
            ]
            transaction.set_rollback(True)

    try_it()


def test_a_merged_barrier_counts_once_and_each_change_once(cast, pillar):
    """One by hand, so that the recount is no mirror of what it checks."""
    into, part, gone = (factories.BarrierFactory(programme=cast.programme) for _ in range(3))
    Barrier.objects.filter(pk=part.pk).update(merged_into=into)
    Barrier.objects.filter(pk=gone.pk).update(removed_at=THEN)
    strand = factories.MissionStrandFactory(programme=cast.programme)
    for barrier in (part, gone):
        strand.barriers.add(barrier, through_defaults={"authority": cast.authority})
    change = factories.SmallChangeFactory(programme=cast.programme, strand=strand)
    met = factories.MetFactory(change=change, kind="enabler")
    for _ in range(2):
        insight = factories.InsightFactory(programme=cast.programme)
        pillar.insights.add(insight, through_defaults={"authority": cast.authority})
        for rests_on in ({"change": change}, {"met": met}, {"barrier": into}):
            factories.EvidenceFactory(insight=insight, **rests_on)
    (found,) = voice.of([pillar]).values()
    assert found == voice.Voice(barriers=1, enablers=1, changes=1, practitioners=True)
    assert found.heard == ["1 barrier", "1 thing that helped", "1 small change"]
    Membership.objects.filter(user=cast.manager).update(ended_at=THEN)
    pillar.sponsor = cast.manager.memberships.get()
    pillar.save()
    assert voice.missing_of([pillar]).leaders == [pillar]


@pytest.mark.parametrize("pillars", [1, 3, 12])
def test_voices_are_four_queries(cast, blueprint, django_assert_num_queries, pillars):
    rows = factories.PillarFactory.create_batch(pillars, blueprint=blueprint)
    with django_assert_num_queries(4):
        voice.of(rows)
    assert voice.of([]) == {}


def test_changes_that_were_joined_count_as_one_until_they_are_taken_apart(cast, pillar):
    insight = factories.InsightFactory(programme=cast.programme)
    pillar.insights.add(insight, through_defaults={"authority": cast.authority})
    kept, other = (factories.SmallChangeFactory(programme=cast.programme) for _ in range(2))
    for change in (kept, other):
        factories.EvidenceFactory(insight=insight, change=change)

    def counted():
        return voice.of([pillar])[pillar.pk].changes

    assert counted() == 2
    join(into=kept, others=[other], by=cast.manager)
    assert counted() == 1
    take_apart(into=kept, others=[other], by=cast.manager)
    assert counted() == 2
