"""Put a measured net, with its characters, its card and its record, where the engine finds it."""

from __future__ import annotations

import shutil
from pathlib import Path

from training.card import engine_card, model_card, record_of, write_cards
from training.checkpoint import State, averaged
from training.evaluate import Figures, figures
from training.export import HALF, INT8, ONNX, export, milliseconds, openvino_reader
from training.material import Material

_INT8_LINES = 100


def release(state: State, found: dict[str, Figures], made_of: Material, folder: Path) -> None:
    """Write the release whole beside the folder, then take the folder's place.

    `found` are the float net's figures; int8 is measured here, on the first 100 of them.
    """
    fresh = folder.with_name(folder.name + ".part")
    shutil.rmtree(fresh, ignore_errors=True)
    export(averaged(state), state.charset, fresh, made_of.calibration())
    reader = openvino_reader(fresh / INT8, state.charset)
    int8 = {name: figures(reader, lines[:_INT8_LINES]) for name, lines in made_of.measures.items()}
    speed = {model: milliseconds(fresh / model) for model in (HALF, INT8)}
    record = record_of(fresh, state, {ONNX: found, INT8: int8}, speed)
    write_cards(fresh, engine_card(state), record, model_card(record, made_of.families))
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
