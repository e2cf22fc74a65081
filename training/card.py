"""Write the card of a released net: what the engine must know, and what people should."""

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

CARD, READABLE = "card.json", "README.md"

_CARD = Path(__file__).parent / "model_card.md"


def card_of(
    folder: Path, state: State, figures: dict[str, dict[str, Figures]], speed: dict[str, float]
) -> dict[str, Any]:
    """The card of the files in a folder; figures by model file and set, speed by model file."""
    return {
        "name": "ocrchat-latin",
        "licence": "Apache-2.0",
        "height": HEIGHT,
        "step_px": STEP,
        "squeeze": SQUEEZE,
        "channels": 1,
        "input": "uint8, N x 1 x height x width, grey, 0 black to 255 white; width a multiple of step_px, "
        "filled up by repeating the last column",
        "output": "classes int32 and chances float32, N x steps each; class 0 is the CTC blank",
        "characters": len(state.charset.characters),
        "parameters": parameters(state.net),
        "gigaflops_per_1000_columns": round(gigaflops(state.net.shape), 3),
        "shape": state.net.shape.as_dict(),
        "trained_lines": state.lines,
        "trained_columns": state.columns,
        "origin": state.origin,
        "figures": {
            name: {key: asdict(each) for key, each in sets.items()} for name, sets in figures.items()
        },
        "milliseconds_per_1000_columns": speed,
        "sha256": {path.name: _digest(path) for path in sorted(folder.iterdir())},
    }


def model_card(card: dict[str, Any], families: Sequence[Family]) -> str:
    """The card for people: model_card.md, filled in."""
    shown = [family for family in families if not family.held]
    licences = Counter(family.licence for family in shown).most_common()
    speed = card["milliseconds_per_1000_columns"]
    return Template(_CARD.read_text(encoding="utf-8")).substitute(
        name=card["name"],
        licence=card["licence"],
        characters=card["characters"],
        parameters=f"{card['parameters']:,}",
        gigaflops=card["gigaflops_per_1000_columns"],
        lines=f"{card['trained_lines']:,}",
        origin=card["origin"],
        families=len(shown),
        faces=sum(len(family.faces) for family in shown),
        licences="\n".join(f"| {licence} | {count} |" for licence, count in licences),
        held=", ".join(family.name for family in families if family.held),
        figures="\n".join(
            f"| {model} | {name} | {each['cer']:.4f} | {each['ascii_cer']:.4f} | {each['exact']:.3f} |"
            for model, sets in card["figures"].items()
            for name, each in sets.items()
        ),
        speed=", ".join(f"{model} {value} ms" for model, value in speed.items()),
    )


def write_card(folder: Path, card: dict[str, Any], readable: str) -> None:
    """Write both cards."""
    (folder / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / READABLE).write_text(readable, encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
