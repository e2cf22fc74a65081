"""Put a measured net, with its characters and its card, where the engine finds it."""

from __future__ import annotations

import shutil
from pathlib import Path

from training.card import card_of, model_card, write_card
from training.checkpoint import State, averaged
from training.evaluate import Figures, figures
from training.export import MODEL, MODEL_INT8, export, milliseconds, openvino_reader
from training.material import Material


def release(state: State, found: dict[str, Figures], made_of: Material, folder: Path) -> None:
    """Write the release whole beside the folder, then take the folder's place.

    `found` are the figures of the float net; int8 is measured here, on the same lines.
    """
    fresh = folder.with_name(folder.name + ".part")
    shutil.rmtree(fresh, ignore_errors=True)
    net = averaged(state)
    export(net, state.charset, fresh, made_of.calibration())
    reader = openvino_reader(fresh / MODEL_INT8, state.charset)
    measured = {
        MODEL: found,
        MODEL_INT8: {name: figures(reader, lines) for name, lines in made_of.measures.items()},
    }
    speed = {model: milliseconds(fresh / model) for model in (MODEL, MODEL_INT8)}
    card = card_of(fresh, state, measured, speed)
    write_card(fresh, card, model_card(card, made_of.families))
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
