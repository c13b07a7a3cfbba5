"""`make bench BENCH=portfolio`: the list of small changes with 5,000 of them, beside 50.

A PostgreSQL of its own is made for the run and gone after it. Each page is asked for in-process,
through every middleware, by somebody who is signed in; all take turns, so that whatever else the
machine does falls on all alike.

`fill` also serves to look at a place with many changes. With the demo running, `make shell`:

    from benchmarks.portfolio import fill
    from programmes.models import LocalAuthority
    fill(LocalAuthority.objects.get(slug="warrington").current_programme(), 200)
"""

import json
import os
import platform
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from programmes.models import Programme

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).with_name("results.json")
SIZES = (50, 5000)
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "40"))
# Nothing at 5,000 may take longer than this many times what it takes at 50.
BUDGET = 1.5
# What is asked for at both sizes, and what it is held against: the page of the 50 that is as full.
# Of 50 changes a filter finds a handful, of 5,000 a page full.
PAGES = {
    "lines": ("", "lines"),
    "board": ("?as=board", "board"),
    "table": ("?as=table", "table"),
    "table, last page": ("?as=table&page=99", "table"),
    "table, by last moved": ("?as=table&sort=-moved", "table"),
    "filtered": ("?as=table&stage=develop&status=in+progress", "table"),
    "gone quiet": ("?as=table&quiet=5", "table"),
    "needs an ask": ("?as=board&ask=needed", "board"),
    "search": ("?as=table&q=families", "table"),
    "search, half a word": ("?as=table&q=famil", "table"),
    "search, in every change": ("?as=table&q=so", "table"),
    "search, a slip": ("?as=table&q=referel", "table"),
}

# Strands, the changes that grow along them, and what each is for.
CHANGES = {
    "Improving staff retention": [
        ("A buddy for everybody who is new", "nobody starts alone"),
        ("Half an hour to reflect together", "hard days are shared"),
        ("Peer supervision in threes", "we learn from one another’s cases"),
        ("Leaving talks that we learn from", "what makes people go is known"),
        ("A shadow day for colleagues", "we know what the others do"),
        ("Thank-yous read out on Fridays", "good work is seen"),
        ("A wellbeing hour that stays in the calendar", "rest is not the first thing to go"),
    ],
    "Having effective recording practices": [
        ("Case summary on one page", "whoever picks up the phone can help"),
        ("Minutes written for the child", "children can read what was said of them"),
        ("Shared notes instead of three sets", "nobody types the same thing twice"),
        ("Voice notes typed up the same day", "visits are remembered as they were"),
        ("Copy what the system knows into the next form", "families tell their story once"),
        ("A shorter referral form", "help begins sooner"),
        ("Ten minutes of tips a week", "the system works for us"),
    ],
    "Speeding up decision-making and authorisation": [
        ("Small spends agreed by the team", "families get help the same day"),
        ("Two fixed times a week for sign-off", "we know when an answer comes"),
        ("Decisions written down in the meeting", "nobody asks twice"),
        ("A list of what may be decided without asking", "trust is written down"),
        ("Taxis booked without a second signature", "children are in school on time"),
        ("Panel papers of two pages", "panels read what they decide"),
        ("One name for each question", "we know whom to ask"),
    ],
    "More time with families": [
        ("Walk and talk visits", "talking is easier side by side"),
        ("A quiet hour without calls", "writing is done by four"),
        ("Visits planned by street", "less time goes to driving"),
        ("Tea before the paperwork", "the first visit is about people"),
        ("Evening visits by turns", "working parents are met too"),
        ("A bag of toys in every car", "children have something to do"),
        ("Ask families when suits them", "fewer visits fall through"),
    ],
    "Meetings that are worth it": [
        ("Take turns at the minutes", "everybody can listen"),
        ("Only go to meetings with a purpose", "an hour a week comes back"),
        ("Start with the child’s own words", "the child is in the room"),
        ("Shorter strategy meetings", "decisions come while they matter"),
        ("Agendas two days before", "people come prepared"),
        ("No slides in supervision", "we talk with one another"),
        ("Partners first on the agenda", "they need not wait an hour"),
    ],
    "Working better with partners": [
        ("A coffee with the health visitors", "faces belong to names"),
        ("One number for each school", "calls reach somebody"),
        ("Joint visits in the first week", "families hear one plan"),
        ("A glossary of our short words", "partners understand us"),
        ("A desk for the police liaison", "news travels in minutes"),
        ("Thank partners by name", "people come again"),
        ("Share the calendar of reviews", "the right people are there"),
    ],
}
WHERE = (
    *(
        "",
        " in core groups",
        " at reviews",
        " with schools",
        " for care leavers",
        " on home visits",
    ),
    *(" with foster carers", " for new starters", " in supervision", " at the front door"),
    *(" after hours", " for siblings", " with interpreters", " in the first week", " at panel"),
    *(" for young carers", " with kinship carers", " in duty week", " at case transfer"),
    *(" for babies", " in court work"),
)
PARTS = ("", ", north", ", south", ", east", ", west", ", central")
TEAMS = ("Assessment", "Child protection", "Care leavers", "Family help", "Disabled children")
TOLD = (
    "We tried it with two families, and both asked for it again.",
    "It took longer than we thought. Next month we start smaller.",
    "Three of us do it now, and the others ask how.",
    "The form still gets in the way, so we write by hand for now.",
    "Nobody missed the old way.",
    "We talked about it at the learning pod and go on.",
)
WHY = (
    "It came up in the temperature check, and again in both workshops.",
    "Families told us that they wait too long.",
    "We lose an hour a day to it.",
    "New colleagues ask about it in their first week.",
    "Our reviews said so twice.",
    "Partners said that they never know whom to call.",
    "Children told us that nobody asked them.",
)
SUCCESS = (
    "In three months it is a habit.",
    "Two teams do it without being reminded.",
    "Nobody has to ask any more.",
    "We can show it to the next team.",
    "Young people say that they notice.",
)
WAITED_FOR = ("Head of service", "IT service desk", "Legal team", "Finance", "School leads")
STAGES = ("mission", "develop", "influence", "grow")


