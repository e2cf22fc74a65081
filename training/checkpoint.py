"""Keep what training has reached, so that the same command goes on from there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.charset import Charset, latin
from training.grow import grown
from training.net import Net, Shape


@dataclass(slots=True)
class State:
    """All that a checkpoint keeps: the net, its average, the optimizer, and what was seen."""

    net: Net
    average: dict[str, Tensor]
    optimizer: torch.optim.Optimizer
    charset: Charset
    lines: int = 0
    steps: int = 0
    sheet: int = 0
    columns: int = 0
    origin: str = "from scratch"
    first: int = 0

    def save(self, path: Path) -> None:
        """Write it whole or not at all."""
        kept = {
            "shape": self.net.shape.as_dict(), "net": self.net.state_dict(), "average": self.average,
            "optimizer": self.optimizer.state_dict(), "characters": self.charset.characters,
            "lines": self.lines, "steps": self.steps, "sheet": self.sheet, "columns": self.columns,
            "origin": self.origin, "first": self.first,
        }  # fmt: skip
        torch.save(kept, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)


def begun(start_from: Path | None = None) -> State:
    """A fresh state, or one grown from the checkpoint of a smaller net."""
    charset = latin()
    net = Net(Shape(classes=len(charset)))
    state = State(net, {}, optimizer_of(net), charset)
    if start_from:
        old = torch.load(start_from, map_location="cpu", weights_only=True)
        weights = grown(old["average"], Charset(old["characters"]), net, charset)
        net.load_state_dict(weights)
        state.first = state.lines = int(old["lines"])
        state.origin = f"grown from a net of {old['lines']} lines"
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    state.average = {name: value.detach().clone() for name, value in net.state_dict().items()}
    return state


def resumed(path: Path) -> State | None:
    """The state that a checkpoint keeps, or None where there is none."""
    if not path.exists():
        return None
    kept: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    sizes = kept["shape"] | {"stem": tuple(kept["shape"]["stem"])}
    net = Net(Shape(**sizes))
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    net.load_state_dict(kept["net"])
    optimizer = optimizer_of(net)
    optimizer.load_state_dict(kept["optimizer"])
    counts = {name: kept[name] for name in ("lines", "steps", "sheet", "columns", "origin", "first")}
    return State(net, kept["average"], optimizer, Charset(kept["characters"]), **counts)


def averaged(state: State) -> Net:
    """A net of its own with the averaged weights."""
    net = Net(state.net.shape)
    net.load_state_dict(state.average)
    return net.eval()


def optimizer_of(net: Net) -> torch.optim.Optimizer:
    """AdamW; norms and biases are not drawn to zero."""
    heavy = [weights for weights in net.parameters() if weights.ndim > 1]
    light = [weights for weights in net.parameters() if weights.ndim <= 1]
    groups = [{"params": heavy, "weight_decay": 0.01}, {"params": light, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, 1e-3, betas=(0.9, 0.98), fused=True)
