"""Read lines with a CTC net on OpenVINO."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13

from ocrchat.engines.cpu.ctc import decoded
from ocrchat.engines.cpu.line_reader import LineReading, PagePixels, Pixels, ReaderCard
from ocrchat.errors import ModelMissing
from ocrchat.imaging.quads import Quad
from ocrchat.imaging.strips import strip
from ocrchat.inference.host import has_int8
from ocrchat.inference.int8 import RangesFile, in_int8, ranges_in
from ocrchat.inference.session import Session, brought_to_one, model_of
from ocrchat.languages import Language

WIDTH_STEP = 64
"""Strips are padded to multiples of this, so that few shapes are ever seen."""


@dataclass(frozen=True, slots=True)
class Net:
    """A recognizer's file and what it wants.

    The net takes (1, channels, height, any multiple of 32) with values -1 to 1, colours in the order
    BGR, and gives (1, time, classes). `characters[n]` is class n, class 0 the blank. A time step is
    `step` pixels wide. Widths are multiplied by `squeeze`; what is padded on the right repeats the
    last column, or has the level `padding`. Of the classes only `kept` are computed, if given. It reads
    `languages` (our codes), or every language of its card's scripts where none is named. With `ranges`
    it multiplies in 8 bits on hosts that do so best.
    """

    card: ReaderCard
    file: Path
    characters: tuple[str, ...]
    height: int
    step: int
    channels: int = 1
    squeeze: float = 1.0
    padding: int | None = None
    kept: tuple[int, ...] | None = None
    languages: frozenset[str] = frozenset()
    ranges: RangesFile | None = None

    def reads(self, language: Language) -> bool:
        """Whether it was made for a language."""
        return language.code in (self.languages or {language.code}) and language.script in self.card.scripts


class CtcReader:
    """One net, any number of threads; single lines, since batches are no faster (25.4 for 24.1 ms).

    `int8` says whether to multiply in 8 bits what may be; usually as the host does it best.
    """

    def __init__(self, net: Net, threads: int, int8: bool | None = None) -> None:
        self._net = net
        self._characters = [net.characters[i] for i in net.kept] if net.kept else list(net.characters)
        model = model_of(net.file)
        classes = _logits(model).get_partial_shape()[-1]
        if classes.is_static and classes.get_length() != len(net.characters):
            text = f"{net.card.name} tells {classes} characters apart, {len(net.characters)} are named"
            raise ModelMissing(text)
        if net.ranges is not None and (has_int8() if int8 is None else int8):
            in_int8(model, ranges_in(net.ranges))
        graph = _with_best(model, net.kept, self._characters)
        self._session = Session(graph, threads, streams=threads)
        self.card = net.card

    def knows(self, language: Language) -> bool:
        """Whether it does not spoil lines in a language: those of other scripts it leaves alone."""
        return language.script not in self.card.scripts or self._net.reads(language)

    def read(self, page: PagePixels, quad: Quad) -> LineReading:
        """The line in the quad; light letters on dark ground are read as they are."""
        pixels, width = looked_at(self._net, page, quad)
        logits, chances, *spaces = self._session.run(brought_to_one(pixels))
        of_space = spaces[0][0, :, 0] if spaces else None
        best, steps = logits[0].argmax(axis=1), width / self._net.step
        return decoded(best, chances[0, :, 0], self._characters, steps, of_space)


def looked_at(net: Net, page: PagePixels, quad: Quad) -> tuple[Pixels, int]:
    """What a net sees of a line, uint8 (1, height, w, channels), and how many columns the line fills."""
    cut = strip(page.grey if net.channels == 1 else page.colour, quad, net.height, net.squeeze)
    width = cut.shape[1]
    border = cv2.BORDER_REPLICATE if net.padding is None else cv2.BORDER_CONSTANT
    padded = cv2.copyMakeBorder(cut, 0, 0, 0, -width % WIDTH_STEP, border, value=(net.padding or 0,) * 3)
    return np.asarray(padded, np.uint8).reshape(1, net.height, -1, net.channels), width


def _with_best(model: ov.Model, kept: Sequence[int] | None, characters: Sequence[str]) -> ov.Model:
    """The graph that gives logits (1, time, classes) and the likeliest class's probability (1, time, 1).

    The third output is the space's probability, where the net knows it. With `kept` the head has only
    those columns; `characters` are those that are left. Which class is likeliest is told outside: NumPy finds
    it in .03 ms for 304 steps of 698 classes, OpenVINO's TopK in .4.
    """
    logits = _logits(model)
    if kept is not None:
        _slice_head(logits.get_node(), np.array(kept))
        model.validate_nodes_and_infer_types()
    classes = opset13.constant(np.array([2]))
    spread = opset13.exp(opset13.subtract(logits, opset13.reduce_max(logits, classes, True)))
    mass = opset13.reduce_sum(spread, classes, True)
    chance = opset13.divide(opset13.constant(np.float32(1)), mass)
    results = [opset13.result(logits), opset13.result(chance.output(0))]
    if " " in characters:
        place = opset13.constant(np.array([characters.index(" ")]))
        space = opset13.gather(spread, place, opset13.constant(np.array(2)))
        results.append(opset13.result(opset13.divide(space, mass).output(0)))
    return ov.Model(results, model.get_parameters())


def _logits(model: ov.Model) -> ov.Output:
    """What the graph computes before its last softmax; its result where there is none at the end."""
    result = model.output(0).get_node().input_value(0)
    node = result.get_node()
    while node.get_type_name() == "Identity":
        node = node.input_value(0).get_node()
    return node.input_value(0) if node.get_type_name() == "Softmax" else result


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
