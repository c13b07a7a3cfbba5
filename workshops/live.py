"""The live stream of a room, all of it: writers `announce`, an ASGI application tells who listens.

A write raises the workshop's `seq`, leaves a row in the outbox for each audience, and notifies, all
in its own transaction: so `seq` is the order of commits, and nothing is told that did not happen.
Each process that serves streams has two connections to the database. On one it hears that a room
has news; on the other it reads the rows after the last that it told, and hands the same bytes to
everybody in an audience. Whenever the first had to be made anew it reads every room again. An event
carries its `seq` as its id, so a browser that was cut off asks for the rest.

The application stands outside Django's request handling: it asks who somebody is in a few threads,
and then holds no thread, no session and no database connection (`docs/decisions.md` 19).
"""

import asyncio
import io
import logging
import random
import signal
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from types import FrameType
from uuid import UUID

import psycopg
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from django.db.transaction import TransactionManagementError

from workshops.listeners import Listener, look_again, recognise
from workshops.models import Event, Workshop

PREFIX = "/live/"
CHANNEL = "crescendo_room"
Audience = Event.Audience

# Caps on streams: of one person in one room, of phones in a room, of the process.
MOST_OF_ONE, MOST_IN_ROOM, MOST_IN_ALL = 5, 1_200, 4_000
# Who reads so slowly that more messages than this wait is let go; their browser comes back and
# asks. Who missed more than this fetches the page anew instead.
MOST_WAITING = MOST_MISSED = 200
GATHER_SECONDS = 0.1
# After it told a room the hub rests for this long for each who listens, so that a busy thousand get
# several events with one write, and whoever serves pages gets a share of the processor.
REST_SECONDS_EACH = 0.0001
# Whoever may not listen any more is let go within this time, and the way is kept awake.
LOOK_SECONDS = 7.5
RECONNECT_SECONDS = 0.5
# What a database server that is gone without a word is noticed by; a Unix socket needs none.
KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),  # without it nginx keeps the stream to itself
    (b"x-content-type-options", b"nosniff"),
    (b"connection", b"close"),
]
HEARTBEAT = b": \n\n"
GONE = b"event: gone\ndata: .\n\n"
logger = logging.getLogger("crescendo.live")
_random = random.SystemRandom()

# An event's `seq` and its bytes. `seq` 0 is what stands outside the order of events.
type Message = tuple[int, bytes]
# As the outbox has it: seq, audience, topic, html.
type Row = tuple[int, str, str, str]


# --- writing


def announce(workshop: Workshop, *, topic: str = "", **html: str) -> int:
    """Tell each named audience its `html`, when the transaction commits; returns the new `seq`.

    `html` is one or more elements, each of which takes the place of the one on the page with its
    id. Of several with one `topic` that come within a moment only the last is told: for counts.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("What is told belongs to the transaction that did it.")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH raised AS (
                UPDATE workshops_workshop SET seq = seq + 1 WHERE id = %(pk)s RETURNING seq
            ), left_for_them AS (
                INSERT INTO workshops_event (workshop_id, seq, audience, topic, html)
                SELECT %(pk)s, raised.seq, told.audience, %(topic)s, told.html
                FROM raised, unnest(%(audiences)s::text[], %(html)s::text[]) told (audience, html)
            )
            SELECT seq, pg_notify(%(channel)s, %(news)s) FROM raised
            """,
            {
                "pk": workshop.pk,
                "topic": topic,
                "audiences": list(html),
                "html": list(html.values()),
                "channel": CHANNEL,
                "news": f"{workshop.pk} {'later' if topic else 'now'}",
            },
        )
        workshop.seq, _ = cursor.fetchone()
    return workshop.seq


# --- messages


def message(html: str, seq: int = 0, event: str = "") -> bytes:
    """As `text/event-stream` has it; without a `seq` it is no event that could be asked for."""
    head = (f"id: {seq}\n" if seq else "") + (f"event: {event}\n" if event else "")
    lines = "\n".join(f"data: {line}" for line in html.splitlines() if line.strip())
    return f"{head}{lines}\n\n".encode()


