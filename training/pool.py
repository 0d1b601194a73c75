"""Examples that another process makes without end, pooled so that training never waits for them.

Examples are drawn faster than they can be made, so each is seen a few times before a newer one takes its place.
"""

import multiprocessing as mp
import os
import random
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Generic, TypeVar

import cv2

CHUNK = 32
FORK = mp.get_context("fork")
"""A generator can't be sent to a process; one that is forked has it."""
Example = TypeVar("Example")


class Pool(Generic[Example]):
    """The newest of the examples that a process of its own makes; it ends with this one."""

    def __init__(self, source: Iterator[Example], most: int) -> None:
        self.examples: deque[Example] = deque(maxlen=most)
        self.chunks: mp.Queue[list[Example]] = FORK.Queue(maxsize=40)
        FORK.Process(target=produce, args=(source, self.chunks), daemon=True).start()

    def fill(self, count: int) -> None:
        """Wait until there are some examples to begin with."""
        while len(self.examples) < count:
            self.examples.extend(self.chunks.get())

    def draw(self, rng: random.Random, count: int) -> list[Example]:
        """Different examples, after taking in what has been made meanwhile."""
        if not self.chunks.empty():
            self.examples.extend(self.chunks.get())
        return rng.sample(self.examples, count)


def produce(source: Iterator[Example], chunks: "mp.Queue[list[Example]]") -> None:
    """Put examples into a queue for ever."""
    os.nice(5)
    cv2.setNumThreads(1)
    while chunk := list(islice(source, CHUNK)):
        chunks.put(chunk)
