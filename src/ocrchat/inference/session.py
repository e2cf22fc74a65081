"""Run OpenVINO models on the CPU, from several threads at once."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13

from ocrchat.inference.host import is_limited, precision

KERNELS_KEPT = 1000
"""Compiled kernels that OpenVINO keeps for shapes it may see again. By its own measure, 5000, a detector that
has seen 100 sizes of pages holds 590 MB; so it holds 365, of some twenty sizes, and a recognizer all of its.
"""

MIDDLE = 127.5
"""What a net sees as 0, of levels from 0 to 255."""


class Session:
    """A compiled model with one image input and any number of outputs.

    Several threads may call `run` at the same time; each has its own request. `streams` of them run
    side by side, sharing `threads`.
    """

    def __init__(self, model: ov.Model, threads: int, streams: int = 1) -> None:
        wishes = {
            "INFERENCE_PRECISION_HINT": precision(),
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": streams,
            "ENABLE_CPU_PINNING": False,
            "CPU_RUNTIME_CACHE_CAPACITY": KERNELS_KEPT,
        }
        ready = with_norms_in_steps(model) if is_limited() else model
        self._model = ov.Core().compile_model(ready, "CPU", wishes)
        self._outputs = range(len(self._model.outputs))
        self._mine = threading.local()

    def run(self, image: NDArray[np.uint8 | np.float32]) -> tuple[NDArray[Any], ...]:
        """The outputs for one image, of the type and shape that the model takes.

        They are views that the same thread's next call overwrites.
        """
        if not hasattr(self._mine, "request"):
            self._mine.request = self._model.create_infer_request()
        request = self._mine.request
        request.infer([image], share_inputs=True, share_outputs=True)
        return tuple(request.get_output_tensor(index).data for index in self._outputs)


def model_of(file: Path) -> ov.Model:
    """The graph in an ONNX file."""
    return ov.Core().read_model(file)


def with_pixels(model: ov.Model, channels: int) -> ov.Model:
    """The same graph that takes uint8 pixels in rows (1, height, width, channels) and makes them -1 to 1."""
    steps = ov.preprocess.PrePostProcessor(model)
    image = steps.input(0)
    image.tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    image.model().set_layout(ov.Layout("NCHW"))
    image.preprocess().convert_element_type(ov.Type.f32).mean([MIDDLE] * channels).scale([MIDDLE] * channels)
    return steps.build()


def brought_to_one(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Pixels in rows (1, height, width, channels) as a net without `with_pixels` takes them: -1 to 1, planes.

    For a line .02 ms; of one channel OpenVINO takes .6 for the same.
    """
    planes = image.transpose(0, 3, 1, 2).astype(np.float32, order="C")
    planes -= MIDDLE
    planes *= 1 / MIDDLE
    return planes


def with_norms_in_steps(model: ov.Model) -> ov.Model:
    """The same graph, changed in place, whose layer norms OpenVINO computes step by step, not in one kernel.

    Limited to AVX2 on a processor with AVX-512, that kernel (2026.4) loads the end of a row of 8n floats, n
    odd, with an AVX-512 instruction at a wrong address and the process dies; PP-OCRv6's rows are 120. A
    processor that has no AVX-512 is not affected (seen with QEMU's Haswell). The squares' bases become
    absolute values, which changes no number and no longer looks like a norm.
    """
    for node in model.get_ordered_ops():
        if node.get_type_name() == "Power":
            node.input(0).replace_source_output(opset13.abs(node.input_value(0)).output(0))
    model.validate_nodes_and_infer_types()
    return model
