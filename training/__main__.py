"""python -m training train|evaluate|export|card --run DIR"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from training.card import READABLE, RECORD
from training.checkpoint import State, averaged, resumed
from training.evaluate import confusions, figures, net_reader
from training.material import material
from training.release import release
from training.train import BEST, Plan, train

_FOREVER = 10_000_000


def main() -> None:
    """Run the step that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m training", description="Train the line recognizer.")
    steps = parser.add_subparsers(dest="step", required=True)
    for name, does in (
        ("train", "train, or go on training, until stopped"),
        ("evaluate", "measure the run's best net on held-out lines"),
        ("export", "write the run's best net as the engine reads it"),
        ("card", "show the card of an exported net"),
    ):
        step = steps.add_parser(name, help=does)
        step.add_argument("--run", type=Path, required=True, help="folder of checkpoints and logs")
        step.add_argument("--share", type=Path, default=Path("/usr/share"), help="where Debian keeps data")
        step.add_argument("--release", type=Path, help="folder of the exported net; RUN/release by default")
        if name == "train":
            step.add_argument("--lines", type=int, default=_FOREVER, help="stop after so many lines in all")
            step.add_argument("--minutes", type=float, default=float("inf"), help="stop after so many")
            step.add_argument("--rate", type=float, default=1.5e-3, help="highest learning rate")
            step.add_argument("--threads", type=int, default=1, help="threads of the net")
            step.add_argument("--processes", type=int, default=1, help="processes that make lines")
            step.add_argument("--start-from", type=Path, help="checkpoint of a smaller net to grow from")
    given = parser.parse_args()
    {"train": _train, "evaluate": _evaluate, "export": _export, "card": _card}[given.step](given)


def _train(given: argparse.Namespace) -> None:
    plan = Plan(
        given.run, given.lines, given.minutes, given.share, threads=given.threads, rate=given.rate,
        processes=given.processes, start_from=given.start_from, release=_folder(given),
    )  # fmt: skip
    for name, found in train(plan).items():
        print(name, found)


def _evaluate(given: argparse.Namespace) -> None:
    state = _best(given.run)
    reader = net_reader(averaged(state), state.charset)
    print(state.lines, "lines seen")
    for name, lines in material(state.charset, given.share, given.run, seed=1).measures.items():
        print(name, figures(reader, lines))
        print("  ", " ".join(f"{said!r}>{got!r}:{count}" for said, got, count in confusions(reader, lines)))


def _export(given: argparse.Namespace) -> None:
    state = _best(given.run)
    made_of = material(state.charset, given.share, given.run, seed=1)
    reader = net_reader(averaged(state), state.charset)
    found = {name: figures(reader, lines) for name, lines in made_of.measures.items()}
    folder = _folder(given)
    release(state, found, made_of, folder)
    print((folder / READABLE).read_text(encoding="utf-8"))


def _card(given: argparse.Namespace) -> None:
    folder = _folder(given)
    print((folder / READABLE).read_text(encoding="utf-8"))
    print(json.dumps(json.loads((folder / RECORD).read_text(encoding="utf-8"))["sha256"], indent=1))


def _folder(given: argparse.Namespace) -> Path:
    folder: Path = given.release or given.run / "release"
    return folder


def _best(run: Path) -> State:
    state = resumed(run / BEST)
    if state is None:
        raise SystemExit(f"no {BEST} in {run}: train there first")
    return state


if __name__ == "__main__":
    main()