def retry(after_seconds: float = 0) -> bytes:
    """How long a browser waits before it comes back: not all of them at once."""
    return f"retry: {int((after_seconds + _random.uniform(0.2, 1.5)) * 1000)}\n\n".encode()


def messages(rows: list[Row]) -> dict[str, list[Message]]:
    """Each audience's messages, without those that a later one of their topic makes old."""
    last = {(audience, topic): seq for seq, audience, topic, _ in rows if topic}
    told = defaultdict(list)
    for seq, audience, topic, html in rows:
        if not topic or last[audience, topic] == seq:
            told[audience].append((seq, message(html, seq)))
    return told


# --- telling


class Stream:
    """One open stream: what waits to be sent on it, and how far it has got."""

    __slots__ = ("_waiting", "_wake", "is_ending", "listener", "seq")

    def __init__(self, listener: Listener, seq: int):
        self.listener, self.seq = listener, seq
        self.is_ending = False
        self._waiting: deque[Message] = deque()
        self._wake: asyncio.Future[None] | None = None

    def put(self, *told: Message) -> None:
        if self.is_ending:
            return
        self._waiting.extend(told)
        if len(self._waiting) > MOST_WAITING:
            self._waiting.clear()
            self.end()
        self._ring()

    def put_first(self, missed: list[Message]) -> None:
        """What was missed, before what came while it was looked up."""
        self._waiting.extendleft(reversed(missed))

    def end(self, last_word: bytes = b"") -> None:
        """Let it go after what waits and its last word."""
        if not self.is_ending:
            self._waiting.append((0, last_word))
            self.is_ending = True
            self._ring()

    def _ring(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def next(self) -> bytes:
        """What is to be sent now, each event once and in order; nothing at its end."""
        while True:
            told = []
            while self._waiting:
                seq, one = self._waiting.popleft()
                if seq == 0 or seq > self.seq:
                    self.seq = seq or self.seq
                    told.append(one)
            if told or self.is_ending:
                return b"".join(told)
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake


class Room:
    """Who listens to one workshop. Each of them is, or will be, told every event after `seq`."""

    def __init__(self, seq: int):
        self.seq = seq
        self.rests_until = 0.0
        self.streams: dict[str, set[Stream]] = {audience: set() for audience in Audience.values}

    def all(self) -> list[Stream]:
        return [stream for streams in self.streams.values() for stream in streams]


class Hub:
    """All rooms of this process. Lives in one event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.rooms: dict[UUID, Room] = {}
        self.people: Counter[tuple[UUID, tuple[str, str]]] = Counter()
        self.is_closing = False
        # Rooms with news to read, and news that waits a moment for more.
        self._behind: set[UUID] = set()
        self._waiting: set[tuple[UUID, str]] = set()
        self._news = asyncio.Event()
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="live")
        self._works = [
            self.loop.create_task(_again_and_again(work))
            for work in (self._listen, self._read, self._look_after)
        ]

    # -- coming and going

    def has_place_for(self, listener: Listener) -> bool:
        room = self.rooms.get(listener.workshop_pk)
        is_full = (
            room is not None
            and listener.audience == Audience.PHONES
            and len(room.streams[Audience.PHONES]) >= MOST_IN_ROOM
        )
        return (
            not is_full
            and self.people[listener.workshop_pk, listener.person] < MOST_OF_ONE
            and self.people.total() < MOST_IN_ALL
        )

    def enter(self, stream: Stream) -> None:
        """From now on it is told what happens. What it missed has to come before: `catch_up`."""
        pk = stream.listener.workshop_pk
        if pk not in self.rooms:
            self.rooms[pk] = Room(stream.listener.seq)
            self._has_news(pk)  # nobody was here to hear of what came after that
        self.rooms[pk].streams[stream.listener.audience].add(stream)
        self.people[pk, stream.listener.person] += 1

    async def catch_up(self, stream: Stream) -> None:
        listener = stream.listener
        room = self.rooms[listener.workshop_pk]
        known = max(room.seq, listener.seq)
        missed: list[Row] | None = []
        if stream.seq > known:  # of a future that a restored backup has undone
            missed = None
        elif stream.seq < room.seq:
            missed = await self.in_thread(_missed, listener, stream.seq)
        if missed is None:
            stream.seq = known
            stream.put_first([(0, message(".", known, "refetch"))])
        else:
            stream.put_first(messages(missed)[listener.audience])

    def leave(self, stream: Stream) -> None:
        pk, person = stream.listener.workshop_pk, stream.listener.person
        room = self.rooms[pk]
        room.streams[stream.listener.audience].discard(stream)
        if not any(room.streams.values()):
            del self.rooms[pk]
        self.people[pk, person] -= 1
        if not self.people[pk, person]:
            del self.people[pk, person]

    def close(self) -> None:
        """Let everybody go, to come back each at their own moment to whoever serves then."""
        self.is_closing = True
        for room in self.rooms.values():
            for stream in room.all():
                stream.end(retry(_random.uniform(0, 3)))

    async def in_thread[T](self, call: Callable[..., T], *args: object) -> T:
        return await self.loop.run_in_executor(self._threads, _and_let_go, call, args)

    # -- hearing, reading and telling

    def _has_news(self, pk: UUID, *heard: str) -> None:
        self._waiting -= {(pk, when) for when in heard}
        self._behind.add(pk)
        self._news.set()

    def _heard(self, news: str) -> None:
        name, _, when = news.partition(" ")
        pk = UUID(name)
        if (room := self.rooms.get(pk)) is None:
            return
        rest = room.rests_until - self.loop.time()
        wait = max(rest, 0 if when == "now" else GATHER_SECONDS)
        if wait <= 0:
            self._has_news(pk)
        elif (pk, when) not in self._waiting:
            self._waiting.add((pk, when))
            self.loop.call_later(wait, self._has_news, pk, when)

    async def _listen(self) -> None:
        async with await _connect() as database:
            await database.execute(f"LISTEN {CHANNEL}")
            for pk in self.rooms:  # what was told while nobody listened
                self._has_news(pk)
            async for notification in database.notifies():
                self._heard(notification.payload)

    async def _read(self) -> None:
        async with await _connect() as database:
            while True:
                if not self._behind:
                    self._news.clear()
                    await self._news.wait()
                pk = self._behind.pop()
                try:
                    await self._read_room(database, pk)
                except BaseException:
                    self._has_news(pk)
                    raise

    async def _read_room(self, database: psycopg.AsyncConnection, pk: UUID) -> None:
        room = self.rooms.get(pk)
        if room is None:
            return
        cursor = await database.execute(
            "SELECT seq, audience, topic, html FROM workshops_event"
            " WHERE workshop_id = %s AND seq > %s ORDER BY seq",
            [pk, room.seq],
        )
        rows: list[Row] = await cursor.fetchall()
        if rows:
            room.seq = rows[-1][0]
            room.rests_until = self.loop.time() + REST_SECONDS_EACH * len(room.all())
        for audience, told in messages(rows).items():
            for stream in room.streams[audience]:
                stream.put(*told)

    # -- looking after who listens

    async def _look_after(self) -> None:
        """Keep streams from going to sleep on the way, and end those of who may not listen now."""
        is_beat = False
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            is_beat = not is_beat
            for pk, room in list(self.rooms.items()):
                if is_beat:
                    for stream in room.all():
                        stream.put((0, HEARTBEAT))
                await self._look_at(pk, room.all())

    async def _look_at(self, pk: UUID, streams: list[Stream]) -> None:
        gone, present = await self.in_thread(look_again, pk, [one.listener for one in streams])
        count = f'<b id="present" class="num" hx-swap-oob="true">{present}</b>'
        for stream in streams:
            if stream.listener in gone:
                stream.end(GONE)
            elif stream.listener.audience == Audience.CONSOLE:
                stream.put((0, message(count)))


async def _again_and_again(work: Callable[[], Awaitable[None]]) -> None:
    """Begin `work` anew whenever it fails: the database may be away for a while."""
    while True:
        try:
            await work()
        except Exception:
            logger.warning("The live stream has to begin anew", exc_info=True)
        await asyncio.sleep(RECONNECT_SECONDS)


async def _connect() -> psycopg.AsyncConnection:
    params = connection.get_connection_params()
    for djangos in ("cursor_factory", "context", "prepare_threshold"):
        params.pop(djangos, None)
    return await psycopg.AsyncConnection.connect(**KEEPALIVES | params, autocommit=True)


def _missed(listener: Listener, seq: int) -> list[Row] | None:
    """What an audience was told after `seq`; None where that is too much."""
    rows = (
        Event.objects.filter(workshop=listener.workshop_pk, audience=listener.audience, seq__gt=seq)
        .order_by("seq")
        .values_list("seq", "audience", "topic", "html")
    )
    missed = list(rows[: MOST_MISSED + 1])
    return missed if len(missed) <= MOST_MISSED else None


def _and_let_go[T](call: Callable[..., T], args: tuple[object, ...]) -> T:
    try:
        return call(*args)
    finally:
        close_old_connections()


# --- the application

_hub: Hub | None = None


def hub() -> Hub:
    """This process's, made in the event loop that serves."""
    global _hub
    if _hub is None or _hub.loop is not asyncio.get_running_loop():
        _hub = Hub()
        _close_on_signals(_hub)
    return _hub


def _close_on_signals(of: Hub) -> None:
    """A server waits for open streams before it tells anybody that it stops: hear it ourselves."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        servers = signal.getsignal(number)

        def heard(got: int, frame: FrameType | None, servers=servers) -> None:
            of.loop.call_soon_threadsafe(of.close)
            if callable(servers):
                servers(got, frame)

        signal.signal(number, heard)


async def application(scope, receive, send) -> None:
    """`/live/<workshop>/<audience>/?since=<seq>`: a stream of what that audience is told."""
    here = hub()
    stream = await _at_the_door(here, scope)
    if isinstance(stream, HTTPStatus):
        await _refuse(send, stream)
        return
    here.enter(stream)
    try:
        await here.catch_up(stream)
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send(_body(retry()))
        leaving = asyncio.create_task(_end_when_gone(receive, stream))
        try:
            while told := await stream.next():
                await send(_body(told))
        finally:
            leaving.cancel()
        await send({"type": "http.response.body"})
    except DatabaseError:
        await _refuse(send, HTTPStatus.SERVICE_UNAVAILABLE)
    finally:
        here.leave(stream)


async def _at_the_door(here: Hub, scope) -> Stream | HTTPStatus:
    """A stream for who may have one, else why not. Nothing of the request outlives this."""
    if scope["method"] != "GET":
        return HTTPStatus.METHOD_NOT_ALLOWED
    request = ASGIRequest(scope, io.BytesIO())
    try:
        request.get_host()
        since = int(request.headers.get("Last-Event-ID") or request.GET.get("since", ""))
        listener = await here.in_thread(recognise, request)
    except (SuspiciousOperation, ValueError):
        return HTTPStatus.BAD_REQUEST
    except DatabaseError:
        return HTTPStatus.SERVICE_UNAVAILABLE
    if listener is None:
        return HTTPStatus.NOT_FOUND
    if here.is_closing:
        return HTTPStatus.SERVICE_UNAVAILABLE
    if not here.has_place_for(listener):
        return HTTPStatus.TOO_MANY_REQUESTS
    return Stream(listener, since)


async def _end_when_gone(receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


def _body(told: bytes) -> dict:
    return {"type": "http.response.body", "body": told, "more_body": True}


async def _refuse(send, status: HTTPStatus) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    headers.append((b"connection", b"close"))
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers.append((b"retry-after", b"10"))
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": status.phrase.encode()})
