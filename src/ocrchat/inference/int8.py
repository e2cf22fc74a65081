"""Let a graph's convolutions multiply in 8 bits, from recorded ranges of what flows into them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13

from ocrchat.errors import ModelMissing
from ocrchat.inference.weights import Weights, checked

STEPS = 255
"""Steps between the least and the greatest value of 8 bits."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class RangesFile:
    """The record of a net's ranges inside this package: its path there, and the SHA-256 it must have."""

    net: Weights
    path: str
    sha256: str


def ranges_in(file: RangesFile) -> Mapping[str, Span]:
    """The usual least and greatest input of each convolution that may be 8 bits, by its node's name.

    The JSON file has `weights`, the SHA-256 of the net's file, and `spans`. Raises ModelMissing when it is
    not the file it should be, or is about another net.
    """
    own = Weights(f"the ranges of {file.net.name}", __package__.partition(".")[0], file.path, file.sha256)
    record = json.loads(checked(own).read_text("utf-8"))
    if record["weights"] != file.net.sha256:
        raise ModelMissing(f"{own.name}: {file.path} is about other weights")
    return {name: (low, high) for name, (low, high) in record["spans"].items()}


def in_int8(model: ov.Model, spans: Mapping[str, Span]) -> ov.Model:
    """The same graph, changed in place, whose named convolutions take 8-bit inputs and weights.

    Inputs are cut to their span and rounded to 256 steps between its ends, weights to 255 steps for each
    output channel (Jacob et al., CVPR 2018). Raises RuntimeError for a name that the graph has not.
    """
    found = {node.get_friendly_name(): node for node in convolutions_of(model)}
    missing = sorted(spans.keys() - found.keys())
    if missing:
        raise RuntimeError(f"the graph has no convolution {missing[0]}")
    for name, span in spans.items():
        node = found[name]
        node.input(0).replace_source_output(_rounded(node.input_value(0), *with_exact_zero(span)))
        node.input(1).replace_source_output(_rounded_weights(_weights_of(node)))
    model.validate_nodes_and_infer_types()
    return model


def convolutions_of(model: ov.Model) -> list[ov.Node]:
    """The convolutions over all channels of a graph, in the order they are computed."""
    return [node for node in model.get_ordered_ops() if node.get_type_name() == "Convolution"]


def with_exact_zero(span: Span) -> Span:
    """The span moved a little, so that 0 is one of its 256 values: padding and ReLU give many zeros."""
    low, high = min(span[0], 0.0), max(span[1], 1e-6)
    step = (high - low) / STEPS
    below = round(-low / step)
    return -below * step, (STEPS - below) * step


def _rounded(source: ov.Output, low: float, high: float) -> ov.Output:
    rank = source.get_partial_shape().rank.get_length()
    ends = [opset13.constant(np.full((1,) * rank, end, np.float32)) for end in (low, high)]
    return opset13.fake_quantize(source, *ends, *ends, STEPS + 1).output(0)


def _rounded_weights(weights: NDArray[np.float32]) -> ov.Output:
    """Weights (out, in, height, width) in steps of their own for each output channel."""
    most = np.maximum(np.abs(weights).max(axis=(1, 2, 3), keepdims=True), 1e-8)
    ends = [opset13.constant(end) for end in (-most, most)]
    return opset13.fake_quantize(opset13.constant(weights), *ends, *ends, STEPS).output(0)


def _weights_of(node: ov.Node) -> NDArray[np.float32]:
    """A convolution's weights, behind copies and conversions."""
    source = node.input_value(1).get_node()
    while source.get_type_name() in {"Identity", "Convert"}:
        source = source.input_value(0).get_node()
    return np.array(source.get_data(), np.float32)
