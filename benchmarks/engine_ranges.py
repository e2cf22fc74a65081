"""Record the ranges that let PP-OCRv6's recognizer multiply in 8 bits, from folders of pages.

    python benchmarks/engine_ranges.py PAGES... --out src/ocrchat/engines/cpu/ranges

Each folder has a `manifest.jsonl` with `file` (an image) and `script` (ISO 15924) on each line. Up to
eight lines of a page are looked at as at work, in f32; of the least and greatest values that flow into each
convolution over a line the medians over all lines are written, with the SHA-256 to be named in `nets.py`.
The weights themselves are rounded when the net is loaded: nothing of them is copied.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random

import numpy as np
import openvino as ov
from openvino import opset13
from PIL import Image

from ocrchat.engines.cpu.ctc_reader import looked_at
from ocrchat.engines.cpu.detector import Detector
from ocrchat.engines.cpu.line_reader import PagePixels, Pixels
from ocrchat.engines.cpu.lines_of_page import LinesOfPage
from ocrchat.engines.cpu.nets import RECOGNIZER, pp_full, pp_latin
from ocrchat.inference.int8 import convolutions_of
from ocrchat.inference.session import model_of, with_pixels
from ocrchat.inference.weights import checked

LINES = 8
"""Lines of a page that are looked at."""
LEFT_OUT = {"Conv.0"}
"""It takes the pixels themselves, and hardly any time."""


class Watch:
    """The least and greatest input of each convolution of the recognizer, for every line shown."""

    def __init__(self) -> None:
        model = model_of(checked(RECOGNIZER))
        # Those after an average over the whole line are computed once a line: nothing is saved there.
        nodes = [
            node
            for node in convolutions_of(model)
            if node.get_friendly_name() not in LEFT_OUT and node.output(0).get_partial_shape()[-1].is_dynamic
        ]
        self._names = [node.get_friendly_name() for node in nodes]
        results = [opset13.result(node.input_value(0)) for node in nodes]
        seen = with_pixels(ov.Model(results, model.get_parameters()), 3)
        compiled = ov.Core().compile_model(seen, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        self._request = compiled.create_infer_request()
        self._ends: list[list[tuple[float, float]]] = []

    def show(self, pixels: Pixels) -> None:
        """Let the net look at a line, uint8 (1, 48, w, 3)."""
        self._request.infer([pixels], share_inputs=True)
        values = [self._request.get_output_tensor(place).data for place in range(len(self._names))]
        self._ends.append([(float(each.min()), float(each.max())) for each in values])

    def record(self) -> dict[str, list[float]]:
        """The median ends of each convolution's inputs."""
        middle = np.median(np.array(self._ends), axis=0)
        return {
            name: [round(float(end), 4) for end in ends]
            for name, ends in zip(self._names, middle, strict=True)
        }


def pages_in(folders: Sequence[Path]) -> Iterator[tuple[str, PagePixels]]:
    """(script, pixels) of each page."""
    for folder in folders:
        for row in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
            item = json.loads(row)
            with Image.open(folder / item["file"]) as image:
                yield str(item["script"]), PagePixels.of(np.asarray(image.convert("RGB")))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    watch, detector, random = Watch(), Detector(1), Random(0)
    nets = {"Latn": pp_latin()}
    for script, page in pages_in(args.folders):
        lines = LinesOfPage(page, detector.lines(page), None)
        for index in random.sample(range(len(lines.quads)), min(LINES, len(lines.quads))):
            watch.show(looked_at(nets.get(script) or pp_full(), page, lines.quads[index])[0])
    text = json.dumps({"weights": RECOGNIZER.sha256, "spans": watch.record()}, indent=1) + "\n"
    args.out.mkdir(exist_ok=True)
    file = args.out / f"{RECOGNIZER.name}.json"
    file.write_text(text, "utf-8")
    print(f"{file}: SHA-256 {sha256(text.encode()).hexdigest()}")


if __name__ == "__main__":
    main()
