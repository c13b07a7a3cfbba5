"""`make bench BENCH=drills`: what is lost when things break, with the real servers and pages.

1. Sixty people listen, four write; PostgreSQL is restarted in the middle, once in good order and
   once as in a crash. Everybody has to hear everything once, in one order, and soon.
2. Twenty devices send notes; the page processes are killed (`kill -9`) five times, each time when a
   note was written a moment ago and its answer is on its way. A device sends a note again until it
   is answered. No answered note may be lost, and none may be there twice. The same with a new id
   for each try has to show doubles: else this would prove nothing.
3. Ten thousand codes are guessed while many rooms are open, first from one address that invents
   what it can, then from many; after the first the guesser is handed the right code too. Nobody may
   come in. Meanwhile sixty people with the right code, behind one address, all have to.
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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

from psycopg import AsyncConnection

from benchmarks.live import RESULTS, Ours, fetch, http, say
from benchmarks.people import NO_FAULTS, Person, faults

PEOPLE, WRITERS, EACH_WRITES = 60, 4, 40
DEVICES, NOTES, KILLS = 20, 1000, 5
# Whether a kill falls between the commit and the answer is luck all the same: enough that some do.
KILLS_WITHOUT_IDS = 25
GUESSES, ADDRESSES, ROOMS, AT_ONCE = 10_000, 500, 200, 8
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


def kills(ours: Ours, *, same_id: bool, times: int = KILLS) -> dict:
    from workshops.models import Note

    ours.clear()
    words = [f"Note {number}." for number in range(NOTES)]
    asyncio.run(
        asyncio.wait_for(_kills(ours, list(words), same_id=same_id, times=times), PATIENCE * 4)
    )
    rows = list(Note.objects.values_list("text", flat=True))
    return {
        "notes": NOTES,
        "kills": times,
        "lost": len(set(words) - set(rows)),
        "double": len(rows) - len(set(rows)),
    }


async def _kills(ours: Ours, words: list[str], *, same_id: bool, times: int) -> None:
    from workshops.live import CHANNEL

    sent = 0

    async def device(number: int) -> None:
        nonlocal sent
        while words:
            one = words.pop()
            await asyncio.to_thread(_send, ours, ours.guests[number], one, same_id=same_id)
            sent += 1

    async def kill() -> None:
        url = ours.database_url
        async with await AsyncConnection.connect(url, autocommit=True) as database:
            await database.execute(f"LISTEN {CHANNEL}")
            for part in range(1, times + 1):
                while sent < NOTES * part / (times + 1):
                    await asyncio.sleep(0.005)
                processes = ours.page_processes()
                async for _ in database.notifies(timeout=0):
                    pass  # of notes before
                async for _ in database.notifies(timeout=1, stop_after=1):
                    pass
                for pid in processes:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)

    await asyncio.gather(kill(), *(device(number) for number in range(DEVICES)))


# --- codes are guessed


def guesses(ours: Ours, addresses: list[str]) -> dict:
    """How many guesses brought somebody in, and how honest people fared meanwhile."""
    from workshops.models import Participant, new_code

    Participant.objects.all().delete()
    ours.workshop.refresh_from_db()
    right = ours.workshop.code or ""
    start = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE + 1) as at_once:
        honest = at_once.submit(_come_in_one_by_one, ours, right)
        entries = sum(
            at_once.map(
                lambda number: _enters(ours, new_code(), addresses[number % len(addresses)]),
                range(GUESSES),
            )
        )
        seconds = time.monotonic() - start
        told: dict = {"guesses": GUESSES, "from_addresses": len(addresses), "rooms_open": ROOMS + 1}
        told |= {"entries": entries, "seconds": round(seconds, 1)}
        if len(addresses) == 1:
            told["entries_with_the_right_code_then"] = int(_enters(ours, right, addresses[0]))
        return told | honest.result() | {"people_in_the_rooms": Participant.objects.count()}


def _come_in_one_by_one(ours: Ours, code: str) -> dict:
    times = []
    came_in = 0
    for _ in range(PEOPLE):
        time.sleep(0.5)
        start = time.monotonic()
        came_in += _enters(ours, code, "198.51.100.7")
        times.append(time.monotonic() - start)
    return {"honest": PEOPLE, "honest_in": came_in, "slowest_honest_s": round(max(times), 2)}


def _enters(ours: Ours, code: str, address: str) -> bool:
    """Whether that code opened a door, as the proxy in front hands it on (`docs/deploy.md` 5).

    The proxy adds the true address at the end; what stands before it the browser made up.
    """
    made_up = f"203.0.113.{random.randrange(256)}"
    request = http("POST", "/join/", ours.page_port, {}, code=code, name="Guest")
    request = request.replace("\r\n", f"\r\nX-Forwarded-For: {made_up}, {address}\r\n", 1)
    return "\nSet-Cookie: room-" in fetch(ours.page_port, request)


def _open_more_rooms(ours: Ours) -> None:
    from workshops.actions import room
    from workshops.models import Workshop

    for number in range(ROOMS):
        workshop = Workshop.objects.create(
            authority=ours.workshop.authority,
            programme=ours.workshop.programme,
            kind="values",
            title=f"Room {number}",
        )
        room.open_doors(workshop=workshop, by=ours.facilitator)


def main() -> None:
    os.environ["TRUSTED_PROXY_COUNT"] = "1"
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
            told["kills_without_ids"] = kills(ours, same_id=False, times=KILLS_WITHOUT_IDS)
            say(f"kill -9, without the browser's ids: {told['kills_without_ids']}")
            _open_more_rooms(ours)
            told["guesses_of_one"] = guesses(ours, ["192.0.2.1"])
            say(f"codes guessed from one address: {told['guesses_of_one']}")
            many = [f"10.1.{number // 250}.{number % 250 + 1}" for number in range(ADDRESSES)]
            told["guesses_of_many"] = guesses(ours, many)
            say(f"codes guessed from many addresses: {told['guesses_of_many']}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(before | {"drills": told}, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
