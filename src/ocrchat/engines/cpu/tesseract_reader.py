"""Read lines with Tesseract's LSTM: one strip a line, settings by script."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ocrchat.engines.cpu.line_reader import NOTHING, LineReading, PagePixels, Pixels, ReaderCard, WordSpan
from ocrchat.engines.cpu.spelling import spelled
from ocrchat.engines.cpu.tesseract_handles import HandleKey, TesseractHandles
from ocrchat.engines.cpu.tesseract_strips import StripSettings, settings_of, strip_of
from ocrchat.imaging.ink import paper_of
from ocrchat.imaging.quads import Quad

SURE_FROM = 0.9
INK = 60
"""Levels by which a column of a strip must be darker than the paper to hold ink."""
LEAST_REACH = 0.9
"""Share of a line's ink, from left to right, that its words must span to be all of it."""


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
        self._settings = settings_of(script)
        self._folder, self._models = folder, models
        self._handles = handles
        self.card = ReaderCard(f"tesseract-{models}", "5", scripts or frozenset({script}), SURE_FROM)

    def read(self, page: PagePixels, quad: Quad) -> LineReading:
        """The line in the quad; one in doubt, or with words missing, is tried in the other mode too."""
        reading, reach = self._attempt(page, quad, self._settings)
        if reading.confidence >= SURE_FROM and reach >= LEAST_REACH:
            return reading
        other, further = self._attempt(page, quad, self._settings.otherwise)
        return other if other.confidence * further > reading.confidence * reach else reading

    def _attempt(self, page: PagePixels, quad: Quad, how: StripSettings) -> tuple[LineReading, float]:
        """A reading and the share of the line's ink that its words span, 0 to 1."""
        cut = strip_of(page.grey, quad, how)
        margin, paper = how.margin, paper_of(cut)
        ready = cv2.copyMakeBorder(cut, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=paper)
        with self._handles.borrowed(HandleKey(self._folder, self._models, how.mode)) as handle:
            reading = _reading(handle, self._models, np.asarray(ready, np.uint8), margin)
        inked = np.flatnonzero(cut.min(axis=0) < paper - INK)
        if not reading.words or inked.size == 0:
            return reading, 0.0
        spanned = max(word.end for word in reading.words) - min(word.start for word in reading.words)
        return reading, min(1.0, spanned * cut.shape[1] / float(inked[-1] - inked[0] + 1))


def _reading(handle: Any, models: str, image: Pixels, margin: int) -> LineReading:
    """What Tesseract makes of a strip; words' places are measured without the margin."""
    import tesserocr

    width = image.shape[1] - 2 * margin
    handle.SetImageBytes(image.tobytes(), image.shape[1], image.shape[0], 1, image.shape[1])
    handle.SetSourceResolution(300)
    # Of the calls that recognize, this one lets other threads run.
    whole = spelled(" ".join((handle.GetUTF8Text() or "").split()), models)
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
            words.append(WordSpan(spelled(text, models), start, max(start, end), sure, sure))
        if not walk.Next(level):
            break
    letters = sum(len(word.text) for word in words)
    confidence = sum(word.confidence * len(word.text) for word in words) / max(1, letters)
    return LineReading(whole, confidence, _in_logical_order(whole, words))


def _in_logical_order(whole: str, words: list[WordSpan]) -> tuple[WordSpan, ...]:
    """The words spelled as in the line: alone, those of right-to-left scripts come in the order seen."""
    spelled = whole.split()
    if len(spelled) != len(words):
        return tuple(words)
    return tuple(replace(word, text=text) for word, text in zip(words, spelled, strict=True))
