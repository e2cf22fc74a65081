"""The net: three convolutions, rows folded into channels, residual blocks along the line, a CTC head."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

STEP = 4
"""Columns of the picture for one step of the answer."""

_DOWN = 8


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a net; `height` is a multiple of 8."""

    classes: int
    height: int = 40
    stem: tuple[int, int, int] = (16, 64, 128)
    width: int = 192
    hidden: int = 288
    blocks: int = 8
    reach: int = 5

    def as_dict(self) -> dict[str, Any]:
        """The sizes as plain values."""
        return asdict(self)


class Block(nn.Module):
    """x + linear(relu(convolution(norm(x)))) over N x T x C; a fresh block adds nothing."""

    def __init__(self, width: int, hidden: int, reach: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.look = nn.Conv1d(width, hidden, reach, padding=reach // 2)
        self.add = nn.Linear(hidden, width)
        nn.init.normal_(self.add.weight, std=0.014)
        nn.init.zeros_(self.add.bias)

    def forward(self, line: Tensor) -> Tensor:
        """In training the convolution is one matrix product: its gradient is much faster on a CPU."""
        seen = self.norm(line)
        if not self.training:
            return cast(Tensor, line + self.add(torch.relu(self.look(seen.transpose(1, 2)).transpose(1, 2))))
        reach, steps = self.look.kernel_size[0], line.shape[1]
        padded = functional.pad(seen, (0, 0, reach // 2, reach // 2))
        windows = torch.cat([padded[:, i : i + steps] for i in range(reach)], 2)
        weight = self.look.weight.permute(0, 2, 1).reshape(self.look.out_channels, -1)
        return cast(Tensor, line + self.add(torch.relu(functional.linear(windows, weight, self.look.bias))))


class Net(nn.Module):
    """N x 1 x height x W, black -1 to white 1, to N x W/STEP x classes logits. W is a multiple of STEP."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        first, second, third = shape.stem
        self.shape = shape
        self.stem = nn.Sequential(
            _seen(1, first, 5, 2), _seen(first, second, 3, 2), _seen(second, third, 3, (2, 1))
        )  # fmt: skip
        self.fold = nn.Linear(third * shape.height // _DOWN, shape.width)
        self.blocks = nn.ModuleList(
            Block(shape.width, shape.hidden, shape.reach) for _ in range(shape.blocks)
        )
        self.norm = nn.LayerNorm(shape.width)
        self.head = nn.Linear(shape.width, shape.classes)

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits; class 0 is the blank."""
        seen = self.stem(pictures)
        count, channels, rows, steps = seen.shape
        line = self.fold(seen.permute(0, 3, 2, 1).reshape(count, steps, rows * channels))
        for block in self.blocks:
            line = block(line)
        return cast(Tensor, self.head(self.norm(line)))


def gigaflops(shape: Shape, columns: int = 1000) -> float:
    """Multiplications and additions for a line of so many columns, in 10^9."""
    first, second, third = shape.stem
    steps, rows = columns / STEP, shape.height
    stem = (rows / 2) * (columns / 2) * 25 * first + (rows / 4) * steps * 9 * first * second
    stem += (rows / 8) * steps * 9 * second * third
    block = shape.width * shape.hidden * (shape.reach + 1)
    body = third * rows / 8 * shape.width + shape.blocks * block + shape.width * shape.classes
    return 2 * (stem + steps * body) / 1e9


def parameters(net: Net) -> int:
    """How many numbers training moves."""
    return sum(weights.numel() for weights in net.parameters())


def _seen(into: int, out: int, size: int, stride: int | tuple[int, int]) -> nn.Sequential:
    convolution = nn.Conv2d(into, out, size, stride, size // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(out), nn.ReLU(inplace=True))
