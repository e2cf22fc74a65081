"""Make batches of lines of about one width in processes beside the training."""

from __future__ import annotations

import multiprocessing
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from queue import Full
from random import Random

import numpy as np
from numpy.typing import NDArray

from training.lines import HEIGHT, Line, Press
from training.net import STEP

_BUCKET = 32
_AHEAD = 12


@dataclass(frozen=True, slots=True)
class Batch:
    """Pictures, uint8 N x HEIGHT x W, W a multiple of 32, and their texts; `sheet` is the last one used."""

    pictures: NDArray[np.uint8]
    texts: tuple[str, ...]
    sheet: int


def batches(press: Callable[[int], Press], start: int, columns: int, step: int = 1) -> Iterator[Batch]:
    """Batches of some `columns` columns in all, from sheet `start` on, every `step`-th sheet.

    `press` gives the press for a sheet's number, so that a curriculum is a function of what was seen.
    """
    waiting: dict[int, list[Line]] = defaultdict(list)
    number = start
    while True:
        for line in press(number).sheet(number):
            steps = line.picture.shape[1] // STEP
            if not 0 < len(line.text) <= steps or steps < needed_steps(line.text):
                continue
            width = -(-line.picture.shape[1] // _BUCKET) * _BUCKET
            bucket = waiting[width]
            bucket.append(line)
            if len(bucket) * width >= columns:
                yield Batch(_stacked(bucket, width, number), tuple(line.text for line in bucket), number)
                waiting[width] = []
        number += step


def needed_steps(text: str) -> int:
    """The fewest steps in which CTC can write a text: one a character, one more between two alike."""
    return len(text) + sum(a == b for a, b in pairwise(text))


def batches_beside(
    press: Callable[[int], Press], start: int, columns: int, processes: int
) -> tuple[Iterator[Batch], Callable[[], None]]:
    """The batches of so many processes as they come, and how to end them.

    With one process their order is the same in every run; with more it depends on who is faster.
    """
    context = multiprocessing.get_context("fork")
    queue: multiprocessing.Queue[Batch] = context.Queue(_AHEAD)

    def fill(first: int) -> None:
        for batch in batches(press, first, columns, processes):
            if not _put(queue, batch):
                return

    workers = [context.Process(target=fill, args=(start + i,), daemon=True) for i in range(processes)]
    for worker in workers:
        worker.start()

    def come() -> Iterator[Batch]:
        while True:
            yield queue.get()

    def end() -> None:
        for worker in workers:
            worker.terminate()
            worker.join()

    return come(), end


def _put(queue: multiprocessing.Queue[Batch], batch: Batch) -> bool:
    """Put the batch as soon as there is room; False where the training has gone."""
    trainer = multiprocessing.parent_process()
    while True:
        try:
            queue.put(batch, timeout=5)
        except Full:
            if trainer is None or not trainer.is_alive():
                return False
        else:
            return True


def _stacked(lines: list[Line], width: int, number: int) -> NDArray[np.uint8]:
    """Each picture somewhere in its row of the batch, its edge columns repeated to both ends."""
    random = Random(number)
    stack = np.empty((len(lines), HEIGHT, width), np.uint8)
    for row, line in zip(stack, lines, strict=True):
        own = line.picture.shape[1]
        left = random.randint(0, min(12, width - own))
        row[:, left : left + own] = line.picture
        row[:, :left] = line.picture[:, :1]
        row[:, left + own :] = line.picture[:, -1:]
    return stack