# --- many believable changes


def fill(programme: "Programme", number: int, *, seed: int = 1) -> None:
    """Add so many illustrative small changes, as if a whole service had made them in 16 weeks.

    They are marked as made up in all of it. Strands are those of the programme and of `CHANGES`;
    teams and leads are those of the authority, with a few illustrative teams where it has few.
    Takes its own believable way to each stage for every change; none of it is in the history.
    """
    from django.utils import timezone

    from crescendo.loading.desk import MADE_UP
    from smallchanges.models import ChangeTeam, Move, SmallChange, Stakeholder, Step, Update

    chance = random.Random(seed)
    whole = {"authority": programme.authority, "illustrative": MADE_UP}
    strands, teams = _strands(programme, whole), _teams(programme, whole)
    members = list(programme.authority.memberships.standing().order_by("created_at"))
    begin = timezone.now() - timedelta(weeks=16)
    made: list[tuple[SmallChange, datetime]] = []
    others: list = []
    wanted = islice(_ideas(programme, chance), number)
    for place, (strand, title, so_that) in enumerate(wanted, start=1000):
        change = SmallChange(
            **whole,
            programme=programme,
            strand=strands[strand] if chance.random() < 0.97 else None,
            title=title,
            purpose=f"So that {so_that}.",
            gift=chance.choices(["ours", "needs sponsorship", "beyond us"], [75, 20, 5])[0],
            lead=chance.choice(members) if members and chance.random() < 0.7 else None,
            why=f"{chance.choice(WHY)} We want it so that {so_that}.",
            success=f"{chance.choice(SUCCESS)} By then {so_that}.",
            position=place,
        )
        born = begin + timedelta(days=chance.uniform(0, 100))
        moves = _way(chance, born)
        if moves:
            change.stage, change.status = moves[-1][1:3]
        if change.status == "embedded":
            change.result = f"Now {so_that}, in every team that tried it."
        made.append((change, born))
        mine = whole | {"change": change}
        others += [
            ChangeTeam(**mine, team=team)
            for team in chance.sample(teams, chance.choice([0, 1, 1, 1, 2]))
        ]
        others += [
            Move(
                **mine,
                at=at,
                from_stage=before[0],
                to_stage=stage,
                from_status=before[1],
                to_status=status,
                why="We talked about it, and it is time.",
            )
            for (at, stage, status), before in zip(
                moves, [("mission", "proposed"), *(move[1:] for move in moves)], strict=False
            )
        ]
        if moves and change.status != "stopped" and chance.random() < 0.5:
            at = moves[-1][0] + (timezone.now() - moves[-1][0]) * chance.random()
            others.append(Update(**mine, text=chance.choice(TOLD), at=at))
        if moves and chance.random() < 0.4:
            owner = chance.choice(members) if members else None
            others.append(Step(**mine, text="Agree who begins, and when", owner=owner))
        if change.gift != "ours" and chance.random() < 0.7:
            stance = chance.choice(["not asked", "unsure", "warming up", "on board"])
            who = chance.choice(WAITED_FOR)
            others.append(Stakeholder(**mine, who=who, stance=stance))
    SmallChange.objects.bulk_create([change for change, _ in made], batch_size=500)
    for change, born in made:
        change.created_at = born  # which the row itself puts at now
    SmallChange.objects.bulk_update([change for change, _ in made], ["created_at"], batch_size=500)
    for kind in (ChangeTeam, Move, Update, Step, Stakeholder):
        rows: list = [row for row in others if isinstance(row, kind)]
        kind._base_manager.bulk_create(rows, batch_size=500)


