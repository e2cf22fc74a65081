"""Measure a net on lines whose fonts, words and prose training never saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import torch
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from training.charset import Charset
from training.fonts import Family
from training.lines import Line, Press
from training.net import Net
from training.texts import Texts

Reader = Callable[[NDArray[np.uint8]], str]
"""Reads one line picture, uint8 HEIGHT x W."""

_SEED = 990_001
_MULTIPLE = 32


@dataclass(frozen=True, slots=True)
class Figures:
    """Character error rates from 0 and the share of lines without an error; `ascii_cer` is of plain lines."""

    lines: int
    cer: float
    ascii_cer: float
    exact: float

    def __str__(self) -> str:
        """The figures in one phrase."""
        return f"CER {self.cer:.4f} ascii {self.ascii_cer:.4f} exact {self.exact:.3f}"


def held_out(texts: Texts, families: Sequence[Family], count: int = 300) -> dict[str, list[Line]]:
    """The measuring sets: held-out fonts with held-out texts, clean and degraded, and bills degraded."""
    press = Press(texts, tuple(family for family in families if family.held), _SEED)
    bills = replace(press, seed=_SEED + 1, texts=replace(texts, rare="0123456789OISBZ.,:-/", bills_only=True))
    return {
        "clean": _first(replace(press, damaged=False), count),
        "degraded": _first(press, count),
        "bills": _first(bills, count),
    }


def figures(reader: Reader, lines: Sequence[Line]) -> Figures:
    """How well a reader reads the lines."""
    wrong = ascii_wrong = exact = 0
    for line in lines:
        errors = Levenshtein.distance(reader(line.picture), line.text)
        wrong += errors
        exact += errors == 0
        ascii_wrong += errors if line.text.isascii() else 0
    ascii_length = sum(len(line.text) for line in lines if line.text.isascii())
    length = sum(len(line.text) for line in lines)
    return Figures(len(lines), wrong / length, ascii_wrong / max(1, ascii_length), exact / len(lines))


def confusions(reader: Reader, lines: Sequence[Line], most: int = 30) -> list[tuple[str, str, int]]:
    """What is read as what, the most frequent first."""
    seen: Counter[tuple[str, str]] = Counter()
    for line in lines:
        read = reader(line.picture)
        for step in Levenshtein.opcodes(line.text, read):
            said, got = line.text[step.src_start : step.src_end], read[step.dest_start : step.dest_end]
            if step.tag != "equal" and len(said) <= 2 and len(got) <= 2:
                seen[said, got] += 1
    return [(said, got, count) for (said, got), count in seen.most_common(most)]


def net_reader(net: Net, charset: Charset) -> Reader:
    """A reader by the net as it stands; it is put in evaluation mode for each line and back."""

    def read(picture: NDArray[np.uint8]) -> str:
        training = net.training
        net.eval()
        with torch.inference_mode():
            logits = net(scaled(padded(picture)[None]))
        net.train(training)
        return charset.text(logits[0].argmax(1).tolist())

    return read


def padded(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture with its last column repeated until its width is a multiple of 32."""
    missing = -picture.shape[1] % _MULTIPLE
    return np.pad(picture, ((0, 0), (0, missing)), "edge")


def scaled(pictures: NDArray[np.uint8]) -> torch.Tensor:
    """uint8 N x H x W to the float N x 1 x H x W that the net takes, -1 to 1."""
    values = torch.from_numpy(pictures)[:, None].to(torch.float32)
    return values.mul_(1 / 127.5).sub_(1).contiguous(memory_format=torch.channels_last)


def _first(press: Press, count: int) -> list[Line]:
    sheets = (press.sheet(number) for number in range(count))
    return list(islice((line for sheet in sheets for line in sheet), count))
