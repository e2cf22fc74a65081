"""Train the net on lines made while it learns; stop and go on at will."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from training.batches import Batch, batches_beside
from training.charset import Charset
from training.checkpoint import State, averaged, begun, resumed
from training.evaluate import Figures, figures, net_reader, scaled
from training.lines import SHEET, Press
from training.log import Log
from training.material import Material, material
from training.net import Net
from training.release import release

CHECKPOINT, BEST, LOG = "checkpoint.pt", "best.pt", "log.jsonl"

_WARM_UP = 300
_COOL_DOWN = 0.5
_AVERAGED_EVERY = 10
_AVERAGE = 0.98
_STAGES = ((16_000, 12), (48_000, 32))
"""Below so many lines seen, no line is longer than so many characters."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do.

    `columns` is the size of a batch; seconds pass between checkpoints and between measures; so many lines
    of each set measure.
    """

    run: Path
    lines: int
    minutes: float = float("inf")
    share: Path = Path("/usr/share")
    seed: int = 1
    threads: int = 1
    processes: int = 1
    columns: int = 12_000
    rate: float = 1.5e-3
    start_from: Path | None = None
    release: Path | None = None
    save_seconds: float = 180
    measure_seconds: float = 900
    measured_by: int = 300


def train(plan: Plan) -> dict[str, Figures]:
    """Train until the plan's lines or minutes are over or SIGTERM comes; what the averaged net measures then.

    Goes on from the run's checkpoint where there is one. Writes checkpoint.pt, best.pt and log.jsonl there,
    and each better net to the plan's `release` folder.
    """
    plan.run.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(plan.threads)
    torch.manual_seed(plan.seed)
    state = resumed(plan.run / CHECKPOINT) or begun(plan.start_from)
    made_of = material(state.charset, plan.share, plan.run, plan.seed, plan.measured_by)
    press, first = made_of.press, state.first

    def for_sheet(number: int) -> Press:
        longest = longest_line(first + number * SHEET, press.texts.longest)
        return replace(press, texts=replace(press.texts, longest=longest))

    coming, end = batches_beside(for_sheet, state.sheet, plan.columns, plan.processes)
    try:
        return _learn(plan, state, coming, made_of)
    finally:
        end()


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
    loss = functional.ctc_loss(logits, classes, steps, lengths, reduction="sum", zero_infinity=True)
    return loss / lengths.sum()


def learn(state: State, batch: Batch, rate: float) -> float:
    """One step of training; its loss a character."""
    for group in state.optimizer.param_groups:
        group["lr"] = rate
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


def _learn(plan: Plan, state: State, coming: Iterator[Batch], made_of: Material) -> dict[str, Figures]:
    stopped: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    log = Log(plan.run / LOG, state)
    begun_at = saved = measured = time.monotonic()
    state.net.train()
    while state.lines < plan.lines and not stopped:
        log.loss(learn(state, next(coming), rate_at(state.lines, state.steps, plan)))
        now = time.monotonic()
        if now - begun_at > plan.minutes * 60:
            break
        if now - saved >= plan.save_seconds:
            state.save(plan.run / CHECKPOINT)
            saved = now
        if now - measured >= plan.measure_seconds:
            _measure(plan, state, made_of, log)
            measured = time.monotonic()
    state.save(plan.run / CHECKPOINT)
    signal.signal(signal.SIGTERM, before)
    return {} if stopped else _measure(plan, state, made_of, log)


def _average(state: State) -> None:
    """Move the average towards the net, faster while the run is young."""
    share = 1 - min(_AVERAGE, state.steps / (state.steps + 100))
    for name, value in state.net.state_dict().items():
        if value.dtype.is_floating_point:
            state.average[name].lerp_(value, share)
        else:
            state.average[name].copy_(value)


def _measure(plan: Plan, state: State, made_of: Material, log: Log) -> dict[str, Figures]:
    """Measure the averaged net; keep and release it where it is the best of the run."""
    reader = net_reader(averaged(state), state.charset)
    found = {name: figures(reader, lines) for name, lines in made_of.measures.items()}
    if log.measured(found):
        state.save(plan.run / BEST)
        if plan.release:
            release(state, found, made_of, plan.release)
    return found