def _ideas(programme: "Programme", chance: random.Random):
    """Endless enough: each theme, title and purpose once, and none that the programme has."""
    there = {title.lower() for title in programme.small_changes.values_list("title", flat=True)}
    for part in PARTS:
        ideas = [
            (strand, f"{title}{where}{part}", so_that)
            for (strand, changes), where in product(CHANGES.items(), WHERE)
            for title, so_that in changes
        ]
        chance.shuffle(ideas)
        yield from (idea for idea in ideas if idea[1].lower() not in there)


def _strands(programme: "Programme", whole: dict) -> dict:
    standing = {strand.title: strand for strand in programme.strands.standing()}
    for title in CHANGES:
        if title not in standing:
            standing[title] = programme.strands.create(**whole, title=title, position=len(standing))
    return standing


def _teams(programme: "Programme", whole: dict) -> list:
    teams = programme.authority.teams
    for name in TEAMS if teams.count() < 8 else ():
        if not teams.filter(name__iexact=name).exists():
            teams.create(**whole, name=name)
    return list(teams.all())


def _way(chance: random.Random, born: datetime) -> list[tuple[datetime, str, str]]:
    """Through which stages and states it went since it was born, and when; some stay ideas."""
    from django.utils import timezone

    at, stage, status = born, 0, "proposed"
    way: list[tuple[datetime, str, str]] = []
    while chance.random() < 0.86 and len(way) < 6:
        at += timedelta(days=chance.uniform(4, 30))
        if at > timezone.now():
            break
        if status == "proposed":
            status = "chosen"
        elif chance.random() < 0.05:
            return [*way, (at, STAGES[stage], "stopped")]
        elif status == "paused" or stage == 3:
            status = "embedded" if stage == 3 and status == "in progress" else "in progress"
        elif chance.random() < 0.08:
            status = "paused"
        else:
            stage, status = stage + 1, "in progress"
        if way and way[-1][1:] == (STAGES[stage], status):
            break
        way.append((at, STAGES[stage], status))
        if status == "embedded":
            break
    return way


# --- what its pages take


