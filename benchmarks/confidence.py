"""Measure how often what readers are so sure of is right, and make the maps of their confidence.

    python benchmarks/confidence.py read PAGES... --out one.jsonl     reads what is not yet in the results
    python benchmarks/confidence.py table one.jsonl other.jsonl       reliability, each by the others' maps
    python benchmarks/confidence.py fit one.jsonl other.jsonl --out src/ocrchat/engines/cpu/calibration.json

Each folder has a `manifest.jsonl` with `id`, `file` (an image), `ground_truth_file` (all of its text),
`language` (BCP 47) and `script` (ISO 15924) on each line. A page is read with its language given, as at work
but for its layout: each word is kept with its reader and that reader's own confidence, and counted how many
of its characters are right (`right_characters.py`). The files of results must be of different pages. Maps are
the isotonic regression of the share that is right on the confidence, over bins that are finer at its low end.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from languages import code_of, pages_of
from ocrchat.engines.cpu.calibration import Calibration, calibration_of, keys_of
from ocrchat.engines.cpu.cascade import best_readings
from ocrchat.engines.cpu.detector import Detector
from ocrchat.engines.cpu.engine import TRAINED
from ocrchat.engines.cpu.line_reader import LineReading, PagePixels, ReaderCard
from ocrchat.engines.cpu.lines_of_page import LinesOfPage
from ocrchat.engines.cpu.nets import nets_in
from ocrchat.engines.cpu.page import is_noise
from ocrchat.engines.cpu.readers import Readers
from ocrchat.engines.cpu.tessdata import installed_models
from ocrchat.imaging.gutters import parted_at_gutters
from ocrchat.imaging.ink import marks_of
from ocrchat.inference.host import precision
from ocrchat.language_codes import resolve
from right_characters import right_characters

ENDS = (0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.25, 0.4, 0.6, 0.8, 1.0)
"""Shares of a reader's characters, the least sure first, at which the bins end that its map is made of."""
FEWEST, FEWEST_IN_ALL = 150, 1000
"""Characters that a bin has at least, and a reader that has a map of its own."""
SURE = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0)
"""Ends of the bins of the tables."""
NEVER_CERTAIN = 0.9995
"""The highest share that a map tells: 1 is left to text that the file itself says."""

Row = Mapping[str, Any]


@cache
def _tools() -> tuple[Detector, Readers]:
    return Detector(1), Readers(1, installed_models(None), nets_in(TRAINED))


