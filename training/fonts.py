"""Find the faces of the kept font families that this machine has installed."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from fontTools.ttLib import TTFont, TTLibError

KEPT = Path(__file__).parent / "fonts.tsv"
"""family, weight, use (train or held), Debian package, licence: one family a line."""

_NEEDED = frozenset(map(chr, range(0x21, 0x7F))) - frozenset("`^~|{}\\")
_LARGEST = 4_000_000
_MOST_FACES = 40
_FOLDERS = ("fonts", "texmf/fonts/opentype")


@dataclass(frozen=True, slots=True)
class Face:
    """One font file and the characters, of those asked for, that it draws."""

    path: str
    drawn: frozenset[str]


@dataclass(frozen=True, slots=True)
class Family:
    """A kept family; weight says how often it is met in print; held ones are never trained on."""

    name: str
    weight: float
    held: bool
    licence: str
    faces: tuple[Face, ...]


def kept_families(characters: frozenset[str], share: Path, cache: Path | None = None) -> tuple[Family, ...]:
    """The families of KEPT found under `share` (/usr/share on Debian), by name.

    Reading two thousand files takes a minute; `cache` keeps what was found, and is trusted while it exists.
    """
    found = _read_cache(cache) if cache and cache.exists() else _search(share)
    if cache and not cache.exists():
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.write_text(json.dumps(found), encoding="utf-8")
    families = []
    with KEPT.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            faces = [
                Face(path, characters & frozenset(drawn)) for path, drawn in found.get(row["family"], [])
            ]
            if faces:
                held = row["use"] == "held"
                families.append(
                    Family(
                        row["family"], float(row["weight"]), held, row["licence"], tuple(faces[:_MOST_FACES])
                    )
                )
    return tuple(families)


def drawn_face(families: Iterable[Family], random: Random) -> tuple[Family, Face]:
    """A face, by the weight of its family and the square root of how many faces it has."""
    choices = list(families)
    weights = [family.weight * min(len(family.faces), 6) ** 0.5 for family in choices]
    family = random.choices(choices, weights)[0]
    return family, random.choice(family.faces)


def _search(share: Path) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    seen: set[str] = set()
    paths = (path for folder in _FOLDERS for path in (share / folder).rglob("*.[ot]tf"))
    for path in sorted(paths):
        if path.name in seen or path.stat().st_size > _LARGEST:
            continue
        seen.add(path.name)
        try:
            with TTFont(path, lazy=True) as font:
                drawn = frozenset(map(chr, font.getBestCmap() or {}))
                name = font["name"].getDebugName(16) or font["name"].getDebugName(1) or ""
        except (TTLibError, OSError, KeyError, AssertionError):
            continue
        if name and drawn >= _NEEDED:
            found[name].append((str(path), "".join(sorted(drawn))))
    return dict(found)


def _read_cache(cache: Path) -> dict[str, list[tuple[str, str]]]:
    read: dict[str, list[tuple[str, str]]] = json.loads(cache.read_text(encoding="utf-8"))
    return read
