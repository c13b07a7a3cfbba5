"""What the data feed's tables hold of one authority: plain rows, with the dictionary's fields."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from statistics import median_low
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from blueprints.models import Experiment, LearningCycle, Pillar
from impact.feed_fields import BY_NAME
from impact.feed_results import result_rows
from programmes.models import LocalAuthority
from smallchanges.models import Ask, Measure, MissionStrand, Move, Reading, SmallChange, Step

type Row = dict[str, Any]


def rows_of(name: str, authority: LocalAuthority) -> Any:
    """The rows of a table: something that can be counted and cut into pages, in a fixed order."""
    return _ROWS[name](authority)


def told(name: str, row: Any) -> Row:
    """One of them with the dictionary's fields and no other."""
    said = _TELL[name](row) if name in _TELL else row
    return {field.name: said[field.name] for field in BY_NAME[name].fields}


def _day(moment):
    return timezone.localdate(moment) if moment else None


def _number(value: Decimal | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _count(rows: models.QuerySet) -> models.Expression:
    """How many of these rows, which name the outer one as `whole`, there are."""
    counted = rows.order_by().values("whole").annotate(number=models.Count("pk"))
    return Coalesce(models.Subquery(counted.values("number")), 0)


def _of_change(rows: models.QuerySet) -> models.QuerySet:
    return rows.filter(change=models.OuterRef("pk")).annotate(whole=models.F("change"))


# --- small changes


def _changes(authority: LocalAuthority):
    moves = Move.objects.filter(change=models.OuterRef("pk")).order_by("-at").values("at")[:1]
    steps = _of_change(Step.objects.standing())
    return (
        authority.small_changes.briefly()
        .annotate(
            last_move=models.Subquery(moves),
            team_count=models.Count("teams", distinct=True),
            step_count=_count(steps),
            done_count=_count(steps.filter(done_at__isnull=False)),
        )
        .order_by("created_at", "pk")
    )


def _change(change: SmallChange) -> Row:
    row: Any = change
    return {
        "id": row.pk,
        "title": row.title,
        "strand_id": row.strand_id,
        "stage": row.stage,
        "status": row.status,
        "in_whose_gift": row.gift,
        "teams": row.team_count,
        "steps": row.step_count,
        "steps_done": row.done_count,
        "added_on": _day(row.created_at),
        "moved_on": _day(row.last_move or row.created_at),
        "is_illustrative": bool(row.illustrative),
    }


def _strands(authority: LocalAuthority):
    return authority.strands.for_list().order_by("position", "created_at", "pk")


def _strand(strand: MissionStrand) -> Row:
    row: Any = strand
    return {
        "id": row.pk,
        "title": row.title,
        "place": row.position + 1,
        "barriers": row.barriers_count,
        "changes": row.changes_count,
        "is_illustrative": bool(row.illustrative),
    }


# --- what they count


def _measures(authority: LocalAuthority):
    readings = Reading.objects.standing().filter(measure=models.OuterRef("pk"))
    newest = readings.order_by("-on", "-created_at")
    return (
        Measure.objects.standing()
        .filter(authority=authority, change__merged_into=None)
        .annotate(
            latest=models.Subquery(newest.values("value")[:1]),
            latest_on=models.Subquery(newest.values("on")[:1]),
            reading_count=_count(readings.annotate(whole=models.F("measure"))),
        )
        .order_by("created_at", "pk")
    )


def _measure(measure: Measure) -> Row:
    row: Any = measure
    return {
        "id": row.pk,
        "change_id": row.change_id,
        "what": row.what,
        "unit": row.unit,
        "better": row.better,
        "baseline": _number(row.baseline),
        "baseline_on": row.baseline_on,
        "target": _number(row.target),
        "latest": _number(row.latest),
        "latest_on": row.latest_on,
        "readings": row.reading_count,
        "is_illustrative": bool(row.illustrative),
    }


def _readings(authority: LocalAuthority):
    return (
        Reading.objects.standing()
        .filter(authority=authority, measure__removed_at=None, measure__change__merged_into=None)
        .order_by("on", "pk")
    )


def _reading(reading: Reading) -> Row:
    return {
        "id": reading.pk,
        "measure_id": reading.measure_id,
        "on": reading.on,
        "value": _number(reading.value),
        "is_illustrative": bool(reading.illustrative),
    }


# --- asks, counted


def _asks(authority: LocalAuthority) -> list[Row]:
    """By change, in the order of their ids, which tells nothing."""
    asks = authority.asks.standing().filter(change__merged_into=None)
    by_change: dict[Any, list[Ask]] = {}
    for ask in asks.only("change_id", "state", "said_yes_at", "released_at", "illustrative"):
        by_change.setdefault(ask.change_id, []).append(ask)
    return [_asks_of(change_id, by_change[change_id]) for change_id in sorted(by_change)]


def _asks_of(change_id, asks: list[Ask]) -> Row:
    states = [ask.state for ask in asks]
    gaps = [ask.gap for ask in asks if ask.gap is not None]
    arrived = sum(ask.released_at is not None for ask in asks)
    return {
        "change_id": change_id,
        "asks": len(asks),
        "waiting": states.count(Ask.State.WAITING),
        "said_yes": len(gaps),
        "said_no": states.count(Ask.State.NO),
        "arrived": arrived,
        "promised": len(gaps) - arrived,
        "typical_gap": median_low(gaps) if gaps else None,
        "longest_gap": max(gaps, default=None),
        "is_illustrative": any(ask.illustrative for ask in asks),
    }


# --- the blueprint


def _blueprint(authority: LocalAuthority) -> list[Row]:
    """Each pillar, followed by its experiments. Three queries."""
    pillars = (
        Pillar.objects.standing()
        .filter(authority=authority, blueprint__programme__ended_on=None)
        .with_experiments(with_cycles=True)
    )
    rows: list[Row] = []
    for number, pillar in enumerate(pillars, start=1):
        rows.append(_part("pillar", pillar, pillar.pk, number))
        for place, experiment in enumerate(pillar.standing_experiments, start=1):
            rows.append(_part("experiment", experiment, pillar.pk, place) | _trying(experiment))
    return rows


def _part(kind: str, row: Pillar | Experiment, pillar_id, place: int) -> Row:
    nothing = dict.fromkeys(("state", "decision", "cycles", "from_on", "to_on"))
    return nothing | {
        "id": row.pk,
        "kind": kind,
        "pillar_id": pillar_id,
        "title": row.title,
        "place": place,
        "is_illustrative": bool(row.illustrative),
    }


def _trying(experiment: Experiment) -> Row:
    cycle: LearningCycle = experiment.cycle
    return {
        "state": experiment.state,
        "decision": experiment.decision,
        "cycles": cycle.number,
        "from_on": cycle.from_on,
        "to_on": cycle.to_on,
    }


# --- surveys


def _surveys(authority: LocalAuthority):
    opened = authority.surveys.standing().filter(opened_at__isnull=False)
    return opened.defer("secret", "intro").order_by("opened_at", "pk")


def _survey(survey) -> Row:
    return {
        "id": survey.pk,
        "kind": survey.kind,
        "moment": survey.moment,
        "title": survey.title,
        "state": "closed" if survey.is_closed else "open",
        "source": survey.source,
        "opened_on": _day(survey.opened_at),
        "closed_on": _day(survey.closed_at),
        "people_asked": survey.people_asked if survey.is_closed else None,
        "people_answered": survey.answered_told,
        "is_illustrative": bool(survey.illustrative),
    }


_ROWS: dict[str, Callable[[LocalAuthority], Iterable]] = {
    "changes": _changes,
    "strands": _strands,
    "measures": _measures,
    "readings": _readings,
    "asks": _asks,
    "blueprint": _blueprint,
    "surveys": _surveys,
    "survey-results": result_rows,
}
# How a row of the database is told; the other tables hold plain rows already.
_TELL: dict[str, Callable[[Any], Row]] = {
    "changes": _change,
    "strands": _strand,
    "measures": _measure,
    "readings": _reading,
    "surveys": _survey,
}
