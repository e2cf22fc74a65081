"""Find the lines of a page with PP-OCRv6's detector."""

from __future__ import annotations

import numpy as np
import openvino as ov
from openvino import opset13

from ocrchat.engines.cpu.line_reader import PagePixels, Pixels
from ocrchat.engines.cpu.text_map import quads_in
from ocrchat.imaging.ink import InkMarks, marks_of, survey_of
from ocrchat.imaging.quads import Quad
from ocrchat.imaging.scale import fitted
from ocrchat.inference.session import Session, model_of, with_pixels
from ocrchat.inference.weights import Weights, checked
from ocrchat.model import Box

DETECTOR = Weights(
    "PP-OCRv6_det_small",
    "rapidocr",
    "models/PP-OCRv6_det_small.onnx",
    "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
)
LONG_SIDE = 1280
"""Pixels of a page whose letters cannot be judged beforehand; receipts gain up to here and no further."""
LETTER = 8.0
"""Pixels that a usual letter of a plain page is scaled to: same lines as at 1280 in under half the time."""
LEAST_LETTERS, LEAST_REGULAR = 150, 0.9
"""A page is plain print from so many letters, and so much of its ink in marks like letters."""
LONGEST, MOST_ENLARGED = 1600, 2.0


class Detector:
    """PP-OCRv6 det_small (Apache-2.0), 21 GFLOP a megapixel; one page at a time on all threads.

    Not in 8 bits: that saves a quarter of its time, and the boxes it then draws cost .03 % of the letters of
    lightly damaged pages and .3 % of heavily damaged ones.
    """

    def __init__(self, threads: int) -> None:
        self._session = Session(_without_sigmoid(model_of(checked(DETECTOR))), threads)

    def lines(self, page: PagePixels, marks: InkMarks | None = None) -> list[Quad]:
        """Where lines, or pieces of lines, stand on a page; in no order.

        Plain print is looked at without its margins and as small as its letters allow. `marks` are the
        page's, where somebody knows them already.
        """
        area, long_side = _view(page.grey, marks or marks_of(page.grey))
        part = page.colour[area.y0 : area.y1, area.x0 : area.x1]
        small = fitted(part, long_side, MOST_ENLARGED)
        (logits,) = self._session.run(small[None])
        scale = part.shape[1] / small.shape[1], part.shape[0] / small.shape[0]
        corner = np.array([area.x0, area.y0], np.float32)
        return [quad + corner for quad in quads_in(logits[0, 0], scale)]

    def lines_at(self, part: Pixels, scale: float) -> list[Quad]:
        """The same in a part of a page, BGR (h, w, 3), looked at so many times as large as it is."""
        looked_at = fitted(part, round(max(part.shape) * scale), max(scale, 1.0))
        (logits,) = self._session.run(looked_at[None])
        back = part.shape[1] / looked_at.shape[1], part.shape[0] / looked_at.shape[0]
        return quads_in(logits[0, 0], back)


def _view(grey: Pixels, marks: InkMarks) -> tuple[Box, int]:
    """The part of a page to look at and the long side to bring it to."""
    height, width = grey.shape
    whole = Box(0, 0, width, height)
    ink = survey_of(marks, (width, height))
    if ink is None or ink.letters < LEAST_LETTERS or ink.regular < LEAST_REGULAR:
        return whole, min(LONG_SIDE, max(height, width))
    margin = int(2 * ink.letter)
    extent = ink.extent
    area = Box(extent.x0 - margin, extent.y0 - margin, extent.x1 + margin, extent.y1 + margin)
    area = area.clipped(width, height)
    return area, min(LONGEST, round(max(area.width, area.height) * LETTER / ink.letter))


def _without_sigmoid(model: ov.Model) -> ov.Model:
    """The graph that takes pixels and gives logits: thresholds are set on those, the sigmoid is saved."""
    last = model.output(0).get_node().input_value(0).get_node()
    logits = last.input_value(0) if last.get_type_name() == "Sigmoid" else None
    if logits is None:
        raise RuntimeError("the detector's graph does not end in a sigmoid")
    return with_pixels(ov.Model([opset13.result(logits)], model.get_parameters()), 3)
