from __future__ import annotations

from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from openvino import opset13

from ocrchat.engines.cpu.nets import RANGES, RECOGNIZER
from ocrchat.errors import ModelMissing
from ocrchat.inference.host import has_int8
from ocrchat.inference.int8 import RangesFile, in_int8, products_of, ranges_in, with_exact_zero
from ocrchat.inference.session import model_of
from ocrchat.inference.weights import checked


def sharpening() -> ov.Model:
    """Two convolutions of one channel, `first` and `second`, that each multiply by a matrix of 3 x 3."""
    kernel = np.array([[[[-0.1, -0.2, -0.1], [-0.2, 2.3, -0.2], [-0.1, -0.2, -0.1]]]], np.float32)
    flow = image = opset13.parameter([1, 1, 16, 16], np.float32)
    for name in ("first", "second"):
        flow = opset13.convolution(flow, opset13.constant(kernel), [1, 1], [1, 1], [1, 1], [1, 1])
        flow.set_friendly_name(name)
    return ov.Model([opset13.result(flow)], [image])


def answer(model: ov.Model) -> np.ndarray:
    image = np.random.default_rng(3).uniform(-1, 1, (1, 1, 16, 16)).astype(np.float32)
    return np.array(ov.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([image])[0])


def test_a_net_in_8_bits_answers_nearly_the_same() -> None:
    exact = answer(sharpening())
    rounded = answer(in_int8(sharpening(), {"first": (-1.0, 1.0), "second": (-4.0, 4.0)}))
    assert 0 < np.abs(rounded - exact).max() < 0.2


def test_only_the_named_convolutions_are_rounded() -> None:
    model = in_int8(sharpening(), {"second": (-4.0, 4.0)})
    behind = {node.get_friendly_name(): node.input_value(0).get_node() for node in products_of(model)}
    assert behind["first"].get_type_name() == "Parameter"
    assert behind["second"].get_type_name() == "FakeQuantize"


def test_a_convolution_that_is_not_there_is_named() -> None:
    with pytest.raises(RuntimeError, match="third"):
        in_int8(sharpening(), {"third": (0.0, 1.0)})


@pytest.mark.parametrize("span", [(-1.0, 2.0), (-0.17, 3.0), (0.0, 5.0), (0.5, 1.0), (-7.0, 0.0)])
def test_zero_is_one_of_the_steps_of_every_span(span: tuple[float, float]) -> None:
    low, high = with_exact_zero(span)
    steps = -low / ((high - low) / 255)
    assert steps == pytest.approx(round(steps), abs=1e-6)
    assert high - low == pytest.approx(max(span[1], 1e-6) - min(span[0], 0.0))


def test_the_ranges_fit_the_recognizer_that_is_installed() -> None:
    spans = ranges_in(RANGES)
    assert all(low <= 0 < high for low, high in spans.values())
    assert spans.keys() <= {node.get_friendly_name() for node in products_of(model_of(checked(RECOGNIZER)))}


def test_ranges_of_other_weights_are_refused() -> None:
    with pytest.raises(ModelMissing, match="other weights"):
        ranges_in(RangesFile(RANGES.file, "1" * 64))


@pytest.mark.parametrize("record", ["", "{}", "[1]", '{"weights": "", "spans": {"Conv.1": [0]}}'])
def test_a_record_that_is_none_is_refused(tmp_path: Path, record: str) -> None:
    (tmp_path / "ranges.json").write_text(record)
    with pytest.raises(ModelMissing, match="cannot be used"):
        ranges_in(RangesFile(tmp_path / "ranges.json", ""))


@pytest.mark.skipif(not has_int8(), reason="without VNNI sums of 8-bit products overflow")
def test_matrices_are_rounded_as_well_as_convolutions() -> None:
    rows = opset13.parameter([1, -1, 24], np.float32)
    matrix = np.random.default_rng(1).normal(size=(24, 8)).astype(np.float32)
    product = opset13.matmul(rows, opset13.constant(matrix), False, False)
    product.set_friendly_name("product")
    model = ov.Model([opset13.result(product)], [rows])
    seen = np.random.default_rng(2).uniform(-1, 1, (1, 5, 24)).astype(np.float32)
    in_int8(model, {"product": (-1.0, 1.0)})
    found = ov.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([seen])[0]
    assert 0 < np.abs(np.array(found) - seen @ matrix).max() < 0.2
