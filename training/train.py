"""Train the net on lines made while it learns; stop and go on at will."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from training.batches import Batch, batches_beside
from training.charset import Charset, latin
from training.evaluate import Figures, figures, held_out, net_reader, scaled
from training.fonts import Family, kept_families
from training.grow import grown
from training.lines import SHEET, Line, Press
from training.net import Net, Shape
from training.texts import Texts
from training.words import gathered

_ASCII_RARE = 95
_WARM_UP = 300
_COOL_DOWN = 0.5
_AVERAGED_EVERY = 10
_AVERAGE = 0.98
_STAGES = ((16_000, 12), (48_000, 32))
"""Below so many lines seen, no line is longer than so many characters."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do; `columns` is the size of a batch, seconds between checkpoints and measures."""

    run: Path
    lines: int
    share: Path = Path("/usr/share")
    seed: int = 1
    threads: int = 1
    processes: int = 1
    columns: int = 12_000
    rate: float = 1.5e-3
    start_from: Path | None = None
    save_seconds: float = 180
    measure_seconds: float = 480


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


def train(plan: Plan) -> dict[str, Figures]:
    """Train until `plan.lines` were seen or SIGTERM comes; what the averaged net measures at the end.

    Goes on from the run's checkpoint where there is one. Writes checkpoint.pt, best.pt and log.jsonl there.
    """
    plan.run.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(plan.threads)
    torch.manual_seed(plan.seed)
    state = resumed(plan.run / "checkpoint.pt") or begun(plan)
    texts, families = material(state.charset, plan.share, plan.run)
    press = Press(texts, tuple(family for family in families if not family.held), plan.seed)
    measures = held_out(held_texts(state.charset, plan.share), families)
    first = state.first

    def for_sheet(number: int) -> Press:
        return replace(
            press, texts=replace(texts, longest=longest_line(first + number * SHEET, texts.longest))
        )

    coming, end = batches_beside(for_sheet, state.sheet, plan.columns, plan.processes)
    try:
        return _learn(plan, state, coming, measures)
    finally:
        end()


def begun(plan: Plan) -> State:
    """A fresh state, or one grown from the checkpoint that the plan names."""
    charset = latin()
    net = Net(Shape(classes=len(charset)))
    state = State(net, {}, _optimizer(net, plan.rate), charset)
    if plan.start_from:
        old = torch.load(plan.start_from, map_location="cpu", weights_only=True)
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
    optimizer = _optimizer(net, 1e-3)
    optimizer.load_state_dict(kept["optimizer"])
    counts = {name: kept[name] for name in ("lines", "steps", "sheet", "columns", "origin", "first")}
    return State(net, kept["average"], optimizer, Charset(kept["characters"]), **counts)


def averaged(state: State) -> Net:
    """A net of its own with the averaged weights."""
    net = Net(state.net.shape)
    net.load_state_dict(state.average)
    return net.eval()


def material(charset: Charset, share: Path, run: Path) -> tuple[Texts, tuple[Family, ...]]:
    """The texts and the font families that training draws from."""
    characters = frozenset(charset.characters)
    families = kept_families(characters, share, run / "fonts.json")
    return Texts(gathered(characters, share), charset.characters[_ASCII_RARE:]), families


def held_texts(charset: Charset, share: Path) -> Texts:
    """The texts that only measure."""
    return Texts(gathered(frozenset(charset.characters), share, held=True), charset.characters[_ASCII_RARE:])


def longest_line(seen: int, longest: int) -> int:
    """Short lines first: a net that knows no letter yet learns nothing from long ones."""
    return next((most for below, most in _STAGES if seen < below), longest)


def rate_at(seen: int, steps: int, plan: Plan) -> float:
    """The learning rate: a warm-up, a level, and a straight way down over the second half of the plan."""
    left = max(0.0, 1 - seen / plan.lines) / _COOL_DOWN
    return plan.rate * min(1.0, (steps + 1) / _WARM_UP) * min(1.0, left)


