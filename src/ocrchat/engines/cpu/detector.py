"""Find the lines of a page with PP-OCRv6's detector."""

from __future__ import annotations

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13

from ocrchat.engines.cpu.text_map import quads_in
from ocrchat.imaging.quads import Quad
from ocrchat.imaging.scale import bgr_of, fitted
from ocrchat.inference.session import Session, model_of, with_pixels
from ocrchat.inference.weights import Weights, checked

DETECTOR = Weights(
    "PP-OCRv6_det_small",
    "rapidocr",
    "models/PP-OCRv6_det_small.onnx",
    "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
)
LONG_SIDE = 1280
"""Pixels; receipts gain up to here and no further, time grows with the square."""


class Detector:
    """PP-OCRv6 det_small (Apache-2.0), 21 GFLOP a megapixel; one page at a time on all threads."""

    def __init__(self, threads: int) -> None:
        self._session = Session(_without_sigmoid(model_of(checked(DETECTOR))), threads)

    def lines(self, pixels: NDArray[np.uint8]) -> list[Quad]:
        """Where lines, or pieces of lines, stand on a grey or RGB page; in no order."""
        small = bgr_of(fitted(pixels, LONG_SIDE))
        (logits,) = self._session.run(small[None])
        scale = pixels.shape[1] / small.shape[1], pixels.shape[0] / small.shape[0]
        return quads_in(logits[0, 0], scale)


def _without_sigmoid(model: ov.Model) -> ov.Model:
    """The graph that takes pixels and gives logits: thresholds are set on those, the sigmoid is saved."""
    last = model.output(0).get_node().input_value(0).get_node()
    logits = last.input_value(0) if last.get_type_name() == "Sigmoid" else None
    if logits is None:
        raise RuntimeError("the detector's graph does not end in a sigmoid")
    return with_pixels(ov.Model([opset13.result(logits)], model.get_parameters()), 3)
