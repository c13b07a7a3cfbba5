"""Many who listen, in one process: raw sockets, so that they cost as little as they can.

    python -m benchmarks.crowd

Reads one command a line as JSON and answers each with one line:

- `{"open": [[port, request], …]}` connects, sends each request, waits for all answers; seconds
- `{"watch": NAME}` forgets what came; from now on counts marks `NAME-000123.`
- `{"wait": [LAST, SECONDS]}` until everybody has mark LAST, or the time is over
- `{"report": 0}`: by mark the time when the last of all had it, who missed some, who got two
- `{"close": 0}`
"""

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
        self.mark = re.compile(re.escape(name) + rb"-(\d{6})\.")
        self.keep = len(name) + 7  # less than a whole mark
        self.newest = dict.fromkeys(self.sockets, 0)
        self.tails = dict.fromkeys(self.sockets, b"")
        self.counts: dict[int, int] = {}
        self.times: dict[int, float] = {}
        self.seen: dict[int, set[int]] = {number: set() for number in self.sockets}
        self.repeated = 0
        self.over = []

    def step(self, seconds: float) -> None:
        for number, _ in self.poll.poll(seconds):
            came = self.sockets[number].recv(262144)
            if not came:
                self.over.append(number)
                self.poll.unregister(number)
                continue
            came = self.tails[number] + came
            found = self.mark.findall(came)
            self.tails[number] = came[-self.keep :]
            now = time.monotonic()
            seen = self.seen[number]
            for mark in map(int, found):
                if mark == self.newest[number]:
                    continue  # one note may say its words twice
                if mark in seen:
                    self.repeated += 1
                    continue
                seen.add(mark)
                self.newest[number] = mark
                self.counts[mark] = self.counts.get(mark, 0) + 1
                self.times[mark] = now

    def wait(self, last: int, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while self.counts.get(last, 0) < len(self.sockets):
            if time.monotonic() > end:
                return False
            self.step(0.05)
        return True

    def report(self) -> dict:
        everybody = len(self.sockets)
        return {
            "last": {mark: self.times[mark] for mark in self.times},
            "short": {mark: everybody - n for mark, n in self.counts.items() if n != everybody},
            "repeated": self.repeated,
            "ended": len(self.over),
        }

    def close(self) -> None:
        for one in self.sockets.values():
            one.close()
        self.poll.close()
        self.__init__()  # type: ignore[misc]


def main() -> None:
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
