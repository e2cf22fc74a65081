"""Read pages whose text is written into their pixels: an engine without models, for tests and load.

A scripted page carries its words as bytes in its first rows of pixels, so that what an upload must
give is known exactly, costs nothing to read, and yet travels the whole way through the decoder.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocrchat.engines.base import Availability, EngineCard
from ocrchat.languages import LANGUAGES
from ocrchat.model import Block, Box, Line, Page, PageImage, Word
from ocrchat.options import Options

_MAGIC = b"ocrchat:"
_LINE_HEIGHT = 20
_CHARACTER_WIDTH = 10


class ScriptedEngine:
    """Gives back the text that `scripted_page` hid in an image; any other image is blank to it.

    A line of the form `!wait 0.5` is obeyed, not read: it takes that many seconds. `!die` kills the
    process that reads it, as a bug in a native library would.
    """

    def __init__(self) -> None:
        self.card = EngineCard("scripted", "1", frozenset(each.code for each in LANGUAGES))

    def read(self, images: Sequence[PageImage], options: Options) -> tuple[Page, ...]:
        """The hidden texts, line by line, with boxes down the left side and full confidence."""
        return tuple(_read(index, image) for index, image in enumerate(images))

    def close(self) -> None:
        """Nothing is held."""


def build(threads: int, models: Path | None = None) -> ScriptedEngine:
    """A scripted engine; neither threads nor models matter to it."""
    return ScriptedEngine()


def availability(models: Path | None = None) -> Mapping[str, Availability]:
    """Every language: a scripted page may be in any."""
    return {each.code: Availability(each.code, "scripted", installed=True) for each in LANGUAGES}


def scripted_page(text: str, width: int = 400, height: int = 300) -> NDArray[np.uint8]:
    """Grey pixels (height, width) that the scripted engine reads as `text`.

    ValueError when the text does not fit into width times height bytes.
    """
    data = text.encode()
    strip = _MAGIC + len(data).to_bytes(4, "big") + data
    if len(strip) > width * height:
        raise ValueError(f"{len(strip)} bytes do not fit into {width} x {height} pixels")
    pixels = np.full(width * height, 255, np.uint8)
    pixels[: len(strip)] = np.frombuffer(strip, np.uint8)
    return pixels.reshape(height, width)


def _read(index: int, image: PageImage) -> Page:
    lines = []
    for row, text in enumerate(_hidden_text(image).splitlines()):
        if text.startswith("!wait "):
            time.sleep(float(text.removeprefix("!wait ")))
        elif text == "!die":
            os.kill(os.getpid(), signal.SIGKILL)
        else:
            lines.append(_line(text, row, image))
    blocks: tuple[Block, ...] = ()
    if lines:
        text = "\n".join(line.text for line in lines)
        blocks = (Block(text, Box.around(line.box for line in lines), 1.0, lines=tuple(lines)),)
    return Page(
        index=index,
        width=image.width,
        height=image.height,
        text=blocks[0].text if blocks else "",
        markdown=blocks[0].text if blocks else "",
        blocks=blocks,
        confidence=1.0 if blocks else 0.0,
        dpi=image.dpi,
    )


def _hidden_text(image: PageImage) -> str:
    grey = image.pixels if image.pixels.ndim == 2 else image.pixels[..., 0]
    strip = np.ascontiguousarray(grey).reshape(-1)
    start = len(_MAGIC) + 4
    if strip[: len(_MAGIC)].tobytes() != _MAGIC:
        return ""
    length = int.from_bytes(strip[len(_MAGIC) : start].tobytes(), "big")
    return strip[start : start + length].tobytes().decode("utf-8", "replace")


def _line(text: str, row: int, image: PageImage) -> Line:
    top, x, words = row * _LINE_HEIGHT, 0, []
    for word in text.split():
        words.append(Word(word, _box(x, top, len(word), image), 1.0))
        x += len(word) + 1
    return Line(text, _box(0, top, max(1, len(text)), image), 1.0, tuple(words))


def _box(column: int, top: int, characters: int, image: PageImage) -> Box:
    """A box of so many characters that lies inside the image whatever its size."""
    x0 = min(column * _CHARACTER_WIDTH, image.width - 1)
    y0 = min(top, image.height - 1)
    x1 = min(x0 + characters * _CHARACTER_WIDTH, image.width)
    return Box(x0, y0, x1, min(y0 + _LINE_HEIGHT, image.height))
