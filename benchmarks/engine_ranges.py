"""Record the ranges that let a recognizer multiply in 8 bits, from folders of pages.

    python benchmarks/engine_ranges.py PAGES... --out src/ocrchat/engines/cpu/ranges
    python benchmarks/engine_ranges.py PAGES... --nets src/ocrchat/engines/cpu/trained

Each folder has a `manifest.jsonl` with `file` (an image) and `script` (ISO 15924) on each line. Up to
eight lines of a page are looked at as at work, in f32; of the least and greatest values that flow into each
product over a line the medians over all lines are written, with the SHA-256 of the weights. Without
`--nets` that is PP-OCRv6's recognizer and its convolutions; with it each net of a folder, all but its first
product. The weights themselves are rounded when the net is loaded: nothing of them is copied.
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

from ocrchat.engines.cpu.ctc_reader import Net, looked_at
from ocrchat.engines.cpu.detector import Detector
from ocrchat.engines.cpu.line_reader import PagePixels, Pixels
from ocrchat.engines.cpu.lines_of_page import LinesOfPage
from ocrchat.engines.cpu.net_cards import cards_in
from ocrchat.engines.cpu.nets import RECOGNIZER, nets_in, pp_full, pp_latin
from ocrchat.imaging.quads import Quad
from ocrchat.inference.int8 import products_of
from ocrchat.inference.session import model_of, with_pixels
from ocrchat.inference.weights import checked

LINES = 8
"""Lines of a page that are looked at."""


class Watch:
    """The least and greatest input of each product of a graph that can be 8 bits, for every line shown."""

    def __init__(self, model: ov.Model, channels: int, products: Sequence[ov.Node]) -> None:
        self._names = [node.get_friendly_name() for node in products]
        results = [opset13.result(node.input_value(0)) for node in products]
        seen = with_pixels(ov.Model(results, model.get_parameters()), channels)
        compiled = ov.Core().compile_model(seen, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        self._request = compiled.create_infer_request()
        self._ends: list[list[tuple[float, float]]] = []

    def show(self, pixels: Pixels) -> None:
        """Let the net look at a line, uint8 (1, height, w, channels)."""
        self._request.infer([pixels], share_inputs=True)
        values = [self._request.get_output_tensor(place).data for place in range(len(self._names))]
        self._ends.append([(float(each.min()), float(each.max())) for each in values])

    def record(self) -> dict[str, list[float]]:
        """The median ends of each product's inputs."""
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


def watch_of_pp() -> Watch:
    """PP-OCRv6's convolutions along the line, but the first, which takes the pixels and hardly any time."""
    model = model_of(checked(RECOGNIZER))
    convolutions = [node for node in products_of(model) if node.get_type_name() == "Convolution"][1:]
    # Those after an average over the whole line are computed once a line: nothing is saved there.
    return Watch(model, 3, [n for n in convolutions if n.output(0).get_partial_shape()[-1].is_dynamic])


def watch_of(net: Net) -> Watch:
    """A net's products but the first, which must stay float."""
    model = model_of(net.file)
    return Watch(model, net.channels, products_of(model)[1:])


def record_pp(folders: Sequence[Path], out: Path) -> None:
    """Write PP-OCRv6's ranges into a folder."""
    nets, watch = {"Latn": pp_latin()}, watch_of_pp()
    for script, page, quad in lines_in(folders):
        watch.show(looked_at(nets.get(script) or pp_full(), page, quad)[0])
    out.mkdir(exist_ok=True)
    write(out / f"{RECOGNIZER.name}.json", RECOGNIZER.sha256, watch)


def record_nets(folders: Sequence[Path], nets: Path) -> None:
    """Write the ranges of each net of a folder beside it."""
    for card, net in zip(cards_in(nets), nets_in(nets), strict=True):
        watch = watch_of(net)
        for script, page, quad in lines_in(folders):
            if script in net.card.scripts:
                watch.show(looked_at(net, page, quad)[0])
        write(card.folder / "ranges.json", sha256(card.weights.read_bytes()).hexdigest(), watch)


def lines_in(folders: Sequence[Path]) -> Iterator[tuple[str, PagePixels, Quad]]:
    """(script, page, place) of the lines that are looked at."""
    detector, random = Detector(1), Random(0)
    for script, page in pages_in(folders):
        quads = LinesOfPage(page, detector.lines(page), None).quads
        for index in random.sample(range(len(quads)), min(LINES, len(quads))):
            yield script, page, quads[index]


def write(file: Path, weights: str, watch: Watch) -> None:
    file.write_text(json.dumps({"weights": weights, "spans": watch.record()}, indent=1) + "\n", "utf-8")
    print(file)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    goal = parser.add_mutually_exclusive_group(required=True)
    goal.add_argument("--out", type=Path)
    goal.add_argument("--nets", type=Path)
    args = parser.parse_args()
    if args.nets:
        record_nets(args.folders, args.nets)
    else:
        record_pp(args.folders, args.out)


if __name__ == "__main__":
    main()
