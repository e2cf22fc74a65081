"""Start a larger net from a smaller one: the same answers at first, more room to learn."""

from __future__ import annotations

import torch
from torch import Tensor

from training.charset import Charset
from training.net import Net


def grown(weights: dict[str, Tensor], charset: Charset, net: Net, wanted: Charset) -> dict[str, Tensor]:
    """Weights for `net` from those of a net of the same widths with fewer blocks, rows or characters.

    Rows of the fold are resampled to the new height, new blocks add nothing at first, and classes keep
    their rows of the head by character. Raises ValueError where a width differs.
    """
    fresh = {name: value.clone() for name, value in net.state_dict().items()}
    for name, value in fresh.items():
        if name.startswith("blocks.") and name not in weights:
            fresh[name] = torch.zeros_like(value) if ".add." in name else value
        elif name in weights and weights[name].shape == value.shape:
            fresh[name] = weights[name].clone()
        elif name not in {"fold.weight", "head.weight", "head.bias"}:
            raise ValueError(f"{name} is {tuple(value.shape)} here and cannot grow from another shape")
    fresh["fold.weight"] = _resampled(weights["fold.weight"], fresh["fold.weight"].shape[1])
    places = {character: index for index, character in enumerate(charset.characters, start=1)}
    rows = [(new, places[c]) for new, c in enumerate(wanted.characters, start=1) if c in places]
    for name in ("head.weight", "head.bias"):
        fresh[name][1:] *= 0.1
        fresh[name][0] = weights[name][0]
        for new, old in rows:
            fresh[name][new] = weights[name][old]
    known = [old for _, old in rows]
    unknown = sorted(set(range(1, len(wanted))) - {new for new, _ in rows})
    fresh["head.bias"][unknown] = weights["head.bias"][known].min()
    return fresh


def _resampled(fold: Tensor, columns: int) -> Tensor:
    """A fold over more or fewer rows of the picture, each old row shared out by how far it reaches."""
    channels = _channels(fold.shape[1], columns)
    old, new = fold.shape[1] // channels, columns // channels
    overlap = torch.zeros(new, old)
    for row in range(new):
        for source in range(old):
            low, high = max(row / new, source / old), min((row + 1) / new, (source + 1) / old)
            overlap[row, source] = max(0.0, high - low) * old
    return torch.einsum("rs,wsc->wrc", overlap, fold.view(-1, old, channels)).reshape(-1, columns)


def _channels(old: int, new: int) -> int:
    """The largest power of two that divides both."""
    channels = 1
    while old % (channels * 2) == 0 and new % (channels * 2) == 0:
        channels *= 2
    return channels
