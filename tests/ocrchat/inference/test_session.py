from __future__ import annotations

import numpy as np
import openvino as ov
import pytest
from openvino import opset13

from ocrchat.inference.session import with_norms_in_steps

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