def loss_of(net: Net, batch: Batch, charset: Charset) -> Tensor:
    """CTC loss a character."""
    logits = net(scaled(batch.pictures)).transpose(0, 1).log_softmax(2)
    lengths = torch.tensor([len(text) for text in batch.texts])
    classes = torch.tensor([index for text in batch.texts for index in charset.classes(text)])
    steps = torch.full((len(batch.texts),), logits.shape[0])
    return (
        functional.ctc_loss(logits, classes, steps, lengths, reduction="sum", zero_infinity=True)
        / lengths.sum()
    )


def _optimizer(net: Net, rate: float) -> torch.optim.Optimizer:
    heavy = [weights for weights in net.parameters() if weights.ndim > 1]
    light = [weights for weights in net.parameters() if weights.ndim <= 1]
    groups = [{"params": heavy, "weight_decay": 0.01}, {"params": light, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, rate, betas=(0.9, 0.98), fused=True)


def _learn(
    plan: Plan, state: State, coming: Iterator[Batch], measures: dict[str, list[Line]]
) -> dict[str, Figures]:
    stopped: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    log = _Log(plan.run / "log.jsonl", state)
    saved = measured = time.monotonic()
    state.net.train()
    while state.lines < plan.lines and not stopped:
        log.loss(_step(plan, state, next(coming)))
        now = time.monotonic()
        if now - saved >= plan.save_seconds:
            state.save(plan.run / "checkpoint.pt")
            saved = now
        if now - measured >= plan.measure_seconds:
            _measure(plan, state, measures, log)
            measured = time.monotonic()
    state.save(plan.run / "checkpoint.pt")
    signal.signal(signal.SIGTERM, before)
    return {} if stopped else _measure(plan, state, measures, log)


def _step(plan: Plan, state: State, batch: Batch) -> float:
    for group in state.optimizer.param_groups:
        group["lr"] = rate_at(state.lines, state.steps, plan)
    loss = loss_of(state.net, batch, state.charset)
    state.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(state.net.parameters(), 2.0)
    state.optimizer.step()
    state.steps += 1
    state.lines += len(batch.texts)
    state.sheet = max(state.sheet, batch.sheet + 1)
    state.columns += batch.pictures.shape[0] * batch.pictures.shape[2]
    if state.steps % _AVERAGED_EVERY == 0:
        _average(state)
    return loss.item()


def _average(state: State) -> None:
    for name, value in state.net.state_dict().items():
        if value.dtype.is_floating_point:
            state.average[name].lerp_(value, 1 - min(_AVERAGE, state.steps / (state.steps + 100)))
        else:
            state.average[name].copy_(value)


def _measure(plan: Plan, state: State, measures: dict[str, list[Line]], log: _Log) -> dict[str, Figures]:
    reader = net_reader(averaged(state), state.charset)
    found = {name: figures(reader, lines) for name, lines in measures.items()}
    if log.measured(found):
        state.save(plan.run / "best.pt")
    return found


class _Log:
    """One JSON object a line: losses as they fall, and what was measured."""

    def __init__(self, path: Path, state: State) -> None:
        self._path, self._state = path, state
        self._since, self._from, self._losses = time.monotonic(), state.lines, list[float]()

    def loss(self, value: float) -> None:
        self._losses.append(value)
        if len(self._losses) == 100:
            seconds = time.monotonic() - self._since
            speed = (self._state.lines - self._from) / seconds
            mean, rate = sum(self._losses) / 100, self._state.optimizer.param_groups[0]["lr"]
            self._write(loss=round(mean, 4), rate=round(rate, 7), lines_a_second=round(speed, 1))
            self._since, self._from, self._losses = time.monotonic(), self._state.lines, []

    def measured(self, found: dict[str, Figures]) -> bool:
        """Write the figures down; whether the sum of their error rates is the lowest of this run."""
        total = sum(each.cer for each in found.values())
        rows = self._path.read_text().splitlines() if self._path.exists() else []
        best = min((json.loads(row).get("total", float("inf")) for row in rows), default=float("inf"))
        told = {
            name: {"cer": round(f.cer, 5), "ascii": round(f.ascii_cer, 5), "exact": round(f.exact, 4)}
            for name, f in found.items()
        }
        self._write(total=round(total, 6), **told)
        return total < best

    def _write(self, **said: Any) -> None:
        row = {"at": time.strftime("%H:%M:%S"), "lines": self._state.lines, "steps": self._state.steps} | said
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
