"""Whoever writes: sends prepared requests at their times, whatever became of those before.

    python -m benchmarks.writers

Reads `{"at": seconds of the monotonic clock, "every": seconds, "posts": [[port, request], …]}` a
line; answers when all have been answered, with their number, the failures and the slowest.
"""

import asyncio
import json
import sys
import time

PATIENCE = 20


async def _post(port: int, request: bytes, at: float, times: list[float]) -> None:
    await asyncio.sleep(max(at - time.monotonic(), 0))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        answer = await reader.readuntil(b"\r\n\r\n")
        status = answer.split(b" ", 2)[1]
        if status not in (b"200", b"204", b"302", b"303"):
            raise ConnectionError(answer[:300].decode(errors="replace"))
        times.append(time.monotonic() - at)
    finally:
        writer.close()


async def _all(order: dict) -> dict:
    times: list[float] = []
    posts = [
        _post(port, request.encode(), order["at"] + number * order["every"], times)
        for number, (port, request) in enumerate(order["posts"])
    ]
    done = await asyncio.gather(
        *(asyncio.wait_for(post, PATIENCE + len(posts) * order["every"]) for post in posts),
        return_exceptions=True,
    )
    failures = [repr(one) for one in done if one is not None]
    return {"answered": len(times), "failures": failures[:3], "slowest": max(times, default=0)}


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(asyncio.run(_all(json.loads(line)))), flush=True)


if __name__ == "__main__":
    main()
