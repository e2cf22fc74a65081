"""Read lines with PP-OCRv6's recognizer: Latin with a small head, Chinese and Japanese with all of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import cv2
import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13

from ocrchat.engines.cpu.ctc import decoded
from ocrchat.engines.cpu.line_reader import LineReading, PagePixels, ReaderCard
from ocrchat.imaging.quads import Quad
from ocrchat.imaging.strips import strip
from ocrchat.inference.session import Session, model_of, with_pixels
from ocrchat.inference.weights import Weights, checked

RECOGNIZER = Weights(
    "PP-OCRv6_rec_small",
    "rapidocr",
    "models/PP-OCRv6_rec_small.onnx",
    "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
)
HEIGHT = 48
STEP = 8
"""Pixels of a strip that a time step stands for."""
WIDTH_STEP = 64
"""Strips are padded to multiples of this, so that few shapes are ever seen."""
GREY = 127

LATIN_SQUEEZE = 0.9
"""Free on Latin print (.8 is still fine, .7 costs receipts); Han needs its full width."""


class PPReader:
    """PP-OCRv6 rec_small (Apache-2.0), 6.8 GFLOP per 1000 px of line, a third of it the full head."""

    def __init__(self, threads: int, *, latin: bool) -> None:
        model = model_of(checked(RECOGNIZER))
        characters = _characters(model)
        kept = [i for i, c in enumerate(characters) if is_latin_print(c)] if latin else None
        self._characters = [characters[i] for i in kept] if kept else characters
        self._squeeze = LATIN_SQUEEZE if latin else 1.0
        self._session = Session(_with_best(model, kept), threads, streams=threads)
        scripts = {"Latn"} if latin else {"Latn", "Hans", "Hant", "Jpan"}
        self.card = ReaderCard(RECOGNIZER.name, "6", frozenset(scripts))

    def read(self, page: PagePixels, quad: Quad) -> LineReading:
        """The line in the quad; light letters on dark ground are read as they are."""
        cut = strip(page.colour, quad, HEIGHT, self._squeeze)
        width = cut.shape[1]
        padding = -width % WIDTH_STEP
        padded = cv2.copyMakeBorder(cut, 0, 0, 0, padding, cv2.BORDER_CONSTANT, value=(GREY,) * 3)
        best, chances = self._session.run(np.asarray(padded, np.uint8)[None])
        return decoded(best[0, :, 0], chances[0, :, 0], self._characters, width / STEP)


def is_latin_print(character: str) -> bool:
    """Whether the small head keeps a character: the blank, Latin, Greek letters, punctuation, symbols."""
    if character == "":
        return True
    if len(character) > 1:
        return False
    code = ord(character)
    ranges = ((0x20, 0x250), (0x391, 0x3CA), (0x1E00, 0x1F00), (0x2010, 0x2045), (0x2200, 0x2300))
    if any(low <= code < high for low, high in ranges):
        return True
    return character in "€™←↑→↓●■□✓☐☑☒★☆①②③④⑤⑥⑦⑧⑨⑩" or unicodedata.category(character) == "Sc"


def _characters(model: ov.Model) -> list[str]:
    """Class -> character: the blank, the dictionary inside the model file, the space."""
    return ["", *str(_value(model.get_rt_info(["framework", "character"]))).split("\n"), " "]


def _value(entry: object) -> object:
    return getattr(entry, "value", entry)


def _with_best(model: ov.Model, kept: Sequence[int] | None) -> ov.Model:
    """The graph that gives the likeliest class (1, time, 1) and its probability in place of all of them.

    With `kept` the head has only those columns: that takes a third off a line's time.
    """
    logits = _before(model.output(0).get_node(), "Softmax")
    if kept is not None:
        _slice_head(logits.get_node(), np.array(kept))
        model.validate_nodes_and_infer_types()
    top = opset13.topk(logits, opset13.constant(np.int32(1)), 2, "max", "none", "i32")
    spread = opset13.exp(opset13.subtract(logits, top.output(0)))
    chance = opset13.divide(
        opset13.constant(np.float32(1)), opset13.reduce_sum(spread, opset13.constant(np.array([2])), True)
    )
    results = [opset13.result(top.output(1)), opset13.result(chance.output(0))]
    return with_pixels(ov.Model(results, model.get_parameters()), 127.5, 127.5)


def _before(node: ov.Node, kind: str) -> ov.Output:
    """What flows into the last node of a kind, going up from `node` by first inputs."""
    while node.get_type_name() != kind:
        node = node.input_value(0).get_node()
    return node.input_value(0)


def _slice_head(node: ov.Node, kept: NDArray[np.int64]) -> None:
    """Keep only some columns of the weights and biases that make the logits."""
    sliced = 0
    while sliced < 2:
        if node.get_type_name() in {"Add", "MatMul"}:
            weights = node.input_value(1).get_node()
            columns = np.ascontiguousarray(weights.get_data()[..., kept])
            node.input(1).replace_source_output(opset13.constant(columns).output(0))
            sliced += 1
        node = node.input_value(0).get_node()
