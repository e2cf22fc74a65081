"""Train the probe that tells scripts apart, from folders of pages whose script is known.

    python benchmarks/engine_script_probe.py PAGES... --out src/ocrchat/engines/cpu/script_probe.npz

Each folder has a `manifest.jsonl` with `file` (an image) and `script` (ISO 15924) on each line. The pages
are looked at by the same detector and recognizer as at work; a linear classifier is then fitted on the
features of up to eight lines a page. A fifth of the pages is held back and scored first.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocrchat.engines.cpu.detector import Detector
from ocrchat.engines.cpu.line_reader import PagePixels
from ocrchat.engines.cpu.lines_of_page import LinesOfPage
from ocrchat.engines.cpu.script_probe import Features

LINES = 8
"""Lines of a page that are used: the longest."""
STEPS, STEP_SIZE, DECAY = 400, 0.05, 1e-3
SAME = {"Hani": "Hant", "Hang": "Kore"}

Floats = NDArray[np.floating]


def lines_of(folder: Path, detector: Detector, features: Features) -> Iterator[tuple[str, int, Floats]]:
    """(script, page, features) of the longest lines of every page of a folder."""
    for number, row in enumerate((folder / "manifest.jsonl").read_text("utf-8").splitlines()):
        item = json.loads(row)
        with Image.open(folder / item["file"]) as image:
            pixels = PagePixels.of(np.asarray(image.convert("L")))
        lines = LinesOfPage(pixels, detector.lines(pixels), None)
        for index in lines.longest(LINES):
            yield (
                SAME.get(item["script"], str(item["script"])),
                number,
                features.of(pixels, lines.quads[index]),
            )


def fitted(seen: Floats, classes: NDArray[np.intp], count: int) -> tuple[Floats, Floats]:
    """Weights (features, count) and bias (count,) of a softmax regression; rare classes weigh more."""
    middle, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-3
    scaled, goal = (seen - middle) / spread, np.eye(count)[classes]
    weigh = 1 / np.sqrt(np.bincount(classes, minlength=count)[classes])
    parameters = [np.zeros((seen.shape[1], count)), np.zeros(count)]
    means, squares = ([np.zeros_like(each) for each in parameters] for _ in range(2))
    for step in range(1, STEPS + 1):
        scores = scaled @ parameters[0] + parameters[1]
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        error = (chances - goal) * (weigh / weigh.sum())[:, None]
        gradients = [scaled.T @ error + DECAY * parameters[0], error.sum(axis=0)]
        for place, gradient in enumerate(gradients):  # Adam (Kingma & Ba, 2015)
            means[place] = 0.9 * means[place] + 0.1 * gradient
            squares[place] = 0.99 * squares[place] + 0.01 * gradient**2
            size = np.sqrt(squares[place] / (1 - 0.99**step)) + 1e-8
            parameters[place] = parameters[place] - STEP_SIZE * (means[place] / (1 - 0.9**step)) / size
    weights, bias = parameters
    return weights / spread[:, None], bias - (middle / spread) @ weights


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    detector, features = Detector(2), Features(1)
    rows = []
    for place, folder in enumerate(args.folders):
        rows += [(script, (place, page), seen) for script, page, seen in lines_of(folder, detector, features)]
    scripts = sorted({script for script, _, _ in rows})
    classes = np.array([scripts.index(script) for script, _, _ in rows])
    seen = np.array([features for _, _, features in rows], np.float64)
    pages = sorted({page for _, page, _ in rows})
    held = {pages[i] for i in np.random.default_rng(0).permutation(len(pages))[: len(pages) // 5]}
    test = np.array([page in held for _, page, _ in rows])
    weights, bias = fitted(seen[~test], classes[~test], len(scripts))
    right = ((seen[test] @ weights + bias).argmax(axis=1) == classes[test]).mean()
    print(f"{len(rows)} lines of {len(scripts)} scripts; of the lines held back {right:.4f} are told right")
    weights, bias = fitted(seen, classes, len(scripts))
    np.savez(
        args.out, scripts=np.array(scripts), weights=weights.astype(np.float16), bias=bias.astype(np.float32)
    )


if __name__ == "__main__":
    main()