def readings_of(page: Row, most: int) -> list[LineReading]:
    """What is read on a page in its language, without what is left out; of many lines an even choice."""
    detector, readers = _tools()
    with Image.open(page["image"]) as image:
        pixels = PagePixels.of(np.asarray(image.convert("L" if image.mode in "1L" else "RGB")))
    marks = marks_of(pixels.grey)
    quads = parted_at_gutters(list(detector.lines(pixels, marks)), pixels.grey, marks)
    lines = LinesOfPage(pixels, quads, None)
    chosen = range(0, len(quads), max(1, len(quads) // most))
    found = best_readings(lines, readers.of(resolve(page["language"])), chosen)
    return [reading for reading in found if not is_noise(reading)]


def read(page: Row, most: int) -> Row:
    """A page's words: reader, its version and scripts, its confidence, characters, how many are right."""
    readings = readings_of(page, most)
    truth = Path(page["truth"]).read_text("utf-8")
    counts = right_characters(truth, [[word.text for word in reading.words] for reading in readings])
    words = [
        (word.reader.name, word.reader.version, sorted(word.reader.scripts), word.confidence, size, right)
        for reading, sizes in zip(readings, counts, strict=True)
        for word, (size, right) in zip(reading.words, sizes, strict=True)
        if word.reader is not None and size
    ]
    kept = {name: page[name] for name in ("id", "language", "script", "set")}
    return {**kept, "precision": precision(), "words": words}


def pages_in(folders: Sequence[Path]) -> Iterator[Row]:
    """The pages of the folders, each with the set it is of."""
    for folder in folders:
        for page in pages_of([folder]):
            languages = [each.split("/")[0] for each in str(page["language"]).split("+")]
            codes = [code for code in (code_of(each, str(page["script"])) for each in languages) if code]
            if codes:
                yield {**page, "set": folder.name, "language": "+".join(codes)}


def words_by_map(rows: Sequence[Row]) -> dict[str, list[tuple[ReaderCard, float, int, int]]]:
    """(reader, confidence, characters, right ones) of all words, by the map's name that fits them best."""
    found = defaultdict(list)
    for row in rows:
        for name, version, scripts, sure, size, right in row["words"]:
            card = ReaderCard(name, version, frozenset(scripts), 0.0)
            for key in keys_of(card):
                found[key].append((card, float(sure), int(size), int(right)))
    return dict(found)


def fitted(words: Sequence[tuple[ReaderCard, float, int, int]]) -> Calibration | None:
    """The map of one reader's words; None of too few."""
    ordered = sorted((sure, size, right) for _, sure, size, right in words)
    total = sum(size for _, size, _ in ordered)
    if total < FEWEST_IN_ALL:
        return None
    bins: list[list[float]] = []
    inside, seen, ends = [0.0, 0.0, 0.0], 0, list(ENDS)
    for place, (sure, size, right) in enumerate(ordered):
        inside = [inside[0] + sure * size, inside[1] + size, inside[2] + right]
        seen += size
        is_last = place + 1 == len(ordered)
        is_between = is_last or ordered[place + 1][0] - sure > 1e-6
        if is_between and inside[1] >= FEWEST and seen >= ends[0] * total:
            bins.append(inside)
            inside = [0.0, 0.0, 0.0]
            ends = [end for end in ends if end * total > seen] or [1.0]
    bins[-1] = [one + other for one, other in zip(bins[-1], inside, strict=True)]
    pooled: list[list[float]] = []
    for each in bins:  # pool adjacent violators
        pooled.append([*each])
        while len(pooled) > 1 and pooled[-2][2] / pooled[-2][1] >= pooled[-1][2] / pooled[-1][1]:
            last = pooled.pop()
            pooled[-1] = [one + other for one, other in zip(pooled[-1], last, strict=True)]
    given = [round(sure / size, 4) for sure, size, _ in pooled]
    # Half an error is added to each bin: none among few is no promise (Jeffreys' prior).
    share = [round(min(NEVER_CERTAIN, (right + 0.5) / (size + 1)), 4) for _, size, right in pooled]
    share = [max(share[: place + 1]) for place in range(len(share))]
    return Calibration(words[0][0].version, *_with_ends(given, share))


def _with_ends(given: Sequence[float], share: Sequence[float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The points with one at 0, as far below the first as confidence is."""
    points = dict(zip(given, share, strict=True))
    if min(points) > 0.01:
        points = {0.0: 0.0, **points}
    return tuple(points), tuple(points.values())


def maps_of(rows: Sequence[Row]) -> dict[str, Calibration]:
    """The maps of all readers that read enough."""
    found = {key: fitted(words) for key, words in sorted(words_by_map(rows).items())}
    return {key: each for key, each in found.items() if each is not None}


def table(parts: Sequence[tuple[Sequence[Row], Mapping[str, Calibration]]]) -> str:
    """Reliability by bins, and how far confidence is from the truth on the mean over characters (ECE).

    Each part of the results comes with the maps that it is told by.
    """
    own, told, sizes, rights, names, sets = [], [], [], [], [], []
    for row, maps in ((row, maps) for rows, maps in parts for row in rows):
        for name, version, scripts, sure, size, right in row["words"]:
            card = ReaderCard(name, version, frozenset(scripts), 0.0)
            found = calibration_of(card, maps)
            own.append(float(sure))
            told.append(found.share_right(sure) if found else float(sure))
            sizes.append(size)
            rights.append(right)
            names.append(keys_of(card)[0])
            sets.append(row["set"])
    before, after, size, right = (np.array(each, float) for each in (own, told, sizes, rights))
    lines = ["| told | characters | mean before | mean after | right |", "|---|---|---|---|---|"]
    for low, high in pairwise(SURE):
        here = (after >= low) & ((after < high) | (high == 1.0))
        if size[here].sum():
            means = [np.average(each[here], weights=size[here]) for each in (before, after)]
            share = right[here].sum() / size[here].sum()
            lines.append(
                f"| {low} to {high} | {size[here].sum():.0f} "
                f"| {means[0]:.4f} | {means[1]:.4f} | {share:.4f} |"
            )
    lines += [
        "",
        "| | characters | right | mean before | mean after | ECE before | ECE after |",
        "|---" * 7 + "|",
    ]
    for label, groups in (("all", ["all"] * len(names)), ("", names), ("", sets)):
        for group in sorted(set(groups)):
            here = np.array([each == group for each in groups])
            total = size[here].sum()
            values = [right[here].sum() / total]
            values += [np.average(each[here], weights=size[here]) for each in (before, after)]
            values += [_ece(each[here], size[here], right[here]) for each in (before, after)]
            told_values = " | ".join(f"{value:.4f}" for value in values)
            lines.append(f"| {label or group} | {total:.0f} | {told_values} |")
    return "\n".join(lines)


def _ece(sure: Any, size: Any, right: Any) -> float:
    """Expected calibration error (Naeini et al., AAAI 2015) over the tables' bins, weighted by characters."""
    places = np.clip(np.digitize(sure, SURE) - 1, 0, len(SURE) - 2)
    gaps = [abs((sure * size - right)[places == place].sum()) for place in range(len(SURE) - 1)]
    return float(sum(gaps) / size.sum())


def measure(folders: Sequence[Path], out: Path, most: int, processes: int) -> None:
    """Append a line a page to the results, for pages that are not in them.

    The sets are mixed, so that a run that is stopped has read some of each.
    """
    done = {(row["set"], row["id"]) for row in _rows([out])} if out.exists() else set()
    pages = [page for page in pages_in(folders) if (page["set"], page["id"]) not in done]
    pages.sort(key=lambda page: sha256(f"{page['set']} {page['id']}".encode()).digest())
    with out.open("a", encoding="utf-8") as sink, ProcessPoolExecutor(processes) as pool:
        for count, row in enumerate(pool.map(partial(read, most=most), pages), 1):
            sink.write(json.dumps(row, ensure_ascii=False) + "\n")
            sink.flush()
            print(count, len(pages), row["set"], row["id"], file=sys.stderr)


def _rows(files: Sequence[Path]) -> list[Row]:
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("read", "fit", "table"))
    parser.add_argument("paths", type=Path, nargs="+", help="folders of pages, or results")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--lines", type=int, default=1000, help="lines that are read of a page (about)")
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    if args.what == "read":
        measure(args.paths, args.out, args.lines, args.processes)
    elif args.what == "fit":
        plain = {
            key: {"version": each.version, "given": each.given, "right": each.right}
            for key, each in maps_of(_rows(args.paths)).items()
        }
        lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(each)}" for key, each in plain.items())
        args.out.write_text(f'{{"made_by": "benchmarks/confidence.py", "maps": {{\n{lines}\n}}}}\n', "utf-8")
    else:
        parts = {path: _rows([path]) for path in args.paths}
        others = {path: _rows([each for each in args.paths if each != path]) for path in args.paths}
        print(table([(parts[path], maps_of(others[path])) for path in args.paths]))


if __name__ == "__main__":
    main()
