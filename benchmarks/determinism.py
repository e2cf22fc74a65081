"""Show that a page reads the same alone, among others, first or thousandth.

    python benchmarks/determinism.py PAGES... --times 1000

Each folder has a `manifest.jsonl` with `file` (an image) on each line. Every page is read with `auto` by an
engine of its own first. Then one engine reads them all in turn, so that language models come and go, until it
has read `--times` pages, alone and several a call, on one thread and on two. What differs is named.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from ocrchat.engines.cpu import build
from ocrchat.model import Page, PageImage
from ocrchat.options import Options

AT_ONCE = 3


def images_of(folders: list[Path], most: int) -> dict[str, PageImage]:
    """The first pages of the manifests by their file's name."""
    found = {}
    for folder in folders:
        for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()[:most]:
            file = folder / json.loads(line)["file"]
            with Image.open(file) as image:
                found[file.name] = PageImage(np.asarray(image.convert("L")))
    return found


def first_readings(images: dict[str, PageImage]) -> dict[str, Page]:
    """Each page as a new engine reads it."""
    first = {}
    for name, image in images.items():
        engine = build(threads=1)
        (first[name],) = engine.read([image], Options())
        engine.close()
    return first


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--pages", type=int, default=12, help="pages of each folder")
    args = parser.parse_args()
    images = images_of(args.folders, args.pages)
    first = first_readings(images)
    names, read, different = list(images), 0, set[str]()
    for threads in (1, 2):
        engine, start = build(threads=threads), read
        while read - start < args.times / 2:
            count = AT_ONCE if read % 2 else 1
            turn = [names[(read + place) % len(names)] for place in range(count)]
            for name, page in zip(turn, engine.read([images[each] for each in turn], Options()), strict=True):
                if (page.blocks, page.text) != (first[name].blocks, first[name].text):
                    different.add(name)
            read += count
        engine.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{read} readings of {len(names)} pages, {memory:.0f} MB at most; different: {sorted(different)}")
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
