"""Barriers that insights rest on: merging gives the links on, and taking apart brings all back."""

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from blueprints import actions as blueprints
from blueprints.models import Evidence
from programmes.actions import ambition
from tests import factories
from tests.programmes.test_merging import one_or_two, picks, some, tried

BARRIERS, INSIGHTS = 5, 3
beginnings = st.lists(some, min_size=BARRIERS, max_size=BARRIERS)
deeds = st.lists(
    st.tuples(st.sampled_from(["merge", "merge", "unmerge"]), picks, one_or_two), max_size=12
)


def _links() -> dict:
    """Which insights each barrier is linked to."""
    found: dict = {}
    for barrier, insight in Evidence.objects.values_list("barrier_id", "insight_id"):
        found.setdefault(barrier, set()).add(insight)
    return found


def _rows() -> set:
    return set(Evidence.objects.values_list("pk", "barrier_id", "insight_id", "merged_from_id"))


def _read(barriers) -> list:
    found = type(barriers[0]).objects.in_bulk([barrier.pk for barrier in barriers])
    return [found[barrier.pk] for barrier in barriers]


def _whole(barriers) -> dict:
    """Of each barrier that stands, what it and all that became part of it were linked to."""
    links, found = _links(), {}
    for barrier in barriers:
        end = barrier
        while end.merged_into_id:
            end = next(one for one in barriers if one.pk == end.merged_into_id)
        found.setdefault(end.pk, set()).update(links.get(barrier.pk, set()))
    return found


def test_no_link_from_a_barrier_to_an_insight_is_lost(cast):
    """Whatever is merged and taken apart; and taking all apart gives the first state exactly."""

    begun = [factories.BarrierFactory(programme=cast.programme) for _ in range(BARRIERS)]
    insights = [factories.InsightFactory(programme=cast.programme) for _ in range(INSIGHTS)]

    @tried
    @given(beginnings, deeds)
    def try_it(beginning, done):
        with transaction.atomic():
            barriers = _read(begun)
            Evidence.objects.bulk_create(
                Evidence(authority=cast.authority, insight=insights[pick], barrier=barrier)
                for barrier, picked in zip(barriers, beginning, strict=True)
                for pick in {pick % INSIGHTS for pick in picked}
            )
            first, of_each = _rows(), _links()
            for deed, number, others in done:
                _do(deed, barriers, number, others, cast.facilitator)
                barriers = _read(barriers)
                links = _links()
                # Nobody's own link is gone, and who stands has all that became part of it.
                assert all(ends <= links[pk] for pk, ends in of_each.items())
                for pk, ends in _whole(barriers).items():
                    assert links.get(pk, set()) == ends
            while merged := [one for one in barriers if one.merged_into_id]:
                part = merged[0]
                ambition.unmerge(into=part.merged_into, others=[part], by=cast.facilitator)
                barriers = _read(barriers)
            assert _rows() == first
            transaction.set_rollback(True)

    try_it()


def _do(deed: str, barriers, number: int, others: set, by) -> None:
    if deed == "merge":
        standing = [one for one in barriers if one.stands]
        into = standing[number % len(standing)]
        rest = [one for one in standing if one != into]
        parts = (
            [rest[other] for other in sorted({other % len(rest) for other in others})]
            if rest
            else []
        )
        if parts:
            ambition.merge(into=into, others=parts, by=by)
        return
    merged = [one for one in barriers if one.merged_into_id]
    if merged:
        part = merged[number % len(merged)]
        ambition.unmerge(into=part.merged_into, others=[part], by=by)


def test_rewording_an_insight_keeps_what_a_merged_barrier_had(cast):
    """Unticking the barrier that stands takes its link; the part's own comes back with it."""
    into, part = (factories.BarrierFactory(programme=cast.programme) for _ in range(2))
    insight = factories.InsightFactory(programme=cast.programme, text="Time is short")
    link = factories.EvidenceFactory(insight=insight, barrier=part)
    ambition.merge(into=into, others=[part], by=cast.facilitator)
    blueprints.reword_insight(
        insight=insight,
        version=1,
        changes=[],
        unlinked=[("barrier", into.pk), ("barrier", part.pk)],
        by=cast.manager,
        text="Time is shared",
    )
    assert list(insight.evidence.all()) == [link]
    ambition.unmerge(into=into, others=[part], by=cast.facilitator)
    assert list(insight.evidence.all()) == [link]
