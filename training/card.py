"""Write the cards of a released net: what the engine must know, its record, and what people should know."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from string import Template
from typing import Any

from training.checkpoint import State
from training.evaluate import Figures
from training.fonts import Family
from training.lines import HEIGHT, SQUEEZE
from training.net import STEP, gigaflops, parameters

NAME = "ocrchat-latin"
CARD, RECORD, READABLE = "card.json", "record.json", "README.md"

_CARD = Path(__file__).parent / "model_card.md"


def engine_card(state: State) -> dict[str, Any]:
    """What the engine must know to read lines with the net, and nothing else.

    `sure_from` is the confidence from which a reading needs no second opinion: a first guess, from the
    trial; it is to be chosen on pages that serve for nothing else.
    """
    return {
        "name": NAME,
        "version": str(state.lines),
        "scripts": ["Latn"],
        "sure_from": 0.97,
        "height": HEIGHT,
        "step": STEP,
        "channels": 1,
        "squeeze": SQUEEZE,
    }


def record_of(
    folder: Path, state: State, figures: dict[str, dict[str, Figures]], speed: dict[str, float]
) -> dict[str, Any]:
    """Where the net is from, how it measured, and the checksums of its files.

    Figures by model file and set of lines; speed by model file.
    """
    return {
        "name": NAME,
        "licence": "Apache-2.0",
        "characters": len(state.charset.characters),
        "parameters": parameters(state.net),
        "gigaflops_per_1000_columns": round(gigaflops(state.net.shape), 3),
        "shape": state.net.shape.as_dict(),
        "input": f"float32, N x 1 x {HEIGHT} x W, grey, -1 black to 1 white, W a multiple of {STEP}; "
        "filled up by repeating the last column",
        "output": f"logits, N x W/{STEP} x classes; class 0 is the CTC blank",
        "trained_lines": state.lines,
        "trained_columns": state.columns,
        "origin": state.origin,
        "figures": {
            model: {name: asdict(each) for name, each in sets.items()} for model, sets in figures.items()
        },
        "milliseconds_per_1000_columns": speed,
        "sha256": {path.name: _digest(path) for path in sorted(folder.iterdir())},
    }


def model_card(record: dict[str, Any], families: Sequence[Family]) -> str:
    """The card for people: model_card.md, filled in."""
    shown = [family for family in families if not family.held]
    licences = Counter(family.licence for family in shown).most_common()
    speed = record["milliseconds_per_1000_columns"]
    return Template(_CARD.read_text(encoding="utf-8")).substitute(
        name=record["name"],
        licence=record["licence"],
        characters=record["characters"],
        parameters=f"{record['parameters']:,}",
        gigaflops=record["gigaflops_per_1000_columns"],
        lines=f"{record['trained_lines']:,}",
        origin=record["origin"],
        families=len(shown),
        faces=sum(len(family.faces) for family in shown),
        licences="\n".join(f"| {licence} | {count} |" for licence, count in licences),
        held=", ".join(family.name for family in families if family.held),
        figures="\n".join(
            f"| {model} | {name} | {each['cer']:.4f} | {each['ascii_cer']:.4f} | {each['exact']:.3f} |"
            for model, sets in record["figures"].items()
            for name, each in sets.items()
        ),
        speed=", ".join(f"{model} {value} ms" for model, value in speed.items()),
    )


def write_cards(folder: Path, card: dict[str, Any], record: dict[str, Any], readable: str) -> None:
    """Write the engine's card, the record, and the card for people."""
    for name, content in ((CARD, card), (RECORD, record)):
        text = json.dumps(content, indent=1, ensure_ascii=False)
        (folder / name).write_text(text + "\n", encoding="utf-8")
    (folder / READABLE).write_text(readable, encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
