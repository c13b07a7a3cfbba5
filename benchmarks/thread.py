"""`make bench BENCH=thread`: the golden thread with 2,000 barriers, beside ten.

As `benchmarks.portfolio`: a PostgreSQL of its own, pages asked for in-process through every
middleware, both sizes in turns. Each round looks at another point of every kind.
"""

import os
import platform
import random
import statistics
import time
from typing import TYPE_CHECKING

from benchmarks.portfolio import installation, p95, write

if TYPE_CHECKING:
    from programmes.models import Programme

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "40"))
# Barriers, strands, small changes, insights, pillars and experiments of each size.
SIZES = {10: (10, 3, 5, 5, 2, 4), 2000: (2000, 20, 200, 60, 6, 100)}
KINDS = ("barrier", "strand", "change", "insight", "pillar", "experiment")


def fill(programme: "Programme", numbers: tuple[int, ...], *, seed: int = 1) -> dict[str, list]:
    """Rows of each kind, linked by chance; their ids by kind."""
    from blueprints.models import (
        Blueprint,
        Evidence,
        Experiment,
        Insight,
        LearningCycle,
        Pillar,
        PillarInsight,
    )
    from crescendo.loading.desk import MADE_UP
    from programmes.models import Barrier
    from smallchanges.models import MissionStrand, SmallChange, StrandBarrier

    chance = random.Random(seed)
    barriers, strands, changes, insights, pillars, experiments = map(range, numbers)
    tenant = {"authority": programme.authority, "illustrative": MADE_UP}
    of = tenant | {"programme": programme}
    blueprint = Blueprint.objects.create(**of)
    made: dict[str, list] = {}
    made["barrier"] = Barrier.objects.bulk_create(
        Barrier(**of, text=f"Something in the way of our work with families, number {n}")
        for n in barriers
    )
    made["strand"] = MissionStrand.objects.bulk_create(
        MissionStrand(**of, title=f"What we work towards, number {n}", position=n) for n in strands
    )
    made["change"] = SmallChange.objects.bulk_create(
        SmallChange(
            **of,
            title=f"A small change that we could make, number {n}",
            strand=chance.choice(made["strand"]),
            position=n,
        )
        for n in changes
    )
    made["insight"] = Insight.objects.bulk_create(
        Insight(**of, text=f"What we learned about our system, number {n}", kind="barrier")
        for n in insights
    )
    made["pillar"] = Pillar.objects.bulk_create(
        Pillar(**tenant, blueprint=blueprint, title=f"An area to reform, number {n}", position=n)
        for n in pillars
    )
    made["experiment"] = Experiment.objects.bulk_create(
        Experiment(**tenant, pillar=chance.choice(made["pillar"]), title=f"A try, number {n}")
        for n in experiments
    )
    LearningCycle.objects.bulk_create(
        LearningCycle(**tenant, experiment=one) for one in made["experiment"]
    )
    StrandBarrier.objects.bulk_create(
        StrandBarrier(**tenant, barrier=one, strand=chance.choice(made["strand"]))
        for one in made["barrier"]
    )
    Evidence.objects.bulk_create(
        Evidence(**tenant, insight=one, change=change)
        for one in made["insight"]
        for change in chance.sample(made["change"], 3)
    )
    PillarInsight.objects.bulk_create(
        PillarInsight(**tenant, insight=one, pillar=chance.choice(made["pillar"]))
        for one in made["insight"]
    )
    return {kind: [row.pk for row in rows] for kind, rows in made.items()}


def _places() -> tuple[dict[int, tuple[str, dict[str, list]]], object]:
    from django.db import connection
    from django.test import Client

    from programmes.models import LocalAuthority, Membership, Programme, User

    by = User.objects.create_user("bench@crescendo.example", name="Bench", is_crescendo_team=True)
    places = {}
    for size, numbers in SIZES.items():
        authority = LocalAuthority.objects.create(
            name=f"Bench {size}", slug=f"bench-{size}", kind=LocalAuthority.Kind.UNITARY
        )
        programme = Programme.objects.create(
            authority=authority, model=Programme.Model.WHOLE_SERVICE, service="Social care"
        )
        Membership.objects.create(authority=authority, user=by, roles=["facilitator"])
        places[size] = authority.slug, fill(programme, numbers)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    client = Client(headers={"host": "localhost"})
    client.force_login(by)
    return places, client


def compare(places: dict[int, tuple[str, dict[str, list]]], client) -> dict:
    """What the page takes at each size: from its own choice, and from every kind of point."""
    chance = random.Random(2)
    times: dict[int, list[float]] = {size: [] for size in places}
    weights: dict[int, list[int]] = {size: [] for size in places}
    for turn in range(ROUNDS + 1):
        for kind in ("", *KINDS):
            for size, (slug, ids) in places.items():
                at = f"?at={kind}-{chance.choice(ids[kind])}" if kind else ""
                start = time.perf_counter()
                answer = client.get(f"/{slug}/thread/{at}")
                took = (time.perf_counter() - start) * 1000
                if answer.status_code != 200:
                    raise RuntimeError(f"{answer.status_code} for {at}")
                if turn:  # the first of each compiles its template
                    times[size].append(took)
                    weights[size].append(len(answer.content))
    return {
        f"{size} barriers": {
            "p50_ms": round(statistics.median(times[size]), 1),
            "p95_ms": round(p95(times[size]), 1),
            "kb_most": round(max(weights[size]) / 1000),
            "pages": len(times[size]),
        }
        for size in places
    }


def main() -> None:
    load = round(os.getloadavg()[0], 2)
    with installation():
        pages = compare(*_places())
    how = {
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "arrangement": "in-process, through every middleware, both sizes in turns",
        "rounds": ROUNDS,
        "when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "load_before": load,
        "load_after": round(os.getloadavg()[0], 2),
    }
    write("thread", {"pages": pages, "how": how})


if __name__ == "__main__":
    main()
