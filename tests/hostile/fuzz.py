"""Feed mutated files to the decode children: `python -m tests.hostile.fuzz --mutants 5000 --seed 1`.

The same seed gives the same mutants. Prints how many came to which end, and the mutants that killed a
child by a signal other than its limits'; leaves with 1 when there was one, or when anything but an error
of ours came up.
"""

import argparse
import io
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from PIL import Image

from ocrchat.errors import SourceError
from ocrchat.sources import Intake, Limits

from . import documents as d
from . import pictures as p
from .test_files import CASES

LIMITS = Limits(
    cpu_seconds=4, clock_seconds=60, memory=600_000_000, pdf_dpi=50, pixels=4_000_000, gif_frames=8
)
"""Small pages and little time: what matters is that decoders are reached, not that pages are large."""

PAGES = 3
LARGEST = 60_000
EXTREMES = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\xff", b"\0")
TOKENS = (
    b"endobj",
    b"stream",
    b"/Kids",
    b"0 R",
    b"<<",
    b">>",
    b"\xff\xda",
    b"IDAT",
    b"%PDF-",
    b"[",
    b"-1",
    b"65536",
)


def seeds() -> list[bytes]:
    """Honest files of every kind and the small hostile ones, without those that only take time."""
    modes = {
        "PNG": "1 L LA P RGB RGBA I;16",
        "JPEG": "L RGB CMYK",
        "GIF": "P",
        "WEBP": "RGB RGBA",
        "BMP": "1 P RGB",
    }
    modes |= {"TIFF": "1 L RGB RGBA CMYK I;16", "AVIF": "RGB", "JPEG2000": "RGB L"}
    plain = [p.saved(kind, _in_mode(mode)) for kind, all_ in modes.items() for mode in all_.split()]
    faxes = [
        p.saved("TIFF", p.page("1"), compression=how) for how in ("group3", "group4", "packbits", "tiff_lzw")
    ]
    plain += [*faxes, p.saved("TIFF", compression="jpeg"), p.saved("TIFF", compression="tiff_adobe_deflate")]
    plain += [
        p.saved("JPEG", progressive=True),
        p.gif_of_pages(4),
        p.apng(3),
        p.tiff_of_pages(4),
        p.bigtiff_loop(),
    ]
    plain += [d.plain(3), _encrypted(), d.cut_document(), d.own_form(), d.counting(b"1"), _with_streams()]
    slow = ("bomb", "forms", "tiles", "2,500", "200,000", "300,000", "2,000", "flood", "deep", "scans")
    hostile = [
        case.make() for case in CASES if case.refused is None and not any(s in case.name for s in slow)
    ]
    by_chance = b"/AESV3"  # newer encryption and its keys come out differently each time
    return [data for data in plain + hostile if len(data) < LARGEST and by_chance not in data]


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The file with one to thirty-two changes."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 8, 32))):
        if not out:
            break
        at, kind = chance.randrange(len(out)), chance.random()
        if kind < 0.4:
            out[at] = chance.randrange(256)
        elif kind < 0.55:
            extreme = chance.choice(EXTREMES)
            out[at : at + len(extreme)] = extreme
        elif kind < 0.65:
            out[at:at] = chance.choice(TOKENS)
        elif kind < 0.75:
            start = chance.randrange(len(out))
            out[at:at] = out[start : start + chance.randrange(1, 64)]
        elif kind < 0.85:
            del out[at : at + chance.randrange(1, 64)]
        elif kind < 0.95:
            other = chance.choice(others)
            start = chance.randrange(len(other))
            out[at : at + 32] = other[start : start + 32]
        else:
            del out[at:]
    return bytes(out)


def mutants(count: int, seed: int) -> Iterator[bytes]:
    """The files of a run, in their order."""
    chance, files = random.Random(seed), seeds()
    for _ in range(count):
        yield mutated(chance.choice(files), files, chance)


def fate(intake: Intake, path: Path) -> str:
    """What becomes of a file: the end of its opening, or of the worst of its first pages."""
    try:
        with intake.open(path) as source:
            ends = [_end_of_page(source.page, index) for index in range(min(PAGES, source.page_count))]
    except SourceError as error:
        return f"refused: {type(error).__name__}: {_reason(error)}"
    return max(ends, key=lambda end: (end.startswith("page"), end))


def run(count: int, seed: int) -> tuple[Counter[str], list[int]]:
    """The fates of a run's mutants, and the numbers of those that crashed a decoder."""
    fates: Counter[str] = Counter()
    crashes = []
    with Intake(LIMITS) as intake, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutant"
        for number, data in enumerate(mutants(count, seed)):
            path.write_bytes(data)
            end = fate(intake, path)
            fates[end] += 1
            if "breaks the decoder" in end:
                crashes.append(number)
        intake.check()
    return fates, crashes


def main() -> int:
    parser = argparse.ArgumentParser(description="Feed mutated files to the decode children.")
    parser.add_argument("--mutants", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the mutants that crash a decoder")
    options = parser.parse_args()
    started = time.monotonic()
    fates, crashes = run(options.mutants, options.seed)
    for end, times in fates.most_common():
        print(f"{times:6d}  {end}")
    print(f"{sum(fates.values())} mutants in {time.monotonic() - started:.0f} s; the parent lives")
    if options.keep and crashes:
        options.keep.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(mutants(options.mutants, options.seed)):
            if number in crashes:
                (options.keep / f"mutant-{options.seed}-{number}").write_bytes(data)
    if crashes:
        print(f"decoders crashed on mutants {crashes}")
    return 1 if crashes else 0


def _end_of_page(page: object, index: int) -> str:
    try:
        page(index)  # type: ignore[operator]
    except SourceError as error:
        return f"page: {_reason(error)}"
    return "read"


def _reason(error: SourceError) -> str:
    return str(error).rpartition("cannot be read: ")[2].split(":")[0][:60]


def _in_mode(mode: str) -> Image.Image:
    return p.page("L").convert("I;16") if mode == "I;16" else p.page(mode)


def _encrypted() -> bytes:
    """A PDF whose encryption has no chance in it, as the newer ones do."""
    with pikepdf.open(io.BytesIO(d.plain())) as document, io.BytesIO() as out:
        rc4 = pikepdf.Encryption(owner="owner", user="", R=3, aes=False, metadata=False)
        document.save(out, static_id=True, encryption=rc4)
        return out.getvalue()


def _with_streams() -> bytes:
    with pikepdf.open(io.BytesIO(d.plain(4))) as document, io.BytesIO() as out:
        document.save(out, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
