"""Write a trained net as files that an engine reads: ONNX, OpenVINO, int8, and its characters."""

from __future__ import annotations

import logging
import statistics
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import nncf
import numpy as np
import openvino
import torch
from numpy.typing import NDArray

from training.charset import Charset
from training.evaluate import Reader, padded
from training.lines import HEIGHT, Line
from training.net import Net

ONNX, HALF, INT8 = "net.onnx", "net.xml", "net-int8.xml"
"""The same net with float32 weights, with float16 weights, and in int8."""

CHARSET = "charset.txt"


def export(net: Net, charset: Charset, folder: Path, calibration: Sequence[Line]) -> None:
    """Write the net three times, and its characters.

    Each takes float32 N x 1 x HEIGHT x W, -1 black to 1 white, and gives logits N x W/STEP x classes.
    In int8 the first convolution and the head stay float: with them the error rate grew in the trial.
    The calibration lines set the ranges of int8; some 170 of the training kind will do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    net = net.eval()
    net.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net, (torch.zeros((1, 1, HEIGHT, 320)),), str(folder / ONNX), dynamo=False, opset_version=17,
            input_names=["pictures"], output_names=["logits"],
            dynamic_axes={"pictures": {3: "width"}, "logits": {1: "steps"}},
        )  # fmt: skip
    openvino.save_model(_read(folder / ONNX), folder / HALF, compress_to_fp16=True)
    openvino.save_model(_int8(_read(folder / ONNX), calibration), folder / INT8)
    charset.save(folder / CHARSET)


def openvino_reader(model: Path, charset: Charset, precision: str = "f32") -> Reader:
    """A reader by an exported model on one thread; precision is f32 or bf16."""
    request = _compiled(model, precision).create_infer_request()

    def read(picture: NDArray[np.uint8]) -> str:
        request.infer([_scaled(padded(picture))])
        return charset.text(request.get_output_tensor(0).data[0].argmax(1).tolist())

    return read


def milliseconds(model: Path, precision: str = "f32", columns: int = 1024, repeats: int = 30) -> float:
    """Of 30 times of a line of 1024 columns on one thread the third shortest, for 1000 columns."""
    request = _compiled(model, precision).create_infer_request()
    picture = _scaled(np.random.default_rng(0).integers(0, 255, (HEIGHT, columns), np.uint8))
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        request.infer([picture])
        times.append(time.perf_counter() - begun)
    return round(1e6 * statistics.quantiles(times, n=10)[0] / columns, 2)


def _scaled(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    return (picture[None, None] / np.float32(127.5) - 1).astype(np.float32)


def _read(path: Path) -> openvino.Model:
    model = openvino.Core().read_model(path)
    model.reshape([1, 1, HEIGHT, -1])
    return model


def _compiled(model: Path, precision: str) -> openvino.CompiledModel:
    settings: dict[str, Any] = {
        "INFERENCE_PRECISION_HINT": precision,
        "INFERENCE_NUM_THREADS": 1,
        "NUM_STREAMS": 1,
    }
    return openvino.Core().compile_model(_read(model), "CPU", settings)


def _int8(model: openvino.Model, calibration: Sequence[Line]) -> openvino.Model:
    nncf.set_log_level(logging.ERROR)
    products = [op for op in model.get_ordered_ops() if op.get_type_name() in {"Convolution", "MatMul"}]
    kept = [products[0].get_friendly_name(), products[-1].get_friendly_name()]
    pictures = [_scaled(padded(line.picture)) for line in calibration]
    quantized = nncf.quantize(
        model,
        nncf.Dataset(pictures),
        subset_size=len(pictures),
        preset=nncf.QuantizationPreset.MIXED,
        ignored_scope=nncf.IgnoredScope(names=kept),
    )
    return cast(openvino.Model, quantized)
