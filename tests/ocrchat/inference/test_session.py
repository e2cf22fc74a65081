from __future__ import annotations

import numpy as np
import openvino as ov
import pytest
from openvino import opset13

from ocrchat.inference.session import KERNELS_KEPT, Session, with_norms_in_steps

ROW = 120
"""Channels of PP-OCRv6's norms: 8 times an odd number."""


def norm() -> ov.Model:
    """A layer norm as ONNX files have it: (x - mean) / sqrt(mean of squares + a little)."""
    rows, along = opset13.parameter([1, -1, ROW], np.float32), opset13.constant(np.array([-1]))
    rest = opset13.subtract(rows, opset13.reduce_mean(rows, along, True))
    squares = opset13.power(rest, opset13.constant(np.float32(2)))
    spread = opset13.add(opset13.reduce_mean(squares, along, True), opset13.constant(np.float32(1e-5)))
    return ov.Model([opset13.result(opset13.divide(rest, opset13.sqrt(spread)))], [rows])


def test_norms_in_steps_are_norms() -> None:
    rows = np.random.default_rng(5).normal(3, 2, (1, 40, ROW)).astype(np.float32)
    model = with_norms_in_steps(norm())
    found = ov.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([rows])[0]
    wanted = (rows - rows.mean(-1, keepdims=True)) / rows.std(-1, keepdims=True)
    assert np.array(found) == pytest.approx(wanted, abs=1e-4)


def test_a_session_answers_the_same_after_more_shapes_than_it_keeps_kernels_for() -> None:
    image = opset13.parameter([1, -1, -1, 3], np.uint8)
    numbers = opset13.convert(image, "f32")
    weights = np.random.default_rng(5).normal(0, 1, (4, 3, 3, 3)).astype(np.float32)
    rows = opset13.transpose(numbers, opset13.constant(np.array([0, 3, 1, 2])))
    ones = [1, 1]
    summed = opset13.convolution(rows, opset13.constant(weights), ones, ones, ones, ones)
    session = Session(ov.Model([opset13.result(summed)], [image]), threads=1)
    first = np.random.default_rng(6).integers(0, 256, (1, 5, 7, 3)).astype(np.uint8)
    before = session.run(first)[0].copy()
    for width in range(KERNELS_KEPT + 10):
        session.run(np.zeros((1, 3, 3 + width, 3), np.uint8))
    assert (session.run(first)[0] == before).all()
