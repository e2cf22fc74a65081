"""Guess the script of lines from what PP-OCRv6 sees in them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

import cv2
import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13

from ocrchat.engines.cpu.line_reader import PagePixels
from ocrchat.engines.cpu.lines_of_page import LinesOfPage
from ocrchat.engines.cpu.nets import RECOGNIZER
from ocrchat.imaging.quads import Quad, part_of, size_of
from ocrchat.imaging.strips import strip
from ocrchat.inference.session import Session, model_of, with_pixels
from ocrchat.inference.weights import checked

HEIGHT, WIDEST, NARROWEST, GREY = 48, 448, 96, 127
"""Pixels of the piece that is looked at, from the middle of a line."""
WEIGHTS = "script_probe.npz"


class Features:
    """What PP-OCRv6's recognizer sees in a line before it names characters: 240 numbers; 25 ms in f32."""

    def __init__(self, threads: int) -> None:
        self._session = Session(_features(model_of(checked(RECOGNIZER))), threads, streams=threads)

    def of(self, page: PagePixels, quad: Quad) -> NDArray[np.float32]:
        """The features (240,) of the middle of a line."""
        return np.array(self._session.run(piece(page.colour, quad)[None])[0][0])


class ScriptProbe:
    """A linear classifier over those features, which tell scripts that the recognizer cannot read.

    Trained on drawn pages by `benchmarks/engine_script_probe.py`.
    """

    def __init__(self, threads: int) -> None:
        self._features = Features(threads)
        with np.load(str(files(__package__) / WEIGHTS)) as stored:
            self.scripts: tuple[str, ...] = tuple(str(name) for name in stored["scripts"])
            self._weights = stored["weights"].astype(np.float32)
            self._bias = stored["bias"].astype(np.float32)

    def chances(self, lines: LinesOfPage, which: Sequence[int]) -> dict[str, float]:
        """Script (ISO 15924) -> probability, from all those lines together; empty where none is wide enough.

        Each line is looked at once: what was seen is kept with the lines.
        """
        for index in which:
            quad = lines.quads[index]
            if index not in lines.script_scores and _is_wide_enough(quad):
                lines.script_scores[index] = self._scores(lines.pixels, quad)
        scores = [lines.script_scores[index] for index in which if index in lines.script_scores]
        if not scores:
            return {}
        mean = np.mean(scores, axis=0)
        chances = np.exp(mean - mean.max())
        return dict(zip(self.scripts, (chances / chances.sum()).tolist(), strict=True))

    def _scores(self, page: PagePixels, quad: Quad) -> NDArray[np.float32]:
        """The logarithm of each script's probability for one line."""
        scores = self._features.of(page, quad) @ self._weights + self._bias
        scores = scores - scores.max()
        return np.asarray(scores - np.log(np.exp(scores).sum()), np.float32)


def piece(colour: NDArray[np.uint8], quad: Quad) -> NDArray[np.uint8]:
    """The middle of a line as the probe wants it: (48, a multiple of 64, 3)."""
    wide, high = size_of(quad)
    share = min(1.0, WIDEST * high / (wide * HEIGHT))
    cut = strip(colour, part_of(quad, 0.5 - share / 2, 0.5 + share / 2), HEIGHT)
    cut = cut[:, : max(32, cut.shape[1] // 32 * 32)]
    missing = -cut.shape[1] % 64
    return np.asarray(
        cv2.copyMakeBorder(cut, 0, 0, 0, missing, cv2.BORDER_CONSTANT, value=(GREY,) * 3), np.uint8
    )


def _is_wide_enough(quad: Quad) -> bool:
    wide, high = size_of(quad)
    return wide * HEIGHT >= NARROWEST * high


def _features(model: ov.Model) -> ov.Model:
    """The graph up to the head's input (1, time, 120), pooled to (1, 240)."""
    node = model.output(0).get_node()
    while node.get_type_name() != "MatMul":
        node = node.input_value(0).get_node()
    seen, along = node.input_value(0), opset13.constant(np.array([1]))
    pooled = opset13.concat(
        [opset13.reduce_mean(seen, along, False), opset13.reduce_max(seen, along, False)], 1
    )
    return with_pixels(ov.Model([opset13.result(pooled)], model.get_parameters()), 3)
