"""Many who listen, in one process: raw sockets, so that they cost as little as they can.

They share the machine with the servers that are measured: what came is kept with its time, and
read when nothing is measured any more.

    python -m benchmarks.crowd

Reads one command a line as JSON and answers each with one line:

- `{"open": [[port, request], …]}` connects, sends each request, waits for all answers; seconds
- `{"watch": NAME}` forgets what came; from now on counts marks `NAME-000123.`
- `{"wait": [LAST, SECONDS]}` until everybody has mark LAST, or the time is over
- `{"report": 0}`: by mark the time when the last of all had it, who missed some, who got two
- `{"close": 0}`
"""

import gc
import json
import re
import select
import socket
import sys
import time

PATIENCE = 60


class Crowd:
    def __init__(self) -> None:
        self.poll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.over: list[int] = []
        self.watch(b"none")

    def open(self, requests: list[tuple[int, str]]) -> float:
        """Some at a time: a browser, too, has others before it in the server's queue."""
        start = time.monotonic()
        for first in range(0, len(requests), 50):
            fresh = []
            for port, request in requests[first : first + 50]:
                one = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
                one.sendall(request.encode())
                fresh.append(one)
            for one in fresh:
                answer = one.recv(65536)
                status = answer.split(b" ", 2)[1]
                if status not in (b"200", b"101"):
                    raise ConnectionError(f"Refused: {answer[:200]!r}")
                one.setblocking(False)
                self.sockets[one.fileno()] = one
                self.poll.register(one.fileno(), select.EPOLLIN)
        self.watch(b"none")
        return time.monotonic() - start

    def watch(self, name: bytes) -> None:
        for number in self.over:  # a run is about those who were there when it began
            self.sockets.pop(number).close()
        self.name = name
        self.keep = len(name) + 7  # less than a whole mark
        self.tails = dict.fromkeys(self.sockets, b"")
        self.came: list[tuple[int, float, bytes]] = []
        self.over = []

    def step(self, seconds: float, last: bytes = b"") -> list[int]:
        """Takes in what is there; who has `last` with it."""
        have_last = []
        for number, _ in self.poll.poll(seconds):
            came = self.sockets[number].recv(262144)
            if not came:
                self.over.append(number)
                self.poll.unregister(number)
                continue
            came = self.tails[number] + came
            self.came.append((number, time.monotonic(), came))
            self.tails[number] = came[-self.keep :]
            if last in came:
                have_last.append(number)
        return have_last

    def wait(self, last: int, seconds: float) -> bool:
        end = time.monotonic() + seconds
        mark = b"%s-%06d." % (self.name, last)
        ready: set[int] = set()
        while len(ready) < len(self.sockets):
            if time.monotonic() > end:
                return False
            ready.update(self.step(0.05, mark))
        return True

    def report(self) -> dict:
        mark = re.compile(re.escape(self.name) + rb"-(\d{6})\.")
        newest = dict.fromkeys(self.sockets, 0)
        seen: dict[int, set[int]] = {number: set() for number in self.sockets}
        counts: dict[int, int] = {}
        times: dict[int, float] = {}
        repeated = 0
        for number, when, came in self.came:
            for one in map(int, mark.findall(came)):
                if one == newest[number]:
                    continue  # one note may say its words twice
                newest[number] = one
                if one in seen[number]:
                    repeated += 1
                    continue
                seen[number].add(one)
                counts[one] = counts.get(one, 0) + 1
                times[one] = when
        everybody = len(self.sockets)
        return {
            "last": times,
            "short": {one: everybody - n for one, n in counts.items() if n != everybody},
            "repeated": repeated,
            "ended": len(self.over),
        }

    def close(self) -> None:
        for one in self.sockets.values():
            one.close()
        self.poll.close()
        self.__init__()  # type: ignore[misc]


def main() -> None:
    gc.disable()  # there is nothing here that it would find
    crowd = Crowd()
    for line in sys.stdin:
        ((command, value),) = json.loads(line).items()
        answer: object = 0
        try:
            if command == "open":
                answer = crowd.open(value)
            elif command == "watch":
                crowd.watch(value.encode())
            elif command == "wait":
                answer = crowd.wait(*value)
            elif command == "report":
                answer = crowd.report()
            else:
                crowd.close()
        except OSError as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
