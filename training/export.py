"""Write a trained net as the files that the engine reads: OpenVINO models, ONNX, characters."""

from __future__ import annotations

import logging
import statistics
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import nncf
import numpy as np
import openvino
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.charset import Charset
from training.evaluate import Reader, padded
from training.lines import HEIGHT, Line
from training.net import Net

MODEL, MODEL_INT8, ONNX = "recognizer.xml", "recognizer-int8.xml", "recognizer.onnx"
CHARSET = "charset.txt"


class Served(nn.Module):
    """The net as served: uint8 N x 1 x HEIGHT x W to the best class of each step and its probability."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Classes as int32 and probabilities as float32, both N x W/STEP."""
        chances = self.net(pictures.to(torch.float32) / 127.5 - 1).softmax(2)
        best, classes = chances.max(2)
        return classes.to(torch.int32), best


def export(net: Net, charset: Charset, folder: Path, calibration: Sequence[Line]) -> None:
    """Write ONNX (float32), OpenVINO (float16 weights), OpenVINO int8 and the characters.

    In int8 the first convolution and the head stay float: with them the error rate grew in the trial.
    The calibration lines set the ranges of int8; some 160 of those that training sees will do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    served = Served(net.to(memory_format=torch.contiguous_format)).eval()  # type: ignore[call-overload]
    example = torch.zeros((1, 1, HEIGHT, 320), dtype=torch.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            served, (example,), str(folder / ONNX), dynamo=False, opset_version=17,
            input_names=["pictures"], output_names=["classes", "chances"],
            dynamic_axes={"pictures": {3: "width"}, "classes": {1: "steps"}, "chances": {1: "steps"}},
        )  # fmt: skip
    openvino.save_model(_read(folder / ONNX), folder / MODEL, compress_to_fp16=True)
    openvino.save_model(_int8(_read(folder / ONNX), calibration), folder / MODEL_INT8)
    charset.save(folder / CHARSET)


def openvino_reader(model: Path, charset: Charset, precision: str = "f32") -> Reader:
    """A reader by an exported model on one thread; precision is f32 or bf16."""
    request = _compiled(model, precision).create_infer_request()

    def read(picture: NDArray[np.uint8]) -> str:
        request.infer([padded(picture)[None, None]])
        return charset.text(request.get_output_tensor(0).data[0].tolist())

    return read


def milliseconds(model: Path, precision: str = "f32", columns: int = 1024, repeats: int = 30) -> float:
    """The median time of a line of 1024 columns on one thread, for 1000 of them."""
    request = _compiled(model, precision).create_infer_request()
    picture = np.random.default_rng(0).integers(0, 255, (1, 1, HEIGHT, columns), np.uint8)
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        request.infer([picture])
        times.append(time.perf_counter() - begun)
    return round(1e6 * statistics.median(times) / columns, 2)


def _read(path: Path) -> openvino.Model:
    model = openvino.Core().read_model(path)
    model.reshape([1, 1, HEIGHT, -1])
    return model


def _compiled(model: Path, precision: str) -> openvino.CompiledModel:
    settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1}
    return openvino.Core().compile_model(_read(model), "CPU", settings)


def _int8(model: openvino.Model, calibration: Sequence[Line]) -> openvino.Model:
    nncf.set_log_level(logging.ERROR)
    products = [op for op in model.get_ordered_ops() if op.get_type_name() in {"Convolution", "MatMul"}]
    kept = [products[0].get_friendly_name(), products[-1].get_friendly_name()]
    pictures = [padded(line.picture)[None, None] for line in calibration]
    quantized = nncf.quantize(
        model,
        nncf.Dataset(pictures),
        subset_size=len(pictures),
        preset=nncf.QuantizationPreset.MIXED,
        ignored_scope=nncf.IgnoredScope(names=kept),
    )
    return cast(openvino.Model, quantized)