def measure(client, slug: str, query: str) -> tuple[float, int]:
    """Milliseconds and bytes of one page."""
    start = time.perf_counter()
    answer = client.get(f"/{slug}/changes/{query}")
    took = (time.perf_counter() - start) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code} for {query}")
    return took, len(answer.content)


def p95(times: list[float]) -> float:
    return sorted(times)[round(len(times) * 0.95) - 1]


def compare(places: dict[int, str], client) -> dict:
    """Each page at both sizes: round after round, so that all of them meet the same machine."""
    times: dict[tuple[str, int], list[float]] = {}
    weights: dict[tuple[str, int], int] = {}
    for turn in range(ROUNDS + 1):
        for name, (query, _) in PAGES.items():
            for size, slug in places.items():
                took, weights[name, size] = measure(client, slug, query)
                if turn:  # the first of each compiles its template
                    times.setdefault((name, size), []).append(took)
    few, many = SIZES
    told = {}
    for name, (_, like) in PAGES.items():
        base, page = times[like, few], times[name, many]
        told[name] = {
            "against": f"{like} of {few}",
            "p50_ms": [round(statistics.median(base), 1), round(statistics.median(page), 1)],
            "p95_ms": [round(p95(base), 1), round(p95(page), 1)],
            "kb": [round(weights[like, few] / 1000), round(weights[name, many] / 1000)],
            "times_p50": round(statistics.median(page) / statistics.median(base), 2),
            "times_p95": round(p95(page) / p95(base), 2),
        }
        print(f"{time.strftime('%H:%M:%S')} {name}: {told[name]}", flush=True)
    return told


def _places() -> tuple[dict[int, str], object]:
    """Two authorities, one with each number of changes, and a browser of who sees both."""
    from django.db import connection
    from django.test import Client

    from programmes.models import LocalAuthority, Membership, Programme, User

    by = User.objects.create_user("bench@crescendo.example", name="Bench", is_crescendo_team=True)
    places = {}
    for size in SIZES:
        authority = LocalAuthority.objects.create(
            name=f"Bench {size}", slug=f"bench-{size}", kind=LocalAuthority.Kind.UNITARY
        )
        programme = Programme.objects.create(
            authority=authority,
            model=Programme.Model.WHOLE_SERVICE,
            service="Children’s social care",
            starts_on="2026-06-01",
        )
        for number in range(20):
            person = User.objects.create_user(
                f"{number}-{uuid4().hex}@bench.example", name=f"Person {number:02}"
            )
            Membership.objects.create(authority=authority, user=person, roles=["practitioner"])
        Membership.objects.create(authority=authority, user=by, roles=["facilitator"])
        fill(programme, size)
        places[size] = authority.slug
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    client = Client(headers={"host": "localhost"})
    client.force_login(by)
    return places, client


@contextmanager
def installation() -> Iterator[None]:
    """A database with every migration, made for the run, and Django set up on it."""
    from tools import postgres

    folder = Path(tempfile.mkdtemp(prefix="crescendo-bench-", dir="/tmp"))
    folder.chmod(0o755)
    local = folder / "local"
    local.mkdir(mode=0o755)
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
                yield
            finally:
                connection.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write(name: str, results: dict) -> None:
    """Into the file of results, beside those of the other benchmarks, and onto the screen."""
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(before | {name: results}, indent=2, ensure_ascii=False) + "\n")
    print(json.dumps(results, indent=2, ensure_ascii=False))


def main() -> None:
    load = round(os.getloadavg()[0], 2)
    with installation():
        pages = compare(*_places())
    slow = [name for name, said in pages.items() if said["times_p95"] > BUDGET]
    results = {
        "budget_times": BUDGET,
        "over_budget": slow,
        "pages": pages,
        "how": {
            "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
            "arrangement": "in-process, through every middleware, both sizes in turns",
            "rounds": ROUNDS,
            "when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
            "load_before": load,
            "load_after": round(os.getloadavg()[0], 2),
        },
    }
    write("portfolio", results)


if __name__ == "__main__":
    main()
