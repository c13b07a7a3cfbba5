"""`make bench BENCH=search`: the search across everything with 5,000 small changes.

A PostgreSQL of its own is made for the run and gone after it. Each page is asked for in-process,
through every middleware, by somebody who is signed in; all take turns. It prints and keeps nothing.
"""

import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.portfolio import fill, p95

SIZE = int(os.environ.get("BENCH_SIZE", "5000"))
BARRIERS = 2000
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "20"))
SOUGHT = {
    "a word in many": "families",
    "a word in every change": "so",
    "two words": "half an hour",
    "half a word": "famil",
    "a slip": "referel",
    "nothing at all": "zebra",
    "before a search": "",
}


def _place():
    from django.db import connection
    from django.test import Client

    from programmes.models import Barrier, LocalAuthority, Membership, Programme, User

    by = User.objects.create_user("bench@crescendo.example", name="Bench", is_crescendo_team=True)
    authority = LocalAuthority.objects.create(
        name="Bench", slug="bench", kind=LocalAuthority.Kind.UNITARY
    )
    programme = Programme.objects.create(
        authority=authority,
        model=Programme.Model.WHOLE_SERVICE,
        service="Children’s social care",
        starts_on="2026-06-01",
    )
    Membership.objects.create(authority=authority, user=by, roles=["facilitator"])
    fill(programme, SIZE)
    Barrier.objects.bulk_create(
        Barrier(
            authority=authority,
            programme=programme,
            text=f"Minutes of meeting {number} take us away from families",
            position=number,
        )
        for number in range(BARRIERS)
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    client = Client(headers={"host": "localhost"})
    client.force_login(by)
    return client


def _compare(client) -> None:
    times: dict[str, list[float]] = {name: [] for name in SOUGHT}
    for turn in range(ROUNDS + 1):
        for name, words in SOUGHT.items():
            start = time.perf_counter()
            answer = client.get("/bench/search/", {"q": words})
            took = (time.perf_counter() - start) * 1000
            if answer.status_code != 200:
                raise RuntimeError(f"{answer.status_code} for {name}")
            if turn:  # the first of each compiles its template
                times[name].append(took)
    for name, all_of_it in times.items():
        middle, slow = statistics.median(all_of_it), p95(all_of_it)
        print(f"{name:24} p50 {middle:7.1f} ms   p95 {slow:7.1f} ms", flush=True)


def main() -> None:
    from tools import postgres

    folder = Path(tempfile.mkdtemp(prefix="crescendo-bench-", dir="/tmp"))
    folder.chmod(0o755)
    local = folder / "local"
    local.mkdir(mode=0o755)
    print(f"{SIZE} small changes, {BARRIERS} barriers; load {os.getloadavg()[0]:.1f} before")
    try:
        with postgres.Cluster("bench", local=local).running() as url:
            os.environ |= {
                "DATABASE_URL": url,
                "CRESCENDO_MODE": "demo",
                "CRESCENDO_LOCAL_DIR": str(local),
                "DJANGO_SETTINGS_MODULE": "crescendo.settings",
                "DATABASE_STATEMENT_TIMEOUT_MS": "60000",
            }
            import django

            django.setup()
            from django.core.management import call_command
            from django.db import connection

            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            try:
                _compare(_place())
            finally:
                connection.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"load {os.getloadavg()[0]:.1f} after")


if __name__ == "__main__":
    main()
