"""Read lines with Tesseract's LSTM: one strip a line, settings by script."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ocrchat.engines.cpu.line_reader import NOTHING, LineReading, PagePixels, Pixels, ReaderCard, WordSpan
from ocrchat.engines.cpu.tesseract_handles import HandleKey, TesseractHandles
from ocrchat.imaging.ink import dark_on_light, paper_of
from ocrchat.imaging.quads import Quad
from ocrchat.imaging.strips import strip

SURE_FROM = 0.9
SINGLE_LINE = 7
RAW_LINE = 13


@dataclass(frozen=True, slots=True)
class StripSettings:
    """How a script's strips are cut: height and margin in pixels, Tesseract's mode, growth of the box."""

    height: int = 40
    margin: int = 8
    mode: int = SINGLE_LINE
    taller: float = 0.0


_RAW = StripSettings(height=48, margin=0, mode=RAW_LINE, taller=0.1)
SETTINGS = {"Arab": _RAW, "Mymr": _RAW}
"""Where the usual settings lose: measured on rendered pages of each script."""


class TesseractReader:
    """Tesseract 5 through tesserocr, which has no OpenMP and lets other threads run meanwhile."""

    def __init__(
        self,
        handles: TesseractHandles,
        folder: Path,
        models: str,
        script: str,
        scripts: frozenset[str] = frozenset(),
    ) -> None:
        """Reads with `models` joined by `+`; `script` settles how strips are cut; `scripts`: all it reads."""
        self._settings = SETTINGS.get(script, StripSettings())
        self._key = HandleKey(folder, models, self._settings.mode)
        self._handles = handles
        self.card = ReaderCard(f"tesseract-{models}", "5", scripts or frozenset({script}), SURE_FROM)

    def read(self, page: PagePixels, quad: Quad) -> LineReading:
        """The line in the quad."""
        settings = self._settings
        cut = dark_on_light(strip(page.grey, _taller(quad, settings.taller), settings.height))
        margin = settings.margin
        ready = cv2.copyMakeBorder(
            cut, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=paper_of(cut)
        )
        with self._handles.borrowed(self._key) as handle:
            return _reading(handle, np.asarray(ready, np.uint8), margin, cut.shape[1])


def _reading(handle: Any, image: Pixels, margin: int, width: int) -> LineReading:
    """What Tesseract makes of a strip; words' places are measured without the margin."""
    import tesserocr

    handle.SetImageBytes(image.tobytes(), image.shape[1], image.shape[0], 1, image.shape[1])
    handle.SetSourceResolution(300)
    # Of the calls that recognize, this one lets other threads run.
    whole = _spelled(" ".join((handle.GetUTF8Text() or "").split()))
    walk = handle.GetIterator()
    if not whole or walk is None:
        return NOTHING
    level, words = tesserocr.RIL.WORD, []
    while True:
        text = "" if walk.Empty(level) else (walk.GetUTF8Text(level) or "").strip()
        if text:
            x0, _, x1, _ = walk.BoundingBox(level)
            start, end = (min(max((x - margin) / width, 0.0), 1.0) for x in (x0, x1))
            sure = min(max(walk.Confidence(level) / 100, 0.0), 1.0)
            words.append(WordSpan(_spelled(text), start, max(start, end), sure))
        if not walk.Next(level):
            break
    letters = sum(len(word.text) for word in words)
    confidence = sum(word.confidence * len(word.text) for word in words) / max(1, letters)
    return LineReading(whole, confidence, _in_logical_order(whole, words))


def _spelled(text: str) -> str:
    """NFC, with the Greek letter where Tesseract's Greek model writes the micro sign."""
    return unicodedata.normalize("NFC", text.replace("\u00b5", "\u03bc"))


def _in_logical_order(whole: str, words: list[WordSpan]) -> tuple[WordSpan, ...]:
    """The words spelled as in the line: alone, those of right-to-left scripts come in the order seen."""
    spelled = whole.split()
    if len(spelled) != len(words):
        return tuple(words)
    return tuple(replace(word, text=text) for word, text in zip(words, spelled, strict=True))


def _taller(quad: Quad, share: float) -> Quad:
    """The quad with its height grown by a share, half of it above and half below."""
    if not share:
        return quad
    down = (quad[3] - quad[0] + quad[2] - quad[1]) * (share / 4)
    return np.asarray(quad + np.stack([-down, -down, down, down]), np.float32)
