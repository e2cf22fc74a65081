"""Measure how well questions about drawn documents are answered.

    python -m benchmarks.chat [--read FOLDER] [--questions] [--fresh SEED ...]

Each document is drawn, read by the cpu engine with its language named, and asked. The documents in
`tuned` were looked at while the finders were written; those in `held_out` were written before, and only
measured. `--read` keeps what was read, so that it need not be read again. `--fresh` asks documents that are
made up by that seed instead (`fresh.py`); whoever tunes on one takes another to measure.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from benchmarks.chat.drawing import drawn
from benchmarks.chat.fresh import fresh_documents
from benchmarks.chat.judging import Judgement, judged
from ocrchat import Reader
from ocrchat.answers import Answer, Asked, PageRanks, answer_of
from ocrchat.language_codes import resolve
from ocrchat.model import Page
from ocrchat.model.codec import page_as_stored, page_from_stored
from ocrchat.options import Options

DOCUMENTS = Path(__file__).parent / "documents"
PARTS = ("tuned", "held_out")
WANTED = {"page": 0.9, "span": 0.7, "refused": 0.85, "verbatim": 1.0}


@dataclass(frozen=True, slots=True)
class Result:
    """One question, what was answered, and what is right of it."""

    part: str
    document: str
    language: str
    question: str
    wanted: str
    answer: Answer
    judgement: Judgement


def results(part: str, kept: Path) -> Iterator[Result]:
    """Every question of a part."""
    for file in sorted((DOCUMENTS / part).glob("*.yaml")):
        document = yaml.safe_load(file.read_text("utf-8"))
        pages = _read(file, document["pages"], document["language"], kept)
        yield from _results(part, file.stem, document["language"], document["questions"], pages)


def fresh_results(seeds: Sequence[int], kept: Path) -> Iterator[Result]:
    """Every question of the documents that those seeds make; a part for each seed."""
    for seed in seeds:
        for made in fresh_documents(seed):
            pages = _read(Path(f"fresh/{made.name}"), made.pages, made.language, kept)
            yield from _results(f"fresh {seed}", made.name, made.language, made.questions, pages)


def _results(
    part: str, name: str, language: str, questions: Sequence[dict[str, Any]], pages: tuple[Page, ...]
) -> Iterator[Result]:
    for asked in questions:
        answer = _answer(asked["ask"], pages)
        spans = tuple(str(asked[each]) for each in ("span", "also") if each in asked)
        judgement = judged(answer, asked.get("page"), spans, pages)
        yield Result(part, name, language, asked["ask"], " + ".join(spans), answer, judgement)


def _read(file: Path, texts: Sequence[str], language: str, kept: Path) -> tuple[Page, ...]:
    """The pages as the engine reads them; from `kept` where they were read before."""
    stored = kept / f"{file.parent.name}-{file.stem}.json"
    if not stored.exists():
        images = [drawn(text, language) for text in texts]
        picture = kept / f"{file.stem}.tif"
        images[0].save(picture, save_all=True, append_images=images[1:])
        pages = _reader().read(picture, Options(languages=resolve(language))).pages
        picture.unlink()
        stored.write_text(json.dumps([page_as_stored(page) for page in pages]))
    plain = json.loads(stored.read_text())
    return tuple(replace(page_from_stored(page), index=at) for at, page in enumerate(plain))


@cache
def _reader() -> Reader:
    """One engine for all of them."""
    return Reader()


def near_misses(kept: Path) -> Iterator[tuple[str, str, Answer]]:
    """Questions that a document nearly answers: its name, the question, and what was said."""
    for name, asked in yaml.safe_load((DOCUMENTS / "near_misses.yaml").read_text("utf-8")).items():
        file = DOCUMENTS / f"{name}.yaml"
        document = yaml.safe_load(file.read_text("utf-8"))
        pages = _read(file, document["pages"], document["language"], kept)
        for question in asked:
            yield name, question, _answer(question, pages)


def _answer(question: str, pages: Sequence[Page]) -> Answer:
    ranks = PageRanks(page.text for page in pages)
    return answer_of(Asked(question), ranks, lambda places: [pages[at] for at in places])


def share(found: Sequence[Result], name: str) -> tuple[int, int]:
    """How many of those that are asked for it have it."""
    values = [value for each in found if (value := getattr(each.judgement, name)) is not None]
    return sum(values), len(values)


def table(found: Sequence[Result]) -> str:
    """The figures as Markdown."""
    lines = [
        "| documents | questions | right page | right span | refused | verbatim |",
        "|---|---|---|---|---|---|",
    ]
    parts = dict.fromkeys(each.part for each in found)
    rows = [(part, [each for each in found if each.part == part]) for part in parts]
    rows += [("all", list(found))]
    rows += [
        (code, [each for each in found if each.language == code])
        for code in sorted({e.language for e in found})
    ]
    for name, some in rows:
        cells = [f"{a} of {b} ({a / b:.0%})" if b else "-" for a, b in (share(some, each) for each in WANTED)]
        lines.append(f"| {name} | {len(some)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Print the figures; exit with 1 where one is not reached over all documents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--read", type=Path)
    parser.add_argument("--questions", action="store_true", help="print each question of the tuned part")
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--fresh", type=int, nargs="+", default=[], metavar="SEED")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        kept = options.read or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        parts = [options.part] if options.part else PARTS
        if options.fresh:
            found, missed = list(fresh_results(options.fresh, kept)), []
        else:
            found = [each for part in parts for each in results(part, kept)]
            missed = list(near_misses(kept))
    if options.questions:
        for each in found:
            right = each.judgement.refused if each.judgement.page is None else each.judgement.span
            if not right and each.part != "held_out":
                print(f"{each.document}: {each.question} [{each.wanted}] -> {each.answer.content!r}")
        for name, question, answer in missed:
            if answer.citations:
                print(f"near miss: {name}: {question} -> {answer.content!r}")
    print(table(found))
    if missed:
        print(f"\nnear misses refused: {sum(not each.citations for *_, each in missed)} of {len(missed)}")
    reached = [
        a >= least * b for (a, b), least in ((share(found, name), least) for name, least in WANTED.items())
    ]
    sys.exit(not all(reached))


if __name__ == "__main__":
    main()
