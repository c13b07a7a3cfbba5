"""`make bench BENCH=drills`: what is lost when things break, with the real servers and pages.

1. Sixty people listen, four write; PostgreSQL is restarted in the middle, once in good order and
   once as in a crash. Everybody has to hear everything once, in one order, and soon.
2. Twenty devices send notes; the page processes are killed (`kill -9`) five times. A device sends a
   note again until it is answered. No answered note may be lost, and none may be there twice. The
   same with a new id for each try has to show doubles: else this would prove nothing.
"""

import asyncio
import contextlib
import json
import os
import random
import shutil
import signal
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from benchmarks.live import RESULTS, Ours, fetch, http, say
from benchmarks.people import NO_FAULTS, Person, faults

PEOPLE, WRITERS, EACH_WRITES = 60, 4, 40
DEVICES, NOTES, KILLS = 20, 1000, 5
PATIENCE = 120


def _request(ours: Ours, guest: dict[str, str], words: str, pk: str) -> str:
    path = f"{ours.path}{ours.activities[0].pk}/notes/add/"
    return http("POST", path, ours.page_port, guest, id=pk, column="0", text=words)


def _send(ours: Ours, guest: dict[str, str], words: str, *, same_id: bool = True) -> None:
    """Until it is answered, as a browser that keeps what is not yet sent."""
    pk = str(uuid4())
    while True:
        with contextlib.suppress(OSError, IndexError):
            if fetch(ours.page_port, _request(ours, guest, words, pk)).split()[1] == "302":
                return
        if not same_id:
            pk = str(uuid4())
        time.sleep(random.uniform(0.05, 0.3))


# --- PostgreSQL restarts


def restarts(ours: Ours) -> dict:
    ours.workshop.refresh_from_db()
    here = ours.workshop.seq
    path = f"/live/{ours.workshop.pk}/phones/?since={here}"
    people = []
    for guest in ours.guests[:PEOPLE]:
        ((name, key),) = guest.items()
        people.append(Person([ours.live_port], path, f"{name}={key}", last_words="the end"))
        people[-1].heard.append((here, ""))  # what their page showed
    current = asyncio.run(_restarts(ours, people))
    ours.forget_database()
    events = ours.workshop.events.filter(audience="phones", seq__gt=here).order_by("seq")
    told = [
        (seq, "\n".join(line for line in html.splitlines() if line.strip()))
        for seq, html in events.values_list("seq", "html")
    ]
    found = dict.fromkeys(NO_FAULTS, 0)
    for person in people:
        for fault, number in faults(told, person.heard[1:]).items():
            found[fault] += number
    return {
        "people": PEOPLE,
        "notes": len(told),
        "restarts": 2,
        "came_back": sum(person.came_back for person in people),
        **found,
        "orders": len({tuple(person.heard) for person in people}),
        "all_current_s": round(current, 2),
    }


async def _restarts(ours: Ours, people: list[Person]) -> float:
    """How long after the last note was answered everybody had everything."""
    listening = [asyncio.create_task(person.take_part()) for person in people]
    written = 0

    async def write(number: int) -> None:
        nonlocal written
        for one in range(EACH_WRITES):
            await asyncio.to_thread(_send, ours, ours.guests[number], f"note {number} {one}")
            written += 1

    async def restart() -> None:
        for part, number in ((1, signal.SIGINT), (2, signal.SIGQUIT)):
            while written < WRITERS * EACH_WRITES * part / 3:
                await asyncio.sleep(0.01)
            await asyncio.to_thread(ours.restart_database, number)

    await asyncio.gather(restart(), *(write(number) for number in range(WRITERS)))
    await asyncio.to_thread(_send, ours, ours.guests[0], "the end")
    start = time.monotonic()
    await asyncio.wait_for(asyncio.gather(*listening), PATIENCE)
    return time.monotonic() - start


# --- page processes are killed


def kills(ours: Ours, *, same_id: bool) -> dict:
    from workshops.models import Note

    ours.clear()
    words = [f"Note {number}." for number in range(NOTES)]
    asyncio.run(asyncio.wait_for(_kills(ours, list(words), same_id=same_id), PATIENCE * 4))
    rows = list(Note.objects.values_list("text", flat=True))
    return {
        "notes": NOTES,
        "kills": KILLS,
        "lost": len(set(words) - set(rows)),
        "double": len(rows) - len(set(rows)),
    }


async def _kills(ours: Ours, words: list[str], *, same_id: bool) -> None:
    sent = 0

    async def device(number: int) -> None:
        nonlocal sent
        while words:
            one = words.pop()
            await asyncio.to_thread(_send, ours, ours.guests[number], one, same_id=same_id)
            sent += 1

    async def kill() -> None:
        for part in range(1, KILLS + 1):
            while sent < NOTES * part / (KILLS + 1):
                await asyncio.sleep(0.005)
            for pid in ours.page_processes():
                os.kill(pid, signal.SIGKILL)

    await asyncio.gather(kill(), *(device(number) for number in range(DEVICES)))


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="crescendo-bench-", dir="/tmp"))
    folder.chmod(0o755)
    (folder / "local").mkdir(mode=0o755)
    try:
        with Ours(folder).running() as ours:
            ours.join(PEOPLE, with_pages=False)
            told: dict = {"restarts": restarts(ours)}
            say(f"PostgreSQL restarts: {told['restarts']}")
            told["kills"] = kills(ours, same_id=True)
            say(f"kill -9: {told['kills']}")
            told["kills_without_ids"] = kills(ours, same_id=False)
            say(f"kill -9, without the browser's ids: {told['kills_without_ids']}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(before | {"drills": told}, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
