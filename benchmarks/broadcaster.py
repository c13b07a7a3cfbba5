"""The limit: what plain asyncio can do. No rooms, no doors, no database; everybody gets all.

    python -m benchmarks.broadcaster PORT

GET is a stream; the body of a POST is an event for everybody, and is answered once it was sent.
"""

import asyncio
import sys

STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nretry: 1000\n\n"


class Connection(asyncio.Protocol):
    everybody: set[asyncio.Transport] = set()

    def connection_made(self, transport) -> None:
        self.transport = transport
        self.came = b""

    def data_received(self, data: bytes) -> None:
        self.came += data
        head, end, body = self.came.partition(b"\r\n\r\n")
        if not end:
            return
        if head.startswith(b"GET"):
            self.transport.write(STREAM)
            self.everybody.add(self.transport)
        elif len(body) >= int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]):
            told = b"data: %b\n\n" % body
            for one in self.everybody:
                one.write(told)
            self.transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            self.transport.close()

    def connection_lost(self, error) -> None:
        self.everybody.discard(self.transport)


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(
        Connection, "127.0.0.1", port, backlog=1000
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
