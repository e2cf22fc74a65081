"""Let a graph's convolutions and matrices multiply in 8 bits, from recorded ranges of what flows in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13

from ocrchat.errors import ModelMissing

STEPS = 255
"""Steps between the least and the greatest value of 8 bits."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class RangesFile:
    """The record of a net's ranges: the file, and the SHA-256 of the weights that it must be about."""

    file: Path
    weights: str


def ranges_in(record: RangesFile) -> Mapping[str, Span]:
    """The usual least and greatest input of each product that may be 8 bits, by its node's name.

    The JSON file has `weights`, the SHA-256 of the net's file, and `spans`. Raises ModelMissing when it is
    about another net, or no such record.
    """
    try:
        found = json.loads(record.file.read_text("utf-8"))
        spans = {name: (float(low), float(high)) for name, (low, high) in found["spans"].items()}
        weights = found["weights"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelMissing(f"the ranges in {record.file.name} cannot be used: {error}") from error
    if weights != record.weights:
        raise ModelMissing(f"the ranges in {record.file.name} are about other weights")
    return spans


def in_int8(model: ov.Model, spans: Mapping[str, Span]) -> ov.Model:
    """The same graph, changed in place, whose named products take 8-bit inputs and weights.

    Inputs are cut to their span and rounded to 256 steps between its ends, weights to 255 steps for each
    output channel (Jacob et al., CVPR 2018). Raises RuntimeError for a name that the graph has not.
    """
    found = {node.get_friendly_name(): node for node in products_of(model)}
    missing = sorted(spans.keys() - found.keys())
    if missing:
        raise RuntimeError(f"the graph has no product {missing[0]}")
    for name, span in spans.items():
        node = found[name]
        node.input(0).replace_source_output(_rounded(node.input_value(0), *with_exact_zero(span)))
        node.input(1).replace_source_output(_rounded_weights(_weights_of(node), _summed(node)))
    model.validate_nodes_and_infer_types()
    return model


def products_of(model: ov.Model) -> list[ov.Node]:
    """A graph's convolutions over all channels and products with constant matrices, in their order."""
    return [
        node
        for node in model.get_ordered_ops()
        if node.get_type_name() == "Convolution"
        or (node.get_type_name() == "MatMul" and _origin(node).get_type_name() == "Constant")
    ]


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


def _rounded_weights(weights: NDArray[np.float32], summed: tuple[int, ...]) -> ov.Output:
    """Weights in steps of their own for each output channel; `summed` are the axes within one."""
    most = np.maximum(np.abs(weights).max(axis=summed, keepdims=True), 1e-8)
    ends = [opset13.constant(end) for end in (-most, most)]
    return opset13.fake_quantize(opset13.constant(weights), *ends, *ends, STEPS).output(0)


def _weights_of(node: ov.Node) -> NDArray[np.float32]:
    """A product's weights, as the node takes them."""
    return np.array(_origin(node).get_data(), np.float32)


def _summed(node: ov.Node) -> tuple[int, ...]:
    """The axes of the weights that are summed over: of (out, in, ...) all but one, of (in, out) one."""
    if node.get_type_name() == "MatMul":
        return (1,) if node.get_attributes()["transpose_b"] else (0,)
    return tuple(range(1, node.input_value(1).get_partial_shape().rank.get_length()))


def _origin(node: ov.Node) -> ov.Node:
    """What a product's weights come from, behind copies and conversions."""
    source = node.input_value(1).get_node()
    while source.get_type_name() in {"Identity", "Convert"}:
        source = source.input_value(0).get_node()
    return source
