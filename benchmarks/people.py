"""People who hold a stream as a browser does, and what may be wrong with what they heard."""

import asyncio
import contextlib
import random
from dataclasses import dataclass, field
from itertools import pairwise

NO_FAULTS = {"missed": 0, "repeated": 0, "out of order": 0, "never told": 0}


@dataclass
class Person:
    """Somebody whose browser comes back whenever the stream ends, and asks for the rest."""

    ports: list[int]
    path: str
    cookie: str
    last_words: str  # whoever hears these can go
    drops: bool = False
    heard: list[tuple[int, str]] = field(default_factory=list)
    came_back: int = 0
    is_done: bool = False

    async def take_part(self) -> None:
        while not self.is_done:
            with contextlib.suppress(OSError):  # nobody serves just now
                await self._come()
            self.came_back += 1
            await asyncio.sleep(random.uniform(0, 0.1))

    async def _come(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", random.choice(self.ports))
        try:
            after = self.heard[-1][0] if self.heard else 0
            writer.write(
                f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\nCookie: {self.cookie}\r\n"
                f"Last-Event-ID: {after}\r\n\r\n".encode()
            )
            await self._listen(reader, random.randint(5, 20) if self.drops else -1)
        finally:
            writer.close()

    async def _listen(self, reader: asyncio.StreamReader, patience: int) -> None:
        number, words = 0, []
        while (line := await reader.readline()) and not self.is_done and patience != 0:
            name, _, value = line.decode().rstrip("\r\n").partition(": ")
            if name == "id":
                number = int(value)
            elif name == "data":
                words.append(value)
            elif not name and words and number:
                self.heard.append((number, "\n".join(words)))
                self.is_done = self.last_words in words[-1]
                number, words, patience = 0, [], patience - 1


def faults(told: list[tuple[int, str]], heard: list[tuple[int, str]]) -> dict[str, int]:
    numbers = [number for number, _ in heard]
    return {
        "missed": len(set(told) - set(heard)),
        "repeated": len(numbers) - len(set(numbers)),
        "out of order": sum(a >= b for a, b in pairwise(numbers)),
        "never told": len(set(heard) - set(told)),
    }
