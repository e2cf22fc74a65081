"""python -m training train|evaluate|export|card --run DIR"""

from __future__ import annotations

import argparse
from pathlib import Path

from training.train import Plan, train


def main() -> None:
    """Run the step that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m training", description="Train the line recognizer.")
    steps = parser.add_subparsers(dest="step", required=True)
    learn = steps.add_parser("train", help="train, or go on training")
    learn.add_argument("--run", type=Path, required=True, help="folder of checkpoints and logs")
    learn.add_argument("--lines", type=int, default=10_000_000, help="stop after so many lines in all")
    learn.add_argument("--rate", type=float, default=1.5e-3, help="highest learning rate")
    learn.add_argument("--threads", type=int, default=1)
    learn.add_argument("--processes", type=int, default=1, help="processes that make lines")
    learn.add_argument("--start-from", type=Path, help="a smaller net's checkpoint to grow from")
    given = parser.parse_args()
    train(
        Plan(
            given.run,
            given.lines,
            rate=given.rate,
            threads=given.threads,
            processes=given.processes,
            start_from=given.start_from,
        )
    )


if __name__ == "__main__":
    main()
